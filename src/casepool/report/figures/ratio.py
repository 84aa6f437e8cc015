"""The ratio figure: pooled rates by disease if the reporting ratio were known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from casepool.defaults import LEVEL, THRESHOLDS
from casepool.model.estimate import ALL, OVERALL, POOLED, Estimate
from casepool.model.protocol import Protocol
from casepool.report.estimates import Estimates
from casepool.report.figures.canvas.frame import alt_sentences, draw_axes, draw_notes, draw_title, notes_height
from casepool.report.figures.canvas.line_labels import TIE, EndLabel, draw_end_labels
from casepool.report.figures.canvas.palette import BAND, CORRECTED, GREY, INK, MARGIN, SOFT
from casepool.report.figures.canvas.typesetting import STYLE, text_width
from casepool.report.sensitivity_rows import Sensitivities
from casepool.report.tables.display import TableStyle
from casepool.report.words.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casepool.report.figures.canvas.drawn import Drawn

WIDTH, PLOT_HEIGHT, _TOP, _LEFT, _LABELS = 7.4, 3.9, 1.05, 0.95, 2.1
_SIZE = 7.5
_LOOKS = (
    ("-", INK, "o"), ("--", INK, "s"), ("-.", INK, "^"), (":", INK, "D"), ("-", GREY, "s"), ("--", GREY, "o"),
    ("-.", GREY, "v"), (":", GREY, "^"), ("-", SOFT, "P"), ("--", SOFT, "X"), ("-.", SOFT, "D"), (":", SOFT, "o"),
    ("-", INK, "v"),
)  # fmt: skip


def ratio_figure(
    sensitivity: pd.DataFrame,
    results: pd.DataFrame,
    protocol: Protocol,
    language: str = "en",
    *,
    level: float = LEVEL,
    thresholds: Sequence[float] = THRESHOLDS,
) -> Drawn:
    """Return the pooled rates against the fixed reporting ratio, names at the ends of the lines.

    Parameters
    ----------
    sensitivity, results : stage tables.
    thresholds : response rates marked by thin lines.
    """
    import matplotlib as mpl

    from casepool.report.figures.canvas.drawn import Drawn

    catalogue = load_catalogue(language)
    rows, estimates = Sensitivities(sensitivity), Estimates(results, protocol.outcomes[0].id)
    band = _band(estimates)
    numbers = catalogue.numbers
    named = catalogue.join([numbers.percent(one) for one in sorted(thresholds)])
    key = "ratio_note" if band else "ratio_note_no_band"
    notes = [catalogue.text(key, level=numbers.percent(level), thresholds=named)]
    height = _TOP + PLOT_HEIGHT + 0.6 + notes_height(notes, WIDTH) + 0.1
    ratios = [one.ratio for one in rows.variants("ratio") if one.ratio is not None] or [1.0, 16.0]
    with mpl.rc_context(dict(STYLE)):
        figure = Drawn(figsize=(WIDTH, height))
        labels = _end_labels(rows, protocol, catalogue)
        room = min(
            max((text_width(one.text, _SIZE, one.weight) for one in labels.values()), default=0.0) + 0.02, _LABELS
        )
        plot_width = WIDTH - _LEFT - MARGIN - TIE - room
        ax = figure.add_axes(
            (_LEFT / WIDTH, 1 - (_TOP + PLOT_HEIGHT) / height, plot_width / WIDTH, PLOT_HEIGHT / height)
        )  # fmt: skip
        _prepare(ax, ratios, thresholds, catalogue)
        if band:
            _draw_band(ax, band, plot_width, catalogue)
        _draw_curves(ax, rows, list(labels))
        draw_end_labels(ax, list(labels.values()), _SIZE, room, 0.145)
        title, most = catalogue.text("ratio_title"), numbers.short(ratios[-1])
        draw_title(
            figure, title, catalogue.text("ratio_subtitle", most=most), catalogue, synthetic=protocol.synthetic
        )  # fmt: skip
        draw_notes(figure, notes, _TOP + PLOT_HEIGHT + 0.6)
        figure.alt = _alt(rows, labels, catalogue)
    return figure


def _band(estimates: Estimates) -> Estimate | None:
    """Return the estimated ratio where the data identify a correction."""
    ratio = estimates.get(ALL, "reporting_ratio")
    return ratio if ratio.shown and estimates.get(OVERALL, POOLED).headlined else None


def _prepare(ax: Axes, ratios: Sequence[float], thresholds: Sequence[float], catalogue: Catalogue) -> None:
    numbers = catalogue.numbers
    ax.set_xscale("log")
    ax.set_xlim(ratios[0], ratios[-1])
    ax.set_ylim(0, 1)
    ax.set_xticks(list(ratios), [numbers.short(one) for one in ratios])
    ticks = (0, 0.2, 0.4, 0.6, 0.8, 1)
    ax.set_yticks(ticks, [numbers.percent(one) for one in ticks])
    draw_axes(ax, _SIZE)
    ax.set_xlabel(catalogue.text("ratio_axis"), fontsize=_SIZE, labelpad=3)
    ax.set_ylabel(catalogue.text("forest_pooled"), fontsize=_SIZE, labelpad=4)
    ax.hlines(list(thresholds), ratios[0], ratios[-1], color=GREY, linewidth=0.5, zorder=0.7)


def _draw_band(ax: Axes, band: Estimate, plot_width: float, catalogue: Catalogue) -> None:
    import math

    low, high = ax.get_xlim()
    left, right = max(band.ci_lower or low, low), min(band.ci_upper or high, high)
    if right > left:
        ax.axvspan(left, right, facecolor=BAND, edgecolor=GREY, linewidth=0.5, zorder=0.3)
    middle = min(max(band.value or low, low), high)
    ax.vlines([middle], 0, 1, color=CORRECTED, linewidth=0.8, linestyle=(0, (3, 2)), zorder=0.8)
    decimal = catalogue.numbers.decimal
    text = catalogue.text(
        "ratio_band", ratio=decimal(band.value), low=decimal(band.ci_lower), high=decimal(band.ci_upper)
    )  # fmt: skip
    half = text_width(text, _SIZE) / 2 / plot_width
    place = math.log(middle / low) / math.log(high / low)
    place = min(max(place, half), 1 - half)
    ax.text(
        place, 1.035, text, fontsize=_SIZE, color=CORRECTED, ha="center", va="bottom", transform=ax.transAxes,
        parse_math=False,
    )  # fmt: skip


def _end_labels(rows: Sensitivities, protocol: Protocol, catalogue: Catalogue) -> dict[str, EndLabel]:
    """Return the label of each curve by disease, in the order of the protocol, the mean last."""
    style, variants = TableStyle(protocol, catalogue), rows.variants("ratio")
    labels = {}
    for disease in (*protocol.eligible_ids, OVERALL):
        points = [rows.of(one, disease) for one in variants]
        last = next((one for one in reversed(points) if one.value is not None), None)
        if last is None or last.value is None:
            continue
        if disease == OVERALL:
            labels[disease] = EndLabel(last.value, catalogue.text("mean_of_diseases_name"), CORRECTED, "bold")
        else:
            count = catalogue.numbers.count(last.n_response, last.n_evaluable)
            labels[disease] = EndLabel(last.value, f"{style.disease(disease, short=True)}\u00a0{count}")
    return labels


def _alt(rows: Sensitivities, labels: Mapping[str, EndLabel], catalogue: Catalogue) -> str:
    """Return the curves in words: the rate of each disease at every ratio."""
    numbers, variants = catalogue.numbers, rows.variants("ratio")
    blocks = [
        (
            label.text,
            [
                f"{catalogue.text('column_ratio_fixed')} {numbers.short(one.ratio)}, {numbers.percent(found.value)}"
                for one in variants
                if (found := rows.of(one, disease)).value is not None
            ],
        )
        for disease, label in labels.items()
    ]
    return alt_sentences([catalogue.text("ratio_title")], blocks, catalogue)


def _draw_curves(ax: Axes, rows: Sensitivities, diseases: Sequence[str]) -> None:
    for position, disease in enumerate(diseases):
        found = [(one.ratio, rows.of(one, disease).value) for one in rows.variants("ratio")]
        points = [(ratio, value) for ratio, value in found if ratio is not None and value is not None]
        line, color, marker = ("-", CORRECTED, "D") if disease == OVERALL else _LOOKS[position % len(_LOOKS)]
        ax.plot(
            [ratio for ratio, _ in points], [value for _, value in points], linestyle=line, color=color, marker=marker,
            markersize=3.6 if disease == OVERALL else 3.0, linewidth=2.2 if disease == OVERALL else 1.0,
            zorder=3 if disease == OVERALL else 2, clip_on=False,
            markerfacecolor=color if disease == OVERALL else "white",
        )  # fmt: skip
