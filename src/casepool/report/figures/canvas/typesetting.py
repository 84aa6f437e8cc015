"""Measuring text before it is drawn, so that nothing is cut and nothing overlaps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg

FONT = "DejaVu Sans"
_DPI = 288
STYLE: Mapping[str, object] = {
    "font.family": "sans-serif",
    "font.sans-serif": [FONT],
    "font.size": 7,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.linewidth": 0.6,
    "hatch.linewidth": 0.5,
    "lines.linewidth": 0.9,
    "patch.linewidth": 0.6,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "casepool",
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "path.simplify": False,
}


@cache
def _renderer() -> RendererAgg:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    canvas: Any = FigureCanvasAgg(Figure(figsize=(1, 1), dpi=_DPI))
    renderer: RendererAgg = canvas.get_renderer()
    return renderer


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a line of text in inches."""
    from matplotlib.font_manager import FontProperties

    font = FontProperties(family=FONT, size=size, weight=weight)
    renderer: Any = _renderer()
    width, _, _ = renderer.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / _DPI


def fit(text: str, size: float, inches: float, weight: str = "normal") -> str:
    """Return the text, shortened with an ellipsis where it is wider than `inches`."""
    if text_width(text, size, weight) <= inches:
        return text
    kept = text
    while kept and text_width(f"{kept.rstrip()}…", size, weight) > inches:
        kept = kept[:-1]
    return f"{kept.rstrip(' ,;(')}…"


def wrap(text: str, size: float, inches: float, weight: str = "normal") -> list[str]:
    """Return the lines of a text that fit `inches`; breaks at ordinary spaces only."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) <= inches:
            lines[-1] = longer
        else:
            lines.append(fit(word, size, inches, weight))
    return lines
