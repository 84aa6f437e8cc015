"""Objections: what each of them takes out, and which are not settled yet.

An objection is an event, no fault. It takes out every line of its patient, whatever their dates and later answers,
until a line of a later date revokes it. One that finds no patient, that may mean several or that lies in a file that
is not used stays open until somebody settles it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from casepool.contract.registry import FORM, OBJECTION
from casepool.model.message import Message
from casepool.registry.intake.agreement import Stance
from casepool.registry.intake.centre_questions import may_be_one
from casepool.registry.intake.centres import Centres
from casepool.rows import rows_of
from casepool.typing import Row

_OF_EVENT = [
    "return_label", "row", "centre", "patient_code", "filled_on", "centre_pseudonym", "pseudonym", "forgotten", "used",
]  # fmt: skip
_NO_DATE = "9999-99-99"  # an objection without a date goes before every line


@dataclass(frozen=True)
class Objection:
    """A line by which a patient objects, or revokes that.

    Attributes
    ----------
    label, row : label of its file, and its line.
    took_out : label of a file → how many of its rows it took out.
    did : what it did where it took out none.
    column, to_settle : what must be settled, and in which column; empty where all is done.
    """

    label: str
    row: int
    took_out: Mapping[str, int]
    did: Message
    to_settle: tuple[Message, ...] = ()
    column: str = OBJECTION.name


@dataclass(frozen=True)
class Objections:
    """All objections of the returns.

    Attributes
    ----------
    events : each of them.
    objecting : pseudonyms of those who do not count.
    found : those of them of whom there are, or were, lines.
    held : pseudonyms of those who may be meant by one that finds nobody: their lines wait.
    in_doubt : pseudonyms of the centres that name an objection which is not settled.
    """

    events: tuple[Objection, ...]
    objecting: frozenset[str]
    found: frozenset[str]
    held: frozenset[str]
    in_doubt: frozenset[str]

    @property
    def open_places(self) -> frozenset[tuple[str, int]]:
        """The places, file and line, of those that are not settled."""
        return frozenset((one.label, one.row) for one in self.events if one.to_settle)


def judge_objections(rows: pd.DataFrame, elsewhere: pd.DataFrame, centres: Centres) -> Objections:
    """Return what the objections of all files do.

    Parameters
    ----------
    rows : the rows of the files that were read (``gathered_rows``) with ``forgotten``.
    elsewhere : the objections in other files (``objections_elsewhere``) with ``forgotten``.
    """
    made = rows["stance"] == Stance.OBJECTS
    objections = pd.concat([one[_OF_EVENT] for one in (rows[made].assign(used=True), elsewhere.assign(used=False))])
    data = rows[~made & rows["pseudonym"].notna()]
    revoking = rows[rows["stance"] == Stance.REVOKES]
    if objections.empty and revoking.empty:
        return Objections((), *[frozenset[str]()] * 4)
    against, lifted = _latest(objections), _latest(revoking[_dated(revoking)])
    objecting = frozenset(one for one, date in against.items() if lifted.get(one, "") <= date)
    counts = data.groupby(["pseudonym", "return_label"]).size()
    lines = {str(one): counts[one].to_dict() for one in counts.index.unique("pseudonym") if one in objecting}
    gone = set(objections.loc[objections["forgotten"], "pseudonym"])
    known = set(data["pseudonym"]) | gone
    namesakes = _by_number(data)
    found = [
        (row, set() if row["pseudonym"] in known else _may_be(row, namesakes, centres)) for row in rows_of(objections)
    ]
    events = [_objection(row, lines, objecting, known, may_be) for row, may_be in found]
    open_centres = {row["centre_pseudonym"] for (row, _), event in zip(found, events, strict=True) if event.to_settle}
    events += [_revocation(row, objecting, against) for row in rows_of(revoking) if row["pseudonym"]]
    return Objections(
        tuple(events),
        objecting,
        frozenset(lines) | (objecting & gone),
        frozenset().union(*(may_be for _, may_be in found)) - objecting,
        frozenset(open_centres - {None}),
    )


def _dated(rows: pd.DataFrame) -> pd.Series:
    return pd.Series(FORM.column("filled_on").fits(rows["filled_on"]), index=rows.index)


def _latest(rows: pd.DataFrame) -> dict[str, str]:
    """Return the latest date on which each patient says so."""
    dates = rows["filled_on"].where(_dated(rows), _NO_DATE)
    return {str(patient): str(date) for patient, date in dates.groupby(rows["pseudonym"]).max().items()}


def _objection(
    row: Row, lines: Mapping[str, Mapping[str, int]], objecting: frozenset[str], known: set[str], may_be: set[str]
) -> Objection:
    patient = row["pseudonym"]
    took_out = lines.get(patient, {})
    to_settle: list[Message] = []
    did = Message("objection_takes_nobody")
    if patient is None:
        to_settle.append(Message("objection_of_nobody"))
    elif patient not in objecting:
        did = Message("objection_was_revoked")
    elif patient not in known:
        to_settle.append(Message("objection_may_be_several" if may_be else "objection_finds_nobody"))
    elif not took_out:
        did = Message("objection_of_forgotten")
    if not row["used"]:
        to_settle.append(Message("objection_in_unused_file"))
    return Objection(row["return_label"], int(row["row"]), took_out, did, tuple(to_settle))


def _revocation(row: Row, objecting: frozenset[str], against: Mapping[str, str]) -> Objection:
    place = row["return_label"], int(row["row"])
    if row["pseudonym"] in objecting:
        late = (Message("later_than_objection"),)
        return Objection(*place, {}, Message("revocation_without_effect"), late, "filled_on")
    stood = row["pseudonym"] in against
    return Objection(*place, {}, Message("revocation_brings_back" if stood else "revocation_of_none"))


def _by_number(data: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Return number → pseudonym and centre of each patient who has it."""
    once = data.drop_duplicates("pseudonym")
    numbers: dict[str, list[tuple[str, str]]] = {}
    for code, patient, centre in zip(once["patient_code"], once["pseudonym"], once["centre"], strict=True):
        numbers.setdefault(code, []).append((patient, centre))
    return numbers


def _may_be(row: Row, namesakes: Mapping[str, list[tuple[str, str]]], centres: Centres) -> set[str]:
    """Return the patients of this number in the centres whose names are like the one that the objection gives."""
    if row["pseudonym"] is None:
        return set()
    return {
        patient
        for patient, centre in namesakes.get(row["patient_code"], [])
        if may_be_one(centre, row["centre"], centres)
    }
