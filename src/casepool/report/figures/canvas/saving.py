"""Saving figures: SVG, PDF and PNG with the same bytes every time, and their words as text files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from casepool.files.atomic import write_bytes, write_text
from casepool.model.errors import RenderError
from casepool.report.figures.canvas.printing import pdf_of, pngs_of
from casepool.report.figures.canvas.typesetting import STYLE
from casepool.report.figures.canvas.vector import cut, svg_text
from casepool.report.files import BARE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from casepool.report.figures.canvas.drawn import Drawn

_POINTS = 72
_PDF_METADATA = {"Creator": "casepool", "Producer": "casepool", "CreationDate": None}


def save_figure(figure: Drawn, stem: str | Path, language: str) -> list[Path]:
    """Write a figure and its words, and return the paths written.

    ``stem.svg``, ``.pdf`` and ``.png`` are the figure, ``stem_untitled.*`` are without title and notes: these
    stand in ``stem_caption.txt``. ``stem_alt.txt`` is what the picture shows. The empty foot is cut off.
    """
    stem = Path(stem)
    whole, between = svg_text(figure), _bare(figure)
    bare = cut(re.sub(r'\s*<g id="(?:title|note)_\d+">.*?</g>', "", whole, flags=re.DOTALL), *between)
    pdf, bare_pdf = (_pdf(svg, figure, language) for svg in (whole, bare))
    png, bare_png = pngs_of(pdf, between)
    written = _write_drawing(stem, _described(whole, figure), pdf, png)
    written += _write_drawing(stem.with_name(stem.name + BARE), _described(bare, figure), bare_pdf, bare_png)
    for end, text in (("_caption.txt", figure.caption), ("_alt.txt", _alternative(figure))):
        written.append(stem.with_name(f"{stem.name}{end}"))
        write_text(written[-1], f"{text}\n")
    return written


def save_pages(figures: Sequence[Drawn], folder: str | Path, name: str, language: str) -> list[Path]:
    """Write the pages of a figure into a folder as ``name_1.svg``, ``.pdf``, ``.png`` and so on; return the paths.

    Raises
    ------
    RenderError
        If there is no page.
    """
    if not figures:
        message = f"{folder}: no page to save; expected at least one figure."
        raise RenderError(message)
    written = []
    for number, figure in enumerate(figures, start=1):
        stem = Path(folder) / f"{name}_{number}"
        svg = svg_text(figure)
        pdf = _pdf(svg, figure, language)
        written += _write_drawing(stem, _described(svg, figure), pdf, *pngs_of(pdf))
        written.append(stem.with_name(f"{stem.name}_alt.txt"))
        write_text(written[-1], f"{_alternative(figure)}\n")
    return written


def _pdf(svg: str, figure: Drawn, language: str) -> bytes:
    return pdf_of(svg, title=figure.heading, alt=figure.alt, language=language)


def _write_drawing(stem: Path, svg: str, pdf: bytes, png: bytes) -> list[Path]:
    """Write a drawing in its three formats; return the paths."""
    contents = {".svg": svg.encode(), ".pdf": pdf, ".png": png}
    written = [stem.with_name(f"{stem.name}{suffix}") for suffix in contents]
    for path, content in zip(written, contents.values(), strict=True):
        write_bytes(path, content)
    return written


def _alternative(figure: Drawn) -> str:
    """Return what the picture shows, after the warning that its data are invented."""
    return " ".join(one for one in (figure.warning, figure.alt) if one)


def pdf_bytes(figures: Sequence[Figure]) -> bytes:
    """Return a PDF with one page per figure, fonts embedded: for the commands that have no other file."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages

    buffer = BytesIO()
    with mpl.rc_context(dict(STYLE)), PdfPages(buffer, metadata=_PDF_METADATA) as pages:
        for figure in figures:
            pages.savefig(figure)
    return buffer.getvalue()


def _bare(figure: Drawn) -> tuple[float, float]:
    """Return the depths in points between which a figure stands without title and notes."""
    top, end = figure.bare()
    return top * _POINTS, end * _POINTS


def _described(svg: str, figure: Drawn) -> str:
    """Return a drawing that says its name and what it shows to a reader who does not see it."""
    words = f"<title>{escape(figure.heading)}</title>\n <desc>{escape(figure.alt)}</desc>\n"
    return re.sub(r"(<svg[^>]*>\n)", lambda found: f"{found[1]} {words}", svg, count=1)
