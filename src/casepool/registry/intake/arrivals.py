"""On which day each returned file came: noted once, beside the returns, so that a build need not ask the clock.

A line of ``arrivals.csv`` stays when its file is corrected, replaced or erased: it is the trail of what came when.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import pandas as pd

from casepool.contract.registry import ARRIVALS
from casepool.files import store

ARRIVALS_FILE = "arrivals.csv"


def read_arrivals(folder: str | Path) -> pd.DataFrame:
    """Return the table ``arrivals`` that lies beside the returns, empty where there is none.

    Raises
    ------
    StoredTableError
        If somebody has changed the file so that it breaks its contract.
    """
    path = Path(folder) / ARRIVALS_FILE
    if not path.is_file():
        return pd.DataFrame(columns=ARRIVALS.names).astype(ARRIVALS.dtypes)
    return store.read_table(ARRIVALS.name, path)


def note_arrivals(folder: str | Path, files: Mapping[str, Path], today: dt.date) -> pd.DataFrame:
    """Add the files that are not noted yet, under `today`, and return the table.

    Parameters
    ----------
    files : name, as it may be printed → file.
    """
    noted = read_arrivals(folder)
    known = set(zip(noted["file"], noted["sha256"], strict=True))
    found = [(name, checksum(path)) for name, path in files.items()]
    new = [(name, sha256, today.isoformat()) for name, sha256 in found if (name, sha256) not in known]
    if not new:
        return noted
    added = store.stack(ARRIVALS.name, noted, pd.DataFrame(new, columns=ARRIVALS.names))
    store.write_table(ARRIVALS.name, added, Path(folder) / ARRIVALS_FILE)
    return read_arrivals(folder)


def last_days(arrivals: pd.DataFrame, files: Iterable[Path], otherwise: dt.date) -> dict[Path, dt.date]:
    """Return the last day on which each file can have been filled in.

    A file that is not noted came at the latest on `otherwise` or on the day of the newest file that is. A content that
    came under two names came with the first.
    """
    first = {
        str(one): dt.date.fromisoformat(str(day)) for one, day in arrivals.groupby("sha256")["first_seen"].min().items()
    }
    newest = max([otherwise, *first.values()])
    return {path: first.get(checksum(path), newest) for path in files}


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal; of what is no file or cannot be read, that of nothing."""
    if path.is_file():  # a pipe would be waited for
        with suppress(OSError), path.open("rb") as content:  # without the right to read it: the reader says so
            return hashlib.file_digest(content, "sha256").hexdigest()
    return hashlib.sha256().hexdigest()
