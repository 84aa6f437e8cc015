"""The simulation figure: bias and coverage of the estimators against the true reporting ratio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from casepool.defaults import LEVEL
from casepool.report.figures.canvas.frame import alt_sentences, draw_notes, draw_title, label_room, notes_height
from casepool.report.figures.canvas.line_labels import TIE, EndLabel, draw_end_labels
from casepool.report.figures.canvas.palette import CORRECTED, GREY, GRID, INK, MARGIN, SOFT
from casepool.report.figures.canvas.typesetting import STYLE
from casepool.report.simulation_rows import LEADS, Simulated, replicates_words, simulated, title_words
from casepool.report.words.catalogue import Catalogue, load_catalogue
from casepool.report.words.numbers import MINUS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casepool.report.figures.canvas.drawn import Drawn

WIDTH, PANEL_HEIGHT, _GAP_ABOVE, _TOP = 7.4, 2.3, 0.72, 0.8
_SIZE, _LEFT, _BETWEEN = 7.2, 0.85, 0.72
_LOOKS = (
    ("--", INK, "s"), ("-.", INK, "^"), (":", INK, "D"), ("-", GREY, "o"), ("--", GREY, "v"), ("-.", SOFT, "P"),
    (":", SOFT, "X"), ("-", INK, "v"),
)  # fmt: skip


def simulation_figure(
    simulation: pd.DataFrame, language: str = "en", *, level: float = LEVEL, synthetic: bool = False
) -> Drawn:
    """Return two panels (bias, coverage) for each layout and target, one line for each estimator.

    Parameters
    ----------
    simulation : stage table; bias and coverage are proportions.
    """
    import matplotlib as mpl

    from casepool.report.figures.canvas.drawn import Drawn

    catalogue = load_catalogue(language)
    rows = simulated(simulation)
    blocks = sorted({(row.layout, row.target) for row in rows}, key=lambda one: (one[0], one[1] != "overall", one[1]))
    notes = [catalogue.text("simulation_note")]
    height = _TOP + len(blocks) * (PANEL_HEIGHT + _GAP_ABOVE) + 0.25 + notes_height(notes, WIDTH) + 0.1
    estimators = sorted({row.estimator for row in rows}, key=lambda one: (one != LEADS, one))
    names = [catalogue.label(one, "estimator") for one in estimators]
    labels = min(label_room(names, _SIZE) + 0.02, 1.9) + TIE
    with mpl.rc_context(dict(STYLE)):
        figure = Drawn(figsize=(WIDTH, height))
        wide = (WIDTH - _LEFT - _BETWEEN - labels - 0.2) / 2
        for number, (layout, target) in enumerate(blocks):
            block = [row for row in rows if (row.layout, row.target) == (layout, target)]
            top = _TOP + number * (PANEL_HEIGHT + _GAP_ABOVE) + 0.4
            heading = title_words(layout, target, len({one for one, _ in blocks}) > 1, catalogue)
            figure.text(MARGIN / WIDTH, 1 - (top - 0.2) / height, heading, fontsize=8, fontweight="bold", va="center")
            for panel, measure in enumerate(("bias", "coverage")):
                left = _LEFT + panel * (wide + _BETWEEN)
                place = (left / WIDTH, 1 - (top + PANEL_HEIGHT) / height, wide / WIDTH, PANEL_HEIGHT / height)
                ax = figure.add_axes(place)
                _panel(ax, block, measure, estimators, catalogue, level)
                if measure == "coverage":
                    _name_lines(ax, block, estimators, labels - TIE, catalogue)
        subtitle = replicates_words(rows, catalogue)
        draw_title(figure, catalogue.text("simulation_title"), subtitle, catalogue, synthetic=synthetic)
        draw_notes(figure, notes, height - notes_height(notes, WIDTH) - 0.02)
        figure.alt = _alt(rows, blocks, estimators, catalogue, level)
    return figure


def _alt(
    rows: Sequence[Simulated],
    blocks: Sequence[tuple[str, str]],
    estimators: Sequence[str],
    catalogue: Catalogue,
    level: float,
) -> str:
    """Return the panels in words: bias and coverage of each estimator at every true ratio."""
    numbers, several, told = catalogue.numbers, len({one for one, _ in blocks}) > 1, []
    for layout, target in blocks:
        heading = title_words(layout, target, several, catalogue)
        for measure in ("bias", "coverage"):
            name = catalogue.text(f"simulation_{measure}", level=numbers.percent(level))
            parts = []
            for estimator in estimators:
                found = [one for one in rows if (one.layout, one.target, one.estimator) == (layout, target, estimator)]
                shown = [
                    f"{numbers.short(one.ratio)}: {_value(one, measure, catalogue)}"
                    for one in found
                    if one.of(measure) is not None
                ]
                parts += [f"{catalogue.label(estimator, 'estimator')} ({', '.join(shown)})"] if shown else []
            told.append((f"{heading}, {name}", parts))
    titles = [catalogue.text("simulation_title"), catalogue.text("simulation_x")]
    return alt_sentences(titles, told, catalogue)


def _value(row: Simulated, measure: str, catalogue: Catalogue) -> str:
    value = row.of(measure) or 0.0
    return _signed(round(100 * value, 1), catalogue) if measure == "bias" else catalogue.numbers.percent(value)


def _panel(
    ax: Axes,
    block: Sequence[Simulated],
    measure: str,
    estimators: Sequence[str],
    catalogue: Catalogue,
    level: float,
) -> None:
    numbers, ratios = catalogue.numbers, sorted({row.ratio for row in block})
    ax.set_xscale("log")
    ax.set_xlim(ratios[0] / 1.08, ratios[-1] * 1.08 + 1e-9)
    ax.set_xticks(ratios, [numbers.short(one) for one in ratios])
    ax.minorticks_off()
    perfect = 0.0 if measure == "bias" else level
    ax.axhline(perfect, color=GREY, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    if measure == "coverage":
        ax.set_ylim(0, 1.02)
        ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
        ax.set_yticks(ticks, [numbers.percent(one) for one in ticks])
    for estimator in estimators:
        points = [(row.ratio, row.of(measure)) for row in block if row.estimator == estimator]
        shown = sorted((ratio, value) for ratio, value in points if value is not None)
        ax.plot([one for one, _ in shown], [one for _, one in shown], clip_on=False, **_look(estimator, estimators))
    if measure == "bias":
        low, high = ax.get_ylim()
        step = 0.01 if high - low < 0.08 else 0.05 if high - low < 0.45 else 0.1
        ticks = [number * step for number in range(int(low / step) - 1, int(high / step) + 2)]
        ticks = [one for one in ticks if low <= one <= high]
        ax.set_yticks(ticks, [_signed(100 * one, catalogue) for one in ticks])
    ax.grid(visible=True, axis="y", color=GRID, linewidth=0.5)
    ax.set_axisbelow(True)
    ax.tick_params(length=2.5, width=0.6, labelsize=_SIZE, color=GREY, labelcolor=INK)
    ax.set_xlabel(catalogue.text("simulation_x"), fontsize=_SIZE, labelpad=2)
    title = catalogue.text(f"simulation_{measure}", level=numbers.percent(level))
    ax.set_ylabel(title, fontsize=_SIZE, labelpad=3)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def _signed(points: float, catalogue: Catalogue) -> str:
    sign = "+" if points > 1e-9 else MINUS if points < -1e-9 else ""
    return sign + catalogue.numbers.short(abs(round(points, 6)))


def _look(estimator: str, estimators: Sequence[str]) -> dict[str, Any]:
    if estimator == LEADS:
        return {"color": CORRECTED, "linewidth": 2.2, "marker": "D", "markersize": 3.6, "zorder": 4}
    others = [one for one in estimators if one != LEADS]
    line, color, marker = _LOOKS[others.index(estimator) % len(_LOOKS)]
    return {
        "color": color, "linestyle": line, "linewidth": 1.0, "marker": marker, "markersize": 3.0,
        "markerfacecolor": "white", "zorder": 3,
    }  # fmt: skip


def _name_lines(
    ax: Axes, block: Sequence[Simulated], estimators: Sequence[str], room: float, catalogue: Catalogue
) -> None:
    labels = []
    for estimator in estimators:
        rows = sorted((row for row in block if row.estimator == estimator), key=lambda row: row.ratio)
        shown = [row.coverage for row in rows if row.coverage is not None]
        if shown:
            look = (CORRECTED, "bold") if estimator == LEADS else (INK, "normal")
            labels.append(EndLabel(shown[-1], catalogue.label(estimator, "estimator"), *look))
    draw_end_labels(ax, labels, _SIZE, room, 0.14)
