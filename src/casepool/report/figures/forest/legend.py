"""The legend of the forest plot: one drawn sign and its meaning each."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from casepool.report.figures.canvas.palette import CORRECTED, EDGE, INK, MARGIN, MARKERS, PALE
from casepool.report.figures.canvas.typesetting import text_width
from casepool.report.words.catalogue import Catalogue

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZE = 6.8
_SIGN, _ROW = 0.26, 0.17
_SPACE, _LEAST_SPACE = 0.24, 0.06
_ORDER = ("complete", "selective", "unclear", "raw", "corrected", "pooled", "prediction")
_FACES = {"raw": (PALE, EDGE), "corrected": (CORRECTED, CORRECTED), "pooled": ("white", CORRECTED)}


def draw_legend(figure: Figure, catalogue: Catalogue, top: float, shown: Collection[str]) -> float:
    """Draw the signs that are shown, `top` inches below the upper edge; return where the next text may stand."""
    width, height = figure.get_size_inches()
    keys = [one for one in _ORDER if one in shown]
    placed = list(_placed([(key, catalogue.text(f"legend_{key}")) for key in keys], width - 2 * MARGIN))
    depth = (max(row for row, *_ in placed) + 1) * _ROW
    ax = figure.add_axes((MARGIN / width, 1 - (top + depth) / height, 1 - 2 * MARGIN / width, depth / height))
    ax.set_xlim(0, width - 2 * MARGIN)
    ax.set_ylim(depth, 0)
    ax.set_axis_off()
    for row, x, key, text in placed:
        y = (row + 0.5) * _ROW
        _sign(ax, key, x + _SIGN / 2, y)
        ax.text(x + _SIGN + 0.04, y, text, fontsize=_SIZE, va="center_baseline")
    return top + depth + 0.1


def _placed(entries: list[tuple[str, str]], room: float) -> Iterator[tuple[int, float, str, str]]:
    """Yield row, place, sign and text of each entry; one row where a small space between them allows it."""
    widths = [_SIGN + 0.04 + text_width(text, _SIZE) for _, text in entries]
    spare = (room - math.fsum(widths)) / max(len(entries) - 1, 1)
    space = min(_SPACE, spare) if spare >= _LEAST_SPACE else _SPACE
    row, x = 0, 0.0
    for (key, text), wide in zip(entries, widths, strict=True):
        if x and x + wide > room + 1e-9:
            row, x = row + 1, 0.0
        yield row, x, key, text
        x += wide + space


def _sign(ax: Axes, key: str, x: float, y: float) -> None:
    from matplotlib.patches import Polygon

    if key in MARKERS:
        marker, face = MARKERS[key]
        ax.plot([x - 0.11, x + 0.11], [y, y], color=INK, linewidth=0.8)
        ax.plot([x], [y], marker=marker, markersize=4.5, markerfacecolor=face, markeredgecolor=INK, markeredgewidth=0.8)
    elif key == "prediction":
        ax.plot(
            [x - 0.11, x + 0.11], [y, y], color=EDGE, linewidth=0.9, linestyle=(0, (2, 1)), marker="|", markersize=3
        )
    else:
        face, edge = _FACES[key]
        corners = [(x - 0.12, y), (x, y - 0.05), (x + 0.12, y), (x, y + 0.05)]
        ax.add_patch(Polygon(corners, closed=True, facecolor=face, edgecolor=edge, linewidth=0.7))
