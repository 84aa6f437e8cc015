"""Registered trials and what became of them: which have ended, and which of these nobody has published.

A trial that ends in silence is evidence on selective reporting that no published report can give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd
from rapidfuzz import fuzz

from casepool.contract.literature import REGISTERED_TRIALS
from casepool.model.folding import fold
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import Answer, ExclusionReason, Origin, ReportType, TrialEnd, TrialPublication
from casepool.rows import missing, record_names, rows_of
from casepool.screening.waiting import TermFinder
from casepool.search.formats.trials import numbers_in
from casepool.typing import Row

_UNSEEN = "[title not seen]"  # how a transcript marks a title in the words of its reader
# What says that nobody is recruited any more, and nothing of the trial itself.
_RECRUITED = re.compile(
    r"\brecruit(?:ment|ing) (?:is )?(?:ended|completed?|closed|stopped)\b|\b(?:not|no longer) recruiting\b"
)
_ENDED = re.compile(r"\b(?:completed?|terminated|ended|stopped|discontinued)\b")
_RUNNING = re.compile(r"recruit|\bactive\b|\bongoing\b|enrol?ling|authori[sz]ed|suspended|halted|continuing")
_NEVER = re.compile(r"\bwithdrawn\b|\bnot\s+authori[sz]ed\b|^expired\b")
_ISO = re.compile(r"\b((?:19|20)\d\d)(?:-(\d\d))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\.?(?: \d{{1,2}})?,? ((?:19|20)\d\d)\b")
_SLASHED = re.compile(r"\b\d{1,2}/(\d{1,2})/((?:19|20)\d\d)\b")
# Letters of a title that can name a study; likeness of titles that are the same, and where an investigator is too.
_LONG, _SAME, _ALIKE = 25, 92.0, 70.0
_FLAGGED = ("title", "abstract", "keywords", "publication_types")
_ADULT = 18
# Decisions of a reader that a trial is none of the question, whatever its words say.
_NOT_ASKED = frozenset({ExclusionReason.OTHER_DRUG, ExclusionReason.DISEASE_NOT_ELIGIBLE, ExclusionReason.UNDER_18})


@dataclass(frozen=True)
class TrialFacts:
    """What a register says of a trial.

    Attributes
    ----------
    names : its key in the file and its register numbers, folded: any of them finds its record.
    numbers : its numbers in registers, as they are written.
    read_on : the day on which the register was read.
    """

    names: frozenset[str]
    numbers: tuple[str, ...] = ()
    title: str = ""
    status: str = ""
    end: str = ""
    conditions: str = ""
    drugs: str = ""
    people: str = ""
    read_on: str = ""


_SAID = ("title", "status", "end", "conditions", "drugs", "people", "read_on")


class LinkedBy(StrEnum):
    """By what a publication is known to be of a trial."""

    NUMBER = "number"
    TITLE = "title"
    INVESTIGATOR = "investigator"
    STUDY = "study"


@dataclass(frozen=True)
class _Publication:
    """A report, or a record that became none."""

    id: str
    study: str
    numbers: frozenset[str]
    title: str
    authors: frozenset[str]
    kind: TrialPublication


def registered_trials(
    facts: pd.DataFrame, records: pd.DataFrame, state: pd.DataFrame, reports: pd.DataFrame, protocol: Protocol
) -> pd.DataFrame:
    """Return the table ``registered_trials``: every record of a register, whether it has ended, what was published.

    Parameters
    ----------
    facts : the stage table ``trial_facts``; of what two files say of one trial, the one read later counts.
    state : the stage table ``screening_state``.
    """
    told = {name: one for one in _facts(facts) for name in one.names}
    states = {str(row["record_id"]): row for row in rows_of(state)}
    publications = [*_of_reports(reports), *_of_records(records, states)]
    finder = TermFinder(protocol)
    rows = []
    for record in rows_of(records):
        if record["origin"] == Origin.REGISTER:
            found = _facts_of(record, told)
            flags = finder.flags({**dict.fromkeys(_FLAGGED, ""), "title": _told(record, found)})
            reason = states.get(str(record["record_id"]), {}).get("exclusion_reason")
            asked = _is_asked(flags, protocol) and (missing(reason) or reason not in _NOT_ASKED)
            about = {"diseases": flags["disease_terms"], "asked": (Answer.YES if asked else Answer.NO).value}
            rows.append({**_row(record, found, publications), **about})
    return pd.DataFrame(rows, columns=REGISTERED_TRIALS.names).replace("", pd.NA)


def _facts(told: pd.DataFrame) -> Iterator[TrialFacts]:
    for row in rows_of(told.sort_values(["read_on", "source_file", "number"])):
        numbers = tuple(numbers_in(" ".join(_texts(row, "numbers"))))
        keys = (*numbers, str(row["record_id"]).partition(":")[2])
        said = {name: " ".join(_texts(row, name)) for name in _SAID}
        yield TrialFacts(frozenset(map(fold, keys)), numbers, **said)


def _told(record: Row, facts: TrialFacts) -> str:
    """Return all that is known of what a trial is about."""
    return " ".join([*_texts(record, "title", "abstract", "keywords"), facts.title, facts.conditions, facts.drugs])


def _is_asked(flags: Row, protocol: Protocol) -> bool:
    """Return whether a trial is of the drug, in an eligible disease, and not of children where adults are asked for."""
    children = flags["likely_child"] == Answer.YES and protocol.eligibility.minimum_age_years >= _ADULT
    return flags["drug_in_title"] == Answer.YES and bool(flags["disease_terms"]) and not children


def _facts_of(record: Row, told: dict[str, TrialFacts]) -> TrialFacts:
    keys = [fold(name.partition(":")[2]) for name in record_names(record)]
    keys += [fold(one) for one in numbers_in(f"{record['title']} {record['url']}")]
    found = next((told[key] for key in keys if key in told), None)
    return found or TrialFacts(frozenset())


def _row(record: Row, facts: TrialFacts, publications: Sequence[_Publication]) -> Row:
    title = "" if missing(record["title"]) else str(record["title"])
    links = _links(title, facts, publications)
    kinds = [TrialPublication.NONE, *(one.kind for one, _ in links)]
    return {
        "record_id": record["record_id"],
        "numbers": "; ".join(facts.numbers),
        "title": title,
        "status": facts.status,
        "end": facts.end,
        "read_on": facts.read_on,
        "ended": ended(facts.status, facts.end, facts.read_on).value,
        "published": max(kinds, key=list(TrialPublication).index).value,
        "publications": "; ".join(one.id for one, _ in links),
        "linked_by": "; ".join(dict.fromkeys(by.value for _, by in links)),
        "url": record["url"],
    }


def _texts(row: Row, *names: str) -> list[str]:
    return [str(row[name]) for name in names if not missing(row[name])]


def ended(status: str, end: str, read_on: str) -> TrialEnd:
    """Return whether a trial has ended: by its status, else by the date that it gave, on the day when it was read.

    Where it has ended in one country and goes on in another ("FR (Completed) DE (Ongoing)"), it goes on.
    """
    words, month = _RECRUITED.sub(" ", fold(status)), month_of(end)
    running = bool(_RUNNING.search(words))
    if _NEVER.search(words):
        return TrialEnd.NEVER_BEGAN
    if _ENDED.search(words) and not running:
        return TrialEnd.BY_STATUS
    if month and read_on:
        return TrialEnd.BY_DATE if month < read_on[:7] else TrialEnd.NO
    return TrialEnd.NO if running else TrialEnd.NOT_KNOWN


def month_of(text: str) -> str:
    """Return the month of a date as registers write it (``2024-12-01``, ``Dec 1, 2024``, ``01/12/2024``)."""
    plain = fold(text)
    if found := _SLASHED.search(plain):
        return f"{found[2]}-{int(found[1]):02d}"
    if found := _NAMED.search(plain):
        return f"{found[2]}-{_MONTHS.index(found[1]) + 1:02d}"
    iso = _ISO.search(plain)
    return f"{iso[1]}-{iso[2] or '12'}" if iso else ""


def _of_reports(reports: pd.DataFrame) -> Iterator[_Publication]:
    for row in rows_of(reports):
        if row["report_type"] != ReportType.REGISTRY_CALL:
            numbers = numbers_in(" ".join(_texts(row, "registration", "title")))
            kind = _kind(row["exclusion_reason"], abstract=row["report_type"] == ReportType.CONFERENCE_ABSTRACT)
            yield _publication(str(row["report_id"]), str(row["study_id"]), numbers, row, kind)


def _of_records(records: pd.DataFrame, states: dict[str, Row]) -> Iterator[_Publication]:
    """Yield the records that became no report: these stand under their report already."""
    for row in rows_of(records):
        of = states.get(str(row["record_id"]), {})
        if row["origin"] != Origin.REGISTER and missing(of.get("report_id")):
            numbers = numbers_in(" ".join(_texts(row, "title", "abstract", "keywords")))
            kind = _kind(of.get("exclusion_reason"), abstract=False)
            yield _publication(str(row["record_id"]), "", numbers, row, kind)


def _kind(reason: object, *, abstract: bool) -> TrialPublication:
    if not missing(reason) and reason == ExclusionReason.PROTOCOL_ONLY:
        return TrialPublication.PROTOCOL
    return TrialPublication.ABSTRACT if abstract else TrialPublication.ARTICLE


def _publication(key: str, study: str, numbers: Sequence[str], row: Row, kind: TrialPublication) -> _Publication:
    names = [fold(name) for authors in _texts(row, "authors") for name in authors.split(";") if name.strip()]
    surnames = frozenset(name.split()[0].strip(",") for name in names)
    title = _title(" ".join(_texts(row, "title")))
    return _Publication(key, study, frozenset(map(fold, numbers)), title, surnames, kind)


def _title(text: str) -> str:
    return fold(text.removeprefix(_UNSEEN))


def _links(title: str, facts: TrialFacts, publications: Sequence[_Publication]) -> list[tuple[_Publication, LinkedBy]]:
    numbers = frozenset(map(fold, (*facts.numbers, *numbers_in(title))))
    titles = [one for one in {_title(title), _title(facts.title)} if len(one) >= _LONG]
    people = frozenset(re.findall(r"\w{2,}", fold(facts.people)))
    found = {one.id: (one, by) for one in publications if (by := _by(one, numbers, titles, people))}
    studies = {one.study for one, _ in found.values() if one.study}
    for one in publications:
        if one.study in studies and one.id not in found:
            found[one.id] = (one, LinkedBy.STUDY)
    return sorted(found.values(), key=lambda link: link[0].id)


def _by(one: _Publication, numbers: frozenset[str], titles: Sequence[str], people: frozenset[str]) -> LinkedBy | None:
    if numbers & one.numbers:
        return LinkedBy.NUMBER
    if len(one.title) < _LONG:
        return None
    likeness = max((fuzz.token_sort_ratio(title, one.title) for title in titles), default=0.0)
    if likeness >= _SAME:
        return LinkedBy.TITLE
    return LinkedBy.INVESTIGATOR if likeness >= _ALIKE and people & one.authors else None
