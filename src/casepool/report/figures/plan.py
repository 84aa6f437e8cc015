"""The plan figure: how much shorter the interval of each disease gets by further patients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from casepool.model.estimate import NEW_DISEASE
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import FurtherEvidence
from casepool.report.figures.canvas.frame import alt_sentences, draw_notes, draw_title, notes_height
from casepool.report.figures.canvas.palette import CORRECTED, GREY, GRID, INK, MARGIN, PALE
from casepool.report.figures.canvas.typesetting import STYLE, fit, text_width, wrap
from casepool.report.tables.display import TableStyle
from casepool.report.words.catalogue import Catalogue, load_catalogue
from casepool.report.words.plan import Plan, Planned

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casepool.report.figures.canvas.drawn import Drawn

WIDTH, ROW, _TOP, _FOOT = 8.27, 0.25, 1.5, 0.5
_SIZE, _LEFT, _RIGHT = 7.2, 2.5, 2.75
_PLOT = WIDTH - _LEFT - _RIGHT
# Right edges of the columns of numbers, in inches from the right end of the plot.
_COLUMNS, _COLUMN = (0.8, 1.55, 2.3), 0.7


def plan_figure(plan: pd.DataFrame, protocol: Protocol, language: str = "en") -> Drawn:
    """Return a line for each disease: the width of its interval today, and as expected after further patients.

    Parameters
    ----------
    plan : stage table.
    """
    import matplotlib as mpl

    from casepool.report.figures.canvas.drawn import Drawn

    catalogue, told = load_catalogue(language), Plan.of(plan)
    style, numbers = TableStyle(protocol, catalogue), catalogue.numbers
    some = told.kind(FurtherEvidence.REGISTRY, told.some)
    threshold = numbers.percent(some[0].threshold)
    reports = catalogue.text("plan_legend_reports", n=numbers.integer(told.many))
    side = catalogue.text("plan_note_side", threshold=threshold, n=numbers.integer(told.some))
    notes = [catalogue.text("plan_note"), side]
    tall = len(some) * ROW
    height = _TOP + tall + _FOOT + notes_height(notes, WIDTH) + 0.1
    with mpl.rc_context(dict(STYLE)):
        figure = Drawn(figsize=(WIDTH, height))
        ax = figure.add_axes((_LEFT / WIDTH, 1 - (_TOP + tall) / height, _PLOT / WIDTH, tall / height))
        _prepare(ax, len(some), catalogue)
        _draw_legend(ax, told, reports, catalogue)
        _draw_headings(ax, told, threshold, catalogue)
        for y, row in enumerate(some):
            _draw_row(ax, y, row, told)
            _draw_words(ax, y, row, told, _name(row, style, catalogue), catalogue)
        subtitle = catalogue.text("plan_subtitle", level=numbers.percent(some[0].level))
        draw_title(figure, catalogue.text("plan_title"), subtitle, catalogue, synthetic=protocol.synthetic)
        draw_notes(figure, notes, _TOP + tall + _FOOT)
        figure.alt = _alt(told, some, style, threshold, catalogue)
    return figure


def _alt(plan: Plan, rows: Sequence[Planned], style: TableStyle, threshold: str, catalogue: Catalogue) -> str:
    """Return the figure in words: for each disease its width today, and what shortens it by how much."""
    numbers, text = catalogue.numbers, catalogue.text
    blocks = []
    for row in rows:
        reports = _of(plan, row.disease, FurtherEvidence.REPORTS, plan.many)
        gains = (
            (text("plan_gain_registry", n=numbers.integer(plan.some)), numbers.decimal(-100 * row.gain)),
            (text("plan_gain_reports", n=numbers.integer(plan.many)), numbers.decimal(-100 * reports.gain)),
            (text("plan_side", threshold=threshold), numbers.percent(row.excludes)),
        )
        now = f"{text('plan_legend_now')} {numbers.decimal(100 * row.width_now)}"
        blocks.append((_name(row, style, catalogue), [now, *(f"{of} {shown}" for of, shown in gains)]))
    return alt_sentences([text("plan_title"), text("plan_axis")], blocks, catalogue)


def _name(row: Planned, style: TableStyle, catalogue: Catalogue) -> str:
    new = row.disease == NEW_DISEASE
    name = catalogue.text("plan_new_disease") if new else style.disease(row.disease, short=True)
    return f"{name[0].upper()}{name[1:]}"


def _prepare(ax: Axes, rows: int, catalogue: Catalogue) -> None:
    ticks = (0, 0.25, 0.5, 0.75, 1)
    ax.set_xlim(0, 1)
    ax.set_ylim(rows - 0.5, -0.5)
    ax.set_yticks([])
    ax.set_xticks(ticks, [catalogue.numbers.integer(100 * tick) for tick in ticks])
    ax.tick_params(axis="x", length=2.5, width=0.6, pad=2, labelsize=_SIZE, color=GREY, labelcolor=INK)
    ax.set_xlabel(catalogue.text("plan_axis"), fontsize=_SIZE, labelpad=2)
    ax.vlines(ticks, -0.5, rows - 0.5, color=GRID, linewidth=0.6, zorder=0.5)
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(GREY)


def _look(index: int, sizes: Sequence[int]) -> dict[str, Any]:
    """Return the mark of a number of registry patients: the more, the larger and darker."""
    share = (index + 1) / len(sizes)
    return {"marker": "o", "markersize": 2.6 + 3.4 * share, "color": CORRECTED, "alpha": 0.25 + 0.75 * share}


_NOW: dict[str, Any] = {"marker": "|", "markersize": 9, "markeredgewidth": 1.6, "color": INK}
_REPORTS: dict[str, Any] = {
    "marker": "D", "markersize": 4.4, "markerfacecolor": "white", "markeredgecolor": INK, "markeredgewidth": 0.9,
}  # fmt: skip


def _draw_row(ax: Axes, y: int, row: Planned, plan: Plan) -> None:
    found = [_of(plan, row.disease, FurtherEvidence.REGISTRY, n) for n in plan.sizes]
    ax.plot([found[-1].after, row.width_now], [y, y], color=PALE, linewidth=1.4, zorder=1, solid_capstyle="butt")
    ax.plot([row.width_now], [y], linestyle="none", zorder=3, **_NOW)
    reports = _of(plan, row.disease, FurtherEvidence.REPORTS, plan.many)
    ax.plot([reports.after], [y], linestyle="none", zorder=2.5, **_REPORTS)
    for index, one in enumerate(found):
        look = _look(index, plan.sizes)
        ax.plot([one.after], [y], linestyle="none", markeredgewidth=0, zorder=3, **look)


def _of(plan: Plan, disease: str, evidence: FurtherEvidence, n: int) -> Planned:
    return next(one for one in plan.kind(evidence, n) if one.disease == disease)


def _draw_words(ax: Axes, y: int, row: Planned, plan: Plan, label: str, catalogue: Catalogue) -> None:
    numbers = catalogue.numbers
    reports = _of(plan, row.disease, FurtherEvidence.REPORTS, plan.many)
    known = f" ({numbers.integer(row.n_known)})"
    room = _LEFT - MARGIN - 0.1 - text_width(known, _SIZE)
    _text(ax, -_LEFT + MARGIN, y, fit(label, _SIZE, room) + known, ha="left")
    gains = [numbers.decimal(-100 * one.gain) for one in (row, reports)]
    for place, text in zip(_COLUMNS, [*gains, numbers.percent(row.excludes)], strict=True):
        _text(ax, _PLOT + place, y, text, ha="right")


def _draw_headings(ax: Axes, plan: Plan, threshold: str, catalogue: Catalogue) -> None:
    integer = catalogue.numbers.integer
    of_rows = f"{catalogue.text('plan_disease')} ({catalogue.text('plan_known').lower()})"
    _text(ax, -_LEFT + MARGIN, -0.95, of_rows, ha="left", weight="bold")
    headings = (
        catalogue.text("plan_gain_registry", n=integer(plan.some)),
        catalogue.text("plan_gain_reports", n=integer(plan.many)),
        catalogue.text("plan_side", threshold=threshold),
    )
    for place, text in zip(_COLUMNS, headings, strict=True):
        for above, line in enumerate(reversed(wrap(text, _SIZE, _COLUMN, "bold"))):
            _text(ax, _PLOT + place, -0.95 - 0.5 * above, line, ha="right", weight="bold")


def _draw_legend(ax: Axes, plan: Plan, reports: str, catalogue: Catalogue) -> None:
    """Draw the marks with what they stand for, in one line above the plot."""
    now, registry = catalogue.text("plan_legend_now"), catalogue.text("plan_legend_registry")
    sizes = [(_look(index, plan.sizes), catalogue.numbers.integer(n)) for index, n in enumerate(plan.sizes)]
    entries: list[tuple[dict[str, Any] | None, str]] = [(_NOW, now), (_REPORTS, reports), (None, registry), *sizes]
    left = -_LEFT + MARGIN
    for look, text in entries:
        if look:
            ax.plot([(left + 0.06) / _PLOT], [-2.4], linestyle="none", clip_on=False, **look)
            left += 0.16
        _text(ax, left, -2.4, text, ha="left")
        left += text_width(text, _SIZE) + (0.2 if look else 0.08)


def _text(ax: Axes, inches: float, y: float, text: str, **look: Any) -> None:
    look = {"fontsize": _SIZE, "color": INK, "va": "center_baseline", **look}
    ax.text(inches / _PLOT, y, text, clip_on=False, parse_math=False, **look)
