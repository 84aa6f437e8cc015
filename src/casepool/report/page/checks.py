"""The sentences on how sure the result is and whether the method works."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from statistics import NormalDist

from casepool.contract.estimates import FLAGGED
from casepool.model.estimate import OVERALL, Estimate
from casepool.model.variant import Variant
from casepool.report.page.facts import Facts
from casepool.report.sensitivity_rows import DATA, PRIMARY, Sensitivities, variant_label
from casepool.report.simulation_rows import Simulated, replicates, simulated
from casepool.report.tables.diagnostics import Cells, in_order, meaning
from casepool.report.tables.display import TableStyle
from casepool.report.tables.sensitivity import points
from casepool.report.words.citations import citations
from casepool.report.words.numbers import is_missing
from casepool.report.words.plan import Plan, PlanWords


def sure(facts: Facts) -> list[str]:
    """Return how far the pooled mean moves under other data and assumptions."""
    if "sensitivity" not in facts.checks:
        return []
    rows = Sensitivities(facts.checks["sensitivity"])
    if not rows.primary.headlined:
        return [facts.catalogue.text("sure_withheld"), *_fixed_ratio(rows, facts)]
    told = [[*_data(rows, facts), *_one_report(rows, facts)], [*_kappa(rows, facts), *_fixed_ratio(rows, facts)]]
    return [" ".join(sentences) for sentences in told if sentences]


def _rate_of(rows: Sensitivities, facts: Facts) -> str:
    """Return what the analyses are about: the mean of the diseases, or the disease where there is no mean."""
    if rows.target == OVERALL:
        return facts.catalogue.text("sure_of_mean")
    return facts.catalogue.text("sure_of_disease", disease=facts.disease(rows.target))


def _ends(rows: Sensitivities, analysis: str) -> list[tuple[Variant, Estimate]]:
    """Return the variants of an analysis with the lowest and the highest mean, the primary left out."""
    found = [(one, rows.of(one)) for one in rows.variants(analysis) if one.variant != PRIMARY]
    found = sorted((pair for pair in found if pair[1].headlined), key=lambda pair: pair[1].value or 0.0)
    return [found[0], found[-1]] if found else []


def _data(rows: Sensitivities, facts: Facts) -> list[str]:
    percent, ends = facts.catalogue.numbers.percent, _ends(rows, DATA)
    if not ends:
        return []
    names = [variant_label(one, facts.catalogue, {}) for one, _ in ends]
    lowest, highest = (name[0].lower() + name[1:] for name in names)
    values = {
        "low": percent(ends[0][1].value),
        "high": percent(ends[1][1].value),
        "primary": percent(rows.primary.value),
    }
    return [facts.catalogue.text("sure_data", of=_rate_of(rows, facts), lowest=lowest, highest=highest, **values)]


def _one_report(rows: Sensitivities, facts: Facts) -> list[str]:
    primary = rows.primary.value or 0.0
    moved = max(rows.extremes(), key=lambda pair: abs((pair[1].value or 0.0) - primary), default=None)
    if moved is None or "reports" not in facts.checks:
        return []
    source = citations(facts.checks["reports"], facts.catalogue.language).get(moved[0].variant, moved[0].variant)
    return [facts.catalogue.text("sure_leave_one_out", source=source, rate=facts.rate(moved[1]))]


def _kappa(rows: Sensitivities, facts: Facts) -> list[str]:
    ends = _ends(rows, "kappa")
    if not ends or not facts.profile.complete:
        return []
    numbers = facts.catalogue.numbers
    odds = sorted(one.odds for one in rows.variants("kappa") if one.odds is not None)
    values = {"least": numbers.short(odds[0]), "most": numbers.short(odds[-1])}
    rates = {"low": numbers.percent(ends[0][1].value), "high": numbers.percent(ends[1][1].value)}
    return [facts.catalogue.text("sure_kappa", **values, **rates)]


def _fixed_ratio(rows: Sensitivities, facts: Facts) -> list[str]:
    ratios = rows.variants("ratio")
    if not ratios or not facts.profile.selective or rows.of(ratios[0]).value is None:
        return []
    numbers, ends = facts.catalogue.numbers, (ratios[0], ratios[-1])
    least, most = (numbers.short(one.ratio) for one in ends)
    high, low = (facts.rate(rows.of(one)) for one in ends)
    return [facts.catalogue.text("sure_ratio", least=least, most=most, high=high, low=low)]


def diagnostics(facts: Facts) -> list[str]:
    """Return what was learnt of the reporting ratio, which checks are an alarm, and what each rate rests on."""
    if "diagnostics" not in facts.checks:
        return []
    catalogue, style = facts.catalogue, TableStyle(facts.protocol, facts.catalogue)
    names = citations(facts.checks["reports"], catalogue.language) if "reports" in facts.checks else {}
    rows = in_order(facts.checks["diagnostics"], style)
    learnt = [
        catalogue.text("diagnostics_learnt", bits=catalogue.numbers.decimal(row["value"], 2), word=catalogue.text(key))
        for row in rows
        if row["diagnostic"] == "information" and catalogue.has(key := f"meaning_information_{row['reason']}")
    ]
    alarms = [catalogue.label(row["diagnostic"], "diagnostic") for row in rows if row["status"] == FLAGGED]
    found = catalogue.plural("diagnostics_alarms", len(alarms), names=catalogue.join(alarms))
    if not alarms:
        found = catalogue.text("diagnostics_no_alarm")
    paragraphs = [
        " ".join([catalogue.text("diagnostics_1"), *learnt]),
        f"{found} {catalogue.text('diagnostics_blind')}",
    ]
    return [*paragraphs, *_foundations(rows, names, style)]


def _foundations(rows: list[Cells], names: Mapping[str, str], style: TableStyle) -> Iterator[str]:
    """Yield, for each disease with complete sources, on which source its rate rests and what would explain it away."""
    of_one = [row for row in rows if row["diagnostic"] in {"rests_on", "tipping_preference"}]
    for disease in dict.fromkeys(str(row["disease"]) for row in of_one):
        parts = [_foundation(row, names, style) for row in of_one if row["disease"] == disease]
        name = style.disease(disease)
        yield style.catalogue.text("diagnostics_disease", disease=name, parts=" ".join(parts))


def _foundation(row: Cells, names: Mapping[str, str], style: TableStyle) -> str:
    if is_missing(row["value"]) or row["diagnostic"] != "rests_on":
        return meaning(row, names, style)
    numbers, source = style.catalogue.numbers, str(row["source"])
    rate = numbers.percent_interval(row["value"], row["ci_lower"], row["ci_upper"])
    with_it = numbers.percent(row["compared"])
    return style.catalogue.text("diagnostics_rests_on", source=names.get(source, source), rate=rate, with_it=with_it)


def simulation(facts: Facts) -> list[str]:
    """Return what the simulation showed: replicates, then the raw rate and the joint model."""
    if "simulation" not in facts.checks:
        return []
    rows = simulated(facts.checks["simulation"])
    overall = [row for row in rows if row.target == "overall" and row.layout == rows[0].layout]
    if not overall:
        return []
    numbers, ratios = facts.catalogue.numbers, sorted({row.ratio for row in overall})
    values = {"least": numbers.short(ratios[0]), "most": numbers.short(ratios[-1])}
    told = [facts.catalogue.text("simulation_1", replicates=replicates(rows, facts.catalogue), **values)]
    if rows[0].layout == "current":
        told.append(facts.catalogue.text("simulation_current"))
    told.append(_margin(overall, facts))
    of_layout = [row for row in rows if row.layout == rows[0].layout]
    performances = [
        _performance(estimator, [row for row in of_layout if row.target == target], facts)
        for estimator, target in (("naive", "overall"), ("own", "anchored"), ("joint", "overall"))
    ]
    performances.append(_without_points([row for row in of_layout if row.target == "literature_only"], facts))
    return [" ".join(told), " ".join(one for one in performances if one)]


def _margin(rows: list[Simulated], facts: Facts) -> str:
    """Return how far the coverage may lie from its true value because replicates are few."""
    level, fewest = facts.meta.level, max(min(row.n_replicates for row in rows), 1)
    margin = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(level * (1 - level) / fewest)
    return facts.catalogue.text(
        "simulation_margin", level=facts.level, margin=facts.catalogue.numbers.decimal(100 * margin)
    )


def _performance(estimator: str, rows: list[Simulated], facts: Facts) -> str:
    """Return the range of bias and coverage of an estimator over the true ratios."""
    numbers, style = facts.catalogue.numbers, TableStyle(facts.protocol, facts.catalogue)
    of_it = [row for row in rows if row.estimator == estimator]
    biases = sorted(row.bias for row in of_it if row.bias is not None)
    coverages = sorted(row.coverage for row in of_it if row.coverage is not None)
    if not biases or not coverages:
        return ""
    name = facts.catalogue.text(f"estimator_in_sentence_{estimator}")
    low, high = (points(one, style) for one in (biases[0], biases[-1]))
    least, most = (numbers.percent(one) for one in (coverages[0], coverages[-1]))
    return facts.catalogue.text("simulation_2", estimator=name, low=low, high=high, least=least, most=most)


def _without_points(rows: list[Simulated], facts: Facts) -> str:
    """Return how often the own intervals of diseases without complete evidence hold the truth."""
    coverages = sorted(row.coverage for row in rows if row.estimator == "own" and row.coverage is not None)
    if not coverages:
        return ""
    least, most = (facts.catalogue.numbers.percent(one) for one in (coverages[0], coverages[-1]))
    return facts.catalogue.text("simulation_without_points", least=least, most=most)


def questions(facts: Facts) -> list[str]:
    """Return how many questions are open."""
    if "open_questions" not in facts.checks:
        return []
    return [facts.catalogue.plural("questions_1", len(facts.checks["open_questions"]))]


def plan(facts: Facts) -> list[str]:
    """Return which centre to call next."""
    found = facts.checks.get("plan")
    if found is None or found.empty:
        return []
    return [" ".join(PlanWords(Plan.of(found), facts.catalogue, facts.disease).sentences())]
