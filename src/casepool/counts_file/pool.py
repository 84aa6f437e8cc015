"""Three estimates of each rate from a table of counts: raw, own, pooled. What ``casepool pool`` computes."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from casepool import defaults
from casepool.counts_file.choices import JointChoices
from casepool.counts_file.data import diseases_of, joint_data, own_data
from casepool.counts_file.studies import raw
from casepool.counts_file.table import Counts
from casepool.model.estimate import OK
from casepool.model.headline import Standing, standing_of_all, standing_of_disease
from casepool.model.vocabulary import Withheld
from casepool.stats.bias.bounds import bounded_selection_interval, deflate, tipping_ratio
from casepool.stats.binomial import clopper_pearson
from casepool.stats.joint.data import JointData
from casepool.stats.joint.fit import SWEEP_RATIOS, DiseaseRate, JointFit, Moments, RatioSummary, fit_with
from casepool.stats.own.data import OwnData
from casepool.stats.own.fit import OwnFit, OwnRate, fit_own
from casepool.stats.own.mean import mean_rate
from casepool.typing import Json

_MEAN_OF = 2  # a mean of one disease is its rate
# Why a rate with a point may still carry a reason: an assumed ratio is a point by itself.
_WITH_A_POINT = (None, Withheld.RATIO_FIXED)


@dataclass(frozen=True)
class Fits:
    """The fits of a table of counts.

    Attributes
    ----------
    diseases, choices : names in the order of the counts; what was chosen.
    own_data, own, data, pooled : the evidence as each model takes it, and its fit.
    nodes : the models of the mixture, where an assumption of the pooled model is integrated over a prior.
    sweep : the pooled fit at each fixed reporting ratio, where it was asked for or nothing else can be said.
    """

    diseases: tuple[str, ...]
    choices: JointChoices
    own_data: OwnData
    own: OwnFit
    data: JointData
    pooled: JointFit
    nodes: tuple[Json, ...] | None
    sweep: tuple[tuple[float, JointFit], ...]

    @property
    def reason(self) -> str | None:
        """Why pooled numbers of all diseases may not be headlined; None where they may."""
        return standing_of_all(self.pooled).reason

    @property
    def withheld(self) -> bool:
        """Whether no pooled rate is given: without complete evidence level and ratio cannot be told apart."""
        return self.reason == Withheld.NO_COMPLETE_SOURCE

    def standing(self, disease: int, *, pooled: bool) -> Standing:
        """Return what a rate of a disease rests on, and why it is not to be headlined; a fixed ratio rules both."""
        fixed = pooled or self.pooled.ratio_fixed
        return standing_of_disease(self.pooled.diseases[disease], self.pooled if fixed else None)

    @property
    def anchored(self) -> list[int]:
        """Positions of the diseases of which a source reports all its patients."""
        return [d for d, rate in enumerate(self.own.rates) if rate is not None and rate.anchored]


def fit_counts(counts: Counts, choices: JointChoices) -> Fits:
    """Return the fits of checked counts.

    Raises
    ------
    ConfigError
        If a choice cannot act on the counts.
    """
    data, sources = joint_data(counts), own_data(counts)
    choices.require_effect(counts, data)
    settings, hyperpriors = choices.settings(by_source=counts.by_source), choices.hyperpriors
    nodes = None
    if hyperpriors is None:
        pooled = fit_with(data, settings)
    else:
        from casepool.stats.joint.mixture import fit_mixture_with

        mixture = fit_mixture_with(data, hyperpriors, settings)
        pooled, nodes = mixture.fit, tuple(asdict(node) for node in mixture.nodes)
    linkage = sources.linkage if choices.use_linkage and choices.ratio is None else ()
    own = fit_own(replace(sources, linkage=linkage), choices.allowances)
    found = Fits(diseases_of(counts), choices, sources, own, data, pooled, nodes, ())
    if not (choices.sweep or found.withheld):
        return found
    return replace(found, sweep=tuple((one, fit_with(data, replace(settings, ratio=one))) for one in SWEEP_RATIOS))


def joint_document(fits: Fits) -> Json:
    """Return the fits as plain data, ready for JSON: full precision, None where something is not reported.

    ``raw``, ``own`` and ``pooled`` have the same keys for a disease and for all of them; what else the pooled model
    says stands under its own names: ``reporting_ratio``, ``tau``.
    """
    pooled, withheld = fits.pooled, fits.withheld
    new = None if withheld else pooled.new_disease
    return {
        "model": "joint",
        "level": fits.choices.level,
        "status": str(fits.reason or OK),
        "diseases": [_disease(fits, d) for d in range(len(fits.diseases))],
        "overall": _overall(fits),
        "new_disease": None if new is None else {"mean": new.mean, "median": new.median, "ci": list(new.ci)},
        "reporting_ratio": {**_plain(pooled.reporting_ratio), "own": _own_ratio(fits)},
        "tau": None if pooled.tau is None else _plain(pooled.tau),
        "mu_mean": pooled.mu_mean,
        **({} if fits.nodes is None else {"mixture": list(fits.nodes)}),
        "sweep": [_sweep_row(ratio, one, fits.diseases) for ratio, one in fits.sweep],
        "notes": [asdict(note) for note in pooled.notes],
    }


def _disease(fits: Fits, d: int) -> Json:
    complete, selective = fits.data.totals(d, True), fits.data.totals(d, False)
    responders, n = complete[0] + selective[0], complete[1] + selective[1]
    rate, standing = fits.pooled.diseases[d], fits.standing(d, pooled=True)
    known = not fits.withheld and standing.reason != Withheld.NO_DATA
    found = raw(responders, n, fits.choices.level)
    return {
        "disease": fits.diseases[d],
        "complete": {"responders": complete[0], "n": complete[1]},
        "selective": {"responders": selective[0], "n": selective[1]},
        "raw": {**found, "proportion": found["estimate"]},
        "own": _own(fits.own.rates[d], fits.standing(d, pooled=False), fits.choices),
        "pooled": _pooled(rate if known else None, standing),
        "at_ratio": [] if complete[1] else _at_ratios(responders, n, fits.choices),
        "sensitivity": _single_stratum(*selective, fits.choices),
        **_standing(standing),
    }


def _rate(estimate: float | None, ci: tuple[float, float] | None, standing: Standing) -> Json:
    return {"estimate": estimate, "ci": None if ci is None else list(ci), **_standing(standing)}


def _standing(standing: Standing) -> Json:
    return {"status": str(standing.status), "reason": None if standing.reason is None else str(standing.reason)}


def _own(rate: OwnRate | None, standing: Standing, choices: JointChoices) -> Json:
    """Return the own rate; its limits alone where no source of the disease reports all its patients."""
    if rate is None:
        return _rate(None, None, standing) | {"median": None, "probability_above": None}
    point = standing.reason in _WITH_A_POINT
    return _rate(rate.mean if point else None, rate.interval(choices.level), standing) | {
        "median": rate.quantile(0.5) if point else None,
        "probability_above": {f"{c:g}": rate.above(c) for c in choices.thresholds} if point else None,
    }


def _pooled(rate: DiseaseRate | None, standing: Standing) -> Json:
    """Return the pooled rate; what leans on the prior of the ratio alone has limits and no point."""
    if rate is None or standing.reason not in _WITH_A_POINT:
        unknown = dict.fromkeys(("median", "sd", "worth_n", "probability_above"))
        return _rate(None, None if rate is None else rate.ci, standing) | unknown
    above = {f"{c:g}": p for c, p in rate.probability_above.items()}
    spread = {"median": rate.median, "sd": rate.sd, "worth_n": rate.worth_n}
    return _rate(rate.mean, rate.ci, standing) | spread | {"probability_above": above}


def _at_ratios(responders: int, n: int, choices: JointChoices) -> list[Json]:
    """Return x/n with its exact limits, deflated by each of the usual reporting ratios."""
    if n == 0:
        return []
    limits = clopper_pearson(responders, n, choices.level)
    rows = []
    for ratio in defaults.RATIOS:
        value, low, high = (float(deflate(one, ratio)) for one in (responders / n, *limits))
        rows.append({"ratio": ratio, "estimate": value, "ci": [low, high]})
    return rows


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
    return {"bounded_selection": [float(limit) for limit in bounded], "tipping_ratio": tipping}


def _overall(fits: Fits) -> Json:
    """Return the numbers of all diseases: raw of all patients, own mean of the anchored ones, pooled mean of all."""
    totals = [fits.data.totals(d, kind) for d in range(len(fits.diseases)) for kind in (True, False)]
    found = raw(sum(x for x, _ in totals), sum(n for _, n in totals), fits.choices.level)
    mean, standing = None if fits.withheld else fits.pooled.overall, standing_of_all(fits.pooled)
    if mean is None:
        pooled = _rate(None, None, Standing("no_mean", standing.reason or "too_few_diseases"))
        return {"raw": found, "own": _own_mean(fits), "pooled": pooled, "mean": None, "sd": None, "ci": None}
    pooled = _rate(mean.mean, mean.ci, standing)
    same = {"mean": mean.mean, "sd": mean.sd, "ci": list(mean.ci)}
    return {"raw": found, "own": _own_mean(fits), "pooled": pooled, **same}


def _own_mean(fits: Fits) -> Json:
    """Return the mean of the anchored diseases, each with the same weight; there is none of all diseases."""
    anchored = fits.anchored
    names = {"diseases": [fits.diseases[d] for d in anchored]}
    if len(anchored) < _MEAN_OF:
        return _rate(None, None, Standing("no_mean", "fewer_than_two_anchored")) | names
    found = mean_rate(fits.own, anchored, fits.choices.level)
    return _rate(found.mean, found.ci, Standing(OK)) | names


def _own_ratio(fits: Fits) -> Json:
    """Return the common reporting ratio; where little was learnt its probabilities are those of beforehand."""
    beta, allowed, level = fits.own.ratio, fits.choices.allowances, fits.choices.level
    if allowed.ratio_prior_sd == 0:
        ratio = math.exp(allowed.ratio_mean)
        return {"median": ratio, "ci": [ratio, ratio], "probability_above_1": None, "beforehand": None}
    low, median, high = (math.exp(beta.quantile(q)) for q in (0.5 - level / 2, 0.5, 0.5 + level / 2))
    beforehand = 0.5 * math.erfc(-allowed.ratio_mean / (allowed.ratio_prior_sd * math.sqrt(2.0)))
    return {
        "median": median,
        "ci": [low, high],
        "probability_above_1": 1.0 - beta.cdf(0.0),
        "beforehand": beforehand,
    }


def _plain(found: RatioSummary | Moments) -> Json:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(found).items()}


def _sweep_row(ratio: float, fit: JointFit, diseases: tuple[str, ...]) -> Json:
    rates: dict[str, Any] = {
        name: {"mean": rate.mean, "ci": list(rate.ci)} for name, rate in zip(diseases, fit.diseases, strict=True)
    }
    return {"ratio": ratio, "overall": None if fit.overall is None else fit.overall.mean, "diseases": rates}
