"""``casepool pull thesis.tex``: LaTeX, Typst and Markdown take numbers in by name, from copies beside them.

The source itself is never changed. What it takes in lies in the folder ``casepool`` beside it, so that a thesis
compiles wherever it goes. A file of that folder that was changed by hand stays, and is named.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from casepool.manuscript.build import Build
from casepool.manuscript.offer import Change, Since, missing, number_of, paragraphs_of
from casepool.manuscript.pulled import Pulled
from casepool.model.message import Message
from casepool.report.numbers.tex import sentence_macros

FOLDER = "casepool"
_PULLED = "pulled.json"


@dataclass(frozen=True)
class _Kind:
    """How a kind of source names what it takes in, and in which files it finds that.

    Attributes
    ----------
    named : kind → pattern with the groups ``name`` and, for numbers, ``form``.
    taken_in : pattern of the files that a source takes in itself; empty where none are followed.
    comment : pattern of what is no text.
    always : files of the build (or of the program) that lie beside every source of the kind.
    table, figure : endings of their files; empty where the kind has none.
    captions : where the captions of figures stand: in one file of macros, or each in its own.
    """

    named: Mapping[str, str]
    taken_in: str
    comment: str
    always: tuple[str, ...]
    table: str
    figure: str
    captions: str = ""


_QUARTO = _Kind(
    {
        "sentence": r"\{\{<\s*meta casepool\.sentences\.(?P<name>[\w.]+)\s*>\}\}",
        "number": r"\{\{<\s*meta casepool\.(?!sentences\.)(?P<name>[\w.]+)\.(?P<form>\w+)\s*>\}\}",
        "figure": rf"{FOLDER}/figures/(?P<name>\w+)\.png",
    },
    r"\{\{<\s*include (\S+)\s*>\}\}",
    r"<!--.*?-->",
    ("numbers.yml", "references.bib"),
    "",
    ".png",
)
KINDS: dict[str, _Kind] = {
    ".tex": _Kind(
        {
            "number": r"\\casepool(?:\[(?P<form>\w+)\])?\{(?P<name>[^{}#]+)\}",
            "sentence": r"\\casepoolsentence\{(?P<name>[^{}#]+)\}",
            "table": r"\\casepooltable\{(?P<name>[^{}#]+)\}",
            "figure": r"\\casepoolfigure(?:\[[^]]*\])?\{(?P<name>[^{}#]+)\}",
        },
        r"\\(?:input|include)\{([^{}#]+)\}",
        r"(?<!\\)%.*",
        ("numbers.tex", "casepool.sty", "references.bib"),
        ".tex",
        ".pdf",
        "captions.tex",
    ),
    ".typ": _Kind(
        {
            "number": r"#?casepool\(\"(?P<name>[^\"]+)\"(?:,\s*form:\s*\"(?P<form>\w+)\")?\)",
            "sentence": r"casepool-sentence\(\"(?P<name>[^\"]+)\"",
            "table": r"casepool-table\(\"(?P<name>[^\"]+)\"",
            "figure": r"casepool-figure\(\"(?P<name>[^\"]+)\"",
        },
        r"#include \"([^\"]+)\"",
        r"(?<!:)//.*",
        ("numbers.json", "casepool.typ", "references.bib"),
        ".csv",
        ".svg",
        "figures/{name}_caption.txt",
    ),
    ".qmd": _QUARTO,
    ".md": _QUARTO,
}


@dataclass(frozen=True)
class Reference:
    """What a source names: a number (in a form), sentence, table or figure."""

    kind: str
    name: str
    form: str = ""

    @property
    def place(self) -> str:
        """The name with its kind and form."""
        return ":".join(one for one in (self.kind, self.name, self.form) if one)


def language_of_source(path: Path) -> str:
    """Return the language in which numbers were brought to a source the last time; empty where none were."""
    return str(_pulled(path).get("language", ""))


def pull_source(path: Path, build: Build, *, force: bool = False) -> Pulled:
    """Return what a source and its folder ``casepool`` would be after a pull; nothing is written.

    Parameters
    ----------
    force : replace files of that folder that were changed by hand, too.
    """
    kind = KINDS[path.suffix.lower()]
    references = sorted(set(_references(path, kind)), key=lambda one: one.place)
    problems = [missing(one.kind, one.name, one.form, build) for one in references]
    if not references:
        problems.append(Message("no_references", file=path.name))
    if any(problems):
        return Pulled(problems=tuple(dict.fromkeys(one for one in problems if one is not None)))
    before = _pulled(path)
    wanted = dict(_wanted(references, kind, build))
    texts = {one.place: _text(one, build, kind) for one in references}
    since = Since.of(build, before.get("data", ""))
    changes = _changes(references, before.get("texts", {}), texts, since)
    kept = [] if force else [name for name in wanted if _is_edited(path, name, before)]
    content = {name: given for name, given in wanted.items() if name not in kept}
    state = {
        "language": build.language,
        "data": build.data,
        "texts": texts,
        "files": {**before.get("files", {}), **{name: _sha(given) for name, given in content.items()}},
    }
    content[_PULLED] = (json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    folder = path.parent / FOLDER
    differing = {folder / name: given for name, given in content.items() if _bytes(folder / name) != given}
    notes = [Message("file_kept", file=f"{FOLDER}/{name}") for name in kept]
    return Pulled(
        differing, None, (), tuple(changes), (*_withheld(references, build), *notes), len(references), len(kept)
    )


def _references(path: Path, kind: _Kind, seen: frozenset[Path] = frozenset()) -> Iterator[Reference]:
    """Yield what a source names, and what the sources name that it takes in."""
    if path in seen or not path.is_file():
        return
    text = re.sub(kind.comment, "", path.read_text(encoding="utf-8"))
    for name, pattern in kind.named.items():
        for found in re.finditer(pattern, text):
            yield Reference(
                name, found["name"].strip(), (found.groupdict().get("form") or "") if name == "number" else ""
            )
    for inner in re.findall(kind.taken_in, text):
        other = path.parent / inner
        yield from _references(other if other.suffix else other.with_suffix(path.suffix), kind, seen | {path})


def _text(reference: Reference, build: Build, kind: _Kind) -> str:
    """Return what a reference reads as: a text; of a table or figure its checksum."""
    if reference.kind == "number":
        return number_of(reference.name, build)["forms"][reference.form or "value"]
    if reference.kind == "sentence":
        return "\n".join(paragraphs_of(reference.name, build))
    return _sha(_file(reference, build, kind).read_bytes())


def _file(reference: Reference, build: Build, kind: _Kind) -> Path:
    if reference.kind == "table":
        return build.table_file(reference.name, kind.table)
    return build.figure_file(reference.name, kind.figure)


def _wanted(references: list[Reference], kind: _Kind, build: Build) -> Iterator[tuple[str, bytes]]:
    """Yield the files that lie beside a source: name inside the folder and content."""
    for name in kind.always:
        own, made = files("casepool.manuscript.templates").joinpath(name), build.place / name
        if own.is_file():
            yield name, own.read_bytes()
        elif made.is_file():
            yield name, made.read_bytes()
    for one in references:
        if one.kind in {"table", "figure"}:
            path = _file(one, build, kind)
            yield f"{one.kind}s/{one.name}{path.suffix}", path.read_bytes()
    figures = [one.name for one in references if one.kind == "figure"]
    if kind.captions == "captions.tex":
        names = [f"figure.{name}.{what}" for name in figures for what in ("caption", "notes")]
        words = {name: paragraphs_of(name, build) for name in names if missing("sentence", name, "", build) is None}
        yield kind.captions, sentence_macros(words).encode()
    elif kind.captions:
        captions = {name: build.figure_words(name, "caption") for name in figures}
        yield from ((kind.captions.format(name=name), f"{words}\n".encode()) for name, words in captions.items())


def _changes(
    references: list[Reference], before: Mapping[str, str], now: Mapping[str, str], since: Since
) -> list[Change]:
    changes = []
    for one in references:
        was, text = before.get(one.place), now[one.place]
        if was == text:
            continue
        shown = ("", "") if one.kind in {"table", "figure"} else (was or "", text)
        changes.append(Change(one.place, *shown, since.cause(one.kind, one.name) if was else ""))
    return changes


def _withheld(references: list[Reference], build: Build) -> list[Message]:
    numbers = [(one, number_of(one.name, build)) for one in references if one.kind == "number"]
    return [
        Message("number_withheld", control=one.place, why=str(n["withheld"])) for one, n in numbers if n["withheld"]
    ]


def _is_edited(path: Path, name: str, before: Mapping[str, Any]) -> bool:
    """Return whether a file beside a source is not as it was put there."""
    content, known = _bytes(path.parent / FOLDER / name), before.get("files", {}).get(name)
    return content is not None and _sha(content) != known


def _pulled(path: Path) -> dict[str, Any]:
    content = _bytes(path.parent / FOLDER / _PULLED)
    try:
        return dict(json.loads(content)) if content else {}
    except ValueError:
        return {}


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
