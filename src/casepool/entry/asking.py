"""From what somebody types behind ``casepool add`` to the publications meant, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from casepool.contract import TABLES
from casepool.entry.adding import Import, Wish, add, next_steps, received
from casepool.entry.publications import Library, Publication, is_pdf, library, many_shown, title_line, wanted
from casepool.entry.writing import writing
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.model.vocabulary import canonical

Ask = Callable[[str], str]
_TYPED = ("title", "authors", "journal", "year")


@dataclass(frozen=True)
class Asked:
    """What was typed.

    Attributes
    ----------
    what : PubMed id, DOI, or path of a file; may be empty where `facts` or `record_id` say which it is.
    record_id : the record that it is, where the person has chosen.
    new : whether the person has seen the records that are alike, and it is none of them.
    facts : column of ``reports.csv`` → what was typed.
    """

    what: str
    reader: str
    day: str
    n_patients: int = 1
    cohorts: tuple[str, ...] = ()
    report_id: str = ""
    study_id: str = ""
    report_type: str = ""
    record_id: str = ""
    new: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)


def add_asked(root: str | Path, snapshot: str, asked: Asked, ask: Ask | None = None) -> tuple[Message, ...]:
    """Add what was asked for; return what is to be said: which publications, and what to fill in next.

    Parameters
    ----------
    root : the folder of the project, whose protocol is in force.
    snapshot : the day of the search in use (``pubmed.snapshot`` of the configuration).
    ask : gives what a person types for a fact that is not known; None where nobody can be asked.

    Raises
    ------
    FileError
        If it cannot be added, in words; nothing was written.
    """
    report_type = _type(asked)
    with writing(root) as finished:  # what a killed command left is part of what the project knows
        pass
    known = library(root, snapshot)
    path = Path(asked.what) if asked.what and Path(asked.what).is_file() else None
    meant = wanted(asked.what) if asked.what else []
    if path is not None and meant:
        _refuse_one_id_for_many(asked, len(meant))
        publications = [_in_library(known, one, asked) for one in meant]
        made = _as_received(Path(root), known, path, publications)
    else:
        one = meant[0] if meant else Publication({})
        publications = [_one(known, one, asked, ask)]
        made = None
    if made is None:
        publications = [one if one.record_id in known.names else replace(one, record_id="") for one in publications]
    wish = Wish(asked.reader, asked.day, asked.n_patients, asked.cohorts, asked.report_id, asked.study_id, report_type)
    pdf = path if path is not None and is_pdf(path) else None
    added = add(root, known, publications, wish, made, pdf)
    shown = [_said(one, report) for one, report in zip(publications, added.reports, strict=True)]
    shown += [Message("alike_too", found=many_shown(twins)) for one in publications if (twins := _twins(known, one))]
    return (*finished, *added.notes, *shown, *next_steps(added))


def _type(asked: Asked) -> str:
    vocabulary = TABLES["reports"].column("report_type").vocabulary
    assert vocabulary is not None
    found = canonical(asked.report_type, vocabulary) if asked.report_type else ""
    if found and found not in tuple(vocabulary):
        raise FileError(Message("unknown_type", found=asked.report_type, members=tuple(vocabulary)))
    return str(found)


def _refuse_one_id_for_many(asked: Asked, n: int) -> None:
    if n > 1 and (asked.report_id or asked.record_id or asked.facts):
        raise FileError(Message("one_of_many", n=n, file=asked.what))


def _one(known: Library, one: Publication, asked: Asked, ask: Ask | None) -> Publication:
    """Return a publication that was named by an id or typed, with everything known of it."""
    if asked.record_id or known.find(one):
        return _in_library(known, one, asked)
    facts = {**one.facts, **asked.facts}
    if ask is not None:
        facts |= {name: told for name in _TYPED if name not in facts and (told := ask(name).strip())}
    if not facts.get("title"):
        raise FileError(Message("not_found_offline", what=asked.what or Message("nothing_named")))
    return _in_library(known, replace(one, facts=facts), asked)


def _in_library(known: Library, one: Publication, asked: Asked) -> Publication:
    """Return the record of a publication, or the publication itself where it is new.

    Raises
    ------
    FileError
        If records are so much alike that a person must say which it is.
    """
    found = known.find(Publication({}, asked.record_id) if asked.record_id else replace(one, record_id=""))
    if found is not None:
        return replace(found, facts={**found.facts, **asked.facts})
    if asked.record_id:
        raise FileError(Message("no_such_record", record=asked.record_id))
    alike = known.alike(one)
    if alike and not asked.new:
        raise FileError(Message("alike", wanted=title_line(one), found=many_shown(alike)))
    return replace(one, facts={**one.facts, **asked.facts})


def _twins(known: Library, one: Publication) -> list[Publication]:
    """Return the other records that are much like one that was found."""
    return [other for other in known.alike(one) if other.record_id != one.record_id] if one.record_id else []


def _as_received(root: Path, known: Library, path: Path, publications: list[Publication]) -> Import | None:
    """Return the file as an import of its own where it brings records, and each can be joined to its report."""
    new = [one for one in publications if one.record_id not in known.names]
    joined = all(one.facts.get("pmid") or one.facts.get("doi") for one in new)
    if not new or not joined or len({one.record_id for one in publications}) < len(publications):
        return None
    return received(root, path, len(publications))


def _said(one: Publication, report: str) -> Message:
    known = Message("record_in", file=one.source) if one.source else Message("record_made")
    return Message("publication_added", report=report, shown=title_line(one), record=known)
