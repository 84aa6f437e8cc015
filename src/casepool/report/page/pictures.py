"""The figures of the page: drawings as files, put into HTML with what they show in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from casepool.model.errors import RenderError


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG text, and what it shows in words."""

    svg: str
    alt: str

    @property
    def title(self) -> str:
        """The title that the drawing carries; empty for one without."""
        found = re.search(r"<title>(.*?)</title>", self.svg)
        return unescape(found[1]) if found else ""


def read_pictures(files: Sequence[str | Path]) -> list[Picture]:
    """Return the drawings among files, each with the words in ``<name>_alt.txt`` beside it, in the order of names."""
    drawings = sorted((Path(one) for one in files if Path(one).suffix == ".svg"), key=_place)
    return [
        Picture(
            one.read_text(encoding="utf-8"),
            one.with_name(f"{one.stem}_alt.txt").read_text(encoding="utf-8").strip(),
        )
        for one in drawings
    ]


def inlined(pictures: Sequence[Picture], name: str) -> list[tuple[str, Picture]]:
    """Return the pages of a figure for use inside HTML, each with a name that no other has."""
    several = len(pictures) > 1
    return [
        (
            f"{one.title} ({page}/{len(pictures)})" if several else one.title,
            replace(one, svg=inline_svg(one.svg, f"{name}{page}")),
        )
        for page, one in enumerate(pictures, start=1)
    ]


def _place(path: Path) -> tuple[str, int]:
    """Return the sorting key of a file: page 10 comes after page 9."""
    found = re.search(r"_(\d+)$", path.stem)
    return path.stem.removesuffix(found[0] if found else ""), int(found[1]) if found else 0


def inline_svg(svg: str, prefix: str) -> str:
    """Return an SVG text for use inside HTML: no prolog, no words, no size, ids that no other figure has.

    Raises
    ------
    RenderError
        If the text holds no drawing.
    """
    if "<svg" not in svg:
        message = f"{prefix}: no drawing in the file; expected SVG."
        raise RenderError(message)
    body = svg[svg.index("<svg") :]
    body = re.sub(r"\s*<(metadata|title|desc)>.*?</\1>", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{prefix}-', body)
    body = re.sub(r'href="#', f'href="#{prefix}-', body)
    body = re.sub(r"url\(#", f"url(#{prefix}-", body)
    head, rest = body.split(">", 1)
    return re.sub(r'\s(?:width|height)="[^"]*"', "", head) + ">" + rest
