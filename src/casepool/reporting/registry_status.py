"""What became of the registry returns, told in the coordinator's terminal."""

from __future__ import annotations

from casepool.analysis.check_registry import registry_problems
from casepool.registry.intake import Intake
from casepool.reporting.problems import problem_text
from casepool.rows import Row, missing, rows_of
from casepool.vocabulary import RowVerdict, label

_HEADINGS = {
    "en": ("No return lies in the folder.", "{n} rows", "Rows to correct:"),
    "fr": ("Aucune fiche dans le dossier.", "{n} lignes", "Lignes à corriger :"),
}


def status_text(intake: Intake, language: str) -> str:
    """Return one line for each file, then every row that waits and what is expected of it.

    The names of files stand in it, so it belongs on the screen and not into a file.
    """
    nothing, _, to_correct = _HEADINGS[language]
    if intake.receipts.empty:
        return nothing
    lines = [_file_line(row, intake, language) for row in rows_of(intake.receipts)]
    problems = registry_problems(intake, named=True)
    if problems:
        lines += ["", to_correct, *(f"  {problem_text(problem, language)}" for problem in problems)]
    return "\n".join(lines)


def _file_line(row: Row, intake: Intake, language: str) -> str:
    counts = [(verdict, row[f"n_{verdict}"]) for verdict in RowVerdict]
    told = ", ".join(f"{label(verdict, language)} {n}" for verdict, n in counts if n)
    n_rows = _HEADINGS[language][1].format(n=row["n_rows"])
    name, status = intake.file_names[row["return_label"]], label(row["status"], language)
    message = "" if missing(row["message"]) else f"; {row['message']}"
    return f"{name} ({row['return_label']}): {status}, {n_rows}{f': {told}' if told else ''}{message}"
