"""Switches of the joint model, and the posterior of its hyperparameters under them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Literal

from casepool import defaults
from casepool.defaults import LEVEL
from casepool.stats.binomial import check_level
from casepool.stats.joint.data import JointData, JointPriors
from casepool.stats.joint.grid import HyperGrid, HyperPosterior, dense_spec, hyper_posterior, make_grid, simulation_spec
from casepool.stats.joint.likelihood import disease_loglik, linkage_loglik
from casepool.stats.joint.refine import refined_posterior
from casepool.typing import FloatArray

GridName = Literal["reporting", "simulation", "dense"]


@dataclass(frozen=True)
class Settings:
    """Switches of one fit; see ``fit_joint`` for their meaning.

    ``ratio_spread`` is the standard deviation of the log reporting ratio between diseases; ``min_diseases`` the
    fewest diseases with data that have an overall rate.
    """

    priors: JointPriors = field(default_factory=JointPriors)
    level: float = LEVEL
    clustering: float = 0.0
    kappa: float = 0.0
    ratio: float | None = None
    use_linkage: bool = True
    thresholds: tuple[float, ...] = defaults.THRESHOLDS
    grid: GridName = "reporting"
    ratio_spread: float = 0.0
    min_diseases: int = defaults.MIN_DISEASES

    @property
    def log_ratio(self) -> float | None:
        """Return the fixed log reporting ratio, or None where it is estimated."""
        return None if self.ratio is None else math.log(self.ratio)

    def __post_init__(self) -> None:
        """Refuse what is outside its range."""
        check_level(self.level)
        if not 0.0 <= self.clustering < 1.0:
            message = f"clustering = {self.clustering}; expected 0 <= clustering < 1"
            raise ValueError(message)
        if not 0.0 <= self.ratio_spread < math.inf:
            message = f"ratio_spread = {self.ratio_spread}; expected a finite number from 0 on"
            raise ValueError(message)
        if not math.isfinite(self.kappa):
            message = f"kappa = {self.kappa}; expected a finite number"
            raise ValueError(message)
        if self.ratio is not None and not 0.0 < self.ratio < math.inf:
            message = f"ratio = {self.ratio}; expected a finite number above 0"
            raise ValueError(message)
        if not all(0.0 < c < 1.0 for c in self.thresholds):
            message = f"thresholds = {self.thresholds}; expected numbers between 0 and 1"
            raise ValueError(message)
        if self.grid not in ("reporting", "simulation", "dense"):
            message = f"grid = {self.grid!r}; expected reporting, simulation or dense"
            raise ValueError(message)


def joint_posterior(data: JointData, settings: Settings, diseases: tuple[int, ...] | None = None) -> HyperPosterior:
    """Return the posterior of (mu, tau, beta).

    Parameters
    ----------
    data : JointData
        Counts.
    settings : Settings
        Switches.
    diseases : tuple of int, optional
        Positions of the diseases that the posterior tells of, by default those with data. A
        disease without data leaves the posterior alone and gets the prediction.
    """
    chosen = data.used if diseases is None else diseases
    use_linkage = settings.use_linkage and settings.ratio is None
    linkage = partial(linkage_loglik, data.linkage if use_linkage else None)
    logliks = partial(joint_logliks, data, settings, chosen)
    if settings.grid == "reporting":
        return refined_posterior(logliks, linkage, settings.priors, data.largest, settings.log_ratio)
    return hyper_posterior(_fixed_grid(settings.grid, settings.priors, settings.log_ratio), logliks, linkage)


def joint_logliks(
    data: JointData, settings: Settings, diseases: tuple[int, ...], theta: FloatArray, beta: FloatArray
) -> list[FloatArray]:
    """Return the log-likelihood of each named disease over the nodes, shape (G, B) each."""
    switches = settings.clustering, settings.kappa, settings.ratio_spread
    return [disease_loglik(data, d, theta, beta, *switches) for d in diseases]


@lru_cache(maxsize=4)
def _fixed_grid(name: str, priors: JointPriors, log_ratio: float | None) -> HyperGrid:
    spec = simulation_spec() if name == "simulation" else dense_spec()
    if log_ratio is not None:
        spec = replace(spec, beta_origin=log_ratio, beta_first=0, beta_last=0)
    return make_grid(spec, priors, log_ratio is not None)
