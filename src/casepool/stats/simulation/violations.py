"""Wrong assumptions, one declaration each: what a world does that an estimator takes for impossible.

Every one changes the right world of `stats.simulation.layout` in one respect. No numbers are drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rates:
    """True rates that are not exchangeable.

    Attributes
    ----------
    anchored, others : (float, float)
        Rates of the diseases with and without complete evidence, spread evenly from the first to the second.
    out : float or None
        Rate of the disease with the most patients in a trial.
    humps : bool
        Each disease has one of the two rates by the toss of a coin, its logit scattered by 0.3.
    """

    anchored: tuple[float, float]
    others: tuple[float, float]
    out: float | None = None
    humps: bool = False


@dataclass(frozen=True)
class Violation:
    """A world in which something assumed is wrong.

    Attributes
    ----------
    name : str
        As a reader asks for it.
    rates : Rates or None
        True rates; None for exchangeable ones.
    ratio_in_trials, ratio_elsewhere : bool
        Whether responders are reported more often in diseases with a trial, and in all others; else fairly.
    ratio_sd : float
        SD of the log ratios of diseases around the common one.
    registry_odds : float
        Odds with which a responder rather than another patient comes into the registry.
    mislabelled : int or None
        Which trial chose its patients as selective reports do: 0 for the largest.
    correlation : float
        Of the responses of patients of one source, registry included.
    ratios : tuple of float
        True reporting ratios under which docs/simulation.md shows it.
    """

    name: str
    rates: Rates | None = None
    ratio_in_trials: bool = True
    ratio_elsewhere: bool = True
    ratio_sd: float = 0.0
    registry_odds: float = 1.0
    mislabelled: int | None = None
    correlation: float = 0.0
    ratios: tuple[float, ...] = (1.0, 4.0)

    @property
    def needs_registry(self) -> bool:
        """Return whether it can only be seen in a layout with a registry."""
        return self.registry_odds != 1.0


NONE = Violation("none", ratios=(1.0, 2.0, 4.0, 8.0))
VIOLATIONS = {
    one.name: one
    for one in (
        Violation("literature-worse", Rates((0.75, 0.85), (0.35, 0.35))),
        Violation("one-bad", Rates((0.88, 0.88), (0.88, 0.88), out=0.35)),
        Violation("two-humped", Rates((0.35, 0.85), (0.35, 0.85), humps=True)),
        Violation("ratio-in-trials", ratio_elsewhere=False, ratios=(8.0,)),
        Violation("ratio-elsewhere", ratio_in_trials=False, ratios=(8.0,)),
        Violation("ratio-spread", ratio_sd=0.7, ratios=(2.0, 4.0)),
        Violation("registry-odds-2", registry_odds=2.0),
        Violation("registry-odds-3", registry_odds=3.0),
        Violation("registry-odds-half", registry_odds=0.5),
        Violation("mislabelled-first", mislabelled=0, ratios=(4.0, 8.0)),
        Violation("mislabelled-second", mislabelled=1, ratios=(4.0, 8.0)),
        Violation("correlated-0.1", correlation=0.1, ratios=(1.0, 2.0, 4.0, 8.0)),
        Violation("correlated-0.2", correlation=0.2),
    )
}
