"""The joint model with an assumption integrated over its own prior instead of fixed.

Registry selectivity ``kappa ~ N(kappa_0, sd^2)``, likeness of patients of one source
``rho ~ Beta(a, b)``, and reporting ratios that differ between diseases,
``beta_d ~ N(beta, s^2)`` with ``s ~ half-N(sd)``. Each is integrated by Gaussian quadrature: a
fit at every node, weighed by the prior weight times the marginal likelihood. Means,
deviations and quantiles are those of the mixture of posteriors.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np

from casepool.stats import special
from casepool.stats.joint.data import JointData
from casepool.stats.joint.fit import JointFit, JointOptions, mean_rate, numerical_notes, rates_of
from casepool.stats.joint.notes import Note, data_notes
from casepool.stats.joint.overall import mean_distribution
from casepool.stats.joint.posterior import joint_posterior
from casepool.stats.joint.settings import Settings
from casepool.stats.joint.summary import (
    Moments,
    RatioSummary,
    beta_distribution,
    distributions,
    mu_mean,
    summarise_beta,
    summarise_new_disease,
    summarise_overall,
    summarise_ratio,
    tau_moments,
)
from casepool.stats.mixture import Mixture, mixture_moments
from casepool.stats.quadrature import GridDistribution, gauss_hermite

KAPPA_NODES, CLUSTERING_NODES, SPREAD_NODES = 9, 5, 5
NEGLIGIBLE = 1e-12


@dataclass(frozen=True)
class Hyperpriors:
    """What is integrated over; None leaves an assumption at its value.

    Attributes
    ----------
    kappa_sd : float or None
        Standard deviation of the logit shift of complete evidence.
    clustering : (float, float) or None
        Parameters of the Beta prior of the correlation within sources.
    ratio_sd : float or None
        Scale of the half-normal prior of the spread of the log reporting ratio.
    """

    kappa_sd: float | None = None
    clustering: tuple[float, float] | None = None
    ratio_sd: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no prior."""
        scales = {"kappa_sd": self.kappa_sd, "ratio_sd": self.ratio_sd}
        for name, value in (*scales.items(), *(("clustering", value) for value in self.clustering or ())):
            if value is not None and not 0.0 < value < math.inf:
                message = f"{name} = {value}; expected a finite number above 0"
                raise ValueError(message)


@dataclass(frozen=True)
class Node:
    """One model of the mixture and its posterior weight."""

    kappa: float
    clustering: float
    ratio_spread: float
    weight: float


@dataclass(frozen=True)
class MixtureFit:
    """Summaries of the mixture, and the models that it is made of."""

    fit: JointFit
    nodes: tuple[Node, ...]


def fit_joint_mixture(
    data: JointData,
    hyperpriors: Hyperpriors,
    *,
    ratio: float | None = None,
    use_linkage: bool = True,
    **options: Unpack[JointOptions],
) -> MixtureFit:
    """Return the joint fit integrated over the assumptions named.

    Parameters
    ----------
    data : JointData
        Counts of D diseases.
    hyperpriors : Hyperpriors
        What is integrated over.
    ratio, use_linkage, **options
        As for ``fit_joint``.
    """
    return fit_mixture_with(data, hyperpriors, Settings(ratio=ratio, use_linkage=use_linkage, **options))


def fit_mixture_with(data: JointData, hyperpriors: Hyperpriors, settings: Settings) -> MixtureFit:
    """Return the same with the other switches given together."""
    models = _models(data, settings, hyperpriors)
    parts = [_part(data, model) for _, model in models]
    evidence = [math.log(weight) + part.log_marginal for (weight, _), part in zip(models, parts, strict=True)]
    weights = special.softmax(evidence)
    kept = [i for i in range(len(models)) if weights[i] > NEGLIGIBLE]
    shares = tuple((weights[kept] / weights[kept].sum()).tolist())
    chosen = [models[i][1] for i in kept]
    nodes = tuple(
        Node(model.kappa, model.clustering, model.ratio_spread, share)
        for model, share in zip(chosen, shares, strict=True)
    )
    fit = _summaries(data, settings, models, shares, [parts[i] for i in kept])
    if hyperpriors.clustering is not None and not data.sources:
        fit = replace(fit, notes=(*fit.notes, Note("clustering_prior_without_sources")))
    return MixtureFit(fit, nodes)


@dataclass(frozen=True)
class _Part:
    """What a mixture needs of a posterior; the posterior itself is too large to keep many."""

    log_marginal: float
    thetas: tuple[GridDistribution, ...]
    predictive: GridDistribution
    beta: GridDistribution | None
    ratio: RatioSummary
    overall: GridDistribution | None
    tau: Moments
    mu: float
    notes: tuple[Note, ...]


def _part(data: JointData, settings: Settings) -> _Part:
    posterior = joint_posterior(data, settings)
    *of_kinds, predictive = distributions(posterior)
    return _Part(
        posterior.log_marginal,
        tuple(of_kinds[k] for k in posterior.kinds.of),
        predictive,
        beta_distribution(posterior) if settings.ratio is None else None,
        summarise_ratio(posterior, settings.level),
        mean_distribution(posterior) if data.n_used_diseases >= settings.min_diseases else None,
        tau_moments(posterior),
        mu_mean(posterior),
        numerical_notes(posterior),
    )


def _models(data: JointData, settings: Settings, hyperpriors: Hyperpriors) -> list[tuple[float, Settings]]:
    """Return the product of the quadrature rules: prior weight and switches of each model."""
    rules: list[list[tuple[float, dict[str, float]]]] = []
    if hyperpriors.kappa_sd is not None:
        z, w = gauss_hermite(KAPPA_NODES)
        values = settings.kappa + hyperpriors.kappa_sd * z
        rules.append([(float(b), {"kappa": float(a)}) for a, b in zip(values, w, strict=True)])
    if hyperpriors.clustering is not None and data.sources:
        a, b = hyperpriors.clustering
        x, w = special.roots_jacobi(CLUSTERING_NODES, b - 1.0, a - 1.0)
        shares = np.asarray(w) / np.sum(w)
        rules.append(
            [(float(q), {"clustering": float(p)}) for p, q in zip(0.5 * (1.0 + np.asarray(x)), shares, strict=True)]
        )
    if hyperpriors.ratio_sd is not None:
        # Even in s, so the positive half of a rule for the normal density serves the half-normal.
        z, w = (half[SPREAD_NODES:] for half in gauss_hermite(2 * SPREAD_NODES))
        rules.append(
            [(2.0 * float(q), {"ratio_spread": hyperpriors.ratio_sd * float(p)}) for p, q in zip(z, w, strict=True)]
        )
    models = []
    for nodes in itertools.product(*rules):
        changes = {name: value for _, change in nodes for name, value in change.items()}
        models.append((math.prod(weight for weight, _ in nodes), replace(settings, **changes)))  # type: ignore[arg-type]
    return models


def _summaries(
    data: JointData,
    settings: Settings,
    models: list[tuple[float, Settings]],
    shares: tuple[float, ...],
    parts: list[_Part],
) -> JointFit:
    predictive = Mixture(shares, tuple(part.predictive for part in parts))
    mixed = [Mixture(shares, thetas) for thetas in zip(*(part.thetas for part in parts), strict=True)]
    rates = rates_of(data, settings, dict(zip(data.used, mixed, strict=True)), predictive)
    overall = [part.overall for part in parts if part.overall is not None]
    enough = bool(overall)
    clustering = max(model.clustering for _, model in models)
    numerical = dict.fromkeys(note for part in parts for note in part.notes)
    return JointFit(
        rates,
        summarise_overall(mean_rate(data, rates), Mixture(shares, tuple(overall)), settings.level) if enough else None,
        summarise_new_disease(predictive, settings.level) if enough else None,
        _ratio(settings, shares, parts),
        _tau(shares, parts) if enough else None,
        sum(w * part.mu for w, part in zip(shares, parts, strict=True)) if data.used else None,
        sum(data.complete_n),
        sum(data.selective_n),
        settings.ratio is not None,
        (*data_notes(data, replace(settings, clustering=clustering)), *numerical),
    )


def _ratio(settings: Settings, shares: tuple[float, ...], parts: list[_Part]) -> RatioSummary:
    betas = tuple(part.beta for part in parts if part.beta is not None)
    if not betas:
        return parts[0].ratio
    return summarise_beta(Mixture(shares, betas), settings.level)


def _tau(shares: tuple[float, ...], parts: list[_Part]) -> Moments:
    means, variances = [part.tau.mean for part in parts], [part.tau.sd**2 for part in parts]
    mean, variance = mixture_moments(shares, means, variances)
    return Moments(mean, math.sqrt(variance))
