"""From an SVG text to a tagged PDF, set by typst with the fonts of the drawing alone, and from the PDF to PNGs."""

from __future__ import annotations

import json
import math
import re
import struct
import zlib
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from casepool.report.figures.canvas.typesetting import font_folder

if TYPE_CHECKING:
    from typst import Fonts

PNG_DPI = 300
_POINTS, _INCH = 72, 0.0254
PIXEL = _POINTS / PNG_DPI  # in points
# Sizes are floats of 32 bits to pdfium, and pypdfium2 5.15.2 rounds up: 2,481 pixels became 2,482 (`findings/`).
_SCALE = PNG_DPI / _POINTS * (1 - 1e-6)
_SIGNATURE, _RGB = b"\x89PNG\r\n\x1a\n", 2
_STREAM, _END = b"\x78\x01", b"\x03\x00"  # of zlib, and an empty last block of deflate


def pdf_of(svg: str, *, title: str, alt: str, language: str) -> bytes:
    """Return a drawing as a PDF of its own size: tagged (PDF/UA-1), text as text, fonts embedded, without a date."""
    import typst

    made: bytes = typst.compile(_files(svg, title, alt, language), font_paths=_fonts(), pdf_standards="ua-1")
    return made


def pngs_of(pdf: bytes, *parts: tuple[float, float]) -> list[bytes]:
    """Return the page of a PDF as a PNG of 300 dots an inch that says so, and parts of it as further ones.

    A part is what stands between two depths below the upper edge, in points, cut between pixels as `whole_pixels` does.
    What several pictures show is seen and compressed once.
    """
    from pypdfium2 import PdfDocument

    pixels = PdfDocument(pdf)[0].render(scale=_SCALE, rev_byteorder=True).to_numpy()
    height, width, colours = pixels.shape
    rows = np.zeros((height, 1 + width * colours), np.uint8)  # before each row, 0: it is not filtered
    rows[:, 1:] = pixels.reshape(height, -1)
    spans = [(0, height), *((_pixels(top), min(_pixels(end), height)) for top, end in parts)]
    edges = sorted({edge for span in spans for edge in span})
    packed = {(top, end): _packed(rows[top:end].data) for top, end in pairwise(edges)}
    return [
        _png(width, rows[top:end].data, [some for (start, _), some in packed.items() if top <= start < end])
        for top, end in spans
    ]


def whole_pixels(points: float) -> float:
    """Return the depth of the last pixel that ends at this depth or above it, in points."""
    return _pixels(points) * PIXEL


def _pixels(points: float) -> int:
    return math.floor(points / PIXEL + 1e-6)


def _packed(rows: memoryview) -> bytes:
    """Return rows as part of a stream of zlib that refers to nothing before it, lightly compressed: that is fast."""
    packer = zlib.compressobj(level=1, wbits=-zlib.MAX_WBITS)
    return packer.compress(rows) + packer.flush(zlib.Z_FULL_FLUSH)


def _png(width: int, rows: memoryview, packed: Sequence[bytes]) -> bytes:
    """Return rows of red, green and blue as a PNG, given the parts of their stream."""
    per_metre = round(PNG_DPI / _INCH)
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, len(rows), 8, _RGB, 0, 0, 0),
        b"pHYs": struct.pack(">IIB", per_metre, per_metre, 1),
        b"IDAT": b"".join((_STREAM, *packed, _END, struct.pack(">I", zlib.adler32(rows)))),
        b"IEND": b"",
    }
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks.items()
    )


@cache
def _fonts() -> Fonts:
    """Return the fonts of drawings, looked for once: for each picture anew it takes as long as a small one."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[font_folder()])


def _files(svg: str, title: str, alt: str, language: str) -> Any:  # not in the types of typst
    """Return a page as large as the drawing, as typst reads it."""
    page = (
        f"#set document(title: {quoted(title)}, date: none)\n#set text(lang: {quoted(language)})\n"
        f'#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg", alt: {quoted(alt)})\n'
    )
    return {"main.typ": page.encode(), "drawing.svg": svg.encode()}


def quoted(text: str) -> str:
    """Return a text as a string of typst, whose escapes are those of JSON but for control characters."""
    return re.sub(r"\\u([0-9a-f]{4})", r"\\u{\1}", json.dumps(text, ensure_ascii=False))
