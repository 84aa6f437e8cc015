"""The forest plot: every report with its exact interval, raw, corrected and pooled rates by disease."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from casepool.model.estimate import Estimate
from casepool.report.figures.canvas.frame import draw_mark, draw_notes, notes_height
from casepool.report.figures.canvas.palette import (
    A4,
    BAND,
    CORRECTED,
    EDGE,
    GREY,
    GRID,
    INK,
    MARGIN,
    MARKERS,
    PALE,
    SOFT,
)
from casepool.report.figures.canvas.typesetting import STYLE, fit, text_width
from casepool.report.figures.forest.alt import forest_alt
from casepool.report.figures.forest.legend import draw_legend
from casepool.report.figures.forest.lines import ForestLine, ForestResult
from casepool.report.words.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casepool.report.figures.canvas.drawn import Drawn

PLOT_LEFT, PLOT_WIDTH = 3.22, 2.78
TOP = 1.02
ROW = 0.163
SIZE = 7.0
_FOOT, _LEGEND, _NOTE = 0.42, 0.54, 6.5
_LABEL_X, _COUNT_X, _NUMBER_X = -2.77, -0.13, 2.88


def forest_plot(
    result: ForestResult,
    *,
    ax: Axes | None = None,
    show_prediction_interval: bool = True,
    show_weights: bool = True,
    language: str = "en",
) -> Axes:
    """Return the axes with the forest plot of `result` drawn on them.

    Parameters
    ----------
    result : the lines to draw, see `forest_results`.
    ax : axes to draw on; their left and right surroundings take the texts. None makes an A4 page.
    show_prediction_interval : draw prediction intervals where the rows hold them.
    show_weights : let the area of a report's marker grow with its number of patients.
    language : "en" or "fr".
    """
    import matplotlib as mpl

    catalogue = load_catalogue(language)
    with mpl.rc_context(dict(STYLE)):
        if ax is None:
            return _page(result, catalogue, show_prediction_interval, show_weights).axes[0]
        _draw(ax, result, catalogue, show_prediction_interval, show_weights)
    return ax


def forest_page(result: ForestResult, *, language: str = "en") -> Drawn:
    """Return the forest plot as a page of A4."""
    import matplotlib as mpl

    with mpl.rc_context(dict(STYLE)):
        return _page(result, load_catalogue(language), True, True)


def forest_sheet(result: ForestResult, *, language: str = "en") -> Drawn:
    """Return the forest plot as one figure, as tall as its lines: for a screen, not for a printed page."""
    import matplotlib as mpl

    catalogue = load_catalogue(language)
    with mpl.rc_context(dict(STYLE)):
        depth = notes_height(_notes(result, catalogue), A4[0] + result.further_width, _NOTE)
        return _page(result, catalogue, True, True, TOP + result.height * ROW + _FOOT + _LEGEND + depth)


def _page(result: ForestResult, catalogue: Catalogue, prediction: bool, weights: bool, height: float = A4[1]) -> Drawn:
    from casepool.report.figures.canvas.drawn import Drawn

    width = A4[0] + result.further_width
    figure = Drawn(figsize=(width, height))
    plot_height = result.height * ROW
    ax = figure.add_axes(
        (PLOT_LEFT / width, 1 - (TOP + plot_height) / height, PLOT_WIDTH / width, plot_height / height)
    )
    _draw(ax, result, catalogue, prediction, weights)
    _draw_title(figure, result, catalogue)
    _draw_foot(figure, result, catalogue, TOP + plot_height + _FOOT, prediction)
    figure.alt = forest_alt([result], catalogue)
    return figure


def _draw(ax: Axes, result: ForestResult, catalogue: Catalogue, prediction: bool, weights: bool) -> None:
    _prepare(ax, result, catalogue)
    y = 0.0
    for line in result.lines:
        middle = y + line.height / 2
        _DRAWERS[line.kind](ax, middle, line, catalogue)
        _further(ax, middle, line.cells, result)
        if line.kind in {"study"}:
            _study_marker(ax, middle, line, weights)
        if prediction and line.prediction:
            _prediction_bar(ax, middle, line)
        y += line.height


def _prepare(ax: Axes, result: ForestResult, catalogue: Catalogue) -> None:
    numbers = catalogue.numbers
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1.0]
    ax.set_xlim(0, 1)
    ax.set_ylim(result.height, 0)
    ax.set_yticks([])
    ax.set_xticks(ticks, [numbers.percent(tick) for tick in ticks])
    ax.tick_params(axis="x", length=2.5, width=0.6, pad=2, labelsize=SIZE, color=GREY, labelcolor=INK)
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(GREY)
    ax.set_axisbelow(True)
    ax.vlines(ticks, 0, result.height, color=GRID, linewidth=0.6, zorder=0.5)
    ax.set_xlabel(catalogue.text("forest_axis"), fontsize=SIZE, labelpad=2)
    headings = (
        (_LABEL_X, "forest_source", "left"),
        (_COUNT_X, "forest_count", "right"),
        (_NUMBER_X, "forest_rate", "left"),
    )
    for x, key, align in headings:
        text = catalogue.text(key, level=numbers.percent(result.level))
        _text(ax, x, -0.75, text, weight="bold", ha=align)
    _further(ax, -0.75, [head for head, _ in result.columns], result, weight="bold")
    end = _NUMBER_X + 1.75 + result.further_width
    ax.plot([_x(_LABEL_X - 0.05), _x(end)], [-0.12, -0.12], color=INK, linewidth=0.7, clip_on=False)


def _further(ax: Axes, y: float, cells: Sequence[str], result: ForestResult, **look: Any) -> None:
    """Draw what stands in the further columns, from the right end of the usual ones on."""
    left = _NUMBER_X + 1.85
    for cell, (_, width) in zip(cells, result.columns, strict=False):
        _text(ax, left, y, fit(cell, SIZE, width - 0.08), **look)
        left += width


def _header(ax: Axes, y: float, line: ForestLine, catalogue: Catalogue) -> None:
    from matplotlib.patches import Rectangle

    left, right = _x(_LABEL_X - 0.05), _x(_NUMBER_X + 1.75)
    ax.add_patch(
        Rectangle((left, y - 0.5), right - left, 1, facecolor=BAND, edgecolor="none", clip_on=False, zorder=0.8)
    )
    note = _header_note(line.estimate, catalogue)
    room = _NUMBER_X + 1.7 - _LABEL_X - text_width(note, SIZE - 0.5) - 0.15
    title = f"{line.label} {catalogue.text('forest_continued')}" if line.continued else line.label
    _text(ax, _LABEL_X, y, fit(title, SIZE + 0.5, room, "bold"), weight="bold", size=SIZE + 0.5)
    _text(ax, _NUMBER_X + 1.7, y, note, ha="right", color=SOFT, size=SIZE - 0.5)


def _header_note(estimate: Estimate, catalogue: Catalogue) -> str:
    parts = []
    if estimate.k is not None:
        parts.append(catalogue.plural("n_reports", estimate.k))
    if estimate.n_evaluable is not None:
        parts.append(catalogue.plural("n_patients", estimate.n_evaluable))
    return " · ".join(parts)


def _study(ax: Axes, y: float, line: ForestLine, catalogue: Catalogue) -> None:
    estimate = line.estimate
    _text(ax, _LABEL_X + 0.1, y, fit(line.label, SIZE, 2.1))
    _numbers(ax, y, estimate, catalogue)
    if estimate.ci_lower is not None and estimate.ci_upper is not None:
        ax.plot(
            [estimate.ci_lower, estimate.ci_upper], [y, y], color=INK, linewidth=0.8, solid_capstyle="butt", zorder=2
        )


def _study_marker(ax: Axes, y: float, line: ForestLine, weights: bool) -> None:
    marker, face = MARKERS.get(line.ascertainment, MARKERS["unclear"])
    n = line.estimate.n_evaluable or 1
    size = min(3.2 + 0.9 * math.sqrt(n), 8.0) if weights else 4.5
    ax.plot(
        [line.estimate.value or 0.0], [y], marker=marker, markersize=size, markerfacecolor=face, markeredgecolor=INK,
        markeredgewidth=0.8, linestyle="none", clip_on=False, zorder=3,
    )  # fmt: skip


def _fold(ax: Axes, y: float, line: ForestLine, _: Catalogue) -> None:
    _text(ax, _LABEL_X + 0.1, y, fit(line.label, SIZE, 2.6), color=SOFT)


def _raw(ax: Axes, y: float, line: ForestLine, catalogue: Catalogue) -> None:
    _text(ax, _LABEL_X + 0.1, y, fit(line.label, SIZE, 2.2), color=SOFT, style="italic")
    _numbers(ax, y, line.estimate, catalogue, color=SOFT, counts=line.kind != "mean")
    _diamond(ax, y, line.estimate, PALE, EDGE)


def _corrected(ax: Axes, y: float, line: ForestLine, catalogue: Catalogue) -> None:
    if line.estimate.headlined:
        _text(ax, _LABEL_X + 0.1, y, fit(line.label, SIZE, 2.6, "bold"), color=CORRECTED, weight="bold")
        _numbers(ax, y, line.estimate, catalogue, color=CORRECTED, weight="bold", counts=False)
        _diamond(ax, y, line.estimate, CORRECTED, CORRECTED)
        return
    low, high = line.estimate.ci_lower, line.estimate.ci_upper
    if line.estimate.value is None and low is not None and high is not None:
        _text(ax, _LABEL_X + 0.1, y, fit(line.label, SIZE, 2.6, "bold"), color=CORRECTED, weight="bold")
        _text(ax, _NUMBER_X, y, catalogue.numbers.percent_span(low, high), color=CORRECTED, weight="bold")
        ax.plot([low, high], [y, y], color=CORRECTED, linewidth=2.2, marker="|", markersize=5, zorder=2.5)
        return
    _text(ax, _LABEL_X + 0.1, y, fit(line.label, SIZE, 2.6), color=CORRECTED)
    words = fit(not_estimated(line.estimate, catalogue), SIZE, 1.72)
    _text(ax, _NUMBER_X, y, words, color=CORRECTED, style="italic")


def _pooled(ax: Axes, y: float, line: ForestLine, catalogue: Catalogue) -> None:
    _text(ax, _LABEL_X + 0.1, y, fit(line.label, SIZE, 2.6), color=CORRECTED)
    _numbers(ax, y, line.estimate, catalogue, color=CORRECTED, counts=False)
    _diamond(ax, y, line.estimate, "white", CORRECTED)


def _new_disease(ax: Axes, y: float, line: ForestLine, catalogue: Catalogue) -> None:
    _text(ax, _LABEL_X + 0.1, y, fit(line.label, SIZE, 2.6), color=CORRECTED)
    if line.prediction:
        numbers = catalogue.numbers
        span = catalogue.text("prediction_span", span=numbers.span(*line.prediction))
        _text(ax, _NUMBER_X, y, f"{numbers.percent(line.estimate.value)} ({span})", color=CORRECTED)


def _no_data(ax: Axes, y: float, line: ForestLine, catalogue: Catalogue) -> None:
    words = catalogue.text("no_data")
    room = _NUMBER_X - _LABEL_X - 0.1
    _text(ax, _LABEL_X, y, fit(line.label, SIZE, room), color=SOFT)
    _text(ax, _NUMBER_X, y, words, color=SOFT, style="italic")


def _gap(ax: Axes, y: float, line: ForestLine, catalogue: Catalogue) -> None:
    """Draw nothing: a gap is white."""


def not_estimated(estimate: Estimate, catalogue: Catalogue) -> str:
    """Return the words that stand where a corrected rate is not headlined."""
    return catalogue.label(estimate.shown_status, "status_short")


def _prediction_bar(ax: Axes, y: float, line: ForestLine) -> None:
    low, high = line.prediction or (0.0, 0.0)
    if line.kind == "new_disease":
        look: dict[str, Any] = {"color": CORRECTED, "linewidth": 1.4, "linestyle": (0, (4, 1.2)), "markersize": 4.5}
        depth = y
    else:
        look = {"color": EDGE, "linewidth": 0.9, "linestyle": (0, (2, 1)), "markersize": 3}
        depth = y + 0.36
    ax.plot([low, high], [depth, depth], marker="|", zorder=2.5, **look)


def _diamond(ax: Axes, y: float, estimate: Estimate, face: str, edge: str) -> None:
    from matplotlib.patches import Polygon

    if estimate.value is None or estimate.ci_lower is None or estimate.ci_upper is None:
        return
    corners = [(estimate.ci_lower, y), (estimate.value, y - 0.33), (estimate.ci_upper, y), (estimate.value, y + 0.33)]
    ax.add_patch(Polygon(corners, closed=True, facecolor=face, edgecolor=edge, linewidth=0.7, clip_on=False, zorder=3))


def _numbers(ax: Axes, y: float, estimate: Estimate, catalogue: Catalogue, *, counts: bool = True, **look: Any) -> None:
    numbers = catalogue.numbers
    if counts:
        _text(ax, _COUNT_X, y, numbers.count(estimate.n_response, estimate.n_evaluable), ha="right", **look)
    shown = numbers.percent_interval(estimate.value, estimate.ci_lower, estimate.ci_upper)
    _text(ax, _NUMBER_X, y, shown, **look)


def _x(inches: float) -> float:
    return inches / PLOT_WIDTH


def _text(ax: Axes, inches: float, y: float, text: str, *, size: float = SIZE, ha: str = "left", **look: Any) -> None:
    look = {"color": INK, **look}
    ax.text(_x(inches), y, text, fontsize=size, ha=ha, va="center_baseline", clip_on=False, parse_math=False, **look)


def _draw_title(figure: Drawn, result: ForestResult, catalogue: Catalogue) -> None:
    room = float(figure.get_figwidth()) - 2 * MARGIN
    figure.heading, figure.subheading = result.title, result.subtitle
    title = fit(result.title, 11, room - 0.9, "bold")
    figure.above(title, 0.40, left=MARGIN, fontsize=11, fontweight="bold", color=INK)
    figure.above(fit(result.subtitle, 8, room), 0.60, left=MARGIN, fontsize=8, color=SOFT)
    if result.pages > 1:
        page = catalogue.text("page_of", page=result.page, pages=result.pages)
        figure.above(page, 0.40, left=MARGIN + room, fontsize=SIZE, ha="right")
    if result.synthetic:
        draw_mark(figure, catalogue)


def _draw_foot(figure: Drawn, result: ForestResult, catalogue: Catalogue, top: float, prediction: bool) -> None:
    shown = {line.ascertainment for line in result.lines} | {"raw"}
    shown |= {"corrected"} if result.corrected else set()
    shown |= {"pooled"} if any(line.kind == "pooled" for line in result.lines) else set()
    shown |= {"prediction"} if prediction and any(line.prediction for line in result.lines) else set()
    below = draw_legend(figure, catalogue, top, shown)
    draw_notes(figure, _notes(result, catalogue), below, size=_NOTE)


def _notes(result: ForestResult, catalogue: Catalogue) -> list[str]:
    notes = [catalogue.text("forest_note" if result.corrected else "forest_note_studies")]
    notes += [result.remark] if result.remark else []
    if result.not_told:
        notes.append(catalogue.text("forest_not_told", names=", ".join(result.not_told)))
    return notes


_DRAWERS: dict[str, Callable[[Axes, float, ForestLine, Catalogue], None]] = {
    "header": _header,
    "study": _study,
    "folded": _fold,
    "raw": _raw,
    "origin": _raw,
    "mean": _raw,
    "corrected": _corrected,
    "pooled": _pooled,
    "new_disease": _new_disease,
    "no_data": _no_data,
    "gap": _gap,
}
