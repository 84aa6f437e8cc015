"""The methods as they were carried out in this build."""

from __future__ import annotations

from casepool.report.page.facts import question
from casepool.report.page.readings import readers
from casepool.report.prose.text import Build, Text
from casepool.report.tables.display import TableStyle

_ALLOWANCES = ("source_sd", "label_error", "registry_sd", "ratio_sd")


def methods(build: Build) -> Text:
    """Return question, search, extraction, outcomes, statistics, certainty and software."""
    return build.text(
        "methods",
        [
            ("question", [_eligibility(build), _protocol(build)]),
            ("search", [_search(build), _selection(build)]),
            ("data", [_extraction(build), build.words("identity"), build.words("appraisal")]),
            ("outcomes", [_outcomes(build)]),
            ("statistics", [_raw(build), _own(build), _secondary(build)]),
            ("certainty", [_certainty(build)]),
            ("software", [_software(build)]),
        ],
    )  # fmt: skip


def _protocol(build: Build) -> str:
    return build.words("protocol", id=build.facts.protocol.id, open=build.open("registration"))


def _eligibility(build: Build) -> str:
    facts, protocol = build.facts, build.facts.protocol
    style = TableStyle(protocol, facts.catalogue)
    names = facts.catalogue.join([style.disease_in_sentence(one) for one in protocol.eligible_ids])
    told = [question(facts)[0], build.plural("diseases", len(protocol.eligible_ids), names=names)]
    unknown = "counted" if protocol.eligibility.count_unknown_age else "excluded"
    return " ".join([*told, build.words(f"unknown_age_{unknown}")])


def _search(build: Build) -> str:
    facts = build.facts
    told = [build.words(f"search_{facts.search_kind}", date=facts.catalogue.numbers.date(facts.meta.snapshot))]
    return " ".join([*told, build.words("search_appendix")])


def _selection(build: Build) -> str:
    told = [build.words("selection")]
    n, agreed = (int(build.agreement[name].sum()) for name in ("n_records", "n_agreed"))
    integer = build.facts.catalogue.numbers.integer
    told.append(build.plural("two_reviewers", n, agreed=integer(agreed)) if n else build.words("one_reviewer"))
    return " ".join(told)


def _extraction(build: Build) -> str:
    """Return what was entered, how many people read it, and how far two of them agreed before anything was settled."""
    return " ".join([build.words("extraction"), *readers(build.facts)])


def _outcomes(build: Build) -> str:
    facts = build.facts
    language, protocol = facts.catalogue.language, facts.protocol
    told = [question(facts)[1]]
    further = [outcome.name[language] for outcome in protocol.outcomes[1:]]
    further += [event.name[language][:1].lower() + event.name[language][1:] for event in protocol.events]
    told += [build.words("further_outcomes", names=facts.catalogue.join(further))] if further else []
    return " ".join([*told, build.words("silence")])


def _raw(build: Build) -> str:
    return build.words("raw", level=build.facts.level)


def _own(build: Build) -> str:
    """Return how rates are corrected, with each allowance that is switched on."""
    facts, own = build.facts, build.configuration.pooling.own
    numbers = facts.catalogue.numbers
    middle, low, high = (numbers.decimal(one) for one in facts.meta.prior_ratio)
    values = {name: getattr(own, name) for name in _ALLOWANCES}
    shown = {
        name: numbers.percent(value) if name == "label_error" else numbers.short(value)
        for name, value in values.items()
    }
    parts = [build.words(f"allowance_{name}", value=shown[name]) for name, value in values.items() if value]
    told = [build.words("ratio"), build.words("own", ratio=middle, low=low, high=high, level=facts.level)]
    told += [build.words("allowances", parts=facts.catalogue.join(parts))] if parts else []
    ratios = facts.catalogue.join([numbers.short(one) for one in build.configuration.pooling.ratios])
    return " ".join([*told, build.words("point", ratios=ratios)])


def _secondary(build: Build) -> str:
    facts, chosen = build.facts, build.configuration
    numbers, asked = facts.catalogue.numbers, len(facts.protocol.eligible_ids)
    least = chosen.pooling.min_diseases
    pooled = "pooled" if asked >= least else "pooled_none"
    ratios = facts.catalogue.join([numbers.short(one) for one in chosen.simulation.ratios])
    replicates = build.plural("simulation", chosen.simulation.replicates, ratios=ratios)
    return " ".join(
        [build.words(pooled, n=numbers.integer(least)), build.words("sensitivity"), replicates, _registry(build)]
    )


def _registry(build: Build) -> str:
    if not build.facts.profile.n_registry:
        return build.facts.catalogue.text("fact_no_registry")
    return build.words("registry", threshold=build.facts.meta.disclosure_threshold)


def _certainty(build: Build) -> str:
    n = len(build.grade)
    return " ".join([build.words("grade"), build.plural("overruled", n) if n else build.words("overruled_none")])


def _software(build: Build) -> str:
    meta = build.facts.meta
    packages = build.facts.catalogue.join([f"{name} {version}" for name, version in build.packages.items() if version])
    commit = build.words("commit", commit=meta.commit[:10]) if meta.commit else ""
    told = [build.words("software", version=meta.version, commit=commit)]
    told += [build.words("packages", names=packages)] if packages else []
    return " ".join([*told, build.words("manifest")])
