"""``casepool screening``: what waits goes out to a screening program, its decisions come back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from casepool.files import atomic, sheets, store
from casepool.files.formulas import frame_as_csv
from casepool.model.configuration import load_configuration
from casepool.model.errors import CuratedDataError
from casepool.model.message import Message
from casepool.screening.exchange import import_decisions
from casepool.screening.outgoing import Program, as_ris, export_records
from casepool.screening.returned import read_returned
from casepool.screening.state import CONFLICT, TO_SCREEN, screening_state
from casepool.search.records import build_records

_SCREENING = "data/curated/screening.csv"


def export_screening(root: Path, program: str, out: Path) -> Message:
    """Write the records without (agreed) decision for a screening program; return what was done.

    RIS is written for Covidence, and for every program where the name of the file ends so; else CSV.
    """
    records, screening = _read(root)
    reports = sheets.read_table("reports", root / "data/curated/reports.csv")
    state = screening_state(records, screening, reports)
    waiting = set(state.loc[state["state"].isin([TO_SCREEN, CONFLICT]), "record_id"])
    chosen = records[records["record_id"].isin(waiting)].sort_values("record_id")
    frame = export_records(chosen, Program(program))
    ris = program == Program.COVIDENCE or out.suffix.lower() == ".ris"
    atomic.write_text(out, as_ris(frame) if ris else frame_as_csv(frame))
    return Message("screening_exported", n=len(chosen), file=str(out), program=program)


def import_screening(root: Path, file: Path, reviewer: str, listed: str = "") -> list[Message]:
    """Add the decisions of a program's export to ``screening.csv``; return what was done, and what to look at.

    Raises
    ------
    FileError
        If the file cannot be read or holds nothing that can be a decision.
    CuratedDataError
        If a row names no record or contradicts a decision that stands; nothing is written then.
    """
    records, screening = _read(root)
    day = datetime.now(UTC).date().isoformat()
    returned = read_returned(file)
    done = import_decisions(returned.rows, records, screening, (reviewer, day), file.name, listed)
    if done.problems:
        raise CuratedDataError(done.problems)
    added = pd.concat([screening, done.rows.astype(screening.dtypes.to_dict())], ignore_index=True)
    store.write_table("screening", added, root / _SCREENING)
    counts = {"n": len(done.rows), "known": done.n_known, "unlabelled": done.n_unlabelled}
    said = Message("screening_imported", file=_SCREENING, **counts)
    return [said, *(Message("to_look_at", what=one) for one in returned.remarks)]


def _read(root: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    configuration = load_configuration(root / "config" / "config.yaml")
    screening = sheets.read_table("screening", root / _SCREENING)
    sources = sheets.read_table("sources", root / "data/raw/sources.csv")
    decided = set(screening["record_id"])
    return build_records(sources, root, configuration.pubmed.snapshot, decided), screening
