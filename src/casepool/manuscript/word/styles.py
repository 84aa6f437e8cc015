"""Styles that a table of the build names and a document may lack: taken over by their name, never replaced."""

from __future__ import annotations

import copy
from typing import Any

from casepool.manuscript.word.package import Package, W

_LINKED = ("basedOn", "link", "next")


class Styles:
    """The styles of a document."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = styles_part(package)
        self._root: Any = package.tree(self._part) if self._part else None

    def adopt(self, source: Package, style: str) -> str:
        """Return the id under which the document has a style of another file, taken over where it has none.

        The document's own style of that name stands: its author may have changed it.
        """
        part = styles_part(source)
        wanted = _by_id(source.tree(part), style) if part else None
        if self._root is None or wanted is None:
            return style
        known = self._named(_name(wanted))
        if known is not None:
            return str(known.get(f"{W}styleId"))
        taken = copy.deepcopy(wanted)
        if _by_id(self._root, style) is not None:
            taken.set(f"{W}styleId", f"casepool{style}")
        taken.attrib.pop(f"{W}default", None)
        self._root.append(taken)
        self._package.touch(self._part)
        for linked in _LINKED:
            for one in taken.findall(f"{W}{linked}"):
                one.set(f"{W}val", self.adopt(source, one.get(f"{W}val")))
        return str(taken.get(f"{W}styleId"))

    def _named(self, name: str) -> Any:
        found = (one for one in self._root.iter(f"{W}style") if _name(one).casefold() == name.casefold())
        return next(found, None)


def styles_part(package: Package) -> str:
    """Return the part with the styles of a document; empty where it has none."""
    for one in package.relations(package.main):
        if one.get("Type", "").endswith("/styles"):
            return package.target(package.main, one.get("Id"))
    return ""


def _by_id(root: Any, style: str) -> Any:
    return next((one for one in root.iter(f"{W}style") if one.get(f"{W}styleId") == style), None)


def _name(style: Any) -> str:
    found = style.find(f"{W}name")
    return "" if found is None else str(found.get(f"{W}val", ""))
