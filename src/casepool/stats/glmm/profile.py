"""Profile-likelihood limits of one parameter of the mixed logistic model.

The signed root ``sqrt(2 (l_max - l_profile(v)))`` is nearly linear in v, so a bracketing
root search on it needs few evaluations. Each evaluation maximises over the other
parameters from several starts of sigma (see ``mixed_logit.maximise_multistart``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy import optimize

from casepool.stats.glmm.likelihood import DEFAULT_NODES, MixedLogitData, Optimum, maximise_multistart

PROFILE_TOLERANCE = 1e-10
# Beyond 15 on the logit scale (odds of three million) a limit is reported as open.
LARGEST_LOGIT = 15.0


def profile_loglik(
    data: MixedLogitData,
    optimum: Optimum,
    component: int,
    n_nodes: int = DEFAULT_NODES,
    fixed: Sequence[int] = (),
) -> Callable[[float], float]:
    """Return the profile log-likelihood of one component as a function of its value."""

    def value_at(value: float) -> float:
        start = np.array(optimum.theta)
        start[component] = value
        best = maximise_multistart(data, start, (component, *fixed), n_nodes, PROFILE_TOLERANCE)
        return best.at.loglik

    return value_at


def profile_limits(
    data: MixedLogitData,
    optimum: Optimum,
    component: int,
    step: float,
    cut: float,
    n_nodes: int = DEFAULT_NODES,
    fixed: Sequence[int] = (),
) -> tuple[float | None, float | None]:
    """Return the two values at which twice the profile log-likelihood has fallen by ``cut``.

    Parameters
    ----------
    data, optimum : MixedLogitData, Optimum
        The fitted model.
    component : int
        Position of the parameter in theta; P stands for sigma, which is limited to >= 0.
    step : float
        First distance tried from the optimum, a standard error times a quantile.
    cut : float
        Chi-square(1) quantile, or the squared t quantile.
    n_nodes : int
        Nodes of the adaptive rule.
    fixed : sequence of int
        Components that keep their value at the optimum.

    Returns
    -------
    lower, upper : float or None
        None where the likelihood does not fall far enough (an open end).
    """
    value_at = profile_loglik(data, optimum, component, n_nodes, fixed)
    is_sigma = component == len(optimum.theta) - 1
    bounds = (0.0 if is_sigma else -LARGEST_LOGIT, LARGEST_LOGIT)
    centre = float(optimum.theta[component])

    def excess(value: float) -> float:
        fall = 2.0 * (optimum.at.loglik - value_at(value))
        return math.sqrt(max(fall, 0.0)) - math.sqrt(cut)

    lower = _search(excess, centre, -abs(step), bounds[0])
    if is_sigma and lower is None:
        lower = 0.0
    return lower, _search(excess, centre, abs(step), bounds[1])


def _search(excess: Callable[[float], float], centre: float, step: float, bound: float) -> float | None:
    # The profile falls away from its optimum, so one look at the bound tells whether the
    # end is open; without it a flat likelihood would be followed all the way out.
    if (step > 0) != (bound > centre) or excess(bound) <= 0:
        return None
    inner, outer = centre, centre
    while True:
        outer = min(outer + step, bound) if step > 0 else max(outer + step, bound)
        if outer == bound or excess(outer) > 0:
            return float(optimize.brentq(excess, inner, outer, xtol=1e-9, rtol=1e-12))
        inner, step = outer, 1.6 * step
