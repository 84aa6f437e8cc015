"""The results and the abstract: the sentences of the page where it has them, and what the data cannot show."""

from __future__ import annotations

from casepool.model.estimate import OVERALL
from casepool.model.vocabulary import Ascertainment, Certainty
from casepool.report.certainty import ratings
from casepool.report.page import checks
from casepool.report.page.answer import answer, qualifying_facts
from casepool.report.page.correction import found
from casepool.report.page.diseases import disease_lines
from casepool.report.page.facts import question, unsettled
from casepool.report.page.trials import trials
from casepool.report.prose.text import Build, Text, cite
from casepool.report.tables.display import TableStyle
from casepool.report.tables.harm import safety_overall
from casepool.report.tables.patients import overall_characteristics
from casepool.rows import rows_of

_KINDS = (Ascertainment.COMPLETE, Ascertainment.SELECTIVE, Ascertainment.UNCLEAR)


def results(build: Build) -> Text:
    """Return search, sources, patients, rates, harm, certainty and what stays open."""
    facts = build.facts
    lines = [f"{line.disease}{facts.catalogue.text('colon')}{line.words}" for line in disease_lines(facts)]
    return build.text(
        "results",
        [
            ("flow", [_flow(build)]),
            ("sources", _sources(build)),
            ("patients", _patients(build)),
            ("response", answer(facts)),
            ("by_disease", lines if facts.profile.n_sources else []),
            ("correction", [*found(facts), *(checks.sure(facts) if facts.profile.n_sources else [])]),
            ("harm", _harm(build)),
            ("certainty", _certainty(build)),
            ("open", [*unsettled(facts), *trials(facts)]),
            ("limits", limits(build)),
        ],
    )


def abstract(build: Build) -> Text:
    """Return the skeleton of an abstract: what the data say is there, what only the authors can say is left open."""
    facts = build.facts
    told = [build.words(f"search_{facts.search_kind}", date=facts.catalogue.numbers.date(facts.meta.snapshot))]
    told += [build.words("abstract_methods")]
    return build.text(
        "abstract",
        [
            ("background", [build.open("background"), question(facts)[0]]),
            ("methods", [" ".join(told)]),
            ("results", answer(facts)),
            ("conclusion", [build.open("conclusion"), facts.catalogue.text("fact_comparison")]),
            ("registration", [build.open("registration")]),
        ],
    )


def _flow(build: Build) -> str:
    flow = build.facts.flow
    told = [qualifying_facts(build.facts)[0].text]
    integer = build.facts.catalogue.numbers.integer
    screened, excluded = flow.total("records_screened"), flow.total("records_excluded")
    told.append(build.plural("screened", screened, excluded=integer(excluded)))
    patients = build.facts.catalogue.plural("n_patients", flow.total("patients_included"))
    told.append(build.plural("included", flow.total("reports_included"), patients=patients))
    return " ".join(told)


def _sources(build: Build) -> list[str]:
    """Return the included reports by how they chose their patients, each cited, and the facts that qualify them."""
    facts = build.facts
    private = facts.study_counts["report_type"] == "registry_call"
    told = []
    for kind in _KINDS:
        keys = sorted(
            set(facts.study_counts.loc[~private & (facts.study_counts["ascertainment"] == kind), "report_id"])
        )
        told += [build.plural(f"sources_{kind}", len(keys), keys=cite(*keys))] if keys else []
    qualified = " ".join(f"{one.title}. {one.text}" for one in qualifying_facts(facts)[1:3])
    return [qualified, *([" ".join(told)] if told else [])]


def _patients(build: Build) -> list[str]:
    table = overall_characteristics(
        build.facts.checks["characteristics"], TableStyle(build.facts.protocol, build.facts.catalogue)
    )
    missing = build.facts.catalogue.numbers.missing
    parts = []
    for item, value, known in table.rows:
        if missing not in (value, known):  # a median already says of how many
            key = "characteristic_median" if "n\u00a0=" in value else "characteristic"
            parts.append(build.words(key, item=item, value=value, known=known))
    joined = build.facts.catalogue.text("semicolon").join(parts)
    return [build.words("characteristics", parts=joined)] if parts else []


def _harm(build: Build) -> list[str]:
    """Return each event of which something is known, and that a share of these is no risk."""
    facts = build.facts
    table = safety_overall(facts.checks["safety"], TableStyle(facts.protocol, facts.catalogue, facts.meta.level))
    missing = facts.catalogue.numbers.missing
    parts = [
        build.words("event", event=event.strip(), count=count, share="" if share == missing else f", {share}")
        for event, count, share, *_ in table.rows
        if count != missing
    ]
    if not parts:
        return [build.words("no_event_known")]
    return [build.words("events", parts=facts.catalogue.text("semicolon").join(parts)) + " " + build.words("silence")]


def _certainty(build: Build) -> list[str]:
    facts = build.facts
    told = ratings(
        facts.estimates, facts.study_counts, facts.checks["unique_patients"], build.grade,
        tuple(facts.protocol.eligible_ids), facts.catalogue,
    )  # fmt: skip
    levels = {level: [facts.disease(one.disease) for one in told if one.certainty == level] for level in Certainty}
    return [
        build.plural("certainty_of", len(names), level=facts.catalogue.label(level), names=facts.catalogue.join(names))
        for level, names in levels.items()
        if names
    ]


def limits(build: Build) -> list[str]:
    """Return what data of this kind, and of this build, cannot show."""
    facts, profile = build.facts, build.facts.profile
    told = [qualifying_facts(facts)[3].text]
    told += [build.words("limit_search")] if facts.search_kind != "stored" else []
    told += [build.words("limit_no_anchor")] if not profile.complete else []
    told += [facts.catalogue.text("fact_no_registry")] if not profile.n_registry else []
    told += [build.words("limit_definitions")] if profile.n_sources > 1 else []
    raw = facts.estimates.get(OVERALL, "raw", "exact")
    told += [build.words("limit_diseases")] if raw.value is not None and len(profile.with_data) > 1 else []
    unread = facts.checks.get("reading_list")
    told += [build.plural("limit_unread", len(rows_of(unread)))] if unread is not None and len(unread) else []
    return [" ".join(told)]
