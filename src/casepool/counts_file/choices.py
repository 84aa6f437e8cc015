"""The choices of the own and the pooled model on a table of counts, and which of them can act on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from casepool import defaults
from casepool.counts_file.table import Counts
from casepool.defaults import LEVEL
from casepool.model.errors import ConfigError
from casepool.model.message import Message
from casepool.stats.joint.data import JointData, JointPriors
from casepool.stats.joint.settings import Settings
from casepool.stats.own.data import Allowances

if TYPE_CHECKING:
    from casepool.stats.joint.mixture import Hyperpriors


@dataclass(frozen=True, kw_only=True)
class JointChoices:
    """Every choice of the own and the pooled model; see `casepool.JointModel` for their meaning."""

    level: float = LEVEL
    use_linkage: bool = True
    source_sd: float = defaults.SOURCE_SD
    label_error: float = defaults.LABEL_ERROR
    registry_sd: float = defaults.REGISTRY_SD
    ratio_sd: float = defaults.RATIO_SD
    ratio: float | None = None
    prior_beta: tuple[float, float] = defaults.PRIOR_BETA
    prior_mu: tuple[float, float] = defaults.PRIOR_MU
    prior_tau: float = defaults.PRIOR_TAU
    clustering: float | None = None
    kappa: float = 0.0
    clustering_prior: tuple[float, float] | None = None
    kappa_sd: float | None = None
    ratio_spread: float | None = None
    thresholds: tuple[float, ...] = defaults.THRESHOLDS
    sweep: bool = False

    def __post_init__(self) -> None:
        """Refuse what is outside its range; lists, as JSON has them, become tuples."""
        for name in ("prior_mu", "prior_beta", "clustering_prior", "thresholds"):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else tuple(value))
        try:
            _ = self.settings(by_source=True), self.hyperpriors, self.allowances
        except (TypeError, ValueError) as error:
            raise ConfigError(Message("choice_outside", error=str(error))) from error

    def settings(self, *, by_source: bool) -> Settings:
        """Return the switches of the pooled fit; patients are alike within sources where sources are known."""
        priors = JointPriors(*self.prior_mu, self.prior_tau, *self.prior_beta)
        usual = defaults.CLUSTERING if by_source else 0.0
        clustering = usual if self.clustering is None else self.clustering
        return Settings(priors, self.level, clustering, self.kappa, self.ratio, self.use_linkage, self.thresholds)

    @property
    def allowances(self) -> Allowances:
        """What the own rate allows to be wrong; a fixed ratio is the same in every disease."""
        doubts = self.source_sd, self.label_error, self.registry_sd
        allowed = Allowances(*doubts, self.ratio_sd, *self.prior_beta)
        return allowed if self.ratio is None else allowed.with_ratio(self.ratio)

    @property
    def hyperpriors(self) -> Hyperpriors | None:
        """The assumptions of the pooled model that are integrated over a prior; None without any."""
        if self.kappa_sd is None and self.clustering_prior is None and self.ratio_spread is None:
            return None
        from casepool.stats.joint.mixture import Hyperpriors  # asked for by few, and slow to import

        return Hyperpriors(self.kappa_sd, self.clustering_prior, self.ratio_spread)

    def require_effect(self, counts: Counts, data: JointData) -> None:
        """Raise ConfigError where a choice cannot act on these counts: its user would take it for made."""
        idle = dict(_idle(counts, data, fixed=self.ratio is not None))
        found = [
            Message("choice_idle", choice=name, found=_shown(getattr(self, name)), why=idle[name])
            for name in idle
            if self._is_chosen(name)
        ]
        if found:
            raise ConfigError(Message("choices_idle", problems=tuple(found)))

    def _is_chosen(self, name: str) -> bool:
        value = getattr(self, name)
        return bool(value != _DEFAULTS[name]) and not (name == "clustering" and value == 0)


_DEFAULTS = {field.name: field.default for field in fields(JointChoices)}


def _idle(counts: Counts, data: JointData, *, fixed: bool) -> Iterator[tuple[str, Message]]:
    """Yield each choice that cannot act, with the message that says why."""
    kinds = set(counts["ascertainment"]) if counts.by_source else {"complete", "selective"}
    if not (counts.by_source and data.sources):
        yield from dict.fromkeys(("clustering", "clustering_prior"), Message("idle_without_sources")).items()
    if max((*counts["n"], 0) if counts.by_source else (*data.complete_n, *data.selective_n)) < 2:
        yield "source_sd", Message("idle_single_patients")
    if not any(data.complete_n):
        yield from dict.fromkeys(("kappa", "kappa_sd"), Message("idle_none_complete")).items()
    if "complete" not in kinds or not any(data.complete_n):
        yield "label_error", Message("idle_none_called_complete")
    if "registry" not in kinds:
        yield "registry_sd", Message("idle_no_registry")
    if not any(data.selective_n):
        yield from dict.fromkeys(("ratio", "ratio_sd", "ratio_spread"), Message("idle_none_selective")).items()
    if fixed:
        yield from dict.fromkeys(
            ("prior_beta", "ratio_sd", "ratio_spread", "use_linkage"), Message("idle_ratio_fixed")
        ).items()
    elif not counts.linked:
        yield "use_linkage", Message("idle_no_linkage")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(f"{one:g}" for one in value) if isinstance(value, tuple) else f"{value:g}"
