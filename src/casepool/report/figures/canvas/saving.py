"""Saving figures: PDF, SVG and PNG with the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casepool.files.atomic import write_bytes
from casepool.model.errors import RenderError
from casepool.report.figures.canvas.typesetting import STYLE

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

PNG_DPI = 200
_PAD_INCHES = 0.12
_PDF_METADATA = {"Creator": "casepool", "Producer": "casepool", "CreationDate": None}
_SVG_METADATA = {"Creator": "casepool", "Date": None}
_PNG_METADATA = {"Software": "casepool"}


def save_pages(figures: Sequence[Figure], stem: str | Path, *, folder: str | Path | None = None) -> list[Path]:
    """Write ``stem.pdf`` (all pages), ``stem.svg`` and ``stem.png``, and return the paths written.

    The first page goes to ``stem.svg`` and ``stem.png``, the n-th to ``stem_page<n>.svg`` and ``.png``;
    where a `folder` is given, every page goes there instead as ``page_01.svg`` and ``page_01.png``, and so on.
    A longer plot then leaves no stale page behind when it gets shorter.
    SVG and PNG lose the empty foot of a page; the PDF keeps the paper size.
    """
    if not figures:
        message = f"{stem}: no page to save; expected at least one figure."
        raise RenderError(message)
    stem = Path(stem)
    written = {stem.with_name(f"{stem.name}.pdf"): pdf_bytes(figures)}
    for page, figure in enumerate(figures, start=1):
        box = _content_box(figure)
        svg, png = (
            _printed(figure, kind, of_kind, box) for kind, of_kind in (("svg", _SVG_METADATA), ("png", _PNG_METADATA))
        )
        for target in _targets(stem, folder, page):
            written[target.with_name(f"{target.name}.svg")] = svg
            written[target.with_name(f"{target.name}.png")] = png
    for path, content in written.items():
        write_bytes(path, content)
    return list(written)


def _targets(stem: Path, folder: str | Path | None, page: int) -> list[Path]:
    if folder is not None:
        return [*([stem] if page == 1 else []), Path(folder) / f"page_{page:02d}"]
    return [stem if page == 1 else stem.with_name(f"{stem.name}_page{page}")]


def save_figure(figure: Figure, stem: str | Path) -> list[Path]:
    """Write one figure as ``stem.pdf``, ``stem.svg`` and ``stem.png``."""
    return save_pages([figure], stem)


def pdf_bytes(figures: Sequence[Figure]) -> bytes:
    """Return a PDF with one page per figure, fonts embedded."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages

    buffer = BytesIO()
    with mpl.rc_context(dict(STYLE)), PdfPages(buffer, metadata=_PDF_METADATA) as pages:
        for figure in figures:
            pages.savefig(figure)
    return buffer.getvalue()


def svg_text(figure: Figure) -> str:
    """Return a figure as SVG text, its empty foot cut off."""
    return _printed(figure, "svg", _SVG_METADATA, _content_box(figure)).decode("utf-8")


def png_bytes(figure: Figure) -> bytes:
    """Return a figure as PNG (200 dpi), its empty foot cut off."""
    return _printed(figure, "png", _PNG_METADATA, _content_box(figure))


def _printed(figure: Figure, kind: str, metadata: Mapping[str, str | None], box: Bbox) -> bytes:
    import matplotlib as mpl

    buffer = BytesIO()
    with mpl.rc_context(dict(STYLE)):
        figure.savefig(buffer, format=kind, dpi=PNG_DPI, metadata=dict(metadata), bbox_inches=box)
    return buffer.getvalue()


def _content_box(figure: Figure) -> Bbox:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.transforms import Bbox

    canvas: Any = FigureCanvasAgg(figure)
    with mpl.rc_context(dict(STYLE)):
        tight = figure.get_tightbbox(canvas.get_renderer())
    width, height = figure.get_size_inches()
    bottom = max(0.0, round(float(tight.y0) - _PAD_INCHES, 2))
    return Bbox([[0.0, bottom], [float(width), float(height)]])
