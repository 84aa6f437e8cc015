"""The names of what prose counts besides: patients, sources, diseases, the search, the boxes of the flow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from casepool.description.characteristics import COHORT
from casepool.model.estimate import OVERALL
from casepool.report.figures.flow.diagram import FlowCounts
from casepool.report.numbers.estimates import sources_of
from casepool.report.numbers.named import Named, forms_of, interval_kind, limits
from casepool.report.page.facts import Facts
from casepool.report.sensitivity_rows import variant_label
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.typing import Row

_ANALYSES = ("data", "leave_one_out", "by_year", "ratio", "ratio_sd", "prior", "clustering", "kappa")


def named_counts(facts: Facts) -> Iterator[Named]:
    """Yield what is counted, each with its name."""
    yield from _of_the_question(facts)
    yield from _of_the_evidence(facts)
    yield from _of_diseases(facts)
    yield from _of_the_flow(facts)
    yield from _of_patients(facts)
    yield from _of_sensitivities(facts)


def _count(name: str, n: int, facts: Facts, *, sources: tuple[str, ...] = (), **values: object) -> Named:
    """Return a count that is called in the catalogue as its name is, its variable parts left out."""
    meaning = facts.catalogue.text(f"number_{name.replace('.', '_')}", **values)
    return Named(name, meaning, {"value": facts.catalogue.numbers.integer(n)}, value=n, sources=sources)


def _of_the_question(facts: Facts) -> Iterator[Named]:
    """Yield what the question and the build are: the day of the search, the coverage, the program."""
    meta, catalogue = facts.meta, facts.catalogue
    texts: dict[str, tuple[str, str | float]] = {
        "search.date": (catalogue.numbers.date(meta.snapshot), meta.snapshot),
        "analysis.level": (facts.level, meta.level),
        "software.version": (meta.version, meta.version),
    }
    for name, (shown, value) in texts.items():
        meaning = catalogue.text(f"number_{name.replace('.', '_')}")
        yield Named(name, meaning, {"value": shown}, value=value, unit="text")
    yield _count("diseases.asked", facts.profile.n_diseases, facts)


def _of_the_evidence(facts: Facts) -> Iterator[Named]:
    """Yield the kinds of evidence in numbers."""
    profile, counts = facts.profile, facts.counts
    counted = facts.study_counts[facts.study_counts["n_evaluable"].fillna(0) > 0]
    everyone = tuple(sorted({str(one) for one in counted["report_id"]}))
    yield _count("diseases.with_data", len(profile.with_data), facts)
    yield _count("diseases.corrected", len(facts.groups["anchored"]), facts)
    yield _count("diseases.interval_only", len(facts.groups["literature_only"]), facts)
    yield _count("sources.all", profile.n_sources, facts, sources=everyone)
    yield _count("sources.complete", len(profile.complete), facts, sources=profile.complete)
    yield _count("sources.of_one_patient", profile.n_single, facts)
    yield _count("patients.treated", int(counts["n_treated"].sum()), facts)
    yield _count("patients.evaluable", int(counts["n_evaluable"].sum()), facts)
    yield _count("patients.response", int(counts["n_response"].sum()), facts)
    yield _count("patients.of_complete_sources", profile.complete_patients, facts, sources=profile.complete)
    yield _count("patients.registry", profile.n_registry, facts)
    for kind, n in facts.origins.n_differing().items():
        yield _count(f"patients.origin_{kind}", n, facts)


def _of_diseases(facts: Facts) -> Iterator[Named]:
    """Yield the patients of each disease, and the sources that report them."""
    for disease in facts.protocol.eligible_ids:
        rows = facts.counts[facts.counts["disease"] == disease]
        cases = "; ".join(str(cell) for cell in rows["cases"] if not is_missing(cell))
        values = {"disease": facts.disease(disease)}
        for what, n in (("treated", rows["n_treated"].sum()), ("evaluable", rows["n_evaluable"].sum())):
            meaning = facts.catalogue.text(f"number_disease_{what}", **values)
            shown = {"value": facts.catalogue.numbers.integer(n)}
            yield Named(f"patients.{disease}.{what}", meaning, shown, value=int(n), sources=sources_of(cases))


def _of_the_flow(facts: Facts) -> Iterator[Named]:
    """Yield every box of the flow, of each arm, and what its details count."""
    catalogue = facts.catalogue
    flow = FlowCounts(facts.prisma_counts, catalogue)
    found = {("records_identified", "", ""): flow.total("records_identified")}
    for row in rows_of(facts.prisma_counts):
        arm, detail = ("" if is_missing(row[key]) else str(row[key]) for key in ("arm", "detail"))
        found[str(row["box"]), arm, detail] = int(row["n"])
    for (box, arm, detail), n in found.items():
        words = [catalogue.text(f"prisma_{box}" if catalogue.has(f"prisma_{box}") else f"number_flow_{box}")]
        words += [catalogue.text(f"flow_{'beside' if arm == 'other_methods' else 'databases'}")] if arm else []
        words += [catalogue.label(detail, "detail")] if detail else []
        name = ".".join(_slug(part) for part in ("flow", box, arm, detail) if part)
        meaning = catalogue.text("number_flow", words=catalogue.text("comma").join(words))
        yield Named(name, meaning, {"value": catalogue.numbers.integer(n)}, value=n)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _of_patients(facts: Facts) -> Iterator[Named]:
    """Yield who the patients were: medians with their range, and counts of those of whom it is known."""
    for row in rows_of(facts.checks["characteristics"]):
        if str(row["item"]).endswith(COHORT):
            continue
        level = "" if is_missing(row["level"]) else str(row["level"])
        name = ".".join(part for part in ("patients", str(row["disease"]), str(row["item"]), level) if part)
        yield _measured(name, row, facts) if is_missing(row["n"]) else _answered(name, level, row, facts)


def _measured(name: str, row: Row, facts: Facts) -> Named:
    numbers = facts.catalogue.numbers
    known = 0 if is_missing(row["n_known"]) else int(row["n_known"])
    forms = {"patients": numbers.integer(known)}
    if is_missing(row["median"]):
        none = facts.catalogue.text("number_none")
        why = facts.catalogue.text("number_why_too_few_known")
        return Named(name, _item(row, "", facts), {"value": none, "both": none, **forms}, unit="median", withheld=why)
    forms |= {"value": numbers.short(row["median"])}
    forms |= {"interval": f"{numbers.short(row['lowest'])}–{numbers.short(row['highest'])}"}
    forms |= {"both": numbers.median_range(row["median"], row["lowest"], row["highest"])}
    return Named(
        name,
        _item(row, "", facts),
        forms,
        value=float(row["median"]),
        lower=float(row["lowest"]),
        upper=float(row["highest"]),
        interval="range",
        unit="median",
    )


def _answered(name: str, level: str, row: Row, facts: Facts) -> Named:
    numbers, n = facts.catalogue.numbers, int(row["n"])
    forms = {"value": numbers.integer(n)}
    if not is_missing(row["n_known"]) and int(row["n_known"]):
        forms |= {"count": numbers.count(n, row["n_known"]), "patients": numbers.integer(row["n_known"])}
        forms |= {"both": f"{numbers.integer(n)} ({numbers.percent(n / int(row['n_known']))})"}
    return Named(name, _item(row, level, facts), forms, value=n)


def _item(row: Row, level: str, facts: Facts) -> str:
    catalogue, item, disease = facts.catalogue, str(row["item"]), str(row["disease"])
    what = catalogue.text(f"item_{item}") if catalogue.has(f"item_{item}") else catalogue.label(item)
    if level and level != "yes":
        what = f"{what}{catalogue.text('colon')}{catalogue.label(level, f'level_{item}')}"
    if disease == OVERALL:
        return catalogue.text("number_item_of_all", what=what)
    return catalogue.text("number_item", what=what, disease=facts.disease(disease))


def _of_sensitivities(facts: Facts) -> Iterator[Named]:
    """Yield the pooled rate under other data and assumptions: of the mean, or of the disease where there is none."""
    rows, catalogue = facts.sensitivities, facts.catalogue
    if rows is None:
        return
    known = sorted(set(facts.study_counts["report_id"].astype(str)))
    names = {report: facts.source(report) for report in known}
    for variant in (one for analysis in _ANALYSES for one in rows.variants(analysis)):
        estimate = replace(rows.of(variant), outcome=facts.protocol.outcomes[0].id)
        low, high = limits(estimate)
        yield Named(
            name=f"sensitivity.{variant.analysis}.{variant.variant}",
            meaning=catalogue.text("number_sensitivity", variant=variant_label(variant, catalogue, names)),
            method=catalogue.text("number_method_joint"),
            forms=forms_of(estimate, catalogue, facts.level),
            value=estimate.value if estimate.headlined else None,
            lower=low,
            upper=high,
            interval=interval_kind(estimate),
            unit=estimate.measure,
            withheld="" if estimate.headlined else catalogue.label(estimate.shown_status, "number_why"),
        )
