"""Patients who were forgotten: of each a keyed hash is left, so that centre and number never come in again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from casepool.contract.registry import FORGOTTEN
from casepool.files import store
from casepool.privacy.pseudonym import case_pseudonym, centre_pseudonym
from casepool.registry.intake.centres import Centres

FORGOTTEN_FILE = "forgotten.csv"


def read_forgotten(folder: str | Path) -> pd.DataFrame:
    """Return the table ``forgotten`` beside the returns (nobody was: an empty one).

    Raises
    ------
    StoredTableError
        If the file was changed by hand.
    """
    path = Path(folder) / FORGOTTEN_FILE
    if path.is_file():
        return store.read_table(FORGOTTEN.name, path)
    return store.stack(FORGOTTEN.name, pd.DataFrame(columns=FORGOTTEN.names))


def remembered(key: bytes, centres: Centres, centre: str, patient_code: str, day: str) -> pd.DataFrame:
    """Return the rows of ``forgotten`` for a patient: one for each name of the centre, whatever is decided later.

    Parameters
    ----------
    centre : the key by which the centre is known (``Centres.of``).
    """
    rows = [
        {
            "pseudonym": case_pseudonym(key, name, patient_code),
            "centre_pseudonym": centre_pseudonym(key, name),
            "forgotten_on": day,
        }
        for name in centres.names_of(centre)
    ]
    return store.stack(FORGOTTEN.name, pd.DataFrame(rows))


def are_forgotten(rows: pd.DataFrame, forgotten: pd.DataFrame, centres: Centres, key: bytes) -> pd.Series:
    """Return which rows are of a forgotten patient, under any name of the centre.

    Parameters
    ----------
    rows : ``identity`` (the key of the centre) and ``patient_code``, empty where they cannot be told.
    """
    known = set(forgotten["pseudonym"])
    if not known:
        return pd.Series(data=False, index=rows.index)
    told = rows[rows["pseudonym"].notna()]
    pairs = told[["identity", "patient_code"]].drop_duplicates()
    gone = {
        (centre, code)
        for centre, code in zip(pairs["identity"], pairs["patient_code"], strict=True)
        if any(case_pseudonym(key, name, code) in known for name in centres.names_of(centre))
    }
    places = zip(rows["identity"], rows["patient_code"], strict=True)
    return pd.Series([place in gone for place in places], index=rows.index)


def n_forgotten(forgotten: pd.DataFrame, centres: Centres, centre: str, key: bytes) -> int:
    """Return how many patients of a centre were forgotten: at least, where it had several names."""
    of_name = forgotten["centre_pseudonym"].value_counts()
    return max(int(of_name.get(centre_pseudonym(key, name), 0)) for name in centres.names_of(centre))
