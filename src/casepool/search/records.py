"""The table of records: every raw file of a search, parsed, counted against its description, merged."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.contract.literature import NEW_RECORDS, SEARCH_UPDATE
from casepool.files import atomic
from casepool.model.errors import SourceDataError
from casepool.rows import record_names, rows_of
from casepool.search.formats.bibtex import parse_bibtex
from casepool.search.formats.nbib import parse_nbib
from casepool.search.formats.pubmed_xml import parse_pubmed
from casepool.search.formats.ris import parse_ris
from casepool.search.formats.spreadsheet import parse_spreadsheet
from casepool.search.merging import Merged, merge_records
from casepool.search.pubmed.chain import SNAPSHOTS, chain_of, newest_before
from casepool.typing import Row

_PARSERS: dict[str, Callable[[str | Path], Iterator[Row]]] = {
    ".gz": parse_pubmed,
    ".xml": parse_pubmed,
    ".ris": parse_ris,
    ".nbib": parse_nbib,
    ".bib": parse_bibtex,
    ".csv": parse_spreadsheet,
    ".xlsx": parse_spreadsheet,
}


@dataclass(frozen=True)
class Update:
    """What the snapshot in use brings since the one before: a table of one row (or none) and the new records."""

    counts: pd.DataFrame
    records: pd.DataFrame


def build_records(
    sources: pd.DataFrame, root: str | Path, snapshot: str, decided: Collection[str] = ()
) -> pd.DataFrame:
    """Return the table ``records`` of the raw files that ``sources.csv`` describes, each publication once."""
    return merged_records(sources, root, snapshot, decided).records


def merged_records(sources: pd.DataFrame, root: str | Path, snapshot: str, decided: Collection[str] = ()) -> Merged:
    """Return the records of the raw files that ``sources.csv`` describes, and those merged into another.

    Parameters
    ----------
    sources : the table ``sources``; paths are relative to `root`.
    snapshot : date of the PubMed snapshot in use; later ones are left aside, earlier ones too but for
        decided records that the snapshot in use does not find.
    decided : ids of records that carry a decision.

    Raises
    ------
    SourceDataError
        If a file is missing or altered (SHA-256), holds another number of records than its
        description says, or two entries share an id that is not PubMed's.
    """
    chain = chain_of(root, snapshot)
    used = [source for source in rows_of(sources) if _snapshot_of(source) <= snapshot]
    rows: list[Row] = []
    newer: set[str] = set()  # what a newer snapshot tells of a record holds
    for source in sorted(used, key=_preference):
        read, name = _read_source(source, Path(root)), _snapshot_of(source)
        if name:
            read = [row for row in read if row["record_id"] not in newer]
            read = [row for row in read if name in chain or row["record_id"] in decided]
            newer |= {str(row["record_id"]) for row in read}
        rows += read
    _refuse_repeated(rows)
    return merge_records(rows)


def search_update(
    sources: pd.DataFrame, root: str | Path, snapshot: str, records: pd.DataFrame, decided: Collection[str] = ()
) -> Update:
    """Return what is new in `records` since the snapshot before `snapshot` (nothing where there is none).

    An import counts as known if it was received by the day of that snapshot.
    """
    previous = newest_before(sources["path"], snapshot)
    if not previous:
        return Update(pd.DataFrame(columns=SEARCH_UPDATE.names), pd.DataFrame(columns=NEW_RECORDS.names))
    then = sources[sources["path"].str.startswith(SNAPSHOTS) | (sources["accessed_on"] <= previous)]
    before = build_records(then, root, previous, decided)
    known = {one for row in rows_of(before) for one in record_names(row)}
    new = records[[known.isdisjoint(record_names(row)) for row in rows_of(records)]]
    row = {"snapshot": snapshot, "previous": previous, "n_previous": len(records) - len(new), "n_new": len(new)}
    return Update(pd.DataFrame([row], columns=SEARCH_UPDATE.names), new[NEW_RECORDS.names])


def _refuse_repeated(rows: list[Row]) -> None:
    """Refuse an id that two entries share; a PubMed id names one publication, wherever it stands."""
    named = Counter(str(row["record_id"]) for row in rows if not str(row["record_id"]).startswith("pmid:"))
    repeated = sorted(name for name, n in named.items() if n > 1)
    if repeated:
        message = f"record {', '.join(repeated)} stands more than once in the raw files; expected each once"
        raise SourceDataError(message)


def _snapshot_of(source: Row) -> str:
    """Return the snapshot that a raw file belongs to, or an empty text."""
    path = str(source["path"])
    return path.removeprefix(SNAPSHOTS).partition("/")[0] if path.startswith(SNAPSHOTS) else ""


def _preference(source: Row) -> tuple[int, str]:
    """Return the place of a file: PubMed first, newest first; then the imports by name."""
    name = _snapshot_of(source)
    return (-int(name.replace("-", "")), str(source["path"])) if name else (0, str(source["path"]))


def _read_source(source: Row, root: Path) -> list[Row]:
    path = root / str(source["path"])
    content = atomic.read_bytes(path)
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
