"""The ledger of what was published: which totals left the machine, and of whom they were.

Results are made again many times a day, and what nobody has seen may change freely. What counts is what left the
machine; ``casepool registry publish`` writes that down. The ledger lies beside the returns, is as private as they are,
and no build erases it. It names patients by their pseudonyms, with what was counted of them, for two totals can be
compared only by whom they have in common.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from casepool.files import atomic
from casepool.model.errors import PrivacyError
from casepool.model.message import Message

LEDGER = "published.json"
_ONLY_OWNER = 0o600
_PERSONAL = ["person", "centres", "protected", "secret", "unprinted"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_Kind = TypeVar("_Kind", bound=_Strict)


class Member(_Strict):
    """A patient of published groups: what the thresholds need of him, and group → what was counted of him there."""

    person: str
    centres: str
    protected: bool
    secret: bool
    unprinted: bool
    groups: dict[str, str]


class Published(_Strict):
    """One release; of a total or linkage that stayed as it was there is nothing in it.

    Attributes
    ----------
    published_on : the date; empty while it is not published.
    totals : id → the row of the table ``cases``, without what is missing.
    linkage : rows of the table ``registry_linkage``.
    members : case id → patient.
    links : total and published case that may lie in it.
    """

    published_on: str = ""
    totals: dict[str, dict[str, str | int]] = {}
    linkage: tuple[dict[str, str | int], ...] = ()
    members: dict[str, Member] = {}
    links: tuple[tuple[str, str], ...] = ()

    def groups(self) -> dict[str, dict[str, str]]:
        """Return each group: its name → case id → what was counted of the patient."""
        counted: dict[str, dict[str, str]] = {}
        for case, member in self.members.items():
            for group, value in member.groups.items():
                counted.setdefault(group, {})[case] = value
        return counted


class Ledger(_Strict):
    """All releases, the first one first."""

    releases: tuple[Published, ...] = ()


@dataclass(frozen=True)
class Before:
    """What is public already, as the next release looks at it."""

    ledger: Ledger

    @cached_property
    def groups(self) -> tuple[tuple[str, dict[str, str]], ...]:
        """Each published group: its name, and case id → what was counted; one of two releases stands twice."""
        return tuple(group for release in self.ledger.releases for group in release.groups().items())

    @cached_property
    def latest(self) -> Mapping[str, tuple[Mapping[str, str | int], Published]]:
        """Total → its latest row, and the release that it comes from."""
        return {name: (row, one) for one in self.ledger.releases for name, row in one.totals.items()}

    def counts_of(self, total: str) -> dict[str, dict[str, str]]:
        """Return what a total counted when it was published last: column → case id → what the patient added."""
        if total not in self.latest:
            return {}
        groups = self.latest[total][1].groups().items()
        return {name.removesuffix(f":{total}"): counted for name, counted in groups if name.endswith(f":{total}")}

    def versions_of(self, group: str) -> list[dict[str, str]]:
        """Return what a group counted, in each release that has it."""
        return [counted for name, counted in self.groups if name == group]

    def linkage_groups(self) -> dict[str, dict[str, str]]:
        """Return the groups behind the latest linkage."""
        release = next((one for one in reversed(self.ledger.releases) if one.linkage), Published())
        return {name: counted for name, counted in release.groups().items() if name.startswith("linkage ")}

    @property
    def linkage(self) -> tuple[dict[str, str | int], ...]:
        """The rows of the latest linkage."""
        return next((one.linkage for one in reversed(self.ledger.releases) if one.linkage), ())

    def holds(self, release: Published) -> bool:
        """Return whether a release shows nothing that is not public already."""
        rows = all(self.latest.get(name, ({},))[0] == row for name, row in release.totals.items())
        groups = all(group in self.groups for group in release.groups().items())
        return rows and groups and release.linkage in ((), self.linkage)

    def people(self) -> pd.DataFrame:
        """Return what is known of the patients of the ledger (index: case id); the latest release speaks."""
        known = {case: one for release in self.ledger.releases for case, one in release.members.items()}
        rows = [[getattr(one, name) for name in _PERSONAL] for one in known.values()]
        return pd.DataFrame(rows, columns=_PERSONAL, index=pd.Index(known, dtype="object"))


def unnamed(ledger: Ledger, case: str) -> Ledger:
    """Return the ledger with a patient under a random name: what was counted must be known, of whom nobody can say."""
    name = f"forgotten/{secrets.token_hex(6)}"
    releases = []
    for release in ledger.releases:
        members = {name if one == case else one: member for one, member in release.members.items()}
        if name in members:
            members[name] = members[name].model_copy(update={"person": name})
        releases.append(release.model_copy(update={"members": members}))
    return Ledger(releases=tuple(releases))


def ledger_file(folder: str | Path) -> Path:
    """Return the file of the ledger in the folder of returns."""
    return Path(folder) / LEDGER


def read_ledger(path: str | Path) -> Ledger:
    """Return what was published; nothing where there is no ledger.

    Raises
    ------
    PrivacyError
        If the file is damaged. A build must not go on without it.
    """
    if not Path(path).is_file():
        return Ledger()
    return _read(Ledger, path)


def read_release(path: str | Path) -> Published:
    """Return a release that a build has made.

    Raises
    ------
    FileError
        If there is none.
    PrivacyError
        If it is damaged.
    """
    return _read(Published, path)


def _read(kind: type[_Kind], path: str | Path) -> _Kind:
    try:
        return kind.model_validate_json(atomic.read_bytes(path))
    except ValidationError as error:  # its text quotes what the file holds
        raise PrivacyError(Message("ledger_damaged", file=str(path), n=error.error_count())) from None


def write(content: Ledger | Published, path: str | Path) -> None:
    """Write a ledger or a release, atomically; the same content gives the same bytes."""
    told: Any = content.model_dump()
    atomic.write_text(path, json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    if isinstance(content, Ledger):
        Path(path).chmod(_ONLY_OWNER)
