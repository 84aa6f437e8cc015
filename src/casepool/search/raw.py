"""Raw files are read once: every entry of a search as a table, and what is wrong with a file beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from casepool.contract.literature import ENTRIES, RAW_FAULTS
from casepool.files import atomic, store
from casepool.files.signs import cleaned
from casepool.model.errors import CasepoolError, FileError
from casepool.model.message import Message, as_plain, from_plain
from casepool.rows import missing, rows_of
from casepool.search.formats.bibtex import parse_bibtex
from casepool.search.formats.nbib import parse_nbib
from casepool.search.formats.pubmed_xml import parse_pubmed
from casepool.search.formats.ris import parse_ris
from casepool.search.formats.spreadsheet import parse_spreadsheet
from casepool.search.pubmed.chain import judge_description, snapshot_of
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
class Raw:
    """What stands in the raw files: the tables ``entries`` and ``raw_faults``."""

    entries: pd.DataFrame
    faults: pd.DataFrame

    @property
    def messages(self) -> list[Message | str]:
        """What is wrong with the files, one message a file."""
        return [from_plain(json.loads(fault)) for fault in self.faults["fault"]]

    def rows(self) -> list[Row]:
        """Return the entries as plain rows, in the form in which a parser gives them.

        Raises
        ------
        FileError
            With every fault; nothing is made of some of the files.
        """
        if self.messages:
            raise FileError("\n".join(map(str, self.messages)))
        empty = {column.name: None if column.kind == "integer" else "" for column in ENTRIES.columns}
        return [
            {name: empty[name] if missing(cell) else cell for name, cell in row.items()}
            for row in rows_of(self.entries)
        ]


def read_raw(sources: pd.DataFrame, root: str | Path, snapshot: str) -> Raw:
    """Return every entry of the raw files that ``sources.csv`` describes; never raises on bad content.

    A file that is missing or altered (SHA-256), cannot be parsed, or holds another number of records than its
    description says has a fault, and none of its entries is kept.

    Parameters
    ----------
    sources : the table ``sources``; paths are relative to `root`.
    snapshot : date of the PubMed snapshot in use; later ones are not read.
    """
    entries = [pd.DataFrame(columns=ENTRIES.names)]
    faults: list[Row] = []
    for source in rows_of(sources):
        if snapshot_of(source["path"]) <= snapshot:
            try:
                read = pd.DataFrame(_read_source(source, Path(root)), columns=ENTRIES.names)
                entries.append(store.checked("entries", read, source["path"]))
            except CasepoolError as error:
                faults.append({"path": source["path"], "fault": json.dumps(as_plain(error.message))})
    found = pd.DataFrame(faults, columns=RAW_FAULTS.names)
    return Raw(store.checked("entries", store.stack("entries", *entries)), store.checked("raw_faults", found))


def _plain(value: Any) -> Any:
    """Return a text of a raw file without signs that nobody sees; what was received cannot be typed again."""
    return (
        "".join(sign for sign in cleaned(value) if sign.isprintable() or sign.isspace())
        if isinstance(value, str)
        else value
    )


def parse_export(path: Path) -> list[Row]:
    """Return the records of an export of any program.

    Raises
    ------
    FileError
        If it cannot be read.
    """
    parser = _PARSERS.get(path.suffix)
    if parser is None:
        raise FileError(Message("not_an_export", file=str(path), expected=tuple(_PARSERS)))
    return [{name: _plain(value) for name, value in one.items()} for one in parser(path)]


def _read_source(source: Row, root: Path) -> list[Row]:
    path = root / str(source["path"])
    content = atomic.read_bytes(path)
    digest = hashlib.sha256(content).hexdigest()
    if digest != source["sha256"]:
        raise FileError(Message("raw_file_edited", file=source["path"], found=digest, expected=source["sha256"]))
    if path.suffix not in _PARSERS:  # a description of another file
        if snapshot_of(source["path"]) and path.name == "search.json":
            judge_description(content, source["path"], path.with_name("records.xml.gz"))
        return []
    records = parse_export(path)
    if len(records) != source["n_records"]:
        said = int(source["n_records"])
        raise FileError(Message("other_number_of_records", file=source["path"], found=len(records), expected=said))
    told = {"origin": source["origin"], "source_file": source["path"]}
    return [{**record, **told, "number": number} for number, record in enumerate(records, start=1)]
