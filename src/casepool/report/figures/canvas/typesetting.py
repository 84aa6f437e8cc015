"""Measuring text before it is drawn, so that nothing is cut and nothing overlaps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

FONT = "DejaVu Sans"
_FILES = {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}
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
def font_folder() -> Path:
    """Return the folder of the fonts that figures are drawn with: they come with matplotlib."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a line of text in inches: that of its signs, pairs moved together as the font says."""
    signs = sum(_advance(sign, weight) for sign in text)
    pairs = sum(_kerning(*pair, weight) for pair in pairwise(text))
    return (signs + pairs) / _face(weight).units_per_EM * size / 72


@cache
def line_reach(weight: str) -> tuple[float, float]:
    """Return how far a line of text reaches above and below its base line, in sizes of its font."""
    from matplotlib.ft2font import LoadFlags

    face = _face(weight)
    high, low = (face.load_char(ord(sign), flags=LoadFlags.NO_SCALE).bbox for sign in "lp")
    return high[3] / face.units_per_EM, -low[1] / face.units_per_EM


@cache
def _face(weight: str) -> FT2Font:
    from matplotlib.ft2font import FT2Font

    return FT2Font(str(font_folder() / _FILES[weight]))


@cache
def _advance(sign: str, weight: str) -> int:
    from matplotlib.ft2font import LoadFlags

    return int(_face(weight).load_char(ord(sign), flags=LoadFlags.NO_SCALE).horiAdvance)


@cache
def _kerning(left: str, right: str, weight: str) -> int:
    from matplotlib.ft2font import Kerning

    face = _face(weight)
    return int(face.get_kerning(face.get_char_index(ord(left)), face.get_char_index(ord(right)), Kerning.UNSCALED))


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
