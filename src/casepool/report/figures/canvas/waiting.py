"""A figure that waits for patients: it says why it is empty."""

from __future__ import annotations

from casepool.report.figures.canvas.drawn import Drawn
from casepool.report.figures.canvas.frame import alt_sentences, draw_title
from casepool.report.figures.canvas.palette import INK, MARGIN
from casepool.report.words.catalogue import Catalogue

FEWEST = 10  # patients with data, below which single courses say nothing of a group
_WIDTH, _HEIGHT = 7.4, 1.1


def waiting(key: str, n: int, catalogue: Catalogue, *, synthetic: bool = False) -> Drawn:
    """Return the figure ``key`` without its plot: of `n` patients the data are known, which are too few."""
    figure = Drawn(figsize=(_WIDTH, _HEIGHT))
    told = catalogue.plural("figure_waits", n, fewest=catalogue.numbers.integer(FEWEST))
    titles = (catalogue.text(f"{key}_title"), catalogue.text(f"{key}_subtitle"))
    depth = draw_title(figure, *titles, catalogue, synthetic=synthetic) + 0.12
    figure.text(MARGIN / _WIDTH, 1 - depth / _HEIGHT, told, fontsize=8, color=INK, va="center")
    figure.alt = alt_sentences([*titles, told], [], catalogue)
    return figure
