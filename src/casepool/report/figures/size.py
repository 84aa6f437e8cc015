"""The size figure: response against the number of patients of a report, in place of a funnel plot."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from casepool.defaults import LEVEL
from casepool.report.figures.canvas.frame import alt_sentences, draw_axes, draw_notes, draw_title, notes_height
from casepool.report.figures.canvas.palette import BAND, EDGE, GREY, INK, MARGIN, MARKERS
from casepool.report.figures.canvas.typesetting import STYLE, text_width
from casepool.report.words.catalogue import Catalogue, load_catalogue
from casepool.rows import rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casepool.report.figures.canvas.drawn import Drawn

WIDTH, PLOT_HEIGHT, _TOP, _LEFT = 7.4, 3.6, 1.25, 0.95
_SIZE, _STEP = 7.5, 0.095
_FIRST, _BEYOND = 0.6, 1.35
_KINDS = ("complete", "selective", "unclear")


def size_figure(
    study_counts: pd.DataFrame,
    limits: pd.DataFrame,
    language: str = "en",
    *,
    level: float = LEVEL,
    synthetic: bool = False,
) -> Drawn:
    """Return the response of each report against its size, with the range expected by chance.

    Parameters
    ----------
    study_counts : stage table.
    limits : ``n, lower, upper, rate`` as `casepool.pooling.size_limits` makes them.
    """
    import matplotlib as mpl

    from casepool.report.figures.canvas.drawn import Drawn

    catalogue = load_catalogue(language)
    told = [row for row in rows_of(study_counts) if int(str(row["n_evaluable"] or 0)) > 0]
    told.sort(key=lambda row: (_KINDS.index(str(row["ascertainment"])), str(row["disease"]), str(row["report_id"])))
    notes = _notes(told, limits, catalogue, level)
    height = _TOP + PLOT_HEIGHT + 0.6 + notes_height(notes, WIDTH) + 0.1
    plot_width = WIDTH - _LEFT - MARGIN
    with mpl.rc_context(dict(STYLE)):
        figure = Drawn(figsize=(WIDTH, height))
        ax = figure.add_axes(
            (_LEFT / WIDTH, 1 - (_TOP + PLOT_HEIGHT) / height, plot_width / WIDTH, PLOT_HEIGHT / height)
        )  # fmt: skip
        most = max((int(str(row["n_evaluable"])) for row in told), default=1)
        _prepare(ax, most, catalogue)
        _draw_limits(ax, limits)
        _draw_reports(ax, told, plot_width)
        _draw_legend(ax, limits, plot_width, catalogue, level)
        texts = (catalogue.text("size_title"), catalogue.text("size_subtitle"))
        draw_title(figure, *texts, catalogue, synthetic=synthetic)
        draw_notes(figure, notes, _TOP + PLOT_HEIGHT + 0.6)
        figure.alt = _alt(told, limits, catalogue, level)
    return figure


def _notes(told: Sequence[dict[str, object]], limits: pd.DataFrame, catalogue: Catalogue, level: float) -> list[str]:
    numbers = catalogue.numbers
    expected = {int(row["n"]): (row["lower"], row["upper"]) for row in limits.to_dict("records")}
    outside = 0
    for row in told:
        n = int(str(row["n_evaluable"]))
        low, high = expected.get(n, (0.0, 1.0))
        outside += not low - 1e-9 <= int(str(row["n_response"])) / n <= high + 1e-9
    counts = {"outside": numbers.integer(outside), "total": numbers.integer(len(told))}
    return [
        catalogue.text("size_note", level=numbers.percent(level), **counts),
        catalogue.text("size_note_funnel"),
    ]


def _alt(told: Sequence[dict[str, object]], limits: pd.DataFrame, catalogue: Catalogue, level: float) -> str:
    """Return the figure in words: the counts of the reports of each kind, and what chance leaves at each size."""
    numbers = catalogue.numbers
    blocks = []
    for kind in _KINDS:
        counts = Counter(
            (int(str(row["n_evaluable"])), int(str(row["n_response"]))) for row in told if row["ascertainment"] == kind
        )
        shown = [
            numbers.count(x, n) + (f" ({catalogue.plural('n_reports', times)})" if times > 1 else "")
            for (n, x), times in sorted(counts.items())
        ]
        blocks += [(catalogue.text(f"legend_{kind}"), shown)] if shown else []
    band = [
        f"{catalogue.plural('n_patients', int(row['n']))}, {numbers.percent_span(row['lower'], row['upper'])}"
        for row in limits.to_dict("records")
    ]
    blocks += [(catalogue.text("size_band", level=numbers.percent(level)), band)] if band else []
    named = [(f"{name[0].upper()}{name[1:]}", shown) for name, shown in blocks]
    return alt_sentences([catalogue.text("size_title")], named, catalogue)


def _prepare(ax: Axes, most: int, catalogue: Catalogue) -> None:
    numbers = catalogue.numbers
    ax.set_xscale("log")
    ax.set_xlim(_FIRST, max(most, 5) * _BEYOND)
    ax.set_ylim(-0.06, 1.06)
    sizes = [one for one in (1, 2, 3, 5, 10, 20, 50, 100, 200, 500) if one <= max(most, 5) * 1.3]
    ax.set_xticks(sizes, [numbers.integer(one) for one in sizes])
    ticks = (0, 0.2, 0.4, 0.6, 0.8, 1)
    ax.set_yticks(ticks, [numbers.percent(one) for one in ticks])
    draw_axes(ax, _SIZE)
    ax.set_xlabel(catalogue.text("size_x"), fontsize=_SIZE, labelpad=3)
    ax.set_ylabel(catalogue.text("size_y"), fontsize=_SIZE, labelpad=4)


def _draw_limits(ax: Axes, limits: pd.DataFrame) -> None:
    if limits.empty:
        return
    edges = [math.sqrt(n * (n - 1)) or _FIRST for n in limits["n"]] + [float(limits["n"].max()) * _BEYOND]
    low, high = ([*limits[name], limits[name].iloc[-1]] for name in ("lower", "upper"))
    ax.fill_between(edges, low, high, step="post", facecolor=BAND, edgecolor=GREY, linewidth=0.5, zorder=0.3)
    ax.axhline(float(limits["rate"].iloc[0]), color=EDGE, linewidth=0.8, linestyle=(0, (3, 2)), zorder=0.6)


def _draw_reports(ax: Axes, told: Sequence[dict[str, object]], plot_width: float) -> None:
    """Draw every report; those with the same result stand in rows as wide as the next size allows."""
    groups: dict[tuple[int, int], list[str]] = {}
    for row in told:
        groups.setdefault((int(str(row["n_evaluable"])), int(str(row["n_response"]))), []).append(
            str(row["ascertainment"])
        )
    low, high = ax.get_xlim()
    per_inch = math.log(high / low) / plot_width
    bottom, top = ax.get_ylim()
    up = (top - bottom) / PLOT_HEIGHT * _STEP
    for (n, x), kinds in sorted(groups.items()):
        inwards = -up if x * 2 > n else up
        across = max(1, int(math.log((n + 1) / n) / per_inch / _STEP) - 1)
        for index, kind in enumerate(kinds):
            line, column = divmod(index, across)
            beside = min(across, len(kinds) - line * across)
            shift = (column - (beside - 1) / 2) * _STEP
            marker, face = MARKERS[kind]
            ax.plot(
                [n * math.exp(shift * per_inch)], [x / n + line * inwards], marker=marker, markersize=4.6,
                markerfacecolor=face, markeredgecolor=INK, markeredgewidth=0.8, linestyle="none", zorder=3,
                clip_on=False,
            )  # fmt: skip


def _draw_legend(
    ax: Axes, limits: pd.DataFrame, plot_width: float, catalogue: Catalogue, level: float
) -> None:  # fmt: skip
    numbers = catalogue.numbers
    entries = [(kind, catalogue.text(f"legend_{kind}")) for kind in _KINDS]
    if not limits.empty:
        entries.append(("band", catalogue.text("size_band", level=numbers.percent(level))))
        entries.append(("rate", catalogue.text("size_rate", rate=numbers.percent(limits["rate"].iloc[0]))))
    x, row, sign = 0.0, 0, 0.22
    placed = []
    for key, text in entries:
        wide = sign + text_width(text, _SIZE) + 0.2
        if x and x + wide - 0.2 > plot_width:
            x, row = 0.0, row + 1
        placed.append((key, text, x, row))
        x += wide
    for key, text, left, line in placed:
        y = 1 + (0.12 + (row - line) * 0.17) / PLOT_HEIGHT
        _draw_sign(ax, key, (left + 0.08) / plot_width, y, plot_width)
        ax.text(
            (left + sign) / plot_width, y, text, fontsize=_SIZE, transform=ax.transAxes, va="center_baseline",
            color=INK, parse_math=False,
        )  # fmt: skip


def _draw_sign(ax: Axes, key: str, x: float, y: float, plot_width: float) -> None:
    from matplotlib.patches import Rectangle

    half = 0.08 / plot_width
    if key == "band":
        place = (x - half, y - 0.04 / PLOT_HEIGHT)
        ax.add_patch(
            Rectangle(
                place, 2 * half, 0.08 / PLOT_HEIGHT, facecolor=BAND, edgecolor=GREY, linewidth=0.4,
                transform=ax.transAxes, clip_on=False,
            )
        )  # fmt: skip
        return
    if key == "rate":
        ax.plot(
            [x - half, x + half], [y, y], color=EDGE, linewidth=0.8, linestyle=(0, (3, 2)), transform=ax.transAxes,
            clip_on=False,
        )  # fmt: skip
        return
    marker, face = MARKERS[key]
    ax.plot(
        [x], [y], marker=marker, markersize=4.6, markerfacecolor=face, markeredgecolor=INK, markeredgewidth=0.8,
        linestyle="none", transform=ax.transAxes, clip_on=False,
    )  # fmt: skip
