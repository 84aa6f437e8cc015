"""Pooling of any table of counts, outside the workflow: what ``casepool pool`` and the public classes compute."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

from casepool.counts_file.choices import JointChoices
from casepool.counts_file.read import has_sources
from casepool.model.estimate import OK
from casepool.model.headline import Standing, standing_of_all, standing_of_disease
from casepool.model.vocabulary import Withheld
from casepool.stats.bias.bounds import bounded_selection_interval, tipping_ratio
from casepool.stats.binomial import clopper_pearson, jeffreys, wilson
from casepool.stats.glmm.fit import GlmmFit
from casepool.stats.joint.data import JointData, Linkage, Source
from casepool.stats.joint.fit import SWEEP_RATIOS, DiseaseRate, JointFit, fit_with
from casepool.stats.joint.mixture import Hyperpriors, fit_mixture_with
from casepool.stats.joint.notes import Note
from casepool.typing import Json


def _pair(limits: tuple[Any, Any] | None) -> list[float | None] | None:
    if limits is None:
        return None
    return [None if value is None else float(value) for value in limits]


def _raw(events: int, n: int, level: float) -> Json:
    if n == 0:
        return {"proportion": None, "ci": None}
    return {"proportion": events / n, "ci": _pair(clopper_pearson(events, n, level))}


def glmm_document(frame: pd.DataFrame, fit: GlmmFit) -> Json:
    """Return the fit of a checked frame as plain data, ready for JSON; None where something is not reported."""
    level = fit.level
    events, n = frame["events"].to_numpy(), frame["n"].to_numpy()
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
            "marginal_ci": _pair(fit.proportion_marginal_ci),
            "interval": fit.interval,
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
    return {**result, "exact": _raw(int(events.sum()), int(n.sum()), level)}


def exact_document(frame: pd.DataFrame, level: float) -> Json:
    """Return every study of a checked frame by itself, with its exact, Wilson and Jeffreys limits."""
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


def joint_data(frame: pd.DataFrame) -> tuple[tuple[str, ...], JointData]:
    """Return the diseases of a checked frame of the joint model, in its order, and their counts."""
    if has_sources(frame):
        return _data_of_sources(frame)
    linkage = None
    if set(_LINKED) <= set(frame.columns):
        linkage = Linkage(*(int(frame[column].sum()) for column in _LINKED))
    events, n, selected, selected_n = ([int(value) for value in frame[column]] for column in _COUNTS)
    return tuple(str(name) for name in frame["disease"]), JointData(events, n, selected, selected_n, linkage)


def _data_of_sources(frame: pd.DataFrame) -> tuple[tuple[str, ...], JointData]:
    position = {name: index for index, name in enumerate(dict.fromkeys(frame["disease"]))}
    rows = zip(frame["disease"], frame["ascertainment"] == "complete", frame["response"], frame["n"], strict=True)
    sources = [Source(position[name], bool(complete), int(events), int(n)) for name, complete, events, n in rows]
    return tuple(str(name) for name in position), JointData.of_sources(len(position), sources)


@dataclass(frozen=True)
class JointResultParts:
    """The joint fit of a table of counts.

    Attributes
    ----------
    diseases, data : names in the order of the counts, and the counts.
    fit : the fit; `nodes` are the models of the mixture where an assumption is integrated over a prior.
    sweep : the fit at each fixed reporting ratio, where it was asked for or nothing else can be said.
    """

    diseases: tuple[str, ...]
    data: JointData
    fit: JointFit
    nodes: tuple[Json, ...] | None
    sweep: tuple[tuple[float, JointFit], ...]

    @property
    def withheld(self) -> bool:
        """Whether no corrected rate is given: without complete evidence level and ratio cannot be told apart."""
        return self.reason == Withheld.NO_COMPLETE_SOURCE

    @property
    def reason(self) -> str | None:
        """Why numbers of all diseases may not be headlined; None where they may."""
        return standing_of_all(self.fit).reason

    @property
    def notes(self) -> tuple[Note, ...]:
        """What must be known before a number is used."""
        return self.fit.notes

    @property
    def standings(self) -> tuple[Standing, ...]:
        """What the rate of each disease rests on, and why it is not to be headlined."""
        return tuple(standing_of_disease(rate, self.fit) for rate in self.fit.diseases)


def fit_counts(frame: pd.DataFrame, choices: JointChoices) -> JointResultParts:
    """Return the joint fit of a checked frame."""
    diseases, data = joint_data(frame)
    settings, nodes = choices.settings, None
    if choices.hyperpriors == Hyperpriors():
        fit = fit_with(data, settings)
    else:
        mixture = fit_mixture_with(data, choices.hyperpriors, settings)
        fit, nodes = mixture.fit, tuple(asdict(node) for node in mixture.nodes)
    found = JointResultParts(diseases, data, fit, nodes, ())
    if not (choices.sweep or found.withheld):
        return found
    return replace(found, sweep=tuple((one, fit_with(data, replace(settings, ratio=one))) for one in SWEEP_RATIOS))


def joint_document(found: JointResultParts, choices: JointChoices) -> Json:
    """Return the fit as plain data, ready for JSON: full precision, None where something is not reported."""
    fit, withheld = found.fit, found.withheld
    return {
        "model": "joint",
        "level": choices.level,
        "status": found.reason or OK,
        "diseases": [
            _disease(found.data, d, name, fit.diseases[d], choices, withheld=withheld) | asdict(found.standings[d])
            for d, name in enumerate(found.diseases)
        ],
        **_summaries(fit, withheld=withheld),
        **({} if found.nodes is None else {"mixture": list(found.nodes)}),
        "sweep": [_sweep_row(ratio, one, list(found.diseases)) for ratio, one in found.sweep],
        "notes": [asdict(note) for note in found.notes],
    }


def _disease(data: JointData, d: int, name: str, rate: DiseaseRate, choices: JointChoices, *, withheld: bool) -> Json:
    complete, selective = data.totals(d, True), data.totals(d, False)
    raw = _raw(complete[0] + selective[0], complete[1] + selective[1], choices.level)
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
        "sensitivity": _single_stratum(*selective, choices),
    }


def _single_stratum(events: int, n: int, choices: JointChoices) -> Json | None:
    # What the selectively reported patients of one disease bear on their own.
    if n == 0:
        return None
    lower, _ = clopper_pearson(events, n, choices.level)
    tipping = {}
    for threshold in choices.thresholds:
        point = float(tipping_ratio(events / n, threshold))
        tipping[f"{threshold:g}"] = {
            "point": point if math.isfinite(point) else None,
            "lower": float(tipping_ratio(lower, threshold)),
        }
    bounded = bounded_selection_interval(events, n, level=choices.level)
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
