"""Raw files are read once: every entry of a search as a table, and what is wrong with a file beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from casepool.contract.literature import ENTRIES, RAW_FAULTS, TRIAL_FACTS
from casepool.files import atomic, store
from casepool.files.signs import cleaned
from casepool.model.errors import CasepoolError, FileError
from casepool.model.message import Message, as_plain, from_plain
from casepool.model.vocabulary import Origin
from casepool.rows import missing, rows_of
from casepool.search.formats.reading import read_export
from casepool.search.pubmed.chain import judge_description, snapshot_of
from casepool.typing import Row

_DESCRIPTION = "search.json"  # of the snapshot beside it: it holds no record


@dataclass(frozen=True)
class Raw:
    """What stands in the raw files: three tables, and remarks on how files were read.

    Attributes
    ----------
    trials : the table ``trial_facts``.
    """

    entries: pd.DataFrame
    faults: pd.DataFrame
    remarks: tuple[Message, ...] = ()
    trials: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=TRIAL_FACTS.names))

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
    entries, trials = [pd.DataFrame(columns=ENTRIES.names)], [pd.DataFrame(columns=TRIAL_FACTS.names)]
    faults: list[Row] = []
    remarks: list[Message] = []
    for source in rows_of(sources):
        if snapshot_of(source["path"]) <= snapshot:
            try:
                rows, facts, told = _read_source(source, Path(root))
                read = pd.DataFrame(rows, columns=ENTRIES.names)
                entries.append(store.checked("entries", read, source["path"]))
                trials.append(pd.DataFrame(facts, columns=TRIAL_FACTS.names))
                remarks += [Message("of_file", file=source["path"], what=one) for one in told]
            except CasepoolError as error:
                faults.append({"path": source["path"], "fault": json.dumps(as_plain(error.message))})
    found = pd.DataFrame(faults, columns=RAW_FAULTS.names)
    table, of_trials = store.stack("entries", *entries), store.stack("trial_facts", *trials)
    judged = store.checked("entries", table), store.checked("raw_faults", found)
    return Raw(*judged, tuple(remarks), store.checked("trial_facts", of_trials))


def _plain(value: Any) -> Any:
    """Return a text of a raw file without signs that nobody sees; what was received cannot be typed again."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(sign for sign in cleaned(value) if sign.isprintable() or sign.isspace())


def parse_export(path: Path) -> list[Row]:
    """Return the records of an export of any program, in any format.

    Raises
    ------
    FileError
        If it cannot be read.
    """
    return _plain_rows(read_export(path).records)


def _plain_rows(rows: Iterable[Mapping[str, object]]) -> list[Row]:
    return [{name: _plain(value) for name, value in one.items()} for one in rows]


def _read_source(source: Row, root: Path) -> tuple[list[Row], list[Row], tuple[Message, ...]]:
    """Return the entries of a file, what they tell of trials, and remarks."""
    path = root / str(source["path"])
    content = atomic.read_bytes(path)
    digest = hashlib.sha256(content).hexdigest()
    if digest != source["sha256"]:
        raise FileError(Message("raw_file_edited", file=source["path"], found=digest, expected=source["sha256"]))
    if path.name == _DESCRIPTION:
        if snapshot_of(source["path"]):
            judge_description(content, source["path"], path.with_name("records.xml.gz"))
        return [], [], ()
    read = read_export(path, register=source["origin"] == Origin.REGISTER)
    records = _plain_rows(read.records)
    if len(records) != source["n_records"]:
        numbers = {"found": len(records), "expected": int(source["n_records"])}
        raise FileError(Message("other_number_of_records", file=source["path"], **numbers))
    told = {"origin": source["origin"], "source_file": source["path"]}
    rows = [{**record, **told, "number": number} for number, record in enumerate(records, start=1)]
    where = [{name: row[name] for name in ("record_id", "source_file", "number")} for row in rows]
    of_trials = zip(where, _plain_rows(read.trials), strict=False)  # none where the file is not one of a register
    facts = [{**place, **one, "read_on": source["accessed_on"]} for place, one in of_trials]
    return rows, facts, read.remarks
