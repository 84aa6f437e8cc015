"""When the coordinator was in touch with which centre, also with those that have sent nothing yet: typed by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from casepool.contract.registry import CONTACTS
from casepool.files import sheets
from casepool.model.errors import CuratedDataError

CONTACT_FILES = ("contacts.csv", "contacts.xlsx")


def read_contacts(folder: str | Path) -> pd.DataFrame:
    """Return the table ``contacts`` beside the returns, empty where there is none.

    Raises
    ------
    CuratedDataError
        With every problem of the file.
    """
    path = next((Path(folder) / name for name in CONTACT_FILES if (Path(folder) / name).is_file()), None)
    if path is None:
        return pd.DataFrame(columns=CONTACTS.names).astype(CONTACTS.dtypes)
    checked = sheets.check_table(CONTACTS.name, path)
    if checked.problems:
        raise CuratedDataError(checked.problems)
    return checked.frame
