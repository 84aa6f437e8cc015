"""What became of the registry returns, told in the coordinator's terminal.

The coordinator knows the form, not the schema: beside the id of a column stands its label on the form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from casepool.checks.registry import registry_problems
from casepool.model.errors import Problem
from casepool.model.study import Study, study
from casepool.model.vocabulary import RowVerdict, fold, label
from casepool.registry.form.texts import column_labels
from casepool.registry.intake.grids import OUT_OF_PLACE, WHOLE_ROW
from casepool.registry.intake.judged_returns import WHOLE_FILE
from casepool.registry.intake.reading import Intake
from casepool.report.words.problems import message_in_french, problem_text
from casepool.rows import missing, rows_of
from casepool.typing import Row

_HEADINGS = {
    "en": ("No return lies in the folder.", ("row", "rows"), "Rows to correct:"),
    "fr": ("Aucune fiche dans le dossier.", ("ligne", "lignes"), "Lignes à corriger :"),
}
_NO_COLUMN = frozenset({WHOLE_ROW, OUT_OF_PLACE})
# Where messages and expectations name columns; an id of one word alone may also be a word of the sentence.
_NAMED = re.compile(
    r"without column\(s\) [a-z_, ]+|^[a-z_, ]+(?=: more than one column)|line \d+, [a-z_]+(?=: )|\b[a-z]+(?:_[a-z]+)+\b"
)
_ID = re.compile("[a-z_]+")
_DETAILS = re.compile(r" \(.*\)$")


def status_text(intake: Intake, language: str) -> str:
    """Return one line for each file, then every place in it that must be mended and what is expected there.

    What holds for a file as a whole stands in its line alone. The names of files stand in the text, so it
    belongs on the screen and not into a file.
    """
    nothing, _, to_correct = _HEADINGS[language]
    if intake.receipts.empty:
        return nothing
    lines = [_file_line(row, intake, language) for row in rows_of(intake.receipts)]
    problems = [one for one in registry_problems(intake, named=True) if one.column != WHOLE_FILE]
    if problems:
        lines += ["", to_correct]
        lines += [f"  {problem_text(_as_on_form(problem, language), language)}" for problem in problems]
    return "\n".join(lines)


def _file_line(row: Row, intake: Intake, language: str) -> str:
    counts = [(verdict, row[f"n_{verdict}"]) for verdict in RowVerdict]
    told = ", ".join(f"{label(verdict, language)} {n}" for verdict, n in counts if n)
    one, several = _HEADINGS[language][1]
    is_one = row["n_rows"] in ({0, 1} if language == "fr" else {1})
    n_rows = f"{row['n_rows']} {one if is_one else several}"
    name, status = intake.file_names[row["return_label"]], label(row["status"], language)
    space = "\u00a0" if language == "fr" else ""  # before a colon or semicolon
    message = "" if missing(row["message"]) else f"{space}; {_message(str(row['message']), language)}"
    return f"{name} ({row['return_label']}){space}: {status}, {n_rows}{f'{space}: {told}' if told else ''}{message}"


def _message(message: str, language: str) -> str:
    shown = _with_labels(message, language)
    return message_in_french(shown) if language == "fr" else shown


def _as_on_form(problem: Problem, language: str) -> Problem:
    """Return a problem with the labels of the form; a row as a whole needs no column."""
    column = "" if problem.column in _NO_COLUMN else _labels(language).get(problem.column, problem.column)
    return replace(problem, column=column, expected=_with_labels(problem.expected, language))


def _with_labels(text: str, language: str) -> str:
    """Return an English text with the label of the form beside each column that it names."""
    shown = _labels(language)
    return _NAMED.sub(lambda named: _ID.sub(lambda one: shown.get(one[0], one[0]), named[0]), text)


def _labels(language: str) -> Mapping[str, str]:
    return _labels_in(language, study())


@cache
def _labels_in(language: str, _declared: Study) -> Mapping[str, str]:
    """Return column → id and label of the form without its details, as ``age_years (Age at first dose)``."""
    labels = {name: _DETAILS.sub("", told) for name, told in column_labels("fr" if language == "fr" else "en").items()}
    return {name: name if fold(told) == name else f"{name} ({told})" for name, told in labels.items()}
