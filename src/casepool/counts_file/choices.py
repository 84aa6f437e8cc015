"""The choices of the joint model on a table of counts, and which of them can act on it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pandas as pd

from casepool import defaults
from casepool.counts_file.read import LINKED_PAIRS
from casepool.defaults import LEVEL
from casepool.model.errors import ConfigError
from casepool.stats.joint.data import JointPriors
from casepool.stats.joint.mixture import Hyperpriors
from casepool.stats.joint.settings import Settings


@dataclass(frozen=True, kw_only=True)
class JointChoices:
    """Every choice of the joint model; see `casepool.JointModel` for their meaning."""

    level: float = LEVEL
    use_linkage: bool = True
    kappa: float = 0.0
    clustering: float = 0.0
    ratio: float | None = None
    prior_mu: tuple[float, float] = defaults.PRIOR_MU
    prior_tau: float = defaults.PRIOR_TAU
    prior_beta: tuple[float, float] = defaults.PRIOR_BETA
    thresholds: tuple[float, ...] = defaults.THRESHOLDS
    sweep: bool = False
    kappa_sd: float | None = None
    clustering_prior: tuple[float, float] | None = None
    ratio_sd: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is outside its range; lists, as JSON has them, become tuples."""
        for name in ("prior_mu", "prior_beta", "clustering_prior", "thresholds"):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else tuple(value))
        try:
            _ = self.settings, self.hyperpriors
        except (TypeError, ValueError) as error:
            message = f"joint model: {error}"
            raise ConfigError(message) from error

    @property
    def settings(self) -> Settings:
        """The switches of the fit."""
        priors = JointPriors(*self.prior_mu, self.prior_tau, *self.prior_beta)
        return Settings(priors, self.level, self.clustering, self.kappa, self.ratio, self.use_linkage, self.thresholds)

    @property
    def hyperpriors(self) -> Hyperpriors:
        """The assumptions that are integrated over a prior."""
        return Hyperpriors(self.kappa_sd, self.clustering_prior, self.ratio_sd)

    def require_effect(self, counts: pd.DataFrame) -> None:
        """Raise ConfigError where a choice cannot act on these counts: its user would take it for made."""
        found = [problem for problem in (*self._without_sources(counts), *self._beside_ratio(counts)) if problem]
        if found:
            raise ConfigError("\n".join(found))

    def _without_sources(self, counts: pd.DataFrame) -> list[str]:
        if "source" in counts.columns and (counts["n"] > 1).any():
            return []
        changed = [name for name in ("clustering", "clustering_prior") if self._is_chosen(name)]
        return [
            f"{name}: found {getattr(self, name)}; expected none, for the counts have no source of two patients or "
            "more. Give one row for each source: disease, source, ascertainment, response, n."
            for name in changed
        ]

    def _beside_ratio(self, counts: pd.DataFrame) -> list[str]:
        linked = set(LINKED_PAIRS[0]) <= set(counts.columns)
        problems = []
        if self.ratio is not None and self._is_chosen("prior_beta"):
            problems.append(
                f"prior_beta: found {self.prior_beta}; expected none beside a fixed ratio of {self.ratio:g}"
            )
        if not self.use_linkage and (not linked or self.ratio is not None):
            why = "beside a fixed ratio" if linked else "for the counts have no columns of the registry linkage"
            problems.append(f"use_linkage: found no; expected yes {why}")
        return problems

    def _is_chosen(self, name: str) -> bool:
        return bool(getattr(self, name) != _DEFAULTS[name])


_DEFAULTS = {field.name: field.default for field in fields(JointChoices)}
