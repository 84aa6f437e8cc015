"""The report as one self-contained HTML page, and as a PDF of the same content."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from casepool.files.atomic import write_bytes, write_text
from casepool.model.configuration import Configuration
from casepool.model.labels import LANGUAGES
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import NOT_SEARCHED, TRANSCRIBED
from casepool.report.files import name_of
from casepool.report.material import PageMaterial
from casepool.report.page import facts as prose
from casepool.report.page.behind import Behind
from casepool.report.page.content import Content
from casepool.report.page.offers import offers
from casepool.report.page.pdf import report_pdf
from casepool.report.page.pictures import Picture, inlined, read_pictures
from casepool.report.page.slider import slider
from casepool.report.results_json import BuildMeta
from casepool.report.tables.checklists import standing_tables
from casepool.report.tables.display import DisplayTable, TableStyle
from casepool.report.tables.manuscript import display_tables
from casepool.report.tables.writers import html_fragment
from casepool.report.words.catalogue import load_catalogue
from casepool.search.pubmed.chain import search_described

if TYPE_CHECKING:
    import jinja2


def render_report(
    *,
    results: pd.DataFrame,
    counts: pd.DataFrame,
    study_counts: pd.DataFrame,
    prisma_counts: pd.DataFrame,
    tables: Mapping[str, DisplayTable],
    figures: Mapping[str, list[Picture]],
    protocol: Protocol,
    meta: BuildMeta,
    language: str,
    checks: Mapping[str, pd.DataFrame] | None = None,
    search_origin: str = "",
    languages: Sequence[str] = LANGUAGES,
    files: Sequence[str] = (),
) -> str:
    """Return the page: the answer first, then how it came about, in one file without outside references.

    Parameters
    ----------
    study_counts : with the column ``citation`` where reports are to be named by their authors.
    tables : display tables by key, as `display_tables` makes them.
    figures : drawings by name: "forest" (its pages) and those of `FIGURES` that are there.
    checks, search_origin : see `prose.Facts`.
    languages : in which the page is made; one in another language is linked.
    files : results of the build, from which the page offers those beside it.
    """
    facts = prose.Facts(
        results,
        counts,
        study_counts,
        prisma_counts,
        protocol,
        meta,
        load_catalogue(language),
        checks or {},
        search_origin,
    )
    return as_html(Content(facts, tables, figures), languages=languages, files=files)


def as_html(content: Content, *, languages: Sequence[str] = LANGUAGES, files: Sequence[str] = ()) -> str:
    """Return the content as a page; for the parameters see `render_report`."""
    facts = content.facts
    return _rendered(
        "report.html.j2",
        facts,
        languages,
        content=content,
        tables=lambda section: fragments(content.tables_of(section)),
        response=_response(fragments(content.tables_of("response")), content.behind),
        behind=[(one, fragments(one.tables, alone=False)) for one in content.behind],
        annex={
            key: (part.texts, inlined(part.pictures, key), fragments(part.tables))
            for key, part in content.annex.items()
        },
        drawings=lambda name: inlined(content.pictures(name), f"{name}-main"),
        slider=slider(facts),
        level=facts.level,
        stacked=_stacked(content.tables),
        offers=offers(files, content.tables, content.titles, facts),
    )


def index_html(content: Content, *, languages: Sequence[str] = LANGUAGES, files: Sequence[str] = ()) -> str:
    """Return the table of contents of the folder: figures with their pictures, tables, files, in reading order."""
    facts = content.facts
    groups = offers(files, content.tables, content.titles, facts)
    return _rendered("index.html.j2", facts, languages, groups=groups)


def _rendered(template: str, facts: prose.Facts, languages: Sequence[str], **own: object) -> str:
    """Return a page from its template: what every page says of itself, and what is its own."""
    language = facts.catalogue.language
    return (
        _environment()
        .get_template(template)
        .render(
            text=facts.catalogue.text,
            language=language,
            other=next((one for one in languages if one != language), ""),
            title=facts.protocol.title[language],
            synthetic=facts.protocol.synthetic,
            provenance=prose.provenance(facts),
            **own,
        )
    )


def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("casepool.report.page", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )


def fragments(tables: Sequence[DisplayTable], *, alone: bool = True) -> list[tuple[str, str]]:
    """Return title and HTML of the tables of a section; a single one has the section's heading for its caption."""
    return [(one.title, html_fragment(one, caption=not alone or len(tables) > 1)) for one in tables]


def write_report(
    path: str | Path,
    *,
    frames: PageMaterial,
    forest_pages: str | Path,
    figures: Sequence[str | Path],
    search: Sequence[str | Path],
    protocol: Protocol,
    configuration: Configuration,
    version: str,
    language: str,
    commit: str = "",
    files: Sequence[str] = (),
) -> None:
    """Write the page, the PDF and the index beside it, from the stage tables and the figures as files.

    Parameters
    ----------
    frames : every table that the page is made of.
    forest_pages : folder with the pages of the forest plot as SVG.
    figures : files of the other figures, the drawings (SVG) among them named as by `figure_files`.
    search : description of the stored search (JSON); nothing where PubMed was not searched.
    commit : of the project, where it is known.
    files : results of the build, by their paths.
    """
    drawings = [Path(one) for one in figures if Path(one).suffix == ".svg"]
    origin = str(search_described(search).get("origin", ""))
    facts = prose.facts_of(frames, protocol, configuration, version, language, origin, commit)
    standing = standing_tables(
        TableStyle(protocol, facts.catalogue), searched=origin not in (NOT_SEARCHED, TRANSCRIBED)
    )
    content = Content(
        facts,
        display_tables(frames, protocol, facts.catalogue, level=facts.meta.level) | standing,
        {
            "forest": read_pictures(sorted(Path(forest_pages).iterdir())),
            **{name_of(one.stem): read_pictures([one]) for one in drawings},
        },
    )
    write_text(path, as_html(content, languages=configuration.language, files=files))
    write_text(Path(path).with_name("index.html"), index_html(content, languages=configuration.language, files=files))
    write_bytes(Path(path).with_suffix(".pdf"), report_pdf(content))


# What keeps a table a table for readers who listen, where a narrow screen shows its rows as blocks.
_ROLES = {
    "<table": '<table role="table"', "<thead": '<thead role="rowgroup"', "<tbody": '<tbody role="rowgroup"',
    "<tr": '<tr role="row"', '<th scope="col"': '<th scope="col" role="columnheader"',
    '<th scope="row"': '<th scope="row" role="rowheader"', "<td": '<td role="cell"',
}  # fmt: skip


def _response(fragments: Sequence[tuple[str, str]], told: Sequence[Behind]) -> list[tuple[str, str]]:
    """Return the table of response with a link from each disease to what stands behind it."""
    linked = []
    for title, table in fragments:
        for found, role in _ROLES.items():
            table = table.replace(found, role)
        table = re.sub(r'(<td role="cell" class="[a-z]+)(">[–—]</td>)', r"\1 empty\2", table)
        for one in told:
            name = escape(one.name)
            table = table.replace(f">{name}</th>", f'><a href="#{one.place}">{name}</a></th>', 1)
        linked.append((title, table))
    return linked


def _stacked(tables: Mapping[str, DisplayTable]) -> str:
    """Return the rules by which a narrow screen names the cells of the table of response, whose head it hides."""
    columns = tables["response"].columns if "response" in tables else ()
    rules = (
        f"#table-response td:nth-child({place})::before {{ content: {json.dumps(column.label, ensure_ascii=False)}; }}"
        for place, column in enumerate(columns, start=1)
        if place > 1
    )
    lead = next((place for place, column in enumerate(columns, start=1) if column.key == "own"), 0)
    first = f"#table-response td:nth-child({lead}) {{ order: -1; font-weight: 700; }}"
    return "\n".join(("@media (max-width: 700px) {", *rules, first, "}")) if columns else ""
