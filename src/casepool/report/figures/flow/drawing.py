"""How the flow diagram is laid out and drawn: rows of boxes sized from their text, arrows, stages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from casepool.report.figures.canvas.palette import BAND, CORRECTED, EDGE, GREY, INK, SOFT, WARNING
from casepool.report.figures.canvas.typesetting import STYLE, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casepool.report.figures.canvas.drawn import Drawn

SIZE, LINE, PAD, GAP = 7.5, 0.142, 0.085, 0.2
_STAGE_X, _STAGE_WIDTH = 0.1, 0.26
_REACH = GAP / 2 - 0.02  # how far the band of a stage reaches beyond its rows
_FACES = {"plain": ("white", EDGE, 0.7), "result": ("#eaf2fb", CORRECTED, 1.1), "warning": ("#fdf0f2", WARNING, 1.1)}


@dataclass(frozen=True)
class Column:
    """A column of the diagram, in inches from the left."""

    x: float
    width: float

    @property
    def centre(self) -> float:
        """The middle of the column."""
        return self.x + self.width / 2

    @property
    def end(self) -> float:
        """The right edge of the column."""
        return self.x + self.width


FULL = Column(0.46, 7.28)
HALVES = (Column(0.46, 3.56), Column(4.18, 3.56))
# The main boxes of each arm, and what is beside them.
ARMS = ((Column(0.46, 1.47), Column(2.09, 1.93)), (Column(4.18, 1.47), Column(5.81, 1.93)))
WIDTH = FULL.end + 0.06


@dataclass(frozen=True)
class Box:
    """A box of the diagram: its lines, each with whether it is a heading, and how it looks."""

    column: Column
    lines: tuple[tuple[str, bool], ...]
    face: str = "plain"
    beside: Column | None = None  # the column of the box that an arrow comes from, where it stands beside one

    @property
    def height(self) -> float:
        """Height in inches."""
        return len(self.lines) * LINE + 2 * PAD

    @property
    def words(self) -> str:
        """What stands in the box, in one line."""
        return " ".join(line.strip() for line, _ in self.lines).rstrip(".")


@dataclass(frozen=True)
class Row:
    """One level of the diagram: boxes side by side, or the headings of the arms; and the stage it belongs to."""

    stage: str
    boxes: tuple[Box, ...]
    heading: bool = False

    @property
    def height(self) -> float:
        """Height in inches."""
        return max(box.height for box in self.boxes)

    @property
    def below(self) -> float:
        """The distance to the next row in inches."""
        return GAP / 2 if self.heading else GAP

    @property
    def main(self) -> list[Box]:
        """The boxes of the way down, from left to right."""
        return [] if self.heading else [box for box in self.boxes if box.beside is None]


def wrapped(text: str, column: Column, *, bold: bool = True) -> list[tuple[str, bool]]:
    """Return a text as lines that fit a column; an ordinary line is indented."""
    if bold:
        return [(line, True) for line in wrap(text, SIZE, column.width - 2 * PAD, "bold")]
    return [(f"\u2002{line}", False) for line in wrap(text, SIZE, column.width - 2 * PAD - 0.07)]


def drawn(rows: Sequence[Row], stages: dict[str, str], synthetic: str = "") -> Drawn:
    """Return the figure.

    Parameters
    ----------
    stages : names of the stages; a row of another stage stands without one.
    synthetic : the warning above everything, where the data are invented.
    """
    import matplotlib as mpl

    from casepool.report.figures.canvas.drawn import Drawn

    top = 0.34 if synthetic else 0.12
    height = top + math.fsum(row.height + row.below for row in rows)
    with mpl.rc_context(dict(STYLE)):
        figure = Drawn(figsize=(WIDTH, height))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set_xlim(0, WIDTH)
        ax.set_ylim(height, 0)
        ax.set_axis_off()
        if synthetic:
            figure.mark(synthetic, fontsize=9, fontweight="bold", color=WARNING)
        _draw(ax, rows, stages, top)
        figure.alt = " ".join(f"{box.words}." for row in rows for box in row.boxes)
    return figure


def _draw(ax: Axes, rows: Sequence[Row], stages: dict[str, str], top: float) -> None:
    tops = [top + math.fsum(row.height + row.below for row in rows[:index]) for index in range(len(rows))]
    for row, y in zip(rows, tops, strict=True):
        for box in row.boxes:
            _draw_heading(ax, box, y) if row.heading else _draw_box(ax, box, y)
            if box.beside:
                middle = y + min(box.height, *(one.height for one in row.boxes if one.column == box.beside)) / 2
                _arrow(ax, (box.beside.end, middle), (box.column.x, middle))
    for (row, y), (after, below) in pairwise(zip(rows, tops, strict=True)):
        for start in row.main:
            for x in _ways(start, after):
                _arrow(ax, (x, y + start.height), (x, below))
    for stage, group in groupby(zip(rows, tops, strict=True), key=lambda pair: pair[0].stage):
        if stage in stages:
            of_stage = list(group)
            (_, above), (last, y) = of_stage[0], of_stage[-1]
            above -= 0 if stage == next(iter(stages)) else _REACH
            _draw_stage(ax, above, y + last.height + (0 if last is rows[-1] else _REACH), stages[stage])


def _ways(start: Box, after: Row) -> list[float]:
    """Return where arrows go down from a box: where it and a main box of the next row stand above each other."""
    pairs = (sorted((start.column, end.column), key=lambda column: column.width) for end in after.main)
    return [narrow.centre for narrow, wide in pairs if wide.x <= narrow.centre <= wide.end]


def _draw_box(ax: Axes, box: Box, y: float) -> None:
    from matplotlib.patches import Rectangle

    face, edge, width = _FACES[box.face]
    place = (box.column.x, y)
    ax.add_patch(Rectangle(place, box.column.width, box.height, facecolor=face, edgecolor=edge, linewidth=width))
    for index, (line, bold) in enumerate(box.lines):
        colour = WARNING if box.face == "warning" else INK if bold else SOFT
        ax.text(
            box.column.x + PAD, y + PAD + (index + 0.5) * LINE, line, fontsize=SIZE, va="center_baseline",
            fontweight="bold" if bold else "normal", color=colour,
        )  # fmt: skip


def _draw_heading(ax: Axes, box: Box, y: float) -> None:
    _band(ax, box.column.x, y, box.column.width, box.height)
    for index, (line, _) in enumerate(box.lines):
        _centred(ax, box.column.centre, y + PAD + (index + 0.5) * LINE, line)


def _draw_stage(ax: Axes, top: float, bottom: float, text: str) -> None:
    _band(ax, _STAGE_X, top, _STAGE_WIDTH, bottom - top)
    _centred(ax, _STAGE_X + _STAGE_WIDTH / 2, (top + bottom) / 2, text, rotation=90)


def _centred(
    ax: Axes, x: float, y: float, text: str, *, size: float = SIZE, color: str = INK, rotation: float = 0
) -> None:
    ax.text(x, y, text, fontsize=size, fontweight="bold", color=color, rotation=rotation, ha="center", va="center")


def _band(ax: Axes, x: float, y: float, width: float, height: float) -> None:
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle((x, y), width, height, facecolor=BAND, edgecolor=GREY, linewidth=0.4))


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    from matplotlib.patches import FancyArrowPatch

    ax.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=6, color=EDGE, linewidth=0.8, shrinkA=0, shrinkB=0)
    )
