"""What the page offers to take along: files beside it, and how it is cited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from casepool.report.files import figure_stem, table_stem
from casepool.report.page.facts import Facts
from casepool.report.tables.display import DisplayTable

_TABLE_KINDS = ("docx", "csv", "tex", "html")
_TEXTS = ("methods", "results", "abstract")
_TEXT_KINDS = ("docx", "tex", "md")
_FIGURE_KINDS = ("pdf", "svg", "png")
_OWN = {"report.html", "index.html"}


@dataclass(frozen=True)
class Offer:
    """A thing that can be taken along, and its files: kind and address, seen from the page."""

    name: str
    files: tuple[tuple[str, str], ...]

    @property
    def place(self) -> str:
        """Its number in reading order, which its files have too; empty for what has none."""
        found = re.match(r"\w+/(\d+)_", self.files[0][1])
        return found[1] if found else ""

    @property
    def picture(self) -> str:
        """The address of its drawing; empty for what is no figure."""
        return next((href for kind, href in self.files if kind == "SVG"), "")


def offers(
    files: Sequence[str], tables: Mapping[str, DisplayTable], figures: Mapping[str, str], facts: Facts
) -> list[tuple[str, list[Offer]]]:
    """Return what is beside the page, in groups with a heading; nothing where no file is told of.

    Parameters
    ----------
    files : results of the build, as paths from the project folder.
    figures : titles of the figures by name.
    """
    home = f"results/manuscript/{facts.catalogue.language}"
    told = set(files)
    groups = {
        "figures": [*_figures(home, told, figures)],
        "tables": [*_tables(tables)] if f"{home}/tables" in told else [],
        "files": [*_others(home, files, facts)],
    }
    return [(facts.catalogue.text(f"offers_{name}"), found) for name, found in groups.items() if found]


def _tables(tables: Mapping[str, DisplayTable]) -> Iterator[Offer]:
    for key, table in tables.items():
        if table.rows:
            yield Offer(table.title, tuple((kind.upper(), f"tables/{table_stem(key)}.{kind}") for kind in _TABLE_KINDS))


def _figures(home: str, told: set[str], figures: Mapping[str, str]) -> Iterator[Offer]:
    for name, title in figures.items():
        kinds = [kind for kind in _FIGURE_KINDS if f"{home}/figures/{figure_stem(name)}.{kind}" in told]
        if kinds:
            yield Offer(title, tuple((kind.upper(), f"figures/{figure_stem(name)}.{kind}") for kind in kinds))


def _others(home: str, files: Sequence[str], facts: Facts) -> Iterator[Offer]:
    """Yield the files of the same language beside the page, and the numbers of every estimate."""
    beside: dict[str, list[PurePosixPath]] = {}
    for path in (one for one in map(PurePosixPath, files) if one.parent == PurePosixPath(home)):
        if path.suffix and path.name not in _OWN:
            beside.setdefault(path.stem, []).append(path)
    for stem, paths in beside.items():
        kinds = tuple((path.suffix[1:].upper(), path.name) for path in paths)
        yield Offer(facts.catalogue.text(f"offers_{stem}"), kinds)
    for stem in _TEXTS if f"{home}/text" in files else ():
        kinds = tuple((kind.upper(), f"text/{stem}.{kind}") for kind in _TEXT_KINDS)
        yield Offer(facts.catalogue.text(f"prose_title_{stem}"), kinds)
    if "results/results.json" in files:
        yield Offer(facts.catalogue.text("offers_results"), (("JSON", "../../results.json"),))


def citation(facts: Facts) -> str:
    """Return how the page is cited: its title, the program, the day of its data, the commit where it is known."""
    catalogue, meta = facts.catalogue, facts.meta
    told = catalogue.text(
        "cite_page",
        title=facts.protocol.title[catalogue.language],
        version=meta.version,
        date=catalogue.numbers.date(meta.snapshot),
    )
    commit = catalogue.text("cite_commit", commit=meta.commit[:12]) if meta.commit else ""
    return f"{told}{commit}."
