"""How the correction works, in plain words with the numbers of this build."""

from __future__ import annotations

from statistics import NormalDist

from casepool.model.estimate import ALL, OWN, POOLED, Estimate
from casepool.report.page import registry
from casepool.report.page.facts import Facts
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of

_EXAMPLE = (100, 60, 0.30, 0.10)


def correction(facts: Facts) -> list[str]:
    """Return how the correction works; what was compared is said of what could be compared only."""
    paragraphs = [
        [_example(facts)],
        [facts.catalogue.text("correction_blind"), *_evidence(facts), *_uncounted(facts)],
        registry.registry(facts.study_counts, facts.checks, facts.protocol, facts.catalogue),
        [*_ratio(facts), *_data_alone(facts)],
        _two_rates(facts),
        _above(facts),
        _belief(facts),
        _tipping_example(facts),
    ]
    return [" ".join(sentences) for sentences in paragraphs if sentences]


def found(facts: Facts) -> list[str]:
    """Return what was found of selective reporting, without how the correction works."""
    paragraphs = [[*_evidence(facts), *_uncounted(facts)], [*_ratio(facts), *_data_alone(facts)], _above(facts)]
    return [" ".join(sentences) for sentences in paragraphs if sentences]


def _example(facts: Facts) -> str:
    numbers = facts.catalogue.numbers
    total, good, share_good, share_bad = _EXAMPLE
    bad = total - good
    told_good, told_bad = round(good * share_good), round(bad * share_bad)
    return facts.catalogue.text(
        "correction_example",
        total=total,
        good=good,
        bad=bad,
        share_good=numbers.percent(share_good),
        share_bad=numbers.percent(share_bad),
        told_good=told_good,
        told_bad=told_bad,
        told=numbers.percent(told_good / (told_good + told_bad)),
        true=numbers.percent(good / total),
        ratio=numbers.short(share_good / share_bad),
    )


def _evidence(facts: Facts) -> list[str]:
    """Return how many patients the two kinds of sources hold; nothing where there is no patient."""
    complete = facts.counts[facts.counts["ascertainment"] == "complete"]
    rest = facts.counts[facts.counts["ascertainment"] != "complete"]
    integer, n = facts.catalogue.numbers.integer, int(facts.counts["n_evaluable"].sum())
    values = {
        "complete": integer(complete["n_evaluable"].sum()),
        "complete_response": integer(complete["n_response"].sum()),
        "selective": integer(rest["n_evaluable"].sum()),
        "selective_response": integer(rest["n_response"].sum()),
    }
    if not facts.profile.n_sources:
        return []
    if facts.profile.compared:
        return [facts.catalogue.text("correction_evidence_both", evaluable=integer(n), **values)]
    kind = "no_selective" if facts.profile.complete else "no_complete"
    return [facts.catalogue.plural(f"correction_evidence_{kind}", n, **values)]


def _uncounted(facts: Facts) -> list[str]:
    """Return which sources report all their patients but no number of responders."""
    names = [facts.source(one) for one in facts.profile.complete_uncounted]
    return (
        [facts.catalogue.plural("correction_uncounted", len(names), names=facts.catalogue.join(names))] if names else []
    )


def _ratio(facts: Facts) -> list[str]:
    ratio = facts.estimates.get(ALL, "reporting_ratio")
    if not ratio.shown or not facts.profile.n_sources:
        return []
    catalogue = facts.catalogue
    told = [_prior(facts)]
    if not facts.profile.compared:
        return [*told, catalogue.text("correction_not_compared")]
    told.append(catalogue.text(_comparison_key(facts), level=facts.level, **_limits(ratio, facts), **_above_one(facts)))
    doubt = (ratio.ci_lower or 0.0) < 1 < (ratio.ci_upper or 0.0)
    return [*told, catalogue.text("correction_ratio_uncertain")] if doubt else told


def _comparison_key(facts: Facts) -> str:
    """Return which sentence tells of the comparison: within one disease, across diseases, or both."""
    if len(facts.profile.with_data) == 1:
        return "correction_ratio_single"
    return "correction_ratio" if facts.profile.shared else "correction_ratio_across"


def _limits(ratio: Estimate, facts: Facts) -> dict[str, str]:
    decimal = facts.catalogue.numbers.decimal
    return {"ratio": decimal(ratio.value), "low": decimal(ratio.ci_lower), "high": decimal(ratio.ci_upper)}


def _above_one(facts: Facts) -> dict[str, str]:
    """Return the probability that the ratio is above 1, after and before the data."""
    percent = facts.catalogue.numbers.percent
    return {
        "probability": percent(facts.estimates.get(ALL, "reporting_ratio_above_1").value),
        "before": percent(1 - NormalDist(*facts.meta.prior_beta).cdf(0.0)),
    }


def _prior(facts: Facts) -> str:
    middle, low, high = (facts.catalogue.numbers.decimal(limit) for limit in facts.meta.prior_ratio)
    return facts.catalogue.text("correction_prior", ratio=middle, level=facts.level, low=low, high=high)


def _data_alone(facts: Facts) -> list[str]:
    """Return what the data say of the ratio without anything assumed, where that leaves 1 possible."""
    found = facts.checks.get("diagnostics")
    rows = [] if found is None else rows_of(found[found["diagnostic"] == "ratio_by_maximum_likelihood"])
    limits = [[row["ci_lower"], row["value"], row["ci_upper"]] for row in rows]
    told = [one for one in limits if not any(map(is_missing, one)) and one[0] < 1 < one[2]]
    if not facts.profile.compared or not told:
        return []
    low, ratio, high = (facts.catalogue.numbers.decimal(limit) for limit in told[0])
    return [facts.catalogue.text("correction_data_alone", ratio=ratio, low=low, high=high)]


def _two_rates(facts: Facts) -> list[str]:
    """Return how the own rate and the pooled one differ, where there is something to correct."""
    return [facts.catalogue.text("correction_two_rates")] if facts.profile.selective else []


def _above(facts: Facts) -> list[str]:
    """Return which step raised each own rate that exceeds the raw one, or nothing where none does."""
    if "steps" not in facts.checks:
        return []
    steps = facts.checks["steps"]
    first = steps[steps["outcome"] == facts.protocol.outcomes[0].id]
    told = []
    for disease in facts.protocol.eligible_ids:
        raw, own = facts.estimates.get(disease, "raw", "exact"), facts.estimates.get(disease, OWN, OWN)
        if not own.headlined or (own.value or 0.0) <= (raw.value or 0.0):
            continue
        moves = [row for row in rows_of(first[first["disease"] == disease]) if row["step"] != POOLED]
        most = max(moves, key=lambda row: -1.0 if is_missing(row["change"]) else float(row["change"]))
        told.append(
            facts.catalogue.text(
                "correction_above",
                disease=facts.disease(disease),
                own=facts.catalogue.numbers.percent(own.value, 1),
                raw=facts.catalogue.numbers.percent(raw.value, 1),
                step=facts.catalogue.text(f"step_{most['step']}"),
                change=facts.catalogue.numbers.signed_points(float(most["change"])),
            )
        )
    return told


def _belief(facts: Facts) -> list[str]:
    """Return what stays an assumption; what this build does not assume is not listed."""
    if not facts.profile.selective:
        return []
    beliefs = ["ratio"] if facts.groups["literature_only"] and facts.profile.complete else []
    beliefs += ["complete"] if facts.profile.complete else ["nothing"]
    parts = [facts.catalogue.text(f"correction_belief_{one}") for one in beliefs]
    return [facts.catalogue.plural("correction_belief", len(parts), parts=facts.catalogue.join(parts))]


def _tipping_example(facts: Facts) -> list[str]:
    """Return the tipping point of the disease with most patients, or nothing."""
    thresholds = facts.estimates.tipping_thresholds
    ratios = [(facts.estimates.tipping(one, thresholds[0]), one) for one in facts.protocol.eligible_ids if thresholds]
    ratios = [(tipping, one) for tipping, one in ratios if tipping.ci_lower is not None and (tipping.value or 2) > 1]
    if not ratios:
        return []
    tipping, disease = max(ratios, key=lambda pair: pair[0].n_evaluable or 0)
    numbers, catalogue = facts.catalogue.numbers, facts.catalogue
    threshold, lower = numbers.percent(thresholds[0]), numbers.decimal(tipping.ci_lower)
    count = numbers.count(tipping.n_response, tipping.n_evaluable)
    values = {"disease": facts.disease(disease), "count": count, "threshold": threshold}
    if tipping.value is None:
        text = catalogue.text("correction_tipping_all", **values)
    else:
        text = catalogue.text("correction_tipping", ratio=numbers.decimal(tipping.value), **values)
    if (tipping.ci_lower or 0.0) < 1:
        return [text, catalogue.text("correction_tipping_already", threshold=threshold)]
    return [text, catalogue.text("correction_tipping_chance", lower=lower)]
