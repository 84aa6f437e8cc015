"""What every figure has around its plot: title, subtitle, the mark of invented data, notes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from casepool.report.figures.canvas.palette import GREY, INK, MARGIN, SOFT, WARNING
from casepool.report.figures.canvas.typesetting import text_width, wrap
from casepool.report.words.catalogue import Catalogue

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casepool.report.figures.canvas.drawn import Drawn

NOTE_SIZE, NOTE_LINE = 6.8, 0.13
# A taller list is a picture that few programs open and nobody looks at.
MOST_LINES = 120


def draw_title(figure: Drawn, title: str, subtitle: str, catalogue: Catalogue, *, synthetic: bool = False) -> float:
    """Draw title and subtitle at the upper edge; return the depth in inches below which the plot may begin."""
    figure.heading, figure.subheading = title, subtitle
    room, depth = float(figure.get_figwidth()) - 2 * MARGIN, 0.36
    if synthetic:
        draw_mark(figure, catalogue)
        depth += 0.1
    for line in wrap(title, 11, room, "bold"):
        figure.above(line, depth, left=MARGIN, fontsize=11, fontweight="bold", color=INK)
        depth += 0.2
    for line in wrap(subtitle, 8, room):
        figure.above(line, depth, left=MARGIN, fontsize=8, color=SOFT)
        depth += 0.15
    return depth


def draw_mark(figure: Drawn, catalogue: Catalogue) -> None:
    """Write that the data are invented."""
    figure.mark(catalogue.text("synthetic"), fontsize=9, fontweight="bold", color=WARNING)


def sentence(text: str) -> str:
    """Return a title as a sentence."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def notes_height(notes: Sequence[str], width: float, size: float = NOTE_SIZE) -> float:
    """Return the height in inches that notes take."""
    return math.fsum(len(wrap(note, size, width - 2 * MARGIN)) * NOTE_LINE + 0.03 for note in notes)


def draw_axes(ax: Axes, size: float) -> None:
    """Draw the axes of a figure thin and grey, ticks at the given numbers only, nothing at the top and right."""
    ax.minorticks_off()
    ax.tick_params(length=2.5, width=0.6, labelsize=size, color=GREY, labelcolor=INK)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(GREY)


def draw_notes(figure: Drawn, notes: Sequence[str], depth: float, *, size: float = NOTE_SIZE) -> None:
    """Draw notes, the first `depth` inches below the upper edge."""
    figure.remarks = tuple(notes)
    for note in notes:
        for line in wrap(note, size, float(figure.get_figwidth()) - 2 * MARGIN):
            figure.below(line, depth, left=MARGIN, fontsize=size, color=SOFT)
            depth += NOTE_LINE
        depth += 0.03


def spread(wanted: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Return places as near to the wanted ones as a least gap between neighbours allows, in the same order.

    Neighbours that are too close form a block around the mean of what they wanted.
    """
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    blocks: list[tuple[float, int]] = []  # sum of (wanted - own offset) and number of members
    for index in order:
        total, count = wanted[index], 1
        while blocks and _start(*blocks[-1], gap, lowest, highest) + blocks[-1][1] * gap > _start(
            total, count, gap, lowest, highest
        ):
            below, before = blocks.pop()
            total, count = below + total - count * before * gap, before + count
        blocks.append((total, count))
    places = [_start(*block, gap, lowest, highest) + k * gap for block in blocks for k in range(block[1])]
    found = dict(zip(order, places, strict=True))
    return [found[index] for index in range(len(wanted))]


def _start(total: float, count: int, gap: float, lowest: float, highest: float) -> float:
    """Return where the first member of a block stands."""
    return max(lowest, min(total / count, highest - (count - 1) * gap))


def label_room(labels: Sequence[str], size: float) -> float:
    """Return the width in inches of the widest label in bold type."""
    return max((text_width(label, size, "bold") for label in labels), default=0.0)


def alt_sentences(titles: Sequence[str], blocks: Iterable[tuple[str, Sequence[str]]], catalogue: Catalogue) -> str:
    """Return what a figure shows in words: its titles, and a sentence for each name with what is told of it."""
    told = (
        f"{name}{catalogue.text('colon')}{catalogue.text('semicolon').join(parts)}." if parts else f"{name}."
        for name, parts in blocks
    )
    return " ".join((*map(sentence, titles), *told))
