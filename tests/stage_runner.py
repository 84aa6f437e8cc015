"""The stages from the check to the readers' tables in one process: the functions of the workflow scripts, in order.

Every table is written and read again through its schema, as the files of a build are. To make thousands of
builds affordable a build can take less care of the numbers (see ``cheap``); the code of every stage runs all the same.
"""

from __future__ import annotations

import sys
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd

from casepool.checks import data
from casepool.contract import TABLES
from casepool.counting.counts import disease_counts, filed_under, origin_counts, study_counts
from casepool.counting.outcomes import OutcomeCounts
from casepool.description.characteristics import characteristics
from casepool.description.moderators import moderators
from casepool.description.safety import safety
from casepool.description.times import times
from casepool.extraction.cases import build_cases
from casepool.extraction.curated import read_tables
from casepool.files import atomic, sheets, store
from casepool.flow.boxes import prisma_counts
from casepool.flow.prisma_web import prisma_web
from casepool.flow.questions import open_questions
from casepool.flow.recall import search_recall
from casepool.flow.told_where import told_where
from casepool.flow.trials import registered_trials
from casepool.identity import ledger
from casepool.model.configuration import Configuration
from casepool.model.protocol import Language, Protocol
from casepool.model.vocabulary import TRANSCRIBED
from casepool.planning.build import plan_of_build
from casepool.planning.plan import Question
from casepool.pooling import checks, diagnostics, pooled as corrected_rates, raw
from casepool.pooling.assumed import ratio_rates
from casepool.pooling.pool import pool_outcomes
from casepool.pooling.registry_diagnostics import published_in
from casepool.pooling.size_limits import size_limits
from casepool.readings.agreement import appraisals_read, extraction_agreement, reading_conflicts
from casepool.readings.judging import sound_comparisons
from casepool.registry.intake.cases import registry_cases
from casepool.registry.release.public import release
from casepool.registry.release.rule import rule_of
from casepool.report.figures.forest.rows import forest_results
from casepool.report.page.facts import cited
from casepool.report.page.page import render_report
from casepool.report.prose.texts import texts_of
from casepool.report.prose.writers import latex, markdown
from casepool.report.results_json import build_meta, results_document, write_results
from casepool.report.summary import summary
from casepool.report.tables.latex import latex_text
from casepool.report.tables.manuscript import display_tables
from casepool.report.tables.writers import csv_text, html_document
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.naming import named_by_content
from casepool.screening.agreement import screening_agreement, screening_conflicts
from casepool.screening.notices import notices
from casepool.screening.state import screening_state
from casepool.screening.waiting import to_screen
from casepool.search.pairs import citation_pairs
from casepool.search.publications.pairs import Listed
from casepool.search.raw import Raw, read_raw
from casepool.search.records import found_by_search, merged_records, search_update
from casepool.search.strategy import search_strategy
from casepool.sensitivity import analyses
from casepool.sensitivity.variants import Material
from casepool.simulation.chunk import Chunk, simulate_layout
from casepool.simulation.table import combine_chunks

LANGUAGES: tuple[Language, ...] = ("fr", "en")


@dataclass
class Build:
    """A build of a project in a folder, as far as it has come.

    Attributes
    ----------
    root : the folder with ``data``; results go to ``root/results``.
    written : whether stage tables are written and read again; else they are only held against their schema.
    search_origin : how the stored search came about, as its description says.
    frames : stage tables by name.
    texts : of the manuscript, as Markdown, by language and name.
    """

    root: Path
    protocol: Protocol
    configuration: Configuration
    written: bool = True
    search_origin: str = TRANSCRIBED
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def curated(self, *names: str) -> Mapping[str, pd.DataFrame]:
        """Return curated tables, corrected, as a script reads them."""
        paths = {name: self.root / "data" / "curated" / f"{name}.csv" for name in (*names, "corrections")}
        return {name: frame.copy() for name, frame in read_tables(paths).items()}

    def keep(self, name: str, frame: pd.DataFrame, key: str = "") -> pd.DataFrame:
        """Write a stage table, read it again, and keep it."""
        if self.written:
            path = self.root / "results" / f"{key or name}.csv"
            store.write_table(name, frame, path)
            self.frames[key or name] = store.read_table(name, path)
        else:
            self.frames[key or name] = store.checked(name, frame)
        return self.frames[key or name]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]


def run_search(build: Build) -> None:
    """Make records, screening state and what stands beside them."""
    snapshot = build.configuration.pubmed.snapshot
    sources = sheets.read_table("sources", build.root / "data" / "raw" / "sources.csv")
    given = build.curated("screening", "reports", "retraction_overrides")
    screening, reports = given["screening"], given["reports"]
    decided = set(screening["record_id"])
    found = read_raw(sources, build.root, snapshot)
    raw = Raw(build.keep("entries", found.entries), build.keep("raw_faults", found.faults))
    build.keep("trial_facts", found.trials)
    merged = merged_records(raw, sources, build.root, snapshot, decided)
    update = search_update(sources, raw, build.root, snapshot, merged.records, decided)
    records = build.keep("records", merged.records)
    build.keep("merges", merged.merges)
    build.keep("search_update", update.counts)
    build.keep("new_records", update.records)
    state = screening_state(records, screening, reports)
    waiting = to_screen(records, state, build.protocol)
    build.keep("screening_state", state)
    build.keep("notices", notices(records, state, given["retraction_overrides"]))
    atomic.write_text(build.root / "results" / "to_screen.csv", waiting.to_csv(index=False))
    build.keep("screening_agreement", screening_agreement(screening, build.configuration.pooling.level))
    found = found_by_search(raw, build.root, snapshot)
    build.keep("search_recall", search_recall(reports, records, found, search_strategy(build.protocol)))
    build.keep("screening_conflicts", screening_conflicts(records, screening))
    listed = Listed(**build.configuration.duplicates.model_dump())
    build.keep("citation_pairs", citation_pairs(records, screening, listed))


def run_cases(build: Build) -> None:
    """Make cases, the registry's share of them (nobody has sent anything), unique patients."""
    given = build.curated("reports", "patients", "cohorts", "appraisal")
    literature = build.keep("cases", build_cases(given, build.protocol), "literature_cases")
    empty = pd.DataFrame(columns=TABLES["registry"].names).astype(TABLES["registry"].dtypes)
    registry = build.keep("cases", registry_cases(empty, build.protocol), "registry_cases")
    decisions = build.curated("identity_decisions")["identity_decisions"]
    private = ledger.link(store.stack("cases", literature, registry), store.stack("identity_decisions", decisions))
    both = (
        build.keep("unique_patients", private.unique, "private"),
        build.keep("unique_patients", private.all_same, "private_same"),
    )
    released = release(literature, *both, rule_of(build.configuration.disclosure))
    cases = build.keep("cases", released.cases)
    links = build.keep("registry_links", released.links)
    build.keep("registry_linkage", released.linkage)
    linked = ledger.link(cases, store.stack("identity_decisions", decisions, links))
    build.keep("unique_patients", linked.unique)
    build.keep("candidate_pairs", linked.pairs)


def run_analysis(build: Build) -> None:
    """Make counts, rates, characteristics, events, sensitivity and diagnostics."""
    protocol, pooling, unique = build.protocol, build.configuration.pooling, build["unique_patients"]
    studies = study_counts(unique, pooling.level)
    build.keep("counts", disease_counts(studies, protocol))
    build.keep("origins", origin_counts(unique, protocol, pooling.level))
    build.keep("filed_under", filed_under(unique))
    studies = build.keep("study_counts", studies)
    pooled = pool_outcomes(studies, unique, build["registry_linkage"], protocol, pooling)
    build.keep("results", pooled.results)
    build.keep("steps", pooled.steps)
    build.keep("ratio_rates", ratio_rates(studies, protocol, pooling, (1.0, 4.0)))
    question = Question.of(pooling, build.configuration.planning)
    build.keep("plan", plan_of_build(studies, build["registry_linkage"], protocol, question))
    build.keep("characteristics", characteristics(unique, protocol))
    build.keep("moderators", moderators(unique, pooling.level))
    build.keep("times", times(unique, pooling.level))
    build.keep("safety", safety(unique, protocol, pooling.level))
    given = build.curated("identity_decisions", "cumulative_incidences", "reading_list")
    decisions = store.stack("identity_decisions", given["identity_decisions"], build["registry_links"])
    others = (given["cumulative_incidences"], given["reading_list"], build["registry_linkage"])
    material = Material(build["cases"], decisions, *others, protocol.outcomes[0].id, pooling.level)
    without_reports = build.keep("sensitivity", analyses.left_out(material, protocol, pooling), "left_out")
    found = analyses.sensitivity(material, protocol, pooling, without_reports)
    build.keep("sensitivity", found)
    both_lists = published_in(build.configuration.registry.country, unique)
    build.keep("diagnostics", diagnostics.diagnostics(material.counts(unique), protocol, pooling, found, both_lists))


def run_flow(build: Build) -> None:
    """Make the flow, who is told where, the open questions and the file of results."""
    state, unique = build["screening_state"], build["unique_patients"]
    news = build["search_update"], build["new_records"]
    prisma_web(build.keep("prisma_counts", prisma_counts(state, build["cases"], unique, build["merges"], *news)))
    compared = sound_comparisons(build.root)
    build.keep("extraction_agreement", extraction_agreement(compared, build.configuration.pooling.level))
    conflicts = build.keep("reading_conflicts", reading_conflicts(compared))
    build.keep("told_where", told_where(unique))
    given = build.curated("reports", "reading_list", "appraisal")
    known = given["reports"], given["reading_list"], build["search_recall"], build["notices"]
    questions = open_questions(unique, *known, appraisals_read(given["appraisal"], compared), conflicts)
    build.keep("open_questions", questions)
    told = build["trial_facts"], build["records"], state, given["reports"]
    build.keep("registered_trials", registered_trials(*told, build.protocol))
    write_results(
        results_document(build["results"], build["counts"], build["unique_patients"], _meta(build)),
        build.root / "results.json",
    )


def _meta(build: Build) -> Any:
    return build_meta(build.configuration, build.protocol.id, "0", synthetic=build.protocol.synthetic)


def run_simulation(build: Build) -> None:
    """Simulate one replicate on the layout of the counts."""
    outcome, diseases = build.protocol.outcomes[0].id, build.protocol.eligible_ids
    chunk = Chunk(2.0, 0, 1, build.configuration.seed)
    sums = simulate_layout(build["study_counts"], diseases, outcome, chunk, build.configuration.pooling)
    build.keep("simulation", combine_chunks([build.keep("simulation_sums", sums)]))


def run_readers(build: Build) -> None:
    """Make tables, lines of the forest plot, page and summary in both languages; draws nothing."""
    names = ("reports", "reading_list", "cumulative_incidences", "context", "grade", "appraisal", "patients", "cohorts")
    given = build.curated(*names)
    frames, protocol = {**build.frames, **given}, named_by_content(build.protocol, build["origins"])
    for language in LANGUAGES:
        catalogue, meta = load_catalogue(language), _meta(build)
        named = cited(build["study_counts"], given["reports"], language)
        shown = display_tables(frames, protocol, catalogue, level=meta.level)
        for table in shown.values():
            assert all((csv_text(table), html_document(table, language), latex_text(table)))
        rows = build.configuration.forest.rows_per_page
        lines = (build["results"], named, given["reports"], protocol, catalogue, rows)
        assert forest_results(*lines, origins=build["origins"])
        page = render_report(
            results=build["results"], counts=build["counts"], study_counts=named,
            prisma_counts=build["prisma_counts"], tables=shown, figures={}, protocol=protocol, meta=meta,
            language=language, checks=frames, search_origin=build.search_origin,
        )  # fmt: skip
        atomic.write_text(build.root / "results" / f"report_{language}.html", page)
        told = texts_of(frames, protocol, build.configuration, "0", language, build.search_origin, {"python": "3.11"})
        build.texts[language] = {one.key: markdown(one) for one in told}
        assert all(latex(one) for one in told)
        waiting = pd.read_csv(build.root / "results" / "to_screen.csv")
        summary(frames, waiting, catalogue, synthetic=build.protocol.synthetic)


def run_figures(build: Build) -> None:
    """Draw every figure in both languages."""
    from casepool.report.figures.appraisal import appraisal_figure
    from casepool.report.figures.canvas.saving import save_figure
    from casepool.report.figures.courses import prior_figure, swimmer_figure
    from casepool.report.figures.flow.diagram import flow_diagram
    from casepool.report.figures.forest.pages import forest_figures
    from casepool.report.figures.identity import draw_identity
    from casepool.report.figures.ratio import ratio_figure
    from casepool.report.figures.sensitivity import by_year_figure, sensitivity_figure
    from casepool.report.figures.simulation import simulation_figure
    from casepool.report.figures.size import size_figure
    from casepool.report.figures.steps import steps_figure
    from casepool.report.words.citations import citations

    reports, chosen = build.curated("reports")["reports"], build.configuration
    protocol = named_by_content(build.protocol, build["origins"])
    level, marked = chosen.pooling.level, {"synthetic": protocol.synthetic}
    studies, found, results = build["study_counts"], build["sensitivity"], build["results"]
    search = {"origin": build.search_origin, "date": chosen.pubmed.snapshot}
    for language in LANGUAGES:
        names, folder = citations(reports, language), build.root / "results" / language
        named = cited(studies, reports, language)
        whole, pages = forest_figures(
            results, named, reports, protocol, language, chosen.forest.rows_per_page, origins=build["origins"]
        )
        fixed = {"level": level, "thresholds": chosen.pooling.thresholds}
        figures = [
            whole,
            *pages,
            flow_diagram(build["prisma_counts"], language, search=search, **marked),
            draw_identity(build["told_where"], language, threshold=chosen.disclosure.threshold, **marked),
            steps_figure(build["steps"], protocol, language, level=level),
            sensitivity_figure(found, names, protocol, language, level=level),
            by_year_figure(found, protocol, language, level=level),
            ratio_figure(found, results, protocol, language, **fixed),
            size_figure(studies, size_limits(studies, level), language, level=level, **marked),
            simulation_figure(build["simulation"], language, level=level, **marked),
            appraisal_figure(studies, build.curated("appraisal")["appraisal"], names, language, **marked),
            swimmer_figure(build["unique_patients"], names, protocol, language),
            prior_figure(build["unique_patients"], protocol, language),
        ]
        for number, figure in enumerate(figures):
            save_figure(figure, folder / f"figure{number}", language)


Stage = Callable[[Build], None]
STAGES: tuple[Stage, ...] = (run_search, run_cases, run_analysis, run_flow)
FOR_READERS: tuple[Stage, ...] = (run_simulation, run_readers)


def run(build: Build, stages: tuple[Stage, ...]) -> None:
    """Run stages in order; a warning stops no build."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for stage in stages:
            stage(build)


class Memo:
    """Remembers what a function returned for arguments that read alike; the oldest is forgotten."""

    def __init__(self, function: Callable[..., Any], size: int = 4000, **fixed: object) -> None:
        self.function, self.size, self.fixed = function, size, fixed
        self.known: OrderedDict[str, Any] = OrderedDict()

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Return what the function returns."""
        chosen = {**named, **self.fixed}
        key = repr(([getattr(one, "tolist", lambda one=one: one)() for one in given], sorted(chosen.items())))
        if key not in self.known:
            self.known[key] = self.function(*given, **chosen)
            if len(self.known) > self.size:
                self.known.popitem(last=False)
        return self.known[key]


class _Tables:
    """Reads a table of the same bytes once; the rows are copied for each reader."""

    def __init__(self, size: int = 1500) -> None:
        self.read, self.size = sheets.check_table, size
        self.known: OrderedDict[tuple[str, bytes], sheets.CheckedTable] = OrderedDict()

    def __call__(self, name: str, path: str | Path) -> sheets.CheckedTable:
        path = Path(path)
        if not path.is_file():
            return self.read(name, path)
        key = name, sha256(path.read_bytes()).digest()
        if key not in self.known:
            self.known[key] = self.read(name, path)
            if len(self.known) > self.size:
                self.known.popitem(last=False)
        found = self.known[key]
        return sheets.CheckedTable(found.frame.copy(), found.problems, found.notes, found.readable)


class _Corrected:
    """Corrects tables of the same bytes once."""

    def __init__(self, size: int = 300) -> None:
        self.read, self.size = read_tables, size
        self.known: OrderedDict[tuple[tuple[str, bytes], ...], Mapping[str, pd.DataFrame]] = OrderedDict()

    def __call__(self, paths: Mapping[str, str | Path]) -> Mapping[str, pd.DataFrame]:
        key = tuple((name, sha256(Path(path).read_bytes()).digest()) for name, path in paths.items())
        if key not in self.known:
            self.known[key] = self.read(paths)
            if len(self.known) > self.size:
                self.known.popitem(last=False)
        return self.known[key]


class _Raws:
    """Reads the raw files that a table describes once; no mutant changes the files themselves."""

    def __init__(self) -> None:
        self.read = read_raw
        self.known: dict[tuple[Path, str, str], Raw] = {}

    def __call__(self, sources: pd.DataFrame, root: str | Path, snapshot: str) -> Raw:
        key = (Path(root) / "data" / "raw").resolve(), sources.to_csv(), snapshot
        if key not in self.known:
            self.known[key] = self.read(sources, root, snapshot)
        found = self.known[key]
        return Raw(found.entries.copy(), found.faults.copy(), trials=found.trials.copy())


class _Links:
    """Remembers the last ledger: a build without registry asks for the same one again and again."""

    def __init__(self) -> None:
        self.link = ledger.link
        self.last: tuple[pd.DataFrame, pd.DataFrame, ledger.Linked] | None = None

    def __call__(self, cases: pd.DataFrame, decisions: pd.DataFrame) -> ledger.Linked:
        if self.last is None or not (self.last[0].equals(cases) and self.last[1].equals(decisions)):
            self.last = cases.copy(), decisions.copy(), self.link(cases, decisions)
        found = self.last[2]
        return ledger.Linked(found.pairs.copy(), found.unique.copy(), found.all_same.copy(), found.notes)


@dataclass(frozen=True)
class Cheap:
    """What is remembered from one build to the next."""

    tables: _Tables = field(default_factory=_Tables)
    corrected: _Corrected = field(default_factory=_Corrected)
    raws: _Raws = field(default_factory=_Raws)
    glmm: Memo = field(default_factory=lambda: Memo(raw.fit_glmm, profile=False))
    joint: Memo = field(default_factory=lambda: Memo(corrected_rates.fit_with))
    likelihood: Memo = field(default_factory=lambda: Memo(diagnostics.fit_joint_ml, profile=False))
    mixture: Memo = field(default_factory=lambda: Memo(corrected_rates.fit_mixture_with))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read a table of the same bytes once."""
        unhurried = patch.object(atomic.os, "fsync", lambda _: None)  # nothing here must outlive a power cut
        here = patch.multiple(sys.modules[__name__], read_tables=self.corrected, read_raw=self.raws)
        checked = patch.object(data, "read_raw", self.raws)
        with patch.object(sheets, "check_table", self.tables), unhurried, here, checked:
            yield

    @contextmanager
    def coarse(self) -> Iterator[None]:
        """Fit on the coarse grid of the simulation and without profile intervals, each set of counts once."""
        with ExitStack() as stack:
            stack.enter_context(patch.object(ledger, "link", _Links()))
            stack.enter_context(patch.object(raw, "fit_glmm", self.glmm))
            for module in (corrected_rates, analyses):
                stack.enter_context(patch.object(module, "fit_with", self.joint))
            stack.enter_context(patch.object(corrected_rates, "fit_mixture_with", self.mixture))
            coarse = partial(corrected_rates.settings_of, grid="simulation")
            for module in (corrected_rates, analyses, checks):
                stack.enter_context(patch.object(module, "settings_of", coarse))
            stack.enter_context(patch.object(diagnostics, "fit_joint_ml", self.likelihood))
            yield

    @contextmanager
    def primary_only(self) -> Iterator[None]:
        """Make the counts of every variant, and fit the primary analysis for all of them."""
        primary: list[Any] = []

        def fit(data: Any, settings: Any) -> Any:
            if not primary:
                primary.append(corrected_rates.fit_with(data, settings))
            return primary[0]

        def mixture(counts: OutcomeCounts, diseases: Any, settings: Any, *_: Any) -> Any:
            return fit(
                corrected_rates.joint_data(counts, diseases), settings
            )  # the counts: what the model would refuse

        with patch.object(analyses, "fit_with", fit), patch.object(analyses, "fit_mixture", mixture):
            yield

    @contextmanager
    def whole_reports(self) -> Iterator[None]:
        """Leave no report out and stop at no year."""
        with patch.object(analyses, "by_year", lambda *_: ()), patch.object(analyses.LeavingOut, "reports", []):
            yield
