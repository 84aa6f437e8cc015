"""Which records differ between two builds, and which of them moved a number: named one by one, never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from casepool.contract.cases import RELEASED_REPORTS
from casepool.manuscript.kept import State
from casepool.model.estimate import ALL, NEW_DISEASE, OVERALL
from casepool.model.message import Message, text
from casepool.model.vocabulary import label

_OF_ALL = (ALL, OVERALL, NEW_DISEASE)


class Change(StrEnum):
    """What happened to a record."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


_CHANGES = {
    Change.ADDED: Message("moved_added"),
    Change.REMOVED: Message("moved_removed"),
    Change.CHANGED: Message("moved_changed"),
}


@dataclass(frozen=True, order=True)
class Record:
    """A source whose cases of one disease differ between two builds; of the registry there are totals only."""

    report: str
    disease: str
    change: Change

    def text(self, language: str) -> str:
        """Return it by its name and what happened to it."""
        name = label(self.report, language) if self.report in RELEASED_REPORTS else self.report
        return f"{name} ({text(_CHANGES[self.change], language)})"


@dataclass(frozen=True)
class Cause:
    """What moved a number.

    Attributes
    ----------
    records : those that differ and stand behind it.
    direct : whether they are of its own disease; else they reached it through the model that joins diseases.
    settings : what differs besides where no record does: configuration, program, protocol.
    """

    records: tuple[Record, ...] = ()
    direct: bool = True
    settings: tuple[str, ...] = ()

    def text(self, language: str) -> str:
        """Return it in words; several records that changed at once are named together, for no build parts them."""
        names = tuple(sorted({one.text(language) for one in self.records}))
        if names:
            said = names[0] if len(names) == 1 else Message("moved_together", records=names)
            return text(said if self.direct else Message("moved_by_others", records=said), language)
        if self.settings:
            return text(Message("moved_by_settings", settings=self.settings), language)
        return text(Message("moved_by_unknown"), language)


def changed_records(before: State, after: State) -> tuple[Record, ...]:
    """Return the records that differ; where an earlier build has no checksums, those that came or went."""
    old, new = _prints(before), _prints(after)
    if old is None or new is None:
        old, new = _named(before), _named(after)
    found = [Record(*key, Change.ADDED) for key in new.keys() - old.keys()]
    found += [Record(*key, Change.REMOVED) for key in old.keys() - new.keys()]
    found += [Record(*key, Change.CHANGED) for key in old.keys() & new.keys() if old[key] != new[key]]
    return tuple(sorted(found))


def changed_settings(before: State, after: State) -> tuple[str, ...]:
    """Return what differs besides the records; nothing where it is not known of both."""
    if not before.made_of or not after.made_of:
        return ()
    names = sorted(before.made_of.keys() | after.made_of.keys())
    return tuple(name for name in names if before.made_of.get(name) != after.made_of.get(name))


def cause_of(disease: str, records: Iterable[Record], settings: tuple[str, ...]) -> Cause:
    """Return what moved a number of a disease (or of all)."""
    changed = tuple(records)
    own = changed if disease in _OF_ALL else tuple(one for one in changed if one.disease == disease)
    if own:
        return Cause(own)
    return Cause(changed, direct=False) if changed else Cause(settings=settings)


def _prints(state: State) -> dict[tuple[str, str], str] | None:
    sources = state.results.get("sources")
    return None if sources is None else {(one["report_id"], one["disease"]): one["sha256"] for one in sources}


def _named(state: State) -> dict[tuple[str, str], str]:
    """Return the reports behind each count, as far as a file without checksums names them."""
    rows: Iterable[Mapping[str, Any]] = state.results["counts"]
    return {(case.split("/", 1)[0], row["disease"]): "" for row in rows for case in row["cases"]}
