"""A figure as SVG with text as text, measured by the widths of its font and cut where it ends."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import RendererSVG

from casepool.model.errors import RenderError
from casepool.report.figures.canvas.printing import whole_pixels
from casepool.report.figures.canvas.typesetting import FONT, STYLE, line_reach, text_width

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

    from casepool.report.figures.canvas.drawn import Drawn

_PAD_INCHES = 0.12
_POINTS = 72
_METADATA = {"Creator": "casepool", "Date": None}
# What stands in where the font of the drawing is missing: as wide as it, or narrower.
_FONTS = f"'{FONT}', Verdana, 'Segoe UI', Arial, sans-serif"


class _Renderer(RendererSVG):
    """The one of matplotlib, but for the size of text: to set each line and look took a third of a drawing."""

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | str
    ) -> tuple[float, float, float]:
        del ismath  # no text of a figure is a formula
        size, weight = prop.get_size_in_points(), str(prop.get_weight())
        above, below = line_reach(weight)
        return text_width(s, size, weight) * _POINTS, (above + below) * size, below * size


def svg_text(figure: Drawn) -> str:
    """Return a figure as SVG with text as text, its empty foot cut off."""
    wide, tall = (float(inches) * _POINTS for inches in figure.get_size_inches())
    stream, dpi = StringIO(), figure.dpi
    renderer_of: Any = _Renderer  # not in the types of matplotlib
    with mpl.rc_context(dict(STYLE)):
        figure.dpi = _POINTS
        try:
            renderer = renderer_of(wide, tall, stream, metadata=dict(_METADATA))
            figure.draw(renderer)
            renderer.finalize()
            notes = figure.end_of_notes()  # to ask each artist where it ends sets each line once more
            end = float(figure.get_tightbbox(renderer).y0) if notes is None else tall / _POINTS - notes
        finally:
            figure.dpi = dpi
    foot = max(0.0, round(end - _PAD_INCHES, 2)) * _POINTS
    drawn = re.sub(r"<metadata>.*?</metadata>\n?", "", stream.getvalue(), flags=re.DOTALL)
    return cut(drawn, 0.0, tall - foot).replace(f"font-family: '{FONT}', sans-serif", f"font-family: {_FONTS}")


def cut(drawn: str, top: float, end: float) -> str:
    """Return a drawing between two depths in points below its upper edge, between pixels.

    Raises
    ------
    RenderError
        If the drawing names no size, as one of another version of matplotlib than the locked one may.
    """
    found = re.search(r'height="([\d.]+)pt" viewBox="0 0 ([\d.]+) [\d.]+"', drawn)
    if found is None:
        message = "the drawing names no size; expected a height and a viewBox in points"
        raise RenderError(message)
    ends = whole_pixels(top), whole_pixels(min(end, float(found[1])))
    upper, tall = (f"{number:.2f}".rstrip("0").rstrip(".") for number in (ends[0], ends[1] - ends[0]))
    return drawn.replace(found[0], f'height="{tall}pt" viewBox="0 {upper} {found[2]} {tall}"', 1)
