"""``casepool screening``: what waits goes out to a screening program, its decisions come back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from casepool.files import atomic, sheets, store
from casepool.files.cells import read_cells
from casepool.model.configuration import load_configuration
from casepool.model.errors import FileError
from casepool.screening.exchange import Program, export_records, import_decisions
from casepool.screening.state import CONFLICT, TO_SCREEN, screening_state
from casepool.search.records import build_records

_SCREENING = "data/curated/screening.csv"


def export_screening(root: Path, program: str, out: Path) -> str:
    """Write the records without (agreed) decision for ``asreview`` or ``rayyan``; return what was done."""
    records, screening = _read(root)
    reports = sheets.read_table("reports", root / "data/curated/reports.csv")
    state = screening_state(records, screening, reports)
    waiting = set(state.loc[state["state"].isin([TO_SCREEN, CONFLICT]), "record_id"])
    chosen = records[records["record_id"].isin(waiting)].sort_values("record_id")
    atomic.write_text(out, export_records(chosen, Program(program)).to_csv(index=False, lineterminator="\n"))
    return f"{len(chosen)} records that wait for a decision: {out} (for {program})"


def import_screening(root: Path, file: Path, reviewer: str) -> str:
    """Add the decisions of a program's export to ``screening.csv``; return what was done, for a terminal.

    Raises
    ------
    FileError
        If a row names no record or contradicts a decision that stands; nothing is written then.
    """
    records, screening = _read(root)
    try:
        cells, _ = read_cells(file)
    except OSError as error:
        message = f"{file}: cannot be read ({error.strerror}). Check that the file is there."
        raise FileError(message) from error
    day = datetime.now(UTC).date().isoformat()
    done = import_decisions(cells, records, screening, reviewer, day, file.name)
    if done.problems:
        lines = "\n".join(f"  {problem}" for problem in done.problems)
        message = f"{len(done.problems)} problem(s), nothing was written:\n{lines}"
        raise FileError(message)
    added = pd.concat([screening, done.rows.astype(screening.dtypes.to_dict())], ignore_index=True)
    store.write_table("screening", added, root / _SCREENING)
    unlabelled = f", {done.n_unlabelled} records carry no decision" if done.n_unlabelled else ""
    return f"{len(done.rows)} decisions added to {_SCREENING}, {done.n_known} stood there already{unlabelled}"


def _read(root: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    configuration = load_configuration(root / "config" / "config.yaml")
    screening = sheets.read_table("screening", root / _SCREENING)
    sources = sheets.read_table("sources", root / "data/raw/sources.csv")
    decided = set(screening["record_id"])
    return build_records(sources, root, configuration.pubmed.snapshot, decided), screening
