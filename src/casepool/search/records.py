"""The table of records: every raw file of a search, parsed and counted against its description."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from casepool import tables
from casepool.errors import SourceDataError
from casepool.rows import Row, rows_of
from casepool.schemas.stages import RECORDS
from casepool.search.pubmed_xml import parse_pubmed
from casepool.search.ris import parse_ris

_PARSERS: dict[str, Callable[[str | Path], Iterator[Row]]] = {
    ".gz": parse_pubmed,
    ".xml": parse_pubmed,
    ".ris": parse_ris,
}
_SNAPSHOTS = "data/raw/pubmed/"


def build_records(sources: pd.DataFrame, root: str | Path, snapshot: str) -> pd.DataFrame:
    """Return the table ``records`` of the raw files that ``sources.csv`` describes.

    Parameters
    ----------
    sources : the table ``sources``; paths are relative to `root`.
    snapshot : date of the PubMed snapshot in use; other snapshots are left aside.

    Raises
    ------
    SourceDataError
        If a file is missing or altered (SHA-256), holds another number of records than its
        description says, or two files hold the same record.
    """
    used = sources[[_is_used(str(path), snapshot) for path in sources["path"]]]
    rows = [row for source in rows_of(used) for row in _read_source(source, Path(root))]
    frame = pd.DataFrame(rows, columns=RECORDS.names)
    repeated = sorted(frame.loc[frame["record_id"].duplicated(), "record_id"])
    if repeated:
        message = f"record {', '.join(repeated)} stands more than once in the raw files; expected each once"
        raise SourceDataError(message)
    return frame.replace("", pd.NA)


def _is_used(path: str, snapshot: str) -> bool:
    return not path.startswith(_SNAPSHOTS) or path.startswith(f"{_SNAPSHOTS}{snapshot}/")


def _read_source(source: Row, root: Path) -> list[Row]:
    path = root / str(source["path"])
    content = tables.read_bytes(path)
    digest = hashlib.sha256(content).hexdigest()
    if digest != source["sha256"]:
        message = f"{source['path']}: SHA-256 is {digest}; expected {source['sha256']} (raw files are never edited)"
        raise SourceDataError(message)
    parser = _PARSERS.get(path.suffix)
    if parser is None:  # a description of another file: its checksum is all there is to check
        return []
    records = list(parser(path))
    if len(records) != source["n_records"]:
        message = f"{source['path']}: holds {len(records)} records; sources.csv says {source['n_records']}"
        raise SourceDataError(message)
    return [{**record, "origin": source["origin"], "source_file": source["path"]} for record in records]
