"""From an SVG text to a tagged PDF and to a PNG: both are set by typst, with the fonts of the drawing alone."""

from __future__ import annotations

import json
import re
import struct
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any

from casepool.report.figures.canvas.typesetting import font_folder

if TYPE_CHECKING:
    from typst import Fonts

PNG_DPI = 300
_INCH = 0.0254


def pdf_of(svg: str, *, title: str, alt: str, language: str) -> bytes:
    """Return a drawing as a PDF of its own size: tagged (PDF/UA-1), text as text, fonts embedded, without a date."""
    import typst

    made: bytes = typst.compile(_files(svg, title, alt, language), font_paths=_fonts(), pdf_standards="ua-1")
    return made


def png_of(svg: str) -> bytes:
    """Return a drawing as a PNG of 300 dots an inch that says so."""
    import typst

    png: bytes = typst.compile(_files(svg), font_paths=_fonts(), format="png", ppi=PNG_DPI)
    size = 8 + 12 + 13  # signature, frame and content of the header, after which the resolution belongs
    per_metre = round(PNG_DPI / _INCH)
    content = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    return png[:size] + struct.pack(">I", 9) + content + struct.pack(">I", zlib.crc32(content)) + png[size:]


@cache
def _fonts() -> Fonts:
    """Return the fonts of drawings, looked for once: for each picture anew it takes as long as a small one."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[font_folder()])


def _files(svg: str, title: str = "", alt: str = "", language: str = "en") -> Any:  # not in the types of typst
    """Return a page as large as the drawing, as typst reads it."""
    page = (
        f"#set document(title: {quoted(title)}, date: none)\n#set text(lang: {quoted(language)})\n"
        f'#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg", alt: {quoted(alt)})\n'
    )
    return {"main.typ": page.encode(), "drawing.svg": svg.encode()}


def quoted(text: str) -> str:
    """Return a text as a string of typst, whose escapes are those of JSON but for control characters."""
    return re.sub(r"\\u([0-9a-f]{4})", r"\\u{\1}", json.dumps(text, ensure_ascii=False))
