"""What a row that a screening program returned says: who decided what, at which stage, why, in which words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casepool.model.errors import FileError
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.study import study_if_any
from casepool.model.vocabulary import ExclusionReason, ScreeningDecision, Stage, canonical
from casepool.screening.lists import CovidenceList

Cells = Mapping[str, str]


# What each list says at each stage; a record that reached the full texts was let in by its title and abstract.
_LISTS: Mapping[CovidenceList, tuple[tuple[Stage, ScreeningDecision], ...]] = {
    CovidenceList.SCREEN: (),
    CovidenceList.IRRELEVANT: ((Stage.TITLE_ABSTRACT, ScreeningDecision.EXCLUDE),),
    CovidenceList.SELECT: ((Stage.TITLE_ABSTRACT, ScreeningDecision.INCLUDE),),
    CovidenceList.EXCLUDED: (
        (Stage.TITLE_ABSTRACT, ScreeningDecision.INCLUDE),
        (Stage.FULL_TEXT, ScreeningDecision.EXCLUDE),
    ),
    CovidenceList.INCLUDED: (
        (Stage.TITLE_ABSTRACT, ScreeningDecision.INCLUDE),
        (Stage.FULL_TEXT, ScreeningDecision.INCLUDE),
    ),
}
_COVIDENCE_ID = "covidence #"
_COVIDENCE_FILE = re.compile(r"_(screen|irrelevant|select|excluded|included)_[a-z]+_\d{8,}")
_OWN_NOTE = re.compile(r"casepool_id: *[A-Za-z0-9_.:\-]+")
_COVIDENCE_REASON = re.compile(r"Exclusion reason: *([^;|]*)", re.IGNORECASE)
# ASReview's own label, then those of imported files, in the order in which ASReview 3 looks for them.
_OWN_LABEL = "asreview_label"
_LABELS = ("included", "label", "final_included", "label_included", "included_label", "included_final")
_BINARY = {"0": ScreeningDecision.EXCLUDE, "1": ScreeningDecision.INCLUDE}
_TAG = "asreview_tag_"
_SET = {"1", "1.0", "true"}
_INCLUSION = re.compile(r"RAYYAN-INCLUSION: *\{([^}]*)\}")
_VERDICT = re.compile(r'"([^"]+)" *=> *"(Included|Excluded|Maybe)"')
_REASONS = re.compile(r"RAYYAN-EXCLUSION-REASONS: *([^|]*)")
_RAYYAN_LABELS = re.compile(r"RAYYAN-LABELS: *([^|]*)")
_USER_NOTES = re.compile(r'"([^"]+)" *=> *\[([^\]]*)\]')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_RAYYAN = {
    "Included": ScreeningDecision.INCLUDE,
    "Excluded": ScreeningDecision.EXCLUDE,
    "Maybe": ScreeningDecision.AWAITING,
}


@dataclass(frozen=True)
class Verdict:
    """One decision of one reviewer."""

    reviewer: str
    decision: ScreeningDecision
    stage: Stage = Stage.TITLE_ABSTRACT
    reason: str = ""
    note: str = ""


def covidence_list(file: str, rows: Sequence[Cells], wanted: str) -> CovidenceList | None:
    """Return the list of Covidence that a file is, or None for a file of another program.

    The user says it, else the name of the file, as Covidence gives it, else a reason at each of its records.

    Raises
    ------
    FileError
        If a file of Covidence does not tell its list.
    """
    named = _COVIDENCE_FILE.search(file)
    if wanted or named:
        return CovidenceList(wanted or (named[1] if named else ""))
    if not any(_COVIDENCE_ID in row for row in rows):
        return None
    if all(_COVIDENCE_REASON.search(row.get("notes", "")) for row in rows):
        return CovidenceList.EXCLUDED
    raise FileError(Message("which_list_of_covidence", file=file, lists=tuple(CovidenceList)))


def tells_decisions(rows: Sequence[Cells]) -> bool:
    """Return whether a file of ASReview or Rayyan has a place for decisions."""
    return any({_OWN_LABEL, *_LABELS} & set(row) or _INCLUSION.search(row.get("notes", "")) for row in rows)


def wrong_label(cells: Cells) -> tuple[str, str] | None:
    """Return column and value of a label that is neither 0, 1 nor empty."""
    for name in (_OWN_LABEL, *_LABELS):
        value = cells.get(name, "").removesuffix(".0")
        if value and value not in _BINARY and not _INCLUSION.search(cells.get("notes", "")):
            return name, cells[name]
    return None


def verdicts(cells: Cells, reviewer: str, listed: CovidenceList | None) -> Iterator[Verdict]:
    """Yield what a row says; a program that names no reviewer speaks for `reviewer`."""
    inclusion = _INCLUSION.search(cells.get("notes", ""))
    if listed is not None:
        yield from _covidence(cells, reviewer, listed)
    elif inclusion:
        yield from _rayyan(inclusion[1], cells["notes"])
    else:
        yield from _asreview(cells, reviewer)


def _covidence(cells: Cells, reviewer: str, listed: CovidenceList) -> Iterator[Verdict]:
    notes = cells.get("notes", "")
    reasons = [found.strip() for found in _COVIDENCE_REASON.findall(notes) if found.strip()]
    said = " ".join(_OWN_NOTE.sub(" ", _COVIDENCE_REASON.sub(" ", notes)).split()).strip(" ;|")
    reached = _LISTS[CovidenceList.EXCLUDED if reasons else listed]
    for number, (stage, decision) in enumerate(reached, start=1):
        last = number == len(reached)  # what was noted is about the decision reached in the end
        note = _note("Covidence", reasons, said, cells.get("tags", "")) if last else "Covidence"
        yield _verdict(reviewer, decision, reasons if last else [], note, stage)


def _rayyan(inclusion: str, notes: str) -> Iterator[Verdict]:
    reasons, labels = ([part.strip() for part in _group(pattern, notes).split(",") if part.strip()]
                       for pattern in (_REASONS, _RAYYAN_LABELS))  # fmt: skip
    own = {fold(name): "; ".join(_QUOTED.findall(told)) for name, told in _USER_NOTES.findall(notes)}
    for name, word in _VERDICT.findall(inclusion):
        decision = _RAYYAN[word]
        why = reasons if decision is ScreeningDecision.EXCLUDE else []
        note = _note("Rayyan", why, own.get(fold(name), ""), ", ".join(labels))
        yield _verdict(reviewer_id(name), decision, why, note)


def _asreview(cells: Cells, reviewer: str) -> Iterator[Verdict]:
    given = {name: cells[name].removesuffix(".0") for name in (_OWN_LABEL, *_LABELS) if cells.get(name)}
    name = _OWN_LABEL if _OWN_LABEL in cells else next(iter(given), "")
    label = given.get(name, "")
    if label not in _BINARY:
        return
    others = [f"{other} = {value}" for other, value in given.items() if value in _BINARY and value != label]
    program = f"ASReview ({name}, not {', '.join(others)})" if others else "ASReview"
    tags = [column.removeprefix(_TAG) for column, value in cells.items()
            if column.startswith(_TAG) and value.casefold() in _SET]  # fmt: skip
    said = cells.get("asreview_note", "")
    decision = _BINARY[label]
    who = reviewer_id(cells.get("asreview_user_name", "")) or reviewer
    yield _verdict(who, decision, [*_reasons_in(tags), said], _note(program, [], said, ", ".join(tags)))


def _reasons_in(tags: list[str]) -> list[str]:
    """Return what the tags may say as reasons: ``group_tag`` with each beginning of the group left out."""
    parts = [tag.split("_") for tag in tags]
    return ["_".join(words[n:]) for words in parts for n in range(len(words))]


def reviewer_id(name: str) -> str:
    """Return the id of a reviewer from the name in a program."""
    return fold(name).replace(" ", "_")


def _verdict(
    reviewer: str, decision: ScreeningDecision, reasons: list[str], note: str, stage: Stage = Stage.TITLE_ABSTRACT
) -> Verdict:
    if decision is not ScreeningDecision.EXCLUDE:
        return Verdict(reviewer, decision, stage, note=note)
    study = study_if_any()
    known = study.exclusion_reason if study else ExclusionReason
    ids = [canonical(one, known) for one in reasons]
    reason = next((one for one in ids if one in tuple(known)), ExclusionReason.OTHER.value)
    return Verdict(reviewer, decision, stage, reason, note)


def _note(program: str, reasons: list[str], said: str, tags: str) -> str:
    parts = [", ".join(reasons), said, f"[{tags}]" if tags else ""]
    told = "; ".join(part for part in parts if part)
    return f"{program}: {told}" if told else program


def _group(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
