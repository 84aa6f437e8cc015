"""The PRISMA 2020 flow diagram, from identification to patients, its boxes sized from their text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from casepool.reporting.language import Catalogue, load_catalogue
from casepool.reporting.numbers import is_missing
from casepool.reporting.palette import BAND, CORRECTED, EDGE, INK, SOFT, WARNING
from casepool.reporting.typesetting import STYLE, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 7.4
SIZE, LINE, PAD, GAP = 7.5, 0.142, 0.085, 0.2
_STAGE_X, _STAGE_WIDTH = 0.1, 0.26
_LEFT, _RIGHT = 0.5, 4.08
_SOURCES = ("records_database", "records_register", "records_website")
_BOX = {_LEFT: 3.1, _RIGHT: 3.2}


@dataclass(frozen=True)
class Box:
    """A box of the diagram: its lines, the first of them its heading."""

    lines: tuple[tuple[str, bool], ...]
    emphasis: bool = False

    @property
    def height(self) -> float:
        """Height in inches."""
        return len(self.lines) * LINE + 2 * PAD


@dataclass(frozen=True)
class Step:
    """One level of the diagram: the main box, the box beside it, and the stage it belongs to."""

    stage: str
    main: Box
    side: Box | None = None
    joins: bool = False

    @property
    def height(self) -> float:
        """Height in inches."""
        return max(self.main.height, self.side.height if self.side else 0.0)


class FlowCounts:
    """The counts of the PRISMA boxes."""

    def __init__(self, prisma_counts: pd.DataFrame, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._rows = [
            (str(row["box"]), "" if is_missing(row["detail"]) else str(row["detail"]), int(row["n"]))
            for row in prisma_counts.to_dict("records")
        ]

    def total(self, box: str) -> int:
        """Return the total of a box (0 where the stage table has no such row)."""
        if box == "records_identified":
            return sum(self.total(source) for source in _SOURCES)
        return sum(n for name, detail, n in self._rows if name == box and not detail)

    @property
    def is_update(self) -> bool:
        """Whether an earlier search was there (PRISMA 2020, flow for updated reviews)."""
        return any(name == "previous_records" for name, _, _ in self._rows)

    def details(self, box: str) -> list[tuple[str, int]]:
        """Return the breakdown of a box, largest first."""
        found = [(detail, n) for name, detail, n in self._rows if name == box and detail]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def box(self, names: Sequence[str], width: float, *, emphasis: bool = False) -> Box:
        """Return the box with a line for each named count and its details, wrapped to `width`."""
        lines: list[tuple[str, bool]] = []
        for name in names:
            heading = self._counted(self.catalogue.text(f"prisma_{name}"), self.total(name))
            lines += [(line, True) for line in wrap(heading, SIZE, width - 2 * PAD, "bold")]
            for detail, n in self.details(name):
                text = self._counted(self.catalogue.label(detail, "detail"), n)
                first, *rest = wrap(text, SIZE, width - 2 * PAD - 0.14)
                lines += [(f"\u2003{first}", False), *((f"\u2003{line}", False) for line in rest)]
        return Box(tuple(lines), emphasis)

    def _counted(self, text: str, n: int) -> str:
        return f"{text} (n\u00a0=\u00a0{self.catalogue.numbers.integer(n)})"


def flow_diagram(prisma_counts: pd.DataFrame, language: str = "en", *, synthetic: bool = False) -> Figure:
    """Return the PRISMA 2020 flow diagram as a figure.

    Parameters
    ----------
    prisma_counts : stage table (box, detail, unit, n); empty details are totals, others breakdowns.
    language : "en" or "fr".
    synthetic : write the warning that the data are invented.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    catalogue = load_catalogue(language)
    steps = _steps(FlowCounts(prisma_counts, catalogue))
    top = 0.78 if synthetic else 0.6
    height = top + math.fsum(step.height + GAP for step in steps)
    with mpl.rc_context(dict(STYLE)):
        figure = Figure(figsize=(WIDTH, height))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set_xlim(0, WIDTH)
        ax.set_ylim(height, 0)
        ax.set_axis_off()
        _draw_headings(ax, catalogue, top, synthetic)
        _draw_steps(ax, steps, top, catalogue)
    return figure


def _steps(counts: FlowCounts) -> list[Step]:
    left, right = _BOX[_LEFT], _BOX[_RIGHT]

    def step(stage: str, main: Sequence[str], side: Sequence[str] = (), *, emphasis: bool = False) -> Step:
        beside = counts.box(side, right) if side else None
        return Step(stage, counts.box(main, left, emphasis=emphasis), beside)

    waiting = [box for box in ("records_to_screen",) if counts.total(box)]
    update = ["previous_records", "new_records"] if counts.is_update else []
    identified = Step(
        "identification",
        counts.box(["records_database", "records_register"], left),
        counts.box(["records_website"], right),
        joins=True,
    )
    registry = ["patients_registry"] if counts.total("patients_registry") else []
    return [
        identified,
        step("identification", ["records_identified", *update], ["duplicates_removed"]),
        step("screening", ["records_screened"], ["records_excluded", *waiting]),
        step("screening", ["reports_sought"], ["reports_not_retrieved"]),
        step("screening", ["reports_assessed"], ["reports_excluded"]),
        step("included", ["reports_included", "studies_included"], emphasis=True),
        step("patients", ["patients_told", *registry], ["patients_excluded", "patients_duplicate"]),
        step("patients", ["patients_included"], ["patients_not_evaluable"]),
        step("patients", ["patients_evaluable"], emphasis=True),
    ]


def _draw_headings(ax: Axes, catalogue: Catalogue, top: float, synthetic: bool) -> None:
    if synthetic:
        ax.text(
            WIDTH / 2,
            0.16,
            catalogue.text("synthetic"),
            fontsize=9,
            fontweight="bold",
            color=WARNING,
            ha="center",
            va="center",
        )
    for x, key in ((_LEFT, "flow_databases"), (_RIGHT, "flow_beside")):
        _band(ax, x, top - 0.42, _BOX[x], 0.26)
        ax.text(
            x + _BOX[x] / 2, top - 0.29, catalogue.text(key), fontsize=SIZE, fontweight="bold", ha="center", va="center"
        )


def _draw_steps(ax: Axes, steps: Sequence[Step], top: float, catalogue: Catalogue) -> None:
    y, stage_top = top, top
    for index, step in enumerate(steps):
        _draw_box(ax, _LEFT, y, step.main, step.height if step.joins else None)
        if step.side:
            _draw_box(ax, _RIGHT, y, step.side, step.height if step.joins else None)
        below = y + step.height + GAP
        if index + 1 < len(steps):
            _draw_down(ax, _LEFT + _BOX[_LEFT] / 2, y + (step.height if step.joins else step.main.height), below)
        if step.joins:
            _draw_join(ax, y + step.height)
        elif step.side:
            _draw_aside(ax, y + min(step.main.height, step.side.height) / 2)
        y = below
        if index + 1 == len(steps) or steps[index + 1].stage != step.stage:
            _draw_stage(ax, stage_top, y - GAP, catalogue.text(f"stage_{step.stage}"))
            stage_top = y


def _draw_box(ax: Axes, x: float, y: float, box: Box, height: float | None = None) -> None:
    from matplotlib.patches import Rectangle

    edge, face, width = (CORRECTED, "#eaf2fb", 1.1) if box.emphasis else (EDGE, "white", 0.7)
    ax.add_patch(Rectangle((x, y), _BOX[x], height or box.height, facecolor=face, edgecolor=edge, linewidth=width))
    for index, (line, bold) in enumerate(box.lines):
        ax.text(
            x + PAD, y + PAD + (index + 0.5) * LINE, line, fontsize=SIZE, va="center_baseline",
            fontweight="bold" if bold else "normal", color=INK if bold else SOFT,
        )  # fmt: skip


def _band(ax: Axes, x: float, y: float, width: float, height: float) -> None:
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle((x, y), width, height, facecolor=BAND, edgecolor="none"))


def _draw_stage(ax: Axes, top: float, bottom: float, text: str) -> None:
    top, bottom = top - GAP / 2 + 0.02, bottom + GAP / 2 - 0.02
    _band(ax, _STAGE_X, top, _STAGE_WIDTH, bottom - top)
    middle = (top + bottom) / 2
    ax.text(
        _STAGE_X + _STAGE_WIDTH / 2,
        middle,
        text,
        fontsize=SIZE,
        fontweight="bold",
        rotation=90,
        ha="center",
        va="center",
    )


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    from matplotlib.patches import FancyArrowPatch

    ax.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=6, color=EDGE, linewidth=0.8, shrinkA=0, shrinkB=0)
    )


def _draw_down(ax: Axes, x: float, start: float, end: float) -> None:
    _arrow(ax, (x, start), (x, end))


def _draw_aside(ax: Axes, y: float) -> None:
    _arrow(ax, (_LEFT + _BOX[_LEFT], y), (_RIGHT, y))


def _draw_join(ax: Axes, y: float) -> None:
    x, middle = _RIGHT + _BOX[_RIGHT] / 2, y + GAP / 2
    ax.plot([x, x, _LEFT + _BOX[_LEFT] / 2], [y, middle, middle], color=EDGE, linewidth=0.8)
