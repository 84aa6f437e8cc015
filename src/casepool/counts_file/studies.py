"""Proportions of several studies as plain data, ready for JSON: each by itself, or by the mixed model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casepool.counts_file.table import Counts
from casepool.stats.binomial import clopper_pearson, jeffreys, wilson
from casepool.typing import Json

if TYPE_CHECKING:
    from casepool.stats.glmm.fit import GlmmFit

_METHODS = {"ci": clopper_pearson, "ci_wilson": wilson, "ci_jeffreys": jeffreys}


def raw(events: int, n: int, level: float) -> Json:
    """Return x/n with its exact limits and a status."""
    if n == 0:
        return {"estimate": None, "ci": None, "status": "no_data"}
    lower, upper = clopper_pearson(events, n, level)
    return {"estimate": events / n, "ci": [float(lower), float(upper)], "status": "ok"}


def exact_document(counts: Counts, level: float) -> Json:
    """Return every study of checked counts by itself, with its exact, Wilson and Jeffreys limits."""
    rows = []
    for study, events, n in counts.rows("study", "events", "n"):
        row: Json = {"study": study, "events": events, "n": n, "proportion": events / n if n else None}
        for name, method in _METHODS.items():
            row[name] = [float(limit) for limit in method(events, n, level)] if n else None
        rows.append({**row, "status": "ok" if n else "no_data"})
    return {"model": "exact", "level": level, "status": "ok" if sum(counts["n"]) else "no_data", "rows": rows}


def glmm_document(counts: Counts, fit: GlmmFit) -> Json:
    """Return the fit of checked counts, full precision; None where something is not reported.

    The exact interval of all patients stands beside every status: it needs no estimate of the logit.
    """
    return {
        "model": "glmm",
        "k": fit.k,
        "estimate": fit.estimate,
        "se": fit.se,
        "tau2": fit.tau2,
        "ci": _pair(fit.ci),
        "proportion": {
            "estimate": fit.proportion,
            "ci": _pair(fit.proportion_ci),
            "pi": _pair(fit.proportion_pi),
            "marginal": fit.proportion_marginal,
            "marginal_ci": _pair(fit.proportion_marginal_ci),
            "interval": fit.interval,
        },
        "status": fit.status,
        "reason": fit.reason or None,
        "loglik": fit.loglik,
        "level": fit.level,
        "pi": _pair(fit.pi),
        "ci_t": _pair(fit.ci_t),
        "ci_profile": _pair(fit.ci_profile),
        "ci_profile_t": _pair(fit.ci_profile_t),
        "tau2_se": fit.tau2_se,
        "tau2_ci_profile": _pair(fit.tau2_ci_profile),
        "lrt": {"statistic": fit.lrt_statistic, "p": fit.lrt_p},
        "n_nodes": fit.n_nodes,
        "gradient_norm": fit.gradient_norm,
        "iterations": fit.iterations,
        "exact": raw(sum(counts["events"]), sum(counts["n"]), fit.level),
        "n_empty": len(counts) - fit.k,
    }


def _pair(limits: Sequence[float | None] | None) -> list[float | None] | None:
    return None if limits is None else [None if limit is None else float(limit) for limit in limits]
