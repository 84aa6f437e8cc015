"""Joint model of complete and selectively reported evidence, by deterministic quadrature.

``x_R ~ Bin(n_R, expit(theta_d + kappa))``, ``x_L ~ Bin(n_L, expit(theta_d + beta))``,
``theta_d ~ N(mu, tau^2)``. Complete evidence R sets the level, selectively reported
evidence L adds rank and precision through one unknown, the reporting ratio
``exp(beta) = P(published | responder) / P(published | non-responder)``. Conditioning on
publication shifts the logit by exactly beta (Prentice and Pyke 1979, Biometrika 66:403).
Beta is informed within diseases that have both kinds and by who was published inside the
registry. Bayesian with weakly informative priors; no simulation, no seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from casepool import defaults
from casepool.defaults import LEVEL
from casepool.stats.joint.data import JointData, JointPriors, Linkage, Source
from casepool.stats.joint.notes import Note, data_notes
from casepool.stats.joint.overall import mean_distribution
from casepool.stats.joint.posterior import HyperPosterior, joint_posterior
from casepool.stats.joint.settings import GridName, Settings
from casepool.stats.joint.summary import (
    DiseaseRate,
    Moments,
    RatioSummary,
    Summary,
    distributions,
    mu_mean,
    summarise_new_disease,
    summarise_overall,
    summarise_rate,
    summarise_ratio,
    tau_moments,
)
from casepool.stats.mixture import Distribution

__all__ = [
    "DiseaseRate",
    "JointData",
    "JointFit",
    "JointPriors",
    "Linkage",
    "Moments",
    "RatioSummary",
    "Source",
    "Summary",
    "fit_joint",
    "fit_with",
    "sweep",
]

SWEEP_RATIOS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)


@dataclass(frozen=True)
class JointFit:
    """Result of ``fit_joint``.

    Attributes
    ----------
    diseases : tuple of DiseaseRate, length D
        In the order of the data.
    overall, new_disease, tau : Summary, Summary, Moments or None
        Reported from ``min_diseases`` diseases with data on.
    reporting_ratio : RatioSummary
        Posterior of the ratio.
    mu_mean : float or None
        Posterior mean of the logit of the median disease; None without data.
    n_complete, n_selective : int
        Patients of all diseases and groups, by ascertainment. Without complete evidence level and ratio cannot be
        told apart.
    ratio_fixed : bool
        Whether the ratio was assumed, not estimated.
    notes : tuple of Note
        What the reader must know before using a number.
    """

    diseases: tuple[DiseaseRate, ...]
    overall: Summary | None
    new_disease: Summary | None
    reporting_ratio: RatioSummary
    tau: Moments | None
    mu_mean: float | None
    n_complete: int
    n_selective: int
    ratio_fixed: bool
    notes: tuple[Note, ...]


class JointOptions(TypedDict, total=False):
    """Keyword options that ``sweep`` hands to ``fit_joint``."""

    priors: JointPriors
    level: float
    clustering: float
    kappa: float
    thresholds: tuple[float, ...]
    grid: GridName
    min_diseases: int


def fit_joint(
    data: JointData,
    *,
    priors: JointPriors = JointPriors(),  # noqa: B008  (frozen, so sharing it is safe)
    level: float = LEVEL,
    clustering: float = 0.0,
    kappa: float = 0.0,
    ratio: float | None = None,
    use_linkage: bool = True,
    thresholds: tuple[float, ...] = defaults.THRESHOLDS,
    grid: GridName = "reporting",
    min_diseases: int = defaults.MIN_DISEASES,
) -> JointFit:
    """Return the posterior of rates and reporting ratio.

    Parameters
    ----------
    data : JointData
        Counts of D diseases.
    priors : JointPriors
        Priors of mu, tau and beta.
    level : float
        Level of every credible interval.
    clustering : float
        Intra-class correlation within ``data.sources`` (0.10 is usual; 0 ignores them).
    kappa : float
        Logit shift of complete evidence, for a registry suspected to prefer responders.
    ratio : float, optional
        Fix the reporting ratio; the linkage is then not used.
    use_linkage : bool
        Whether the linkage informs the ratio.
    thresholds : tuple of float
        Rates for ``probability_above``.
    grid : {"reporting", "simulation", "dense"}
        How finely to compute (see ``RESOLUTIONS``): the default, coarser, finer for checks.
    min_diseases : int
        Fewest diseases with data that have an overall rate, a spread and a prediction.

    Returns
    -------
    JointFit
        Legal input never raises and never gives NaN.
    """
    return fit_with(
        data,
        Settings(priors, level, clustering, kappa, ratio, use_linkage, thresholds, grid, min_diseases=min_diseases),
    )


def sweep(
    data: JointData,
    ratios: Iterable[float] = SWEEP_RATIOS,
    **options: Unpack[JointOptions],
) -> tuple[tuple[float, JointFit], ...]:
    """Return the fit at each fixed reporting ratio, without linkage.

    Parameters
    ----------
    data : JointData
        Counts.
    ratios : iterable of float
        Reporting ratios above 0.
    **options
        Passed to ``fit_joint``.
    """
    return tuple((float(ratio), fit_joint(data, ratio=ratio, **options)) for ratio in ratios)


def fit_with(data: JointData, settings: Settings) -> JointFit:
    """Return the posterior of rates and reporting ratio under given switches, as ``fit_joint`` does."""
    posterior = joint_posterior(data, settings)
    ratio = summarise_ratio(posterior, settings.level)
    *of_kinds, predictive = distributions(posterior)
    thetas = {d: of_kinds[k] for d, k in zip(data.used, posterior.kinds.of, strict=True)}
    rates = rates_of(data, settings, thetas, predictive)
    enough = data.n_used_diseases >= settings.min_diseases
    return JointFit(
        rates,
        summarise_overall(mean_rate(data, rates), mean_distribution(posterior), settings.level) if enough else None,
        summarise_new_disease(predictive, settings.level) if enough else None,
        ratio,
        tau_moments(posterior) if enough else None,
        mu_mean(posterior) if data.used else None,
        sum(data.complete_n),
        sum(data.selective_n),
        settings.ratio is not None,
        (*data_notes(data, settings), *numerical_notes(posterior)),
    )


def rates_of(
    data: JointData, settings: Settings, thetas: Mapping[int, Distribution], predictive: Distribution
) -> tuple[DiseaseRate, ...]:
    """Return the rate of each disease; one without data has that of a new disease.

    Parameters
    ----------
    data : JointData
        Counts.
    settings : Settings
        Level and thresholds.
    thetas : mapping of int to Distribution
        Posterior of theta by position; the same object for diseases with the same evidence.
    predictive : Distribution
        That of a disease without data.
    """
    found: dict[int, DiseaseRate] = {}
    rates = []
    for d in range(data.n_diseases):
        theta = thetas.get(d, predictive)
        rate = found.get(id(theta)) or summarise_rate(theta, settings.level, settings.thresholds)
        found[id(theta)] = rate
        rates.append(replace(rate, n_complete=data.complete_n[d], n_selective=data.selective_n[d]))
    return tuple(rates)


def mean_rate(data: JointData, rates: Sequence[DiseaseRate]) -> float:
    """Return the mean of the rates of the diseases with data."""
    own = data.used[: data.n_used_diseases]
    return sum(rates[d].mean for d in own) / len(own)


def numerical_notes(posterior: HyperPosterior) -> tuple[Note, ...]:
    """Return a note where the lattice could not be as fine or as wide as it should."""
    return (Note("coarse_grid"),) if posterior.lattice.box.capped or posterior.cut_off else ()
