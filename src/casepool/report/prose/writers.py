r"""Texts as Markdown, LaTeX and Word: citations by key, by ``\cite``, and in brackets with a list of what is cited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pandas as pd

from casepool.files.atomic import write_bytes, write_text
from casepool.model.configuration import Configuration
from casepool.model.protocol import Protocol
from casepool.report.prose.text import CITATION, Text, keys_of
from casepool.report.prose.texts import texts_of
from casepool.report.references.works import Work, plain_reference, short_citation, works
from casepool.report.tables.latex import latex_in_text
from casepool.report.tables.word_styles import frozen_document, styled_document
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.citations import citations
from casepool.report.words.naming import named_by_content
from casepool.search.appendix import in_markdown
from casepool.search.pubmed.chain import search_described


def write_prose(
    frames: Mapping[str, pd.DataFrame],
    protocol: Protocol,
    configuration: Configuration,
    version: str,
    language: str,
    search: Sequence[str | Path],
    packages: Mapping[str, str],
    folder: str | Path,
) -> None:
    """Write methods, results and abstract of a build into a folder.

    Parameters
    ----------
    frames : the tables of `ProseMaterial`.
    search : descriptions of the search; none where nothing was searched.
    packages : name → version of what can move a result.
    """
    origin = str(search_described(search).get("origin", ""))
    named = named_by_content(protocol, frames["origins"])
    texts = texts_of(frames, named, configuration, version, language, origin, packages)
    cited = works(frames["reports"], frames["records"], load_catalogue(language), synthetic=protocol.synthetic)
    write_texts(texts, cited, citations(frames["reports"], language), folder)


def write_texts(
    texts: Sequence[Text], works: Sequence[Work], names: Mapping[str, str], folder: str | Path
) -> list[Path]:
    """Write each text as ``key.md``, ``key.tex`` and ``key.docx``; return the paths written.

    Parameters
    ----------
    works : all that may be cited.
    names : key of a report → its short citation, as in the tables.
    """
    known = {one.key: one for one in works}
    paths = []
    for text in texts:
        stem = Path(folder) / text.key
        for suffix, content in ((".md", markdown(text)), (".tex", latex(text))):
            paths.append(stem.with_suffix(suffix))
            write_text(paths[-1], content)
        paths.append(stem.with_suffix(".docx"))
        write_bytes(paths[-1], docx_of(text, known, names))
    return paths


def markdown(text: Text) -> str:
    """Return a text as Markdown; pandoc and Quarto cite ``[@key]`` from ``references.bib`` or ``references.json``."""
    lines = [f"# {in_markdown(text.title)}"]
    lines += [f"**{text.mark}**"] if text.mark else []
    for section in text.sections:
        lines += [f"## {in_markdown(section.heading)}"]
        lines += [
            _replaced(one, in_markdown, lambda keys: f"[{'; '.join(f'@{key}' for key in keys)}]")
            for one in section.paragraphs
        ]
    return "\n\n".join(lines) + "\n"


def latex(text: Text) -> str:
    r"""Return a text for LaTeX, to be taken in by ``\input``: headings one level below those of the document."""
    lines = [rf"\section{{{latex_in_text(text.title)}}}"]
    lines += [rf"\textbf{{{latex_in_text(text.mark)}}}"] if text.mark else []
    for section in text.sections:
        lines += [rf"\subsection{{{latex_in_text(section.heading)}}}"]
        lines += [
            _replaced(one, latex_in_text, lambda keys: rf"\cite{{{','.join(keys)}}}") for one in section.paragraphs
        ]
    return "\n\n".join(lines) + "\n"


def docx_of(text: Text, works: Mapping[str, Work], names: Mapping[str, str]) -> bytes:
    """Return a text as a Word document with the headings of a template, and the cited works at its end."""
    catalogue = load_catalogue(text.language)
    document = styled_document(text.language, text.title)
    document.add_heading(text.title, 1)
    if text.mark:
        document.add_paragraph(text.mark, style="Intense Quote")

    def named(keys: Sequence[str]) -> str:
        shown = [names.get(key) or short_citation(works[key], catalogue) for key in keys]
        return f"({catalogue.text('semicolon').join(shown)})"

    for section in text.sections:
        document.add_heading(section.heading, 2)
        for paragraph in section.paragraphs:
            document.add_paragraph(_replaced(paragraph, str, named))
    if text.cited:
        document.add_heading(catalogue.text("prose_h_references"), 2)
        for line in sorted(plain_reference(works[key], catalogue) for key in text.cited):
            document.add_paragraph(line)
    return frozen_document(document)


def _replaced(paragraph: str, plain: Callable[[str], str], cited: Callable[[Sequence[str]], str]) -> str:
    """Return a paragraph whose words and whose citations are each written in their way."""
    places = [0, *(place for found in CITATION.finditer(paragraph) for place in found.span()), len(paragraph)]
    parts = [paragraph[first:last] for first, last in pairwise(places)]
    return "".join(
        cited(list(keys_of(part))) if place % 2 else _spaced(part, plain) for place, part in enumerate(parts)
    )


def _spaced(part: str, plain: Callable[[str], str]) -> str:
    """Return words with the spaces at their ends, which a writer of whole texts drops."""
    inner = part.strip(" ")
    if not inner:
        return part
    return part[: len(part) - len(part.lstrip(" "))] + plain(inner) + part[len(part.rstrip(" ")) :]
