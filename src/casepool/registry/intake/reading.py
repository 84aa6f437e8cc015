"""The intake of what comes back from the call for observations: files → rows, each with its fate.

Every row of every file is accepted, waits with its reason (quarantined), was already known, or was
replaced by a later one; a receipt for each file counts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from casepool.contract import Table
from casepool.contract.registry import CODE_PATTERN, FORM, QUARANTINE, RECEIPTS, REGISTRY, WAITING
from casepool.files.dialect import each_distinct
from casepool.model.errors import PrivacyError
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import ReturnStatus, RowVerdict
from casepool.privacy.pseudonym import KEY_VARIABLE, case_pseudonym, centre_pseudonym, load_key, return_label
from casepool.registry.intake.centre_questions import CentreQuestion, centre_questions
from casepool.registry.intake.centres import CENTRE_FILES, Centres, read_centres
from casepool.registry.intake.decisions import DECISION_FILES
from casepool.registry.intake.judged_returns import JudgedReturn, Reader
from casepool.registry.intake.versions import LATER_DATE, centre_totals, settle
from casepool.rows import rows_of
from casepool.typing import Row

_NOT_RETURNS = frozenset({"README.md", *DECISION_FILES, *CENTRE_FILES})
_WOULD_COMPUTE = ("=", "+", "-", "@", "\t", "\r")
_PLACE = ["return_label", "row"]
_IN_WORDS = ["column_said", "expected_said"]


@dataclass(frozen=True)
class Reason:
    """Why a row waits: label of its file, line, column or place, and what was expected there."""

    label: str
    row: int
    column: str | Message
    expected: Message


@dataclass(frozen=True)
class Intake:
    """What the returns hold.

    Attributes
    ----------
    registry : accepted rows (table ``registry``).
    receipts : one row for each file (table ``registry_receipts``).
    quarantine : why rows wait (table ``quarantine``, in English); holds no value of a row.
    reasons : the same, row by row, in no language yet.
    messages : label → what is said of the file.
    waiting : the rows that wait, as they were sent (table ``registry_waiting``); without those of refused
        files and of patients who are not known to agree.
    file_names : label → file name, for the terminal of the coordinator alone.
    questions : names that may mean one centre, for the same terminal.
    """

    registry: pd.DataFrame
    receipts: pd.DataFrame
    quarantine: pd.DataFrame
    waiting: pd.DataFrame
    file_names: Mapping[str, str]
    reasons: tuple[Reason, ...] = ()
    messages: Mapping[str, tuple[Message | str, ...]] = field(default_factory=dict)
    questions: tuple[CentreQuestion, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether every file was read, no row waits and no question is open."""
        read = (self.receipts["status"] == ReturnStatus.READ).all()
        return bool(read) and self.quarantine.empty and not self.questions


def read_registry(folder: Path, key: bytes | None, protocol: Protocol) -> Intake:
    """Return what the returns of a folder hold.

    Read is every file but README.md, hidden files and the decisions on identity and centres. What is wrong with a
    file or a row never raises: it stands in the receipts and in the quarantine.

    Parameters
    ----------
    folder : where the returns lie; a missing folder is an empty one.
    key : key of the pseudonyms; not needed for an empty folder.

    Raises
    ------
    PrivacyError
        If there are returns and no key.
    CuratedDataError
        With every problem of the decisions on centres.
    """
    paths, centres = _paths(folder), read_centres(folder)
    if paths and key is None:
        raise PrivacyError(Message("returns_without_key", n=len(paths), variable=KEY_VARIABLE))
    labelled = _labelled(paths, key or b"")
    reader = Reader(protocol)
    returns = {label: reader.judge(path) for label, path in sorted(labelled.items())}
    rows = _rows(returns, centres, key or b"")
    rows["verdict"] = settle(rows)
    registry = _table(rows[rows["verdict"] == RowVerdict.ACCEPTED], REGISTRY)
    told = _reasons(returns, rows)
    messages = _messages(returns, registry)
    return Intake(
        registry,
        _receipts(returns, rows, messages),
        _table(told.assign(verdict=str(RowVerdict.QUARANTINED)), QUARANTINE),
        _waiting(returns, rows, told),
        {label: _printable(path.name) for label, path in labelled.items()},
        _each_once(told),
        messages,
        centre_questions(rows.assign(counts=rows["verdict"] == RowVerdict.ACCEPTED), centres),
    )


def key_of_returns(folder: Path, environment: Mapping[str, str], key_file: Path) -> bytes | None:
    """Return the key of the pseudonyms, or None where the folder holds no return.

    Raises
    ------
    PrivacyError
        If there are returns and no key, or none that is safe.
    """
    return load_key(environment, key_file) if _paths(folder) else None


def _paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    names = (path for path in folder.iterdir() if not path.name.startswith(".") and path.name not in _NOT_RETURNS)
    return sorted(names, key=lambda path: _printable(path.name))


def _labelled(paths: list[Path], key: bytes) -> dict[str, Path]:
    labelled: dict[str, Path] = {}
    for path in paths:
        name = _printable(path.name)
        while (label := return_label(key, name)) in labelled:
            name += "'"  # two spellings of one name, as an accent in one sign or in two
        labelled[label] = path
    return labelled


def _printable(name: str) -> str:
    """Return a file name that any terminal and any encoding can take."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in name)


def _rows(returns: Mapping[str, JudgedReturn], centres: Centres, key: bytes) -> pd.DataFrame:
    """Return the typed rows of all files that were read, with what ``versions.settle`` needs."""
    pieces = [
        one.checked.typed.assign(
            return_label=label,
            row=one.lines,
            valid=~one.checked.at_fault,
            objects=one.checked.objects,
            willing=one.checked.willing,
        )
        for label, one in returns.items()
        if one.checked is not None
    ]
    rows = pd.concat(pieces, ignore_index=True) if pieces else _empty()
    codes = rows["patient_code"].where(rows["patient_code"].str.fullmatch(CODE_PATTERN).fillna(value=False))
    told = (rows["centre"].notna() & codes.notna()).to_numpy(bool)
    known = {name: centres.of(name) for name in rows["centre"].dropna().unique()}
    names = list(zip(rows["centre"].map(known), rows["patient_code"], strict=True))
    pseudonyms = [case_pseudonym(key, *names[place]) if each else None for place, each in enumerate(told)]
    of_centre = {name: centre_pseudonym(key, centre) for name, centre in known.items()}
    return rows.assign(
        pseudonym=pd.array(pseudonyms, dtype="string"),
        centre_pseudonym=rows["centre"].map(of_centre).astype("string"),
    )


def _empty() -> pd.DataFrame:
    columns = {column.name: pd.Series(dtype=column.dtype) for column in (*REGISTRY.columns[2:],)}
    return pd.DataFrame({**columns, **{name: pd.Series(dtype=bool) for name in ("valid", "objects", "willing")}})


def _table(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame with the columns, types and order of a table."""
    typed = frame.reindex(columns=table.names).astype(table.dtypes)
    return typed.drop_duplicates(list(table.key)).sort_values(list(table.key)).reset_index(drop=True)


def _reasons(returns: Mapping[str, JudgedReturn], rows: pd.DataFrame) -> pd.DataFrame:
    """Return why each row waits: ``return_label``, ``row``, ``column`` and ``expected`` in English and to be said."""
    pieces = [pd.DataFrame(list(_of_files(returns)), columns=[*_PLACE, "column", "expected", *_IN_WORDS])]
    for label, one in returns.items():
        for fault in one.checked.faults if one.checked is not None else ():
            at = {"return_label": label, "row": one.lines[fault.rows]}
            pieces.append(pd.DataFrame({**at, **_said(fault.column, fault.expected)}))
    other_version = rows.loc[rows["valid"] & (rows["verdict"] == RowVerdict.QUARANTINED), _PLACE]
    pieces.append(other_version.assign(**_said("filled_on", LATER_DATE)))
    return pd.concat([piece for piece in pieces if len(piece)] or pieces[:1], ignore_index=True)


def _of_files(returns: Mapping[str, JudgedReturn]) -> Iterator[tuple[object, ...]]:
    for label, one in returns.items():
        yield from ((label, reason.line, *_said(reason.column, reason.expected).values()) for reason in one.reasons)


def _said(column: str | Message, expected: Message) -> Row:
    words: Row = {"column": str(column), "expected": str(expected)}
    return words | dict(zip(_IN_WORDS, (column, expected), strict=True))


def _each_once(told: pd.DataFrame) -> tuple[Reason, ...]:
    """Return the reasons in the order of the table ``quarantine``."""
    key = list(QUARANTINE.key)
    once = told.drop_duplicates(key).sort_values(key)
    places = zip(*(once[name] for name in (*_PLACE, *_IN_WORDS)), strict=True)
    return tuple(Reason(label, int(row), column, expected) for label, row, column, expected in places)


def _waiting(returns: Mapping[str, JudgedReturn], rows: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """Return the text of the rows that wait and whose patients do not object."""
    kept = rows[(rows["verdict"] == RowVerdict.QUARANTINED) & rows["willing"]]
    if kept.empty:
        return _table(kept, WAITING)
    cells = pd.concat([one.cells for one in returns.values() if one.cells is not None], ignore_index=True)
    cells = cells.loc[kept.index]
    texts = pd.DataFrame({name: each_distinct(cells[name], _neutral) for name in FORM.names})
    told = (reasons["column"] + ": " + reasons["expected"]).groupby([reasons[name] for name in _PLACE]).agg("; ".join)
    reason = told.reindex(pd.MultiIndex.from_frame(kept[_PLACE])).to_numpy()
    return _table(texts.assign(return_label=kept["return_label"], row=kept["row"], reason=reason), WAITING)


def _neutral(cell: str) -> str | None:
    """Return a text that no spreadsheet takes for a formula, or None for an empty cell."""
    return f"'{cell}" if cell.startswith(_WOULD_COMPUTE) else cell or None


def _messages(returns: Mapping[str, JudgedReturn], registry: pd.DataFrame) -> dict[str, tuple[Message | str, ...]]:
    of_centres = _centre_messages(registry)
    return {label: (*one.messages, *of_centres.get(label, ())) for label, one in returns.items()}


def _receipts(
    returns: Mapping[str, JudgedReturn], rows: pd.DataFrame, messages: Mapping[str, tuple[Message | str, ...]]
) -> pd.DataFrame:
    counts = rows.groupby(["return_label", "verdict"]).size().to_dict()
    receipts = []
    for label, one in returns.items():
        n_of = {f"n_{verdict}": counts.get((label, str(verdict)), 0) for verdict in RowVerdict}
        if one.checked is None:
            n_of["n_quarantined"] = len(one.lines)
        message = " · ".join(map(str, messages[label]))
        told = {"return_label": label, "status": one.status, "n_rows": len(one.lines), "message": message or None}
        receipts.append(told | n_of)
    return _table(pd.DataFrame(receipts, columns=RECEIPTS.names), RECEIPTS)


def _centre_messages(registry: pd.DataFrame) -> dict[str, list[Message]]:
    """Return label → what the totals of its centres contradict."""
    totals = centre_totals(registry)
    files = registry.groupby("centre_pseudonym")["return_label"].unique()
    messages: dict[str, list[Message]] = {}
    for told in rows_of(totals.reset_index()):
        centre = told["centre_pseudonym"]
        if not told["agree"]:
            found = Message("totals_differ", centre=centre)
        elif told["n_accepted"] > told["n_treated"]:
            found = Message("more_than_treated", centre=centre)
        else:
            continue
        for label in files[centre]:
            messages.setdefault(label, []).append(found)
    return messages
