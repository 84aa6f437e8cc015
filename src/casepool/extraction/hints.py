"""Hints: rows that may hold more than their columns say. A hint is no problem; a person looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from casepool.contract import TABLES
from casepool.extraction.appraisal import contradictory
from casepool.files import sheets
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.study import study
from casepool.model.vocabulary import Answer
from casepool.rows import missing, rows_of

# Words of a note that speak of how long a response lasted, folded.
LASTING = (
    "relapse", "relapsed", "duration", "ongoing", "loss of response", "lost response",
    "rechute", "duree de la reponse", "reponse en cours", "perte de reponse",
)  # fmt: skip


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
