"""Hints: rows that may hold more than their columns say. A hint is no problem; a person looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from casepool.contract import TABLES
from casepool.extraction.appraisal import contradictory
from casepool.extraction.curated import Curated
from casepool.files import sheets
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.study import study
from casepool.model.vocabulary import Answer, ScreeningDecision
from casepool.rows import missing, numbered_rows, rows_of

# Words of a note that speak of how long a response lasted, folded.
LASTING = (
    "relapse", "relapsed", "duration", "ongoing", "loss of response", "lost response",
    "rechute", "duree de la reponse", "reponse en cours", "perte de reponse",
)  # fmt: skip


def waiting_hints(curated: Curated) -> Iterator[Message]:
    """Yield each report that waits to be extracted, with its rows, and each that still waits with a known outcome."""
    by_report: dict[str, list[Message]] = {}
    for name, rows in curated.waiting.items():
        for line, key in rows:
            by_report.setdefault(key[0], []).append(Message("waiting_row", file=f"{name}.csv", row=line, key=key[1]))
    for report, found in sorted(by_report.items()):
        yield Message("waits_to_be_extracted", report=report, rows=tuple(found))
    patients, cohorts = curated["patients"], curated["cohorts"]
    known = {*patients.loc[patients["response"].isin(list(study().evaluable)), "report_id"]}
    known |= {*cohorts.loc[cohorts["n_response"].notna(), "report_id"]}
    reports = curated["reports"]
    for line, row in numbered_rows(reports[reports["report_id"].isin(list(known))]):
        if row["decision"] == ScreeningDecision.AWAITING:
            yield Message("known_and_awaiting", row=line, report=str(row["report_id"]))


def hints(frames: Mapping[str, pd.DataFrame]) -> Iterator[Message]:
    """Yield what is to be said of each row that a person should look at again.

    Responders whose note speaks of relapse while the column is empty; answers of an appraisal that contradict
    each other on whether all the patients treated are told of.
    """
    loss = study().loss
    if loss:
        yield from _silent_on_loss(frames["patients"], frames["cohorts"], loss.id)
    for row in rows_of(frames["appraisal"]):
        if contradictory(row["murad_1"], row["jbi_4"], row["jbi_5"]):
            key = sheets.key_of(row, TABLES["appraisal"])
            yield Message("appraisal_contradicts", key=key)


def _silent_on_loss(patients: pd.DataFrame, cohorts: pd.DataFrame, loss: str) -> Iterator[Message]:
    silent = patients["response"].isin(list(study().responded)) & (patients[loss] == Answer.NOT_REPORTED)
    yield from _speaking("patients", loss, patients[silent.fillna(value=False).astype(bool)])
    silent = (cohorts["n_response"] > 0) & cohorts[f"n_{loss}"].isna()
    yield from _speaking("cohorts", f"n_{loss}", cohorts[silent.fillna(value=False).astype(bool)])


def _speaking(name: str, column: str, frame: pd.DataFrame) -> Iterator[Message]:
    for row in rows_of(frame):
        note = "" if missing(row["note"]) else f" {fold(str(row['note']))} "
        if any(word in note for word in LASTING):
            key = sheets.key_of(row, TABLES[name])
            yield Message("relapse_in_note", file=f"{name}.csv", key=key, column=column)
