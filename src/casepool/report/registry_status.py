"""What became of the registry returns, told in the coordinator's terminal.

The coordinator knows the form, not the schema: beside the id of a column stands its label on the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from casepool.checks.registry import row_problems
from casepool.model.errors import Problem
from casepool.model.folding import fold
from casepool.model.message import Message, text
from casepool.model.study import Study, study
from casepool.model.vocabulary import RowVerdict, label
from casepool.registry.form.texts import column_labels
from casepool.registry.intake.centre_questions import CentreQuestion
from casepool.registry.intake.forgetting import Forgetting
from casepool.registry.intake.grids import OUT_OF_PLACE, WHOLE_ROW
from casepool.registry.intake.judged_returns import WHOLE_FILE
from casepool.registry.intake.objections import Objection
from casepool.registry.intake.reading import Intake
from casepool.rows import rows_of
from casepool.typing import Row

_NO_COLUMN = frozenset({WHOLE_ROW, OUT_OF_PLACE})


def status_text(intake: Intake, language: str) -> str:
    """Return one line for each file, then what each objection did, every place that must be mended, and the centres.

    What holds for a file as a whole stands in its line alone. Names that may mean one centre stand with the lines that
    decide. The names of files and centres stand in the text, so it belongs on the screen and not into a file.
    """
    if intake.receipts.empty:
        return text(Message("no_return"), language)
    lines = [_file_line(row, intake, language) for row in rows_of(intake.receipts)]
    sections = (
        (Message("objections_heading"), [text(_objection(one, intake), language) for one in intake.objections]),
        (Message("rows_to_correct"), _corrections(intake, language)),
        (Message("centres_to_decide"), [text(_question(one), language) for one in intake.questions]),
        (Message("centres_not_complete"), [text(one, language) for one in _incomplete(intake)]),
    )
    for heading, told in sections:
        lines += ["", text(heading, language), *(f"  {one}" for one in told)] if told else []
    return "\n".join(lines)


def _corrections(intake: Intake, language: str) -> list[str]:
    """Return the places to mend; what an objection needs stands with it."""
    events = {(one.label, one.row, one.column) for one in intake.objections if one.to_settle}
    others = [one for one in intake.reasons if (one.label, one.row, one.column) not in events]
    problems = row_problems(replace(intake, reasons=tuple(others)), named=True)
    told = [_without_place(one) for one in problems if one.column != WHOLE_FILE]
    return [one.text(language, _labels(language)) for one in told]


def _objection(one: Objection, intake: Intake) -> Message:
    names = intake.file_names
    taken = sorted((names[label], n) for label, n in one.took_out.items())
    rows = tuple(Message("rows_of_file", n=n, file=file) for file, n in taken)
    did = Message("objection_took_out", rows=rows) if rows else one.did
    if one.to_settle:
        did = Message("objection_to_settle", did=did, expected=one.to_settle)
    return Message("objection_line", file=names[one.label], row=one.row, did=did)


def _incomplete(intake: Intake) -> list[Message]:
    names = dict(zip(intake.centres["centre_pseudonym"], intake.centres["centre"], strict=True))
    told = sorted((names[centre], lacks) for centre, lacks in intake.lacking.items())
    return [Message("centre_lacks", centre=name, lacks=lacks) for name, lacks in told]


def forgetting_text(found: Forgetting, language: str, *, done: bool) -> str:
    """Return what was, or would be, forgotten of a patient, and what no command can reach; for the screen alone."""
    rows = tuple(
        Message("lines_of_file", n=len(lines), file=path.name, lines=tuple(map(str, lines)))
        for path, lines in found.lines.items()
    )
    heading = Message("forgotten" if done else "would_forget", centre=found.name, number=found.patient_code)
    told = [
        Message("forgetting_empties", rows=rows) if rows else Message("forgetting_empties_nothing"),
        Message("forgetting_keeps_out"),
    ]
    if found.not_searched:
        told.append(Message("forgetting_not_searched", files=tuple(path.name for path in found.not_searched)))
    if found.decisions:
        told.append(Message("forgetting_decisions", lines=tuple(map(str, found.decisions))))
    if found.private:
        told.append(Message("forgetting_private", files=tuple(path.name for path in found.private)))
    told.append(Message("forgetting_cannot_reach"))
    lines = [text(heading, language), *(f"  {text(one, language)}" for one in told)]
    return "\n".join(lines if done else [*lines, text(Message("forgetting_needs_yes"), language)])


def _question(one: CentreQuestion) -> Message:
    first, second = one.names
    return Message("centre_question", one=first, other=second, why=one.why, line=one.one, lines=one.two)


def _file_line(row: Row, intake: Intake, language: str) -> str:
    counts = [(verdict, row[f"n_{verdict}"]) for verdict in RowVerdict]
    told = ", ".join(f"{label(verdict, language)} {n}" for verdict, n in counts if n)
    n_rows = text(Message("n_rows", n=int(row["n_rows"])), language)
    name, status = intake.file_names[row["return_label"]], label(row["status"], language)
    space = "\u00a0" if language == "fr" else ""  # before a colon or semicolon
    said = " · ".join(text(one, language, _labels(language)) for one in intake.messages[row["return_label"]])
    message = f"{space}; {said}" if said else ""
    return f"{name} ({row['return_label']}){space}: {status}, {n_rows}{f'{space}: {told}' if told else ''}{message}"


def _without_place(problem: Problem) -> Problem:
    """Return a problem of a row as a whole without a column."""
    return replace(problem, column="") if problem.column in _NO_COLUMN else problem


def _labels(language: str) -> Mapping[str, str]:
    return _labels_in(language, study())


@cache
def _labels_in(language: str, _declared: Study) -> Mapping[str, str]:
    """Return column → id and label of the form without its details, as ``age_years (Age at first dose)``."""
    shown = column_labels("fr" if language == "fr" else "en")
    labels = {name: told.partition(" (")[0] for name, told in shown.items()}
    return {name: name if fold(told) == name else f"{name} ({told})" for name, told in labels.items()}
