"""The intake of what comes back from the call for observations: files → rows, each with its fate.

Every row of every file is accepted, waits with its reason (quarantined), was already known, or was
replaced by a later one; a receipt for each file counts them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from casepool import defaults
from casepool.contract.registry import CENTRE_STATUS, CHANGES, QUARANTINE, RECEIPTS, REGISTRY
from casepool.model.errors import PrivacyError
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import ReturnStatus, RowVerdict
from casepool.privacy.pseudonym import KEY_VARIABLE, load_key, return_label
from casepool.registry.intake.agreement import WILLING
from casepool.registry.intake.arrivals import ARRIVALS_FILE, last_days, read_arrivals
from casepool.registry.intake.centre_questions import CentreQuestion, centre_questions
from casepool.registry.intake.centres import CENTRE_FILES, Centres, read_centres
from casepool.registry.intake.changes import changes
from casepool.registry.intake.completeness import judge_centres
from casepool.registry.intake.contacts import CONTACT_FILES
from casepool.registry.intake.decisions import DECISION_FILES
from casepool.registry.intake.forgotten import FORGOTTEN_FILE, are_forgotten, n_forgotten, read_forgotten
from casepool.registry.intake.gathered import gathered_rows, objections_elsewhere
from casepool.registry.intake.judged_returns import JudgedReturn, Reader
from casepool.registry.intake.objections import Objection, Objections, judge_objections
from casepool.registry.intake.persons import Doubts, doubtful_versions
from casepool.registry.intake.reasons import Reason, each_once, reasons_of, waiting_rows
from casepool.registry.intake.rules import NO_RULES, ReadingRules
from casepool.registry.intake.tables import as_table, no_rows
from casepool.registry.intake.versions import settle
from casepool.registry.release.published import LEDGER

_HIDDEN = (".", "~$")  # the second: lock files of an open workbook
_NOT_RETURNS = frozenset(
    {
        "README.md",
        "Thumbs.db",
        "desktop.ini",
        ARRIVALS_FILE,
        LEDGER,
        FORGOTTEN_FILE,
        *DECISION_FILES,
        *CENTRE_FILES,
        *CONTACT_FILES,
    }
)
_OF_FATE = ["return_label", "row", "centre_pseudonym", "patient_code", "filled_on", "verdict"]


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
    objections : each objection, and what it did.
    centres : what is known of each centre (table ``centre_status``).
    lacking : pseudonym of a centre → why it does not count as complete.
    fates : place, centre, number, date and verdict of every row of the files that were read.
    changes : which answers corrections changed, with their values (table ``registry_changes``).
    """

    registry: pd.DataFrame
    receipts: pd.DataFrame
    quarantine: pd.DataFrame
    waiting: pd.DataFrame
    file_names: Mapping[str, str]
    reasons: tuple[Reason, ...] = ()
    messages: Mapping[str, tuple[Message | str, ...]] = field(default_factory=dict)
    questions: tuple[CentreQuestion, ...] = ()
    objections: tuple[Objection, ...] = ()
    centres: pd.DataFrame = field(default_factory=lambda: no_rows(CENTRE_STATUS.dtypes))
    lacking: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)
    fates: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=_OF_FATE))
    changes: pd.DataFrame = field(default_factory=lambda: no_rows(CHANGES.dtypes))

    @property
    def is_settled(self) -> bool:
        """Whether every file was read, no row waits and no question is open."""
        read = (self.receipts["status"] == ReturnStatus.READ).all()
        return bool(read) and self.quarantine.empty and not self.questions


def read_registry(
    folder: Path,
    key: bytes | None,
    protocol: Protocol,
    rules: ReadingRules = NO_RULES,
    *,
    last_day: dt.date | None = None,
    evaluable_share: float = defaults.EVALUABLE_SHARE,
    only_complete: bool = False,
) -> Intake:
    """Return what the returns of a folder hold.

    Read is every file but README.md, hidden files, what Windows leaves in folders, and what stands there of the
    coordinator (decisions on identity and centres, who was forgotten). What is wrong with a file or a row never raises:
    it stands in the receipts and in the quarantine.

    Parameters
    ----------
    folder : where the returns lie; a missing folder is an empty one.
    key : key of the pseudonyms; not needed for an empty folder.
    rules : what the project adds to the reading.
    last_day : the day by which a file came that ``arrivals.csv`` beside the returns does not name (None: today).
    evaluable_share : the least share of its patients whose outcome a complete centre knows.
    only_complete : whether patients wait whom REDCap does not call complete.

    Raises
    ------
    PrivacyError
        If there are returns and no key.
    CuratedDataError
        With every problem of the decisions on centres.
    StoredTableError
        If the list of the forgotten was changed by hand.
    """
    paths, centres = return_paths(folder), read_centres(folder)
    if paths and key is None:
        raise PrivacyError(Message("returns_without_key", n=len(paths), variable=KEY_VARIABLE))
    labelled = _labelled(paths, key or b"")
    reader = Reader(protocol, rules, only_complete=only_complete)
    days = last_days(read_arrivals(folder), paths, last_day or dt.date.today())
    returns = {label: reader.judge(path, days[path]) for label, path in sorted(labelled.items())}
    forgotten = read_forgotten(folder)
    rows, objections, doubts = _settled(returns, centres, forgotten, key or b"")
    questions = centre_questions(rows.assign(counts=rows["verdict"] == RowVerdict.ACCEPTED), centres)
    complete = judge_centres(
        rows,
        _n_objected(rows, objections, forgotten, centres, key or b""),
        _in_doubt(rows, objections, questions),
        evaluable_share,
    )
    accepted = rows["verdict"] == RowVerdict.ACCEPTED
    ascertainment = rows["centre_pseudonym"].map(complete.table.set_index("centre_pseudonym")["ascertainment"])
    told = reasons_of(returns, rows, objections, doubts)
    messages = {label: one.messages for label, one in returns.items()}
    return Intake(
        as_table(rows[accepted].assign(ascertainment=ascertainment[accepted]), REGISTRY),
        _receipts(returns, rows, messages),
        as_table(told.assign(verdict=str(RowVerdict.QUARANTINED)), QUARANTINE),
        waiting_rows(returns, rows, told),
        {label: _printable(path.name) for label, path in labelled.items()},
        each_once(told),
        messages,
        questions,
        objections.events,
        complete.table,
        complete.lacking,
        rows[_OF_FATE],
        changes(rows),
    )


def key_of_returns(folder: Path, environment: Mapping[str, str], key_file: Path) -> bytes | None:
    """Return the key of the pseudonyms, or None where the folder holds no return.

    Raises
    ------
    PrivacyError
        If there are returns and no key, or none that is safe.
    """
    return load_key(environment, key_file) if return_paths(folder) else None


def returned_files(folder: Path) -> dict[str, Path]:
    """Return name, as it may be printed → file, of every return of a folder."""
    return {_printable(path.name): path for path in return_paths(folder)}


def return_paths(folder: Path) -> list[Path]:
    """Return the files that came back: all but hidden ones and those of the coordinator."""
    if not folder.is_dir():
        return []
    names = (path for path in folder.iterdir() if not path.name.startswith(_HIDDEN) and path.name not in _NOT_RETURNS)
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


def _settled(
    returns: Mapping[str, JudgedReturn], centres: Centres, forgotten: pd.DataFrame, key: bytes
) -> tuple[pd.DataFrame, Objections, Doubts]:
    """Return the rows of all files with the verdict on each, what the objections did, and whose person is in doubt."""
    rows, elsewhere = gathered_rows(returns, centres, key), objections_elsewhere(returns, centres, key)
    rows["forgotten"] = are_forgotten(rows, forgotten, centres, key)
    elsewhere["forgotten"] = are_forgotten(elsewhere, forgotten, centres, key)
    objections = judge_objections(rows, elsewhere, centres)
    places = zip(rows["return_label"], rows["row"], strict=True)
    rows["open"] = pd.Series([place in objections.open_places for place in places], index=rows.index, dtype=bool)
    rows["objecting"] = rows["pseudonym"].isin(objections.objecting)
    rows["held"] = rows["pseudonym"].isin(objections.held)
    counting = rows["valid"] & rows["stance"].isin(WILLING) & ~(rows["objecting"] | rows["held"] | rows["forgotten"])
    doubts = doubtful_versions(rows[counting])
    rows["counting"] = counting
    rows["valid"] &= ~rows.index.isin(list(doubts))
    rows["verdict"] = settle(rows)
    return rows, objections, doubts


def _n_objected(
    rows: pd.DataFrame, objections: Objections, forgotten: pd.DataFrame, centres: Centres, key: bytes
) -> dict[str, int]:
    """Return pseudonym of a centre → its patients who object or were forgotten, each once."""
    named = rows.loc[rows["centre_pseudonym"].notna(), ["centre_pseudonym", "identity"]]
    known = named.drop_duplicates("centre_pseudonym")
    takes = rows["pseudonym"].isin(objections.found) & ~rows["forgotten"]
    objecting = rows.loc[takes, ["pseudonym", "centre_pseudonym"]].drop_duplicates("pseudonym")
    n_of = objecting["centre_pseudonym"].value_counts()
    pairs = zip(known["centre_pseudonym"], known["identity"], strict=True)
    return {name: int(n_of.get(name, 0)) + n_forgotten(forgotten, centres, centre, key) for name, centre in pairs}


def _in_doubt(rows: pd.DataFrame, objections: Objections, questions: tuple[CentreQuestion, ...]) -> frozenset[str]:
    """Return the pseudonyms of centres about whose name or objections a question is open."""
    return (
        objections.in_doubt
        | frozenset(rows.loc[rows["held"], "centre_pseudonym"])
        | frozenset(name for one in questions for name in one.pseudonyms)
    )


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
    return as_table(pd.DataFrame(receipts, columns=RECEIPTS.names), RECEIPTS)
