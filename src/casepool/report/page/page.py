"""The report as one self-contained HTML page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import pandas as pd

from casepool.files.atomic import write_text
from casepool.model.configuration import Configuration
from casepool.model.labels import LANGUAGES
from casepool.model.protocol import Protocol
from casepool.report.material import PageMaterial
from casepool.report.page import answer, checks as prose_checks, correction, facts as prose
from casepool.report.page.behind import Behind, behind
from casepool.report.page.diseases import disease_lines
from casepool.report.page.offers import citation, offers
from casepool.report.page.origin import origin
from casepool.report.page.pictures import Picture, inlined, read_pictures
from casepool.report.page.slider import slider
from casepool.report.page.trials import trials
from casepool.report.results_json import BuildMeta, build_meta
from casepool.report.tables.display import DisplayTable
from casepool.report.tables.manuscript import display_tables
from casepool.report.tables.writers import html_fragment
from casepool.report.words.catalogue import load_catalogue
from casepool.search.pubmed.chain import search_described

# Tables by section of the page; those of the annex stand behind a line that opens them.
_SECTIONS = (
    ("response", "response"),
    ("patients", "characteristics"),
    ("outcomes", "other_outcomes", "safety"),
    ("steps", "steps"),
    ("what_if", "at_ratios", "what_if"),
    ("sensitivity", "sensitivity", "leave_one_out"),
    ("ratio", "ratio_sweep", "bounds"),
    ("diagnostics", "diagnostics"),
    ("simulation", "simulation"),
    ("all_patients", "characteristics_overall"),
    ("safety", "safety_by_disease"),
    ("more", "moderators", "times"),
    ("included", "included_sources"),
    ("excluded", "excluded_reports", "excluded_cases"),
    ("trials", "registered_trials"),
    ("readings", "extraction_agreement"),
    ("questions", "open_questions"),
)
_MAIN = (
    "answer",
    "forest",
    "response",
    "correction",
    "sure",
    "flow",
    "patients",
    "outcomes",
    "unsettled",
    "origin",
    "take",
)
_FIGURE_OF = {"ratio": "ratio_sweep"}
_ANNEX = (
    *(
        "words",
        "behind",
        "steps",
        "what_if",
        "ratio",
        "sensitivity",
        "by_year",
        "size",
        "diagnostics",
        "simulation",
        "identity",
    ),
    *("plan", "all_patients", "safety", "more", "included", "excluded", "trials", "readings", "questions"),
)
FIGURES = ("flow", "identity", "steps", "sensitivity", "ratio_sweep", "by_year", "size", "simulation", "plan")


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
    import jinja2

    catalogue = load_catalogue(language)
    facts = prose.Facts(
        results, counts, study_counts, prisma_counts, protocol, meta, catalogue, checks or {}, search_origin
    )
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("casepool.report.page", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    drawn = {name: inlined(figures.get(name, []), name) for name in ("forest", *_drawable(facts))}
    texts = section_texts(facts)
    fragments = {section: _fragments(tables, keys) for section, *keys in _SECTIONS}
    told = behind(facts)
    titles = {name: pages[0].title for name, pages in figures.items() if pages}
    content = {
        key: (texts.get(key, []), drawn.get(_FIGURE_OF.get(key, key), []), fragments.get(key, [])) for key in _ANNEX
    }
    return environment.get_template("report.html.j2").render(
        text=catalogue.text,
        language=language,
        other=next((one for one in languages if one != language), ""),
        title=protocol.title[language],
        synthetic=protocol.synthetic,
        question=_unbroken(prose.question(facts)),
        facts=answer.qualifying_facts(facts),
        words=[(line.disease, *_unbroken([line.words])) for line in disease_lines(facts)],
        provenance=prose.provenance(facts),
        sections=[key for key in _MAIN if key != "sure" or texts["sure"]],
        texts=texts,
        fragments=fragments | {"response": _response(fragments["response"], told)},
        slider=slider(facts),
        level=facts.level,
        behind=[
            (
                one,
                _fragments(
                    {table.key: table for table in one.tables}, [table.key for table in one.tables], alone=False
                ),
            )
            for one in told
        ],
        stacked=_stacked(tables),
        citation=citation(facts),
        offers=offers(files, tables, titles, facts),
        figures={name: drawn.get(name, []) for name in ("forest", *FIGURES)},
        annex={
            key: parts for key, parts in content.items() if any(parts) or key == "words" or (key == "behind" and told)
        },
    )


def section_texts(facts: prose.Facts) -> dict[str, list[str]]:
    """Return the sentences by section of the page."""
    told = {
        "answer": answer.answer(facts),
        "correction": correction.correction(facts),
        "sure": prose_checks.sure(facts),
        "simulation": prose_checks.simulation(facts),
        "diagnostics": prose_checks.diagnostics(facts),
        "unsettled": [*prose.unsettled(facts), *trials(facts)],
        "origin": origin(facts),
        "questions": prose_checks.questions(facts),
        "plan": prose_checks.plan(facts),
    }
    return {section: _unbroken(sentences) for section, sentences in told.items()}


def _drawable(facts: prose.Facts) -> list[str]:
    """Return the figures with something to show: no sensitivities where no rate is given, no lists of one kind."""
    rows = facts.sensitivities
    withheld = ("sensitivity", "by_year") if rows is not None and not rows.primary.headlined else ()
    return [name for name in FIGURES if name not in withheld]


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
    """Write the page from the stage tables and the figures as files.

    Parameters
    ----------
    frames : every table that the page is made of.
    forest_pages : folder with the pages of the forest plot as SVG.
    figures : files of the other figures, the drawings (SVG) among them each named as in `FIGURES`.
    search : description of the stored search (JSON); nothing where PubMed was not searched.
    commit : of the project, where it is known.
    files : results of the build, by their paths.
    """
    meta = build_meta(configuration, protocol.id, version, synthetic=protocol.synthetic, commit=commit)
    drawings = [Path(one) for one in figures if Path(one).suffix == ".svg"]
    page = render_report(
        results=frames["results"],
        counts=frames["counts"],
        study_counts=prose.cited(frames["study_counts"], frames["reports"], language),
        prisma_counts=frames["prisma_counts"],
        tables=display_tables(frames, protocol, load_catalogue(language), level=meta.level),
        figures={
            "forest": read_pictures(sorted(Path(forest_pages).iterdir())),
            **{one.stem: read_pictures([one]) for one in drawings},
        },
        protocol=protocol,
        meta=meta,
        language=language,
        checks=frames,
        search_origin=str(search_described(search).get("origin", "")),
        languages=configuration.language,
        files=files,
    )
    write_text(path, page)


def _unbroken(sentences: list[str]) -> list[str]:
    """Return the sentences with ranges such as 41–78 that no line may break."""
    return [re.sub(r"(?<=\d)–(?=\d)", "\u2060–\u2060", sentence) for sentence in sentences]


def _fragments(tables: Mapping[str, DisplayTable], keys: Sequence[str], *, alone: bool = True) -> list[tuple[str, str]]:
    """Return title and HTML of the tables of a section; a single one has the section's heading for its caption."""
    shown = [tables[key] for key in keys if key in tables and tables[key].rows]
    return [(one.title, html_fragment(one, caption=not alone or len(keys) > 1)) for one in shown]


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
