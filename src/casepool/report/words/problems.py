"""What is wrong with the data, told in French or English.

The checks word their expectations in English, next to the rule. ``language/fr_expectations.yaml`` holds
the French of each; tests make sure that none of the data contract and of the registry is left out.
"""

from __future__ import annotations

from collections.abc import Iterable

from casepool.checks.data import CheckReport
from casepool.checks.registry import NOT_SHOWN
from casepool.model.errors import Problem, format_problems
from casepool.model.vocabulary import label
from casepool.registry.intake.reading import BETWEEN_MESSAGES
from casepool.report.words.expectations import in_french, piece_in_french


def expected_in_french(expected: str) -> str | None:
    """Return the French of an expectation, or None where it has none."""
    if expected.startswith("one of "):
        members = expected.removeprefix("one of ").split(", ")
        return "l’une des valeurs " + ", ".join(f"{member} ({label(member, 'fr')})" for member in members)
    return in_french(expected, "expected")


def message_in_french(message: str) -> str:
    """Return what was told of a file (a receipt, a note of a check) in French, as far as it has one."""
    told = message.split(BETWEEN_MESSAGES)
    return BETWEEN_MESSAGES.join(in_french(one, "told") or one for one in told)


def problem_text(problem: Problem, language: str) -> str:
    """Return one problem as a sentence in `language`."""
    if language != "fr":
        return str(problem)
    place = ", ".join(
        part for part in (problem.file, f"ligne {problem.row}" if problem.row else "", problem.key) if part
    )
    told = message_in_french(problem.found)
    # Only the registry names places that are no column, as "row"; a table may have a column of that name.
    column = piece_in_french(problem.column) if problem.found == NOT_SHOWN else problem.column
    found = f"{column} = {told}" if column else told
    expected = expected_in_french(problem.expected) or problem.expected
    hint = f" Vouliez-vous dire « {problem.nearest} » ?" if problem.nearest else ""
    return f"{place} : {found} ; attendu : {expected}.{hint}"


def problems_text(problems: Iterable[Problem], language: str) -> str:
    """Return all problems, one a line, under a line that counts them."""
    listed = tuple(problems)
    if language != "fr":
        return format_problems(listed)
    noun = "problème" if len(listed) == 1 else "problèmes"
    lines = (f"  {problem_text(problem, language)}" for problem in listed)
    return "\n".join([f"{len(listed)} {noun} dans les données :", *lines])


def check_text(report: CheckReport, language: str) -> str:
    """Return what a check found, for a terminal."""
    read, normalised, look, none = _HEADINGS[language]
    rows = ", ".join(f"{name} {n}" for name, n in report.n_rows.items())
    notes, hints = report.notes, report.hints
    if language == "fr":
        notes, hints = (tuple(map(message_in_french, one)) for one in (notes, hints))
    lines = [f"{normalised}: {note}" for note in notes] + [f"{look}: {hint}" for hint in hints]
    lines.append(f"{read}: {rows}")
    return "\n".join([*lines, problems_text(report.problems, language) if report.problems else none])


_HEADINGS = {
    "en": ("rows read", "normalised", "to look at", "no problems"),
    "fr": ("lignes lues ", "normalisé ", "à regarder ", "aucun problème"),
}
