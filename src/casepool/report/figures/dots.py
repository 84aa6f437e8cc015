"""A page of dots with intervals: label, count, drawing and number on each line, in groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from casepool.defaults import LEVEL
from casepool.model.estimate import EMPTY, Estimate
from casepool.report.figures.canvas.frame import alt_sentences, draw_notes, draw_title, notes_height
from casepool.report.figures.canvas.palette import A4, BAND, CORRECTED, GREY, GRID, INK, MARGIN, SOFT
from casepool.report.figures.canvas.typesetting import STYLE, fit, wrap
from casepool.report.words.catalogue import Catalogue

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casepool.report.figures.canvas.drawn import Drawn

SIZE, ROW, LINE, TOP = 7.5, 0.195, 0.125, 1.12
LABEL_ROOM = 3.0
_PLOT_LEFT, _PLOT_WIDTH = 4.1, 2.15
_LABEL_X = MARGIN - _PLOT_LEFT
_COUNT_X, _NUMBER_X, _RIGHT_X = -0.14, _PLOT_WIDTH + 0.16, A4[0] - MARGIN - _PLOT_LEFT
_NUMBER_ROOM = _RIGHT_X - _NUMBER_X


@dataclass(frozen=True)
class DotLine:
    """One line: a group's heading, or a label with an estimate.

    Attributes
    ----------
    before : value of the line above that this one moved; a bar leads from it.
    amount : text in the place of the counts.
    """

    label: str
    estimate: Estimate = EMPTY
    kind: Literal["heading", "row", "primary"] = "row"
    before: float | None = None
    amount: str = ""

    @property
    def parts(self) -> list[str]:
        """The label as lines that fit its column."""
        room = LABEL_ROOM if self.kind == "row" else LABEL_ROOM + 0.1
        return wrap(self.label, SIZE, room, "bold" if self.kind == "primary" else "normal")

    @property
    def height(self) -> float:
        """Height in inches."""
        more = 0 if self.kind == "heading" else len(self.parts) - 1
        return ROW + more * LINE + (0.06 if self.kind == "heading" else 0.0)


@dataclass(frozen=True)
class DotPage:
    """What the page shows.

    Attributes
    ----------
    key : prefix of the texts ``<key>_title``, ``_subtitle`` and ``_label``.
    reference : value of the dashed line.
    whole_page : make a page of A4, else one as high as its content.
    about : the disease whose rate is shown; empty for the mean of the diseases.
    axis, amount, number : keys of the texts below the axis, above the counts and above the rates.
    """

    key: str
    lines: tuple[DotLine, ...]
    reference: float | None
    notes: tuple[str, ...]
    level: float = LEVEL
    synthetic: bool = False
    whole_page: bool = True
    about: str = ""
    axis: str = "sensitivity_axis"
    amount: str = "forest_count"
    number: str = "sensitivity_number"

    def text(self, part: str, catalogue: Catalogue) -> str:
        """Return a text of the page; where it is about one disease, the one that names it."""
        if self.about:
            return catalogue.text(f"{self.key}_{part}_of_disease", disease=self.about)
        return catalogue.text(f"{self.key}_{part}")


def dot_page(page: DotPage, catalogue: Catalogue) -> Drawn:
    """Return the page as an A4 figure."""
    import matplotlib as mpl

    from casepool.report.figures.canvas.drawn import Drawn

    height = math.fsum(line.height for line in page.lines)
    top = TOP + (0.16 if page.synthetic else 0.0)
    with mpl.rc_context(dict(STYLE)):
        needed = top + height + 0.5 + notes_height(page.notes, A4[0]) + 0.1
        tall = A4[1] if page.whole_page else needed
        figure = Drawn(figsize=(A4[0], tall))
        place = (_PLOT_LEFT / A4[0], 1 - (top + height) / tall, _PLOT_WIDTH / A4[0], height / tall)
        ax = figure.add_axes(place)
        _prepare(ax, page, height, catalogue)
        depth = 0.0
        for line in page.lines:
            _draw_line(ax, depth, line, catalogue)
            depth += line.height
        texts = (catalogue.text(f"{page.key}_title"), page.text("subtitle", catalogue))
        draw_title(figure, *texts, catalogue, synthetic=page.synthetic)
        draw_notes(figure, page.notes, top + height + 0.5)
        figure.alt = alt_sentences(texts, _told(page, catalogue), catalogue)
    return figure


def _told(page: DotPage, catalogue: Catalogue) -> list[tuple[str, list[str]]]:
    """Return the lines in words, by group."""
    groups: list[tuple[str, list[str]]] = []
    for line in page.lines:
        if line.kind == "heading":
            groups.append((line.label, []))
        elif line.kind == "primary" and not groups:
            groups.append((line.label, [_numbers(line, catalogue)]))
        else:
            groups = groups or [(catalogue.text(f"{page.key}_label"), [])]
            groups[-1][1].append(f"{line.label}, {_numbers(line, catalogue)}")
    return groups


def _numbers(line: DotLine, catalogue: Catalogue) -> str:
    """Return the numbers of a line as they are printed beside its drawing."""
    estimate, numbers = line.estimate, catalogue.numbers
    count = line.amount or numbers.count(estimate.n_response, estimate.n_evaluable)
    return ", ".join(part for part in (count, _rate(estimate, catalogue)) if part != numbers.missing)


def _rate(estimate: Estimate, catalogue: Catalogue) -> str:
    """Return a rate with its interval, its limits alone, or why there is none."""
    numbers = catalogue.numbers
    if estimate.limits_only:
        return numbers.percent_span(estimate.ci_lower, estimate.ci_upper)
    if not estimate.headlined:
        return catalogue.label(estimate.shown_status, "status_short")
    return numbers.percent_interval(estimate.value, estimate.ci_lower, estimate.ci_upper)


def _prepare(ax: Axes, page: DotPage, height: float, catalogue: Catalogue) -> None:
    numbers, ticks = catalogue.numbers, (0, 0.25, 0.5, 0.75, 1)
    ax.set_xlim(0, 1)
    ax.set_ylim(height, 0)
    ax.set_yticks([])
    ax.set_xticks(ticks, [numbers.percent(tick) for tick in ticks])
    ax.tick_params(axis="x", length=2.5, width=0.6, pad=2, labelsize=SIZE - 0.5, color=GREY, labelcolor=INK)
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(GREY)
    ax.vlines(ticks, 0, height, color=GRID, linewidth=0.6, zorder=0.5)
    ax.set_xlabel(
        catalogue.text(f"{page.axis}_of_disease" if page.about else page.axis),
        fontsize=SIZE - 0.5,
        labelpad=2,
    )
    if page.reference is not None:
        ax.vlines([page.reference], 0, height, color=CORRECTED, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    level = numbers.percent(page.level)
    _text(ax, _LABEL_X, -0.14, catalogue.text(f"{page.key}_label"), weight="bold")
    _text(ax, _COUNT_X, -0.14, catalogue.text(page.amount), weight="bold", ha="right")
    for above, part in enumerate(reversed(wrap(catalogue.text(page.number, level=level), SIZE, _NUMBER_ROOM, "bold"))):
        _text(ax, _NUMBER_X, -0.14 - above * LINE, part, weight="bold")
    ax.plot([_x(_LABEL_X), _x(_RIGHT_X)], [-0.03, -0.03], color=INK, linewidth=0.7, clip_on=False)


def _draw_line(ax: Axes, depth: float, line: DotLine, catalogue: Catalogue) -> None:
    if line.kind == "heading":
        _draw_heading(ax, depth, line)
        return
    middle = depth + line.height / 2
    bold: dict[str, Any] = {"weight": "bold"} if line.kind == "primary" else {}
    left = _LABEL_X + (0.1 if line.kind == "row" else 0.0)
    parts = line.parts
    for index, part in enumerate(parts):
        _text(ax, left, middle + (index - (len(parts) - 1) / 2) * LINE, part, **bold)
    estimate, numbers = line.estimate, catalogue.numbers
    count = line.amount or numbers.count(estimate.n_response, estimate.n_evaluable)
    _text(ax, _COUNT_X, middle, count, ha="right", **bold)
    shown = _rate(estimate, catalogue)
    if not (estimate.headlined or estimate.limits_only):
        words = fit(shown, SIZE - 0.8, _NUMBER_ROOM)
        _text(ax, _NUMBER_X, middle, words, style="italic", color=SOFT, size=SIZE - 0.8)
        return
    _text(ax, _NUMBER_X, middle, shown, color=CORRECTED, **bold)
    _draw_mark(ax, middle, line)


def _draw_mark(ax: Axes, y: float, line: DotLine) -> None:
    estimate, primary = line.estimate, line.kind == "primary"
    if estimate.ci_lower is None or estimate.ci_upper is None:
        return
    limits = [estimate.ci_lower, estimate.ci_upper]
    ax.plot(limits, [y, y], color=CORRECTED, linewidth=2.0 if primary else 1.0, solid_capstyle="butt", zorder=2)
    if estimate.value is None:
        return
    if line.before is not None:
        ax.plot([line.before, estimate.value], [y, y], color=SOFT, linewidth=4.0, solid_capstyle="butt", zorder=2.5)
        ax.plot([line.before] * 2, [y - line.height, y], color=SOFT, linewidth=0.6, zorder=1.5)
    size = 6.0 if primary else 4.2
    ax.plot([estimate.value], [y], marker="D", markersize=size, color=CORRECTED, clip_on=False, zorder=3)


def _draw_heading(ax: Axes, depth: float, line: DotLine) -> None:
    from matplotlib.patches import Rectangle

    left, right = _x(_LABEL_X - 0.05), _x(_RIGHT_X + 0.05)
    top, height = depth + 0.05, line.height - 0.08
    ax.add_patch(
        Rectangle((left, top), right - left, height, facecolor=BAND, edgecolor="none", clip_on=False, zorder=0.8)
    )
    label = fit(line.label, SIZE, _RIGHT_X - _LABEL_X, "bold")
    _text(ax, _LABEL_X, top + height / 2, label, weight="bold")


def _x(inches: float) -> float:
    return inches / _PLOT_WIDTH


def _text(
    ax: Axes, inches: float, y: float, text: str, *, size: float = SIZE, ha: str = "left", **look: Any
) -> None:  # fmt: skip
    look = {"color": INK, **look}
    ax.text(_x(inches), y, text, fontsize=size, ha=ha, va="center_baseline", clip_on=False, parse_math=False, **look)


def mark_primary(labels: Sequence[DotLine], mark: str, primary: Estimate) -> list[DotLine]:
    """Return the lines, those that repeat the primary estimate named as such."""
    return [replace(one, label=f"{one.label} ({mark})") if _same(one.estimate, primary) else one for one in labels]


def _same(one: Estimate, other: Estimate) -> bool:
    return one.shown and (one.value, one.ci_lower, one.ci_upper) == (other.value, other.ci_lower, other.ci_upper)
