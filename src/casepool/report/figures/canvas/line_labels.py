"""Labels at the right end of lines, moved apart so that none overlaps, each tied to its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casepool.report.figures.canvas.frame import spread
from casepool.report.figures.canvas.palette import GREY, INK
from casepool.report.figures.canvas.typesetting import fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEADER, _SPACE = 0.16, 0.05


# Width of what stands between a line's end and its label.
TIE = _LEADER + _SPACE


@dataclass(frozen=True)
class EndLabel:
    """A label: where its line ends (data), its text, its look."""

    y: float
    text: str
    color: str = INK
    weight: str = "normal"


def draw_end_labels(
    ax: Axes, labels: Sequence[EndLabel], size: float, room: float, line_height: float, *, overhang: float = 0.1
) -> None:
    """Draw labels right of the axes.

    Parameters
    ----------
    room : width in inches that a label may take; longer ones are shortened.
    line_height : least distance in inches between two labels.
    overhang : how far in inches labels may stand above and below the axes.
    """
    place = ax.get_position()
    width, height = (float(one) for one in ax.get_figure(root=True).get_size_inches())  # type: ignore[union-attr]
    wide, tall = place.width * width, place.height * height
    low, high = ax.get_ylim()
    wanted = [(label.y - low) / (high - low) * tall for label in labels]
    heights = spread(wanted, line_height, -overhang, tall + overhang)
    for label, start, end in zip(labels, wanted, heights, strict=True):
        xs = [1 + one / wide for one in (0.02, _LEADER)]
        ax.plot(
            xs, [start / tall, end / tall], transform=ax.transAxes, color=GREY, linewidth=0.5, clip_on=False
        )  # fmt: skip
        ax.text(
            1 + (_LEADER + _SPACE) / wide, end / tall, fit(label.text, size, room, label.weight), fontsize=size,
            color=label.color, fontweight=label.weight, transform=ax.transAxes, ha="left", va="center_baseline",
            clip_on=False, parse_math=False,
        )  # fmt: skip
