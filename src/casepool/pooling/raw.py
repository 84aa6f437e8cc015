"""Raw rates: what the sources tell, without correction (exact intervals, one-stage GLMM)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from casepool.counting.outcomes import OutcomeCounts
from casepool.model.estimate import OK, OVERALL, Estimate
from casepool.pooling.evidence import unestimated
from casepool.stats.binomial import clopper_pearson, wilson
from casepool.stats.glmm.fit import fit_glmm


def raw_rows(counts: OutcomeCounts, diseases: tuple[str, ...], level: float) -> Iterator[Estimate]:
    """Yield the raw rates of every disease and of all together."""
    for disease in diseases:
        yield from _rates(counts.of(disease), disease, level)
        for complete, name in ((True, "complete_only"), (False, "selective_only")):
            yield exact_row(counts.of(disease, complete=complete), disease, name, level)
    yield from _rates(counts, OVERALL, level)
    for complete, name in ((True, "complete_only"), (False, "selective_only")):
        yield exact_row(counts.only(complete=complete), OVERALL, name, level)


def _rates(counts: OutcomeCounts, disease: str, level: float) -> Iterator[Estimate]:
    yield exact_row(counts, disease, "raw", level)
    if counts.tally.exact:
        yield _interval_row(counts, disease, "raw", "wilson", level)
        yield from _glmm_rows(counts, disease, level)


def exact_row(counts: OutcomeCounts, disease: str, analysis: str, level: float) -> Estimate:
    """Return x/n with its Clopper–Pearson interval; bounds of x/n where the sources leave some patients open."""
    if not counts.tally.exact:
        return _bounds_row(counts, disease, analysis, level)
    return _interval_row(counts, disease, analysis, "exact", level)


def _interval_row(counts: OutcomeCounts, disease: str, analysis: str, model: str, level: float) -> Estimate:
    events, n = counts.total
    none = replace(unestimated(counts, disease, analysis, model), n_at_most=events)
    if n == 0:
        return replace(none, status="no_data", reason="no_data")
    lower, upper = (clopper_pearson if model == "exact" else wilson)(events, n, level)
    return replace(none, status=OK, value=events / n, ci_lower=float(lower), ci_upper=float(upper))


def _bounds_row(counts: OutcomeCounts, disease: str, analysis: str, level: float) -> Estimate:
    found = counts.tally
    lowest, highest = found.bounds or (None, None)
    lower, upper = found.interval(level) or (None, None)
    return replace(
        unestimated(counts, disease, analysis, "exact"), status="bounds", reason="not_reported",
        ci_lower=lower, ci_upper=upper, lowest=lowest, highest=highest,
        n_response=found.least, n_at_most=found.most, n_evaluable=found.known,
    )  # fmt: skip


def _glmm_rows(counts: OutcomeCounts, disease: str, level: float) -> Iterator[Estimate]:
    """Yield the rate in the median source with the prediction for a new one, and the mean over sources."""
    fit = fit_glmm(counts.events, counts.n, level=level)
    events, _ = counts.total
    none = replace(
        unestimated(counts, disease, "raw", "glmm"),
        status=fit.status, reason=fit.status if fit.reason else None, n_at_most=events,
    )  # fmt: skip
    ci, pi = fit.proportion_ci or (None, None), fit.proportion_pi or (None, None)
    yield replace(none, value=fit.proportion, ci_lower=ci[0], ci_upper=ci[1], pi_lower=pi[0], pi_upper=pi[1])
    ci = fit.proportion_marginal_ci or (None, None)
    yield replace(none, model="glmm_marginal", value=fit.proportion_marginal, ci_lower=ci[0], ci_upper=ci[1])
