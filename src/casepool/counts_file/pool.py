"""Pooling of any table of counts, outside the workflow: the back end of ``casepool pool``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from casepool.counts_file.read import checked_counts_frame, read_counts
from casepool.counts_file.text import as_text
from casepool.model.errors import ConfigError
from casepool.stats.bias.bounds import bounded_selection_interval, tipping_ratio
from casepool.stats.binomial import clopper_pearson, jeffreys, wilson
from casepool.stats.glmm.fit import fit_glmm
from casepool.stats.joint.fit import (
    SWEEP_RATIOS,
    DiseaseRate,
    JointData,
    JointFit,
    JointPriors,
    Linkage,
    fit_joint,
    sweep,
)
from casepool.stats.joint.mixture import Hyperpriors, fit_joint_mixture
from casepool.typing import Json

__all__ = ["as_text", "pool", "pool_counts", "read_counts"]


DEFAULTS: Json = {
    "level": 0.95,
    "use_linkage": True,
    "kappa": 0.0,
    "clustering": 0.0,
    "ratio": None,
    "prior_mu": (0.0, 1.5),
    "prior_tau": 1.0,
    "prior_beta": (math.log(2.0), 1.25),
    "thresholds": (0.3, 0.5),
    "sweep": False,
    "kappa_sd": None,
    "clustering_prior": None,
    "ratio_sd": None,
}
EXACT_STATUSES = frozenset({"all_events", "no_events", "single_study"})


def pool_counts(counts: Path | str | pd.DataFrame, model: str, **options: object) -> Json:
    """Return the pooled result of a counts file or frame; see ``pool``."""
    frame = counts if isinstance(counts, pd.DataFrame) else read_counts(Path(counts), model)
    return pool(frame, model, options)


def pool(frame: pd.DataFrame, model: str, options: Mapping[str, object] | None = None) -> Json:
    """Return the result as plain data, ready for JSON.

    Parameters
    ----------
    frame : DataFrame
        ``study, events, n`` for ``glmm`` and ``exact``; for ``joint``, ``disease,
        complete_response, complete_n, selective_response, selective_n`` and, optionally, the
        registry columns of publication by response.
    model : str
        joint, glmm or exact.
    options : mapping, optional
        Keys and defaults as in ``DEFAULTS``; those a model does not use are ignored.

    Returns
    -------
    dict
        Numbers in full precision; None where something is not reported.
    """
    checked = checked_counts_frame(frame, model)
    chosen = _chosen(options)
    try:
        if model == "joint":
            return _joint(checked, chosen)
        return _glmm(checked, chosen["level"]) if model == "glmm" else _exact(checked, chosen["level"])
    except ValueError as error:
        # The counts are checked by now, so what remains is an option outside its range.
        message = f"casepool pool --model {model}: {error}"
        raise ConfigError(message) from error


def _chosen(options: Mapping[str, object] | None) -> Json:
    unknown = sorted(set(options or {}) - set(DEFAULTS))
    if unknown:
        message = f"casepool pool: unknown option {', '.join(unknown)}; expected one of {', '.join(DEFAULTS)}"
        raise ConfigError(message)
    return {**DEFAULTS, **(options or {})}


def _pair(limits: tuple[Any, Any] | None) -> list[float | None] | None:
    if limits is None:
        return None
    return [None if value is None else float(value) for value in limits]


def _raw(events: int, n: int, level: float) -> Json:
    if n == 0:
        return {"proportion": None, "ci": None}
    return {"proportion": events / n, "ci": _pair(clopper_pearson(events, n, level))}


def _glmm(frame: pd.DataFrame, level: float) -> Json:
    events, n = frame["events"].to_numpy(), frame["n"].to_numpy()
    fit = fit_glmm(events, n, level=level)
    result: Json = {
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
        },
        "status": fit.status,
        "reason": fit.reason or None,
        "loglik": fit.loglik,
        "level": level,
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
    }
    # Where the logit has no finite estimate the exact interval of all patients still says something.
    exact = _raw(int(events.sum()), int(n.sum()), level) if fit.status in EXACT_STATUSES else None
    return {**result, "exact": exact}


def _exact(frame: pd.DataFrame, level: float) -> Json:
    events, n = frame["events"].to_numpy(), frame["n"].to_numpy()
    limits = {name: method(events, n, level) for name, method in _METHODS.items()}
    rows = []
    for i, study in enumerate(frame["study"]):
        empty = n[i] == 0
        row: Json = {"study": study, "events": int(events[i]), "n": int(n[i])}
        row["proportion"] = None if empty else float(events[i] / n[i])
        for name, (lower, upper) in limits.items():
            row[name] = None if empty else [float(lower[i]), float(upper[i])]
        rows.append({**row, "status": "no_data" if empty else "ok"})
    return {"model": "exact", "level": level, "status": "ok" if n.sum() else "no_data", "rows": rows}


_METHODS = {"ci": clopper_pearson, "ci_wilson": wilson, "ci_jeffreys": jeffreys}

_COUNTS = ("complete_response", "complete_n", "selective_response", "selective_n")
_LINKED = ("registry_response_n", "registry_response_published", "registry_none_n", "registry_none_published")


def joint_data(frame: pd.DataFrame) -> JointData:
    """Return a checked frame of the joint model as its input."""
    linkage = None
    if set(_LINKED) <= set(frame.columns):
        linkage = Linkage(*(int(frame[column].sum()) for column in _LINKED))
    events, n, told, told_n = ([int(value) for value in frame[column]] for column in _COUNTS)
    return JointData(events, n, told, told_n, linkage)


def _joint(frame: pd.DataFrame, options: Json) -> Json:
    data = joint_data(frame)
    (mu_mean, mu_sd), (beta_mean, beta_sd) = options["prior_mu"], options["prior_beta"]
    shared: Json = {
        "priors": JointPriors(mu_mean, mu_sd, options["prior_tau"], beta_mean, beta_sd),
        "level": options["level"],
        "clustering": options["clustering"],
        "kappa": options["kappa"],
        "thresholds": tuple(options["thresholds"]),
    }
    fit, nodes = _fit(data, options, shared)
    diseases = [str(name) for name in frame["disease"]]
    # Without complete evidence level and ratio cannot be told apart: what-if numbers only.
    withheld = fit.status == "no_complete_source"
    fits = sweep(data, SWEEP_RATIOS, **shared) if options["sweep"] or withheld else ()
    return {
        "model": "joint",
        "level": options["level"],
        "status": fit.status,
        "diseases": [
            _disease(data, d, name, fit.diseases[d], options, withheld=withheld) for d, name in enumerate(diseases)
        ],
        **_summaries(fit, withheld=withheld),
        **({} if nodes is None else {"mixture": nodes}),
        "sweep": [_sweep_row(ratio, one, diseases) for ratio, one in fits],
        "warnings": list(fit.warnings),
    }


def _fit(data: JointData, options: Json, shared: Json) -> tuple[JointFit, list[Json] | None]:
    """Return the fit, and the models of the mixture where an assumption is integrated over a prior."""
    chosen = {"ratio": options["ratio"], "use_linkage": options["use_linkage"], **shared}
    hyperpriors = Hyperpriors(options["kappa_sd"], options["clustering_prior"], options["ratio_sd"])
    if hyperpriors == Hyperpriors():
        return fit_joint(data, **chosen), None
    found = fit_joint_mixture(data, hyperpriors, **chosen)
    return found.fit, [asdict(node) for node in found.nodes]


def _disease(data: JointData, d: int, name: str, rate: DiseaseRate, options: Json, *, withheld: bool) -> Json:
    complete, selective = data.totals(d, True), data.totals(d, False)
    raw = _raw(complete[0] + selective[0], complete[1] + selective[1], options["level"])
    corrected = {
        "mean": rate.mean,
        "sd": rate.sd,
        "median": rate.median,
        "ci": _pair(rate.ci),
        "worth_n": rate.worth_n,
        "probability_above": {f"{c:g}": p for c, p in rate.probability_above.items()},
    }
    return {
        "disease": name,
        "complete": {"responders": complete[0], "n": complete[1]},
        "selective": {"responders": selective[0], "n": selective[1]},
        "raw": raw,
        "corrected": None if withheld else corrected,
        "sensitivity": _single_stratum(*selective, options),
        "status": rate.status,
    }


def _single_stratum(events: int, n: int, options: Json) -> Json | None:
    # What the selectively reported patients of one disease bear on their own.
    if n == 0:
        return None
    lower, _ = clopper_pearson(events, n, options["level"])
    tipping = {}
    for threshold in options["thresholds"]:
        point = float(tipping_ratio(events / n, threshold))
        tipping[f"{threshold:g}"] = {
            "point": point if math.isfinite(point) else None,
            "lower": float(tipping_ratio(lower, threshold)),
        }
    bounded = bounded_selection_interval(events, n, level=options["level"])
    return {"bounded_selection": _pair(bounded), "tipping_ratio": tipping}


def _summaries(fit: JointFit, *, withheld: bool) -> Json:
    ratio, new, overall = fit.reporting_ratio, fit.new_disease, fit.overall
    if withheld:
        new = overall = None
    return {
        "overall": None if overall is None else {"mean": overall.mean, "sd": overall.sd, "ci": _pair(overall.ci)},
        "new_disease": None if new is None else {"mean": new.mean, "median": new.median, "ci": _pair(new.ci)},
        "reporting_ratio": {
            "median": ratio.median,
            "ci": _pair(ratio.ci),
            "log_mean": ratio.log_mean,
            "log_sd": ratio.log_sd,
            "log_ci": _pair(ratio.log_ci),
            "probability_above_1": ratio.probability_above_1,
        },
        "tau": None if fit.tau is None else {"mean": fit.tau.mean, "sd": fit.tau.sd},
        "mu_mean": fit.mu_mean,
        "anchor_gain": fit.anchor_gain,
    }


def _sweep_row(ratio: float, fit: JointFit, diseases: list[str]) -> Json:
    return {
        "ratio": ratio,
        "overall": None if fit.overall is None else fit.overall.mean,
        "diseases": {
            name: {"mean": rate.mean, "ci": _pair(rate.ci)} for name, rate in zip(diseases, fit.diseases, strict=True)
        },
    }
