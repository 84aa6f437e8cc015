"""Raw rates: what the sources tell, without correction (exact intervals, one-stage GLMM)."""

from __future__ import annotations

from collections.abc import Iterator

from casepool.counting.outcomes import OutcomeCounts
from casepool.model.estimate import OVERALL
from casepool.pooling.result_rows import ResultRow
from casepool.stats.binomial import clopper_pearson, wilson
from casepool.stats.glmm.fit import fit_glmm


def raw_rows(counts: OutcomeCounts, diseases: tuple[str, ...], level: float) -> Iterator[ResultRow]:
    """Yield the raw rates of every disease and of all together."""
    for disease in diseases:
        yield from _rates(counts.of(disease), disease, level)
        for complete, name in ((True, "complete_only"), (False, "selective_only")):
            yield exact_row(counts.of(disease, complete=complete), disease, name, level)
    yield from _rates(counts, OVERALL, level)
    for complete, name in ((True, "complete_only"), (False, "selective_only")):
        yield exact_row(counts.only(complete=complete), OVERALL, name, level)


def _rates(counts: OutcomeCounts, disease: str, level: float) -> Iterator[ResultRow]:
    yield exact_row(counts, disease, "raw", level)
    if counts.tally.exact:
        yield _interval_row(counts, disease, "raw", "wilson", level)
        yield _glmm_row(counts, disease, level)


def exact_row(counts: OutcomeCounts, disease: str, analysis: str, level: float) -> ResultRow:
    """Return x/n with its Clopper–Pearson interval; bounds of x/n where the sources leave some patients open."""
    if not counts.tally.exact:
        return _bounds_row(counts, disease, analysis, level)
    return _interval_row(counts, disease, analysis, "exact", level)


def _interval_row(counts: OutcomeCounts, disease: str, analysis: str, model: str, level: float) -> ResultRow:
    events, n = counts.total
    known = n > 0
    interval = clopper_pearson if model == "exact" else wilson
    lower, upper = interval(events, n, level) if known else (None, None)
    return ResultRow(
        counts.outcome,
        disease,
        analysis,
        model,
        "proportion",
        "ok" if known else "no_data",
        value=events / n if known else None,
        ci_lower=float(lower) if lower is not None else None,
        ci_upper=float(upper) if upper is not None else None,
        n_response=events,
        n_at_most=events,
        n_evaluable=n,
        k=counts.n_reports,
        reason=None if known else "no_data",
        cases=counts.listed_cases,
    )


def _bounds_row(counts: OutcomeCounts, disease: str, analysis: str, level: float) -> ResultRow:
    found = counts.tally
    lowest, highest = found.bounds or (None, None)
    lower, upper = found.interval(level) or (None, None)
    return ResultRow(
        counts.outcome, disease, analysis, "exact", "proportion", "bounds", None, lower, upper,
        lowest=lowest, highest=highest, n_response=found.least, n_at_most=found.most, n_evaluable=found.known,
        k=counts.n_reports, reason="not_reported", cases=counts.listed_cases,
    )  # fmt: skip


def _glmm_row(counts: OutcomeCounts, disease: str, level: float) -> ResultRow:
    fit = fit_glmm(counts.events, counts.n, level=level)
    events, n = counts.total
    ci = fit.proportion_ci or (None, None)
    pi = fit.proportion_pi or (None, None)
    return ResultRow(
        counts.outcome,
        disease,
        "raw",
        "glmm",
        "proportion",
        fit.status,
        value=fit.proportion,
        ci_lower=ci[0],
        ci_upper=ci[1],
        pi_lower=pi[0],
        pi_upper=pi[1],
        n_response=events,
        n_at_most=events,
        n_evaluable=n,
        k=counts.n_reports,
        reason=fit.status if fit.reason else None,
        cases=counts.listed_cases,
    )
