"""Switches of the joint model, and how finely its integrals are resolved."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from casepool import defaults
from casepool.defaults import LEVEL
from casepool.stats.binomial import check_level
from casepool.stats.joint.data import JointPriors

GridName = Literal["reporting", "simulation", "dense"]


@dataclass(frozen=True)
class Resolution:
    """How finely the posterior is resolved.

    Attributes
    ----------
    theta_step : float
        Largest distance of theta nodes.
    slices : float
        Steps of mu and beta in deviations of a slice: the relative error of the trapezoid rule for a normal slice
        with steps of h deviations is ``2 exp(-2 pi^2 / h^2)``, 2e-6 at h = 1.2.
    tau_nodes : float
        Gauss-Legendre nodes for each deviation of tau in its range.
    fewest, most : int
        Least and greatest number of these nodes.
    reach : float
        Deviations of mu and beta on either side of their modes.
    """

    theta_step: float
    slices: float
    tau_nodes: float
    fewest: int
    most: int
    reach: float


RESOLUTIONS: Mapping[GridName, Resolution] = {
    "reporting": Resolution(0.15, 1.2, 1.6, 12, 28, 5.4),
    "simulation": Resolution(0.2, 1.4, 1.2, 8, 12, 4.5),
    "dense": Resolution(0.05, 0.7, 3.2, 24, 56, 6.5),
}


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
    def resolution(self) -> Resolution:
        """Return how finely to compute."""
        return RESOLUTIONS[self.grid]

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
        if self.grid not in RESOLUTIONS:
            message = f"grid = {self.grid!r}; expected reporting, simulation or dense"
            raise ValueError(message)
