"""The report as one self-contained HTML page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.configuration import Configuration
from casepool.protocol import Protocol
from casepool.reporting import prose, prose_checks
from casepool.reporting.display import DisplayTable, TableStyle, display_tables
from casepool.reporting.display_rates import corrected_rate, corrected_status
from casepool.reporting.estimates import OVERALL, Estimate
from casepool.reporting.language import load_catalogue
from casepool.reporting.palette import CORRECTED, EDGE, GRID
from casepool.reporting.prose_diseases import disease_lines
from casepool.reporting.prose_origin import origin
from casepool.reporting.results_json import BuildMeta, build_meta
from casepool.reporting.writers import html_fragment
from casepool.tables import write_text

_STRIP_WIDTH, _STRIP_HEIGHT, _STRIP_EDGE = 190, 24, 6
# Tables by section of the page; those of a folded section stand behind a line that opens them.
_SECTIONS = (
    ("correction", "what_if"),
    ("sensitivity", "sensitivity", "leave_one_out"),
    ("ratio", "ratio_sweep", "bounds"),
    ("diagnostics", "diagnostics"),
    ("simulation", "simulation"),
    ("patients", "characteristics", "characteristics_overall"),
    ("outcomes", "other_outcomes"),
    ("safety", "safety", "safety_by_disease"),
    ("more", "moderators", "times"),
    ("excluded", "included_sources", "excluded_reports", "excluded_cases"),
    ("unsettled", "reading_list"),
    ("questions", "open_questions"),
)
_ORDER = (
    *("question", "answer", "forest", "response", "correction", "sure", "diagnostics", "simulation", "flow"),
    *("patients", "outcomes", "excluded", "unsettled", "questions", "origin"),
)
_ALWAYS = ("correction", "patients", "outcomes", "excluded", "unsettled")
FIGURES = ("flow", "identity", "sensitivity", "ratio_sweep", "by_year", "size", "simulation")


@dataclass(frozen=True)
class AnswerLine:
    """One line of the answer: a disease, its rates, a small drawing, what it rests on."""

    disease: str
    told: str
    raw: str
    corrected: str
    strip: str
    status: str
    empty: bool
    total: bool


def render_report(
    *,
    results: pd.DataFrame,
    counts: pd.DataFrame,
    study_counts: pd.DataFrame,
    prisma_counts: pd.DataFrame,
    tables: Mapping[str, DisplayTable],
    figures: Mapping[str, list[str]],
    protocol: Protocol,
    meta: BuildMeta,
    language: str,
    checks: Mapping[str, pd.DataFrame] | None = None,
    search_origin: str = "",
) -> str:
    """Return the page: the answer first, then how it came about, in one file without outside references.

    Parameters
    ----------
    study_counts : with the column ``citation`` where reports are to be named by their authors.
    tables : display tables by key, as `display_tables` makes them.
    figures : SVG texts by name: "forest" (its pages) and those of `FIGURES` that are there.
    checks, search_origin : see `prose.Facts`.
    """
    import jinja2

    catalogue = load_catalogue(language)
    facts = prose.Facts(
        results, counts, study_counts, prisma_counts, protocol, meta, catalogue, checks or {}, search_origin
    )
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("casepool.reporting", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    fragments = {section: _fragments(tables, keys) for section, *keys in _SECTIONS}
    told = {"sure": _unbroken(prose_checks.sure(facts)), "simulation": _unbroken(prose_checks.simulation(facts))}
    told["questions"] = prose_checks.questions(facts)
    return environment.get_template("report.html.j2").render(
        **told,
        sections=[one for one in _ORDER if told.get(one, fragments.get(one, [""])) or one in _ALWAYS],
        language=language,
        text=catalogue.text,
        level=facts.level,
        title=protocol.title[language],
        synthetic=protocol.synthetic,
        question=_unbroken(prose.question(facts)),
        answer=_unbroken(prose.answer(facts)),
        lines=answer_lines(facts),
        words=[(line.disease, *_unbroken([line.words])) for line in disease_lines(facts)],
        correction=_unbroken(prose.correction(facts)),
        unsettled=prose.unsettled(facts, len(tables["reading_list"].rows) if "reading_list" in tables else 0),
        origin=origin(facts),
        provenance=prose.provenance(facts),
        response=[html_fragment(tables["response"], caption=False)] if "response" in tables else [],
        fragments=fragments,
        figures={
            name: [inline_svg(svg, f"{name}{page}") for page, svg in enumerate(figures.get(name, []), start=1)]
            for name in ("forest", *FIGURES)
        },
    )


def write_report(
    path: str | Path,
    *,
    frames: Mapping[str, pd.DataFrame],
    forest_pages: str | Path,
    figures: Sequence[str | Path],
    search: str | Path,
    protocol: Protocol,
    configuration: Configuration,
    version: str,
    language: str,
) -> None:
    """Write the page from the stage tables and the figures as files.

    Parameters
    ----------
    frames : stage and curated tables by name, as `display_tables` wants them, with counts and prisma_counts.
    forest_pages : folder with the pages of the forest plot as SVG.
    figures : the other figures as SVG files, each named as in `FIGURES`.
    search : description of the stored search (JSON).
    """
    meta = build_meta(configuration, protocol.id, version, synthetic=protocol.synthetic)
    pages = [one.read_text(encoding="utf-8") for one in sorted(Path(forest_pages).glob("*.svg"))]
    page = render_report(
        results=frames["results"],
        counts=frames["counts"],
        study_counts=prose.cited(frames["study_counts"], frames["reports"], language),
        prisma_counts=frames["prisma_counts"],
        tables=display_tables(
            frames, protocol, load_catalogue(language), level=meta.level, headline_gain=meta.headline_gain
        ),
        figures={"forest": pages, **{Path(file).stem: [_read(file)] for file in figures}},
        protocol=protocol,
        meta=meta,
        language=language,
        checks=frames,
        search_origin=str(json.loads(_read(search)).get("origin", "")),
    )
    write_text(path, page)


def _read(file: str | Path) -> str:
    return Path(file).read_text(encoding="utf-8")


def _unbroken(sentences: list[str]) -> list[str]:
    """Return the sentences with ranges such as 41–78 that no line may break."""
    return [re.sub(r"(?<=\d)–(?=\d)", "\u2060–\u2060", sentence) for sentence in sentences]


def answer_lines(facts: prose.Facts) -> list[AnswerLine]:
    """Return the answer disease by disease, the mean of all last."""
    return [_answer_line(disease, facts) for disease in (*facts.protocol.eligible_ids, OVERALL)]


def _answer_line(disease: str, facts: prose.Facts) -> AnswerLine:
    style, numbers = TableStyle(facts.protocol, facts.catalogue), facts.catalogue.numbers
    raw = facts.estimates.get(disease, "raw", "exact")
    corrected = facts.estimates.get(disease, "corrected")
    return AnswerLine(
        disease=style.disease(disease),
        told=numbers.count(raw.n_response, raw.n_evaluable),
        raw=numbers.percent_interval(raw.value, raw.ci_lower, raw.ci_upper),
        corrected=corrected_rate(corrected, style),
        strip=_strip(raw, corrected, facts) if raw.shown else "",
        status=corrected_status(disease, raw, corrected, style),
        empty=raw.value is None,
        total=disease == OVERALL,
    )


def _strip(raw: Estimate, corrected: Estimate, facts: prose.Facts) -> str:
    style = TableStyle(facts.protocol, facts.catalogue)
    shown = facts.catalogue.numbers.percent_interval(raw.value, raw.ci_lower, raw.ci_upper)
    label = facts.catalogue.text("strip_label", raw=shown, corrected=corrected_rate(corrected, style))
    grid = "".join(
        f'<line x1="{_at(share)}" x2="{_at(share)}" y1="0" y2="{_STRIP_HEIGHT}" stroke="{GRID}"/>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    )
    marks = _mark(raw, 8, EDGE, 1.4, round_mark=True)
    marks += _mark(corrected, 17, CORRECTED, 2.4, round_mark=False) if corrected.headlined else ""
    size = f'width="{_STRIP_WIDTH}" height="{_STRIP_HEIGHT}" viewBox="0 0 {_STRIP_WIDTH} {_STRIP_HEIGHT}"'
    return f'<svg class="strip" role="img" aria-label="{label}" {size}>{grid}{marks}</svg>'


def _mark(estimate: Estimate, y: int, colour: str, width: float, *, round_mark: bool) -> str:
    if estimate.value is None or estimate.ci_lower is None or estimate.ci_upper is None:
        return ""
    x = _at(estimate.value)
    line = (
        f'<line x1="{_at(estimate.ci_lower)}" x2="{_at(estimate.ci_upper)}" y1="{y}" y2="{y}"'
        f' stroke="{colour}" stroke-width="{width}"/>'
    )
    if round_mark:
        return f'{line}<circle cx="{x}" cy="{y}" r="3.2" fill="white" stroke="{colour}" stroke-width="1.4"/>'
    return f'{line}<path d="M{x} {y - 5}l5 5-5 5-5-5z" fill="{colour}"/>'


def _at(share: float) -> str:
    return f"{_STRIP_EDGE + share * (_STRIP_WIDTH - 2 * _STRIP_EDGE):.1f}"


def _fragments(tables: Mapping[str, DisplayTable], keys: tuple[str, ...] | list[str]) -> list[str]:
    return [html_fragment(tables[key]) for key in keys if key in tables and tables[key].rows]


def inline_svg(svg: str, prefix: str) -> str:
    """Return an SVG text for use inside HTML: no prolog, no metadata, ids that no other figure has."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{prefix}-', body)
    body = re.sub(r'href="#', f'href="#{prefix}-', body)
    body = re.sub(r"url\(#", f"url(#{prefix}-", body)
    return re.sub(
        r'^<svg([^>]*?) width="[^"]*"([^>]*?) height="[^"]*"|^<svg([^>]*?) height="[^"]*"([^>]*?) width="[^"]*"',
        _unsized,
        body,
    )


def _unsized(found: re.Match[str]) -> str:
    return "<svg" + "".join(part or "" for part in found.groups())
