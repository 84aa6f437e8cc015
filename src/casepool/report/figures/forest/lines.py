"""The lines of a forest plot, and how they fill pages; where they come from is told elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from casepool.defaults import LEVEL
from casepool.model.estimate import EMPTY, Estimate
from casepool.report.words.catalogue import Catalogue

Kind = Literal[
    "header", "study", "folded", "raw", "origin", "mean", "corrected", "pooled", "new_disease", "no_data", "gap"
]
HEIGHTS: dict[str, float] = {"gap": 0.4}
# A taller picture is opened by few programs, and looked at by nobody.
MOST_ROWS = 200


@dataclass(frozen=True)
class ForestLine:
    """One line of the plot.

    Attributes
    ----------
    kind : what is drawn: a report ("study"), a disease's name ("header"), a pooled rate, a gap, that the reports of
        a disease stand elsewhere ("folded").
    label : the text at the left.
    estimate : proportion, interval and counts (empty for headers).
    ascertainment : of a report; chooses the marker.
    prediction : limits of a prediction interval, drawn under a raw rate or for a new disease.
    cells : what stands in the further columns.
    """

    kind: Kind
    label: str = ""
    estimate: Estimate = EMPTY
    ascertainment: str = ""
    prediction: tuple[float, float] | None = None
    continued: bool = False
    cells: tuple[str, ...] = ()

    @property
    def height(self) -> float:
        """Height in rows."""
        return HEIGHTS.get(self.kind, 1.0)


@dataclass(frozen=True)
class ForestResult:
    """What one forest plot (one page) shows.

    Attributes
    ----------
    lines : from top to bottom.
    title, subtitle : above the plot.
    not_told : citations of reports whose response is not told; listed at the foot.
    page, pages : which page of how many.
    corrected : whether rates are corrected at all; the legend and the note at the foot speak of it.
    columns : heading and width in inches of further columns.
    remark : how far the diseases differ, where the model says it.
    """

    lines: tuple[ForestLine, ...]
    title: str = ""
    subtitle: str = ""
    not_told: tuple[str, ...] = ()
    page: int = 1
    pages: int = 1
    level: float = LEVEL
    synthetic: bool = False
    corrected: bool = True
    columns: tuple[tuple[str, float], ...] = ()
    remark: str = ""

    @property
    def further_width(self) -> float:
        """Width in inches of the further columns."""
        return math.fsum(width for _, width in self.columns)

    @property
    def height(self) -> float:
        """Height of all lines in rows."""
        return math.fsum(line.height for line in self.lines)


def corrected_line(estimate: Estimate, label: str, catalogue: Catalogue) -> ForestLine:
    """Return the line of a corrected rate; what it rests on stands behind its label."""
    if (estimate.headlined or estimate.limits_only) and estimate.status != "ok":
        words = catalogue.label(estimate.status, "status_short")
        label = f"{label} ({words})"
    return ForestLine("corrected", label, estimate)


def pooled_line(estimate: Estimate, label: str) -> list[ForestLine]:
    """Return the line of a pooled rate where it may be shown."""
    return [ForestLine("pooled", label, estimate)] if estimate.headlined else []


def prediction_of(estimate: Estimate) -> tuple[float, float] | None:
    """Return the limits of a prediction interval, where there are both."""
    if estimate.pi_lower is None or estimate.pi_upper is None:
        return None
    return estimate.pi_lower, estimate.pi_upper


def balanced(blocks: Sequence[Sequence[ForestLine]], rows_per_page: int) -> list[tuple[ForestLine, ...]]:
    """Return as few pages as fit; among those, diseases kept whole, then pages of like height."""
    most = list(_paged(blocks, rows_per_page))
    layouts = [list(_paged(blocks, limit)) for limit in range(rows_per_page, 1, -1)]
    fitting = [pages for pages in layouts if len(pages) == len(most) and _tallest(pages) <= rows_per_page]
    return min(fitting, key=lambda pages: (_splits(pages), _tallest(pages)), default=most)


def whole(pages: Sequence[ForestResult], catalogue: Catalogue) -> ForestResult:
    """Return the pages of a plot as one; where that is too tall, the longest lists of reports stay on the pages."""
    lines = [*pages[0].lines]
    for page in pages[1:]:
        first, *rest = page.lines
        if first.continued:
            lines += rest
        else:
            lines += [ForestLine("gap"), first, *rest]
    return replace(pages[-1], lines=tuple(_folded(lines, catalogue)), page=1, pages=1)


def _folded(lines: Sequence[ForestLine], catalogue: Catalogue) -> list[ForestLine]:
    """Return lines of which the longest runs of reports are one line each, until the rest fits."""
    runs = [list(run) for _, run in groupby(lines, key=lambda line: line.kind == "study")]
    height = _height(lines)
    for run in sorted((one for one in runs if one[0].kind == "study"), key=len, reverse=True):
        if height <= MOST_ROWS:
            break
        height -= len(run) - 1
        run[:] = [ForestLine("folded", catalogue.plural("forest_folded", len(run)))]
    return [line for run in runs for line in run]


def _tallest(pages: Sequence[Sequence[ForestLine]]) -> float:
    return max(_height(page) for page in pages)


def _splits(pages: Sequence[Sequence[ForestLine]]) -> int:
    return sum(line.continued for page in pages for line in page)


def _paged(blocks: Sequence[Sequence[ForestLine]], rows_per_page: int) -> Iterator[tuple[ForestLine, ...]]:
    page: list[ForestLine] = []
    for block in blocks:
        lone = block[0].kind == "no_data"
        for index, atom in enumerate(_atoms(block)):
            gap = [ForestLine("gap")] if page and index == 0 and not (lone and page[-1].kind == "no_data") else []
            if page and _height([*page, *gap, *atom]) > rows_per_page:
                yield tuple(page)
                page, gap = [], []
                if index:
                    page.append(replace(block[0], continued=True))
            page += [*gap, *atom]
    if page:
        yield tuple(page)


def _atoms(block: Sequence[ForestLine]) -> list[list[ForestLine]]:
    """Return the parts of a block that must not be parted: header + first row; last report + pooled rates."""
    studies = [index for index, line in enumerate(block) if line.kind == "study"]
    if len(studies) < 3:
        return [list(block)]
    first, last = studies[0], studies[-1]
    middle = [[line] for line in block[first + 1 : last]]
    return [list(block[: first + 1]), *middle, list(block[last:])]


def _height(lines: Sequence[ForestLine]) -> float:
    return math.fsum(line.height for line in lines)
