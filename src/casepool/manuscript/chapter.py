"""A first chapter of results to go on from: prose with places to fill, in Word, LaTeX, Typst and Markdown.

The prose stands once for each language in ``templates/``; a paragraph that names what the build does not have is left
out. No number stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files

from casepool.manuscript.build import Build
from casepool.manuscript.offer import missing, paragraphs_of
from casepool.manuscript.sources import FOLDER, Reference

_REFERENCE = re.compile(r"\{(number|sentence):([^:{}]+)(?::(\w+))?\}")
_LINE = re.compile(r"(#+|@table|@figure|@diseases)\s*(.*)")


@dataclass(frozen=True)
class Block:
    """A part of a chapter: heading (of a level), paragraph, table or figure.

    Attributes
    ----------
    kind : heading, paragraph, table or figure.
    parts : texts and references of a heading or paragraph; of a table or figure the reference alone.
    level : of a heading, from 1.
    """

    kind: str
    parts: tuple[str | Reference, ...]
    level: int = 0

    @property
    def references(self) -> list[Reference]:
        """What the block names."""
        return [one for one in self.parts if isinstance(one, Reference)]


def chapter(build: Build) -> list[Block]:
    """Return the chapter of a build: only what the build can fill."""
    outcome = next(iter(row["outcome"] for row in build.results["results"]), "")
    source = (
        files("casepool.manuscript.templates").joinpath(f"chapter_{build.language}.txt").read_text(encoding="utf-8")
    )
    blocks = [block for line in source.replace("{outcome}", outcome).splitlines() for block in _blocks(line, build)]
    return [
        block for block in blocks if not any(missing(one.kind, one.name, one.form, build) for one in block.references)
    ]


def _blocks(line: str, build: Build) -> Iterator[Block]:
    found = _LINE.fullmatch(line)
    if found is None:
        yield Block("paragraph", _parts(line))
    elif found[1].startswith("#"):
        yield Block("heading", (found[2],), len(found[1]))
    elif found[1] == "@diseases":
        names = [name for name in build.sentences if name.startswith("disease.")]
        yield from (Block("paragraph", (Reference("sentence", name),)) for name in names)
    else:
        kind = found[1].removeprefix("@")
        yield Block(kind, (Reference(kind, found[2]),))


def _parts(line: str) -> tuple[str | Reference, ...]:
    parts: list[str | Reference] = []
    position = 0
    for found in _REFERENCE.finditer(line):
        parts += [line[position : found.start()], Reference(found[1], found[2], found[3] or "")]
        position = found.end()
    return tuple(part for part in (*parts, line[position:]) if part)


def chapter_bytes(suffix: str, build: Build) -> bytes:
    """Return the chapter as a document of the kind that the ending of a name says.

    Parameters
    ----------
    suffix : .docx, .tex, .typ, .qmd or .md.
    """
    blocks = chapter(build)
    if suffix == ".docx":
        from casepool.manuscript.word.start import chapter_docx

        return chapter_docx(blocks, build)
    writers: dict[str, Callable[[list[Block], Build], str]] = {".tex": _latex, ".typ": _typst}
    return writers.get(suffix, _markdown)(blocks, build).encode()


_LATEX_WORDS = {
    "caption": r"\caption{\casepoolsentence{figure.NAME.caption}}",
    "notes": r"{\footnotesize\casepoolsentence{figure.NAME.notes}\par}",
}
_LATEX_HEAD = r"""\documentclass[12pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern,textcomp,graphicx}
\usepackage[margin=2.5cm]{geometry}
\usepackage[LANGUAGE]{babel}
\usepackage{casepool/casepool}
\begin{document}
"""


def _latex(blocks: list[Block], build: Build) -> str:
    def part(one: str | Reference) -> str:
        if isinstance(one, str):
            return re.sub(" (?=[;:?!%»])", "~", one)
        if one.kind == "sentence":
            return rf"\casepoolsentence{{{one.name}}}"
        return rf"\casepool[{one.form}]{{{one.name}}}" if one.form else rf"\casepool{{{one.name}}}"

    lines = []
    for block in blocks:
        if block.kind == "heading":
            lines.append(rf"\{'sub' * (block.level - 1)}section{{{block.parts[0]}}}")
        elif block.kind == "table":
            lines.append(rf"\casepooltable{{{block.references[0].name}}}")
        elif block.kind == "figure":
            name = block.references[0].name
            picture = rf"\casepoolfigure[width=\linewidth,height=.8\textheight,keepaspectratio]{{{name}}}"
            known = [what for what in _LATEX_WORDS if not missing("sentence", f"figure.{name}.{what}", "", build)]
            words = [_LATEX_WORDS[what].replace("NAME", name) for what in known]
            lines.append("\n".join([r"\begin{figure}[p]\centering", picture, *words, r"\end{figure}"]))
        else:
            lines.append("".join(part(one) for one in block.parts))
    head = _LATEX_HEAD.replace("LANGUAGE", {"fr": "french", "en": "british"}[build.language])
    return head + "\n\n".join(lines) + "\n\\end{document}\n"


def _typst(blocks: list[Block], build: Build) -> str:
    def part(one: str | Reference) -> str:
        if isinstance(one, str):
            return re.sub(" (?=[;:?!%»])", "~", re.sub(r"([#$*_@<])", r"\\\1", one))
        if one.kind == "sentence":
            return f'#casepool-sentence("{one.name}")'
        form = f', form: "{one.form}"' if one.form else ""
        return f'#casepool("{one.name}"{form})'

    lines = []
    for block in blocks:
        if block.kind == "heading":
            lines.append(f"{'=' * block.level} {block.parts[0]}")
        elif block.kind in {"table", "figure"}:
            name = block.references[0].name
            words = ""
            if block.kind == "table":
                words = f", kind: table, caption: [{part(paragraphs_of(f'table.{name}.caption', build)[0])}]"
            elif build.figure_words(name, "caption"):
                words = f', caption: casepool-caption("{name}")'
            lines.append(f'#figure(casepool-{block.kind}("{name}"){words})')
        else:
            lines.append("".join(part(one) for one in block.parts))
    head = f'#import "{FOLDER}/casepool.typ": *\n#set text(lang: "{build.language}")\n'
    head += "#show figure.where(kind: table): set block(breakable: true)\n\n"
    return head + "\n\n".join(lines) + "\n"


def _markdown(blocks: list[Block], build: Build) -> str:
    def part(one: str | Reference) -> str:
        if isinstance(one, str):
            return one
        if one.kind == "sentence":
            return f"{{{{< meta casepool.sentences.{one.name} >}}}}"
        return f"{{{{< meta casepool.{one.name}.{one.form or 'value'} >}}}}"

    lines = [f"---\nlang: {build.language}\nmetadata-files: [{FOLDER}/numbers.yml]\n---"]
    for block in blocks:
        if block.kind == "heading":
            lines.append(f"{'#' * block.level} {block.parts[0]}")
        elif block.kind == "figure":
            name = block.references[0].name
            lines.append(f"![]({FOLDER}/figures/{name}.png){{#fig-{name}}}")
        elif block.kind == "paragraph":
            lines.append("".join(part(one) for one in block.parts))
    return "\n\n".join(lines) + "\n"
