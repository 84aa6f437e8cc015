"""Which centre a name means: the one place that says so, by spelling and by what the coordinator has decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from casepool.contract.registry import CENTRE_NAMES
from casepool.files import sheets
from casepool.model.errors import CuratedDataError, Problem
from casepool.model.message import Message
from casepool.privacy.centre_names import centre_key

CENTRE_FILES = ("centres.csv", "centres.xlsx")


@dataclass(frozen=True)
class Centres:
    """The centres as the coordinator has decided them; without a decision a spelling is a centre.

    Attributes
    ----------
    decided : key of a name → name of its centre.
    """

    decided: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """Return the name by which a centre is known: two names are one centre where this key of them is one."""
        return centre_key(self.name(name))

    def name(self, name: str) -> str:
        """Return the name of the centre that a name means."""
        return self.decided.get(centre_key(name), name)

    def is_decided(self, name: str) -> bool:
        """Return whether the coordinator has said of a name which centre it is."""
        return centre_key(name) in self.decided

    def names_of(self, key: str) -> tuple[str, ...]:
        """Return the keys of the names that the coordinator has said to be a centre, its own first."""
        return (key, *sorted(name for name, centre in self.decided.items() if centre_key(centre) == key != name))


def read_centres(folder: str | Path) -> Centres:
    """Return the decisions on names that lie beside the returns (none: each spelling is a centre).

    The name of a centre need not have a line of its own.

    Raises
    ------
    CuratedDataError
        With every problem of the file: a name with two centres, a centre that is itself another one.
    """
    path = next((Path(folder) / name for name in CENTRE_FILES if (Path(folder) / name).is_file()), None)
    if path is None:
        return Centres()
    checked = sheets.check_table(CENTRE_NAMES.name, path)
    problems = checked.problems or tuple(_contradictions(checked.frame, path.name))
    if problems:
        raise CuratedDataError(problems)
    pairs = list(zip(checked.frame["name"], checked.frame["centre"], strict=True))
    return Centres({centre_key(centre): centre for _, centre in pairs} | {centre_key(name): own for name, own in pairs})


def _contradictions(frame: pd.DataFrame, file: str) -> list[Problem]:
    keys = frame.map(centre_key)
    first = keys.drop_duplicates("name").set_index("name")["centre"]
    problems = []
    for index, name, centre in zip(frame.index, keys["name"], keys["centre"], strict=True):
        line = int(index) + 2
        if first[name] != centre:
            found = Message("centre_again", name=frame.loc[index, "name"])
            problems.append(Problem(file, line, "", "name", found, Message("one_centre_for_name")))
        if first.get(centre, centre) != centre:
            found = Message("centre_is_another", centre=frame.loc[index, "centre"])
            problems.append(Problem(file, line, "", "centre", found, Message("centre_that_stands")))
    return problems
