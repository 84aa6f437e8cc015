"""Profile-likelihood limits of one parameter of the mixed logistic model.

A limit and the other parameters at it solve ``l = l_max - cut / 2`` and ``dl / d(other) = 0``
together, by Newton's method from the quadratic prediction: a handful of evaluations. The first
equation is written with the signed root ``sqrt(2 (l_max - l))``, which is nearly linear. What
Newton does not find, or what a second mode of the likelihood contradicts, is searched for.

Reference: Venzon and Moolgavkar 1988, Appl Stat 37:87.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from casepool.stats.glmm.likelihood import (
    BOUNDARY_SIGMA,
    DEFAULT_NODES,
    MixedLogitData,
    Optimum,
    evaluate,
    maximise,
    maximise_multistart,
)
from casepool.typing import FloatArray

PROFILE_TOLERANCE = 1e-10
# Beyond 15 on the logit scale (odds of three million) a limit is reported as open.
LARGEST_LOGIT = 15.0
NEWTON_STEPS = 25
MOST_MODES = 3
# Newton squares what is left of a step.
NEWTON_TOLERANCE = 1e-5
CLOSE = 0.05
# From a maximum outwards the signed root bends down: Newton stops short, and this only holds the first leap.
LONGEST_STEP = 4.0
# Length of theta with an intercept alone.
ONE_LEVEL = 2
# Where the likelihood is looked at for a second mode in sigma.
OTHER_SIGMA = 0.7


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
    newton = _Newton(data, optimum, component, abs(step), cut, n_nodes, tuple(fixed))
    is_sigma = component == len(optimum.theta) - 1
    bounds = (0.0 if is_sigma else -LARGEST_LOGIT, LARGEST_LOGIT)
    centre = float(optimum.theta[component])
    value_at = profile_loglik(data, optimum, component, n_nodes, fixed)

    def excess(value: float) -> float:
        fall = 2.0 * (optimum.at.loglik - value_at(value))
        return math.sqrt(max(fall, 0.0)) - math.sqrt(cut)

    def limit(sign: int) -> float | None:
        bound = bounds[sign > 0]
        if is_sigma and sign < 0 and excess(bound) <= 0:
            return 0.0
        found = newton.limit(sign)
        return _search(excess, centre, sign * abs(step), bound) if found is None else found

    return limit(-1), limit(1)


@dataclass(frozen=True)
class _Newton:
    """The equations of one parameter: what `profile_limits` takes."""

    data: MixedLogitData
    optimum: Optimum
    component: int
    step: float
    cut: float
    n_nodes: int
    fixed: tuple[int, ...]

    @property
    def others(self) -> list[int]:
        """Positions of the parameters over which the likelihood is maximised."""
        return [i for i in range(len(self.optimum.theta)) if i != self.component and i not in self.fixed]

    @property
    def target(self) -> float:
        """The log-likelihood at a limit."""
        return self.optimum.at.loglik - 0.5 * self.cut

    def limit(self, sign: int) -> float | None:
        """Return the limit on one side, or None where it has to be searched for."""
        start = self._predicted(sign)
        found = self._solve(start, sign)
        if found is None:
            found = self._walk(start, sign)
        if len(start) - 1 not in self.others:
            # With sigma given the likelihood is log-concave: there is no other mode.
            return None if found is None else float(found[self.component])
        for _ in range(MOST_MODES):
            if found is None:
                return None
            rival = self._rival(found)
            if rival.at.loglik <= self.target + 1e-7:
                return float(found[self.component])
            found = self._walk(rival.theta, sign)
        return None

    def _along(self, hessian: FloatArray, others: Sequence[int]) -> FloatArray:
        """Return how fast the maximum over other parameters moves with this one, by the quadratic approximation."""
        curved, crossed = hessian[np.ix_(others, others)], hessian[others, self.component]
        return np.asarray(np.linalg.lstsq(curved, -crossed)[0], float)

    def _predicted(self, sign: int) -> FloatArray:
        """Return where the quadratic approximation of the likelihood puts the limit."""
        theta, one = np.array(self.optimum.theta, float), self.component
        at_boundary = theta[-1] < BOUNDARY_SIGMA
        if at_boundary:
            theta[-1] = 0.0
        others = [i for i in self.others if not (at_boundary and i == len(theta) - 1)]
        theta[one] += sign * self.step
        if others:
            theta[others] += sign * self.step * self._along(self.optimum.at.hessian, others)
        if one < len(theta) - 1:
            # Sigma takes up what a wrong mean leaves: it grows away from the optimum.
            wrong = self.step if len(theta) == ONE_LEVEL else 0.0
            theta[-1] = math.hypot(self.optimum.theta[-1], wrong)
        theta[-1] = abs(theta[-1])
        return theta

    def _solve(self, theta: FloatArray, sign: int) -> FloatArray | None:
        """Return the limit with the other parameters at their maximum, or None."""
        theta, modes = np.array(theta), self.optimum.at.modes
        free = [self.component, *self.others]
        top, root = self.optimum.at.loglik, math.sqrt(self.cut)
        size = 1.0
        for _ in range(NEWTON_STEPS):
            # Half the nodes show the way.
            nodes = self.n_nodes if size < CLOSE else self.n_nodes // 2
            at = evaluate(self.data, theta, nodes, modes)
            modes = at.modes
            fall = math.sqrt(max(2.0 * (top - at.loglik), 1e-12))
            wanted = np.concatenate([[fall * (fall - root)], -at.gradient[self.others]])
            slopes = np.vstack([at.gradient[free], at.hessian[np.ix_(self.others, free)]])
            try:
                move = np.linalg.solve(slopes, wanted)
            except np.linalg.LinAlgError:
                return None
            size = float(np.max(np.abs(move)))
            if not math.isfinite(size):
                return None
            new = np.array(theta)
            new[free] += move * min(1.0, 1.0 / max(size, 1e-300))
            if new[-1] < 0.0:
                new[-1] = 0.5 * theta[-1]
            theta = new
            if np.max(np.abs(theta)) > LARGEST_LOGIT:
                return None
            if size < NEWTON_TOLERANCE and nodes == self.n_nodes:
                return theta if self._is_limit(theta, at.hessian, sign) else None
        return None

    def _walk(self, theta: FloatArray, sign: int) -> FloatArray | None:
        """Return the same from a maximum over the other parameters at each step: slower, but never to a saddle."""
        root, one, modes = math.sqrt(self.cut), self.component, self.optimum.at.modes
        for _ in range(NEWTON_STEPS):
            peak = maximise(self.data, theta, self.others, self.n_nodes, PROFILE_TOLERANCE, modes)
            fall = math.sqrt(max(2.0 * (self.optimum.at.loglik - peak.at.loglik), 1e-12))
            slope = float(peak.at.gradient[one])
            outside = (peak.theta[one] - self.optimum.theta[one]) * sign > 0
            if not outside or slope * sign >= 0 or np.max(np.abs(peak.theta)) > LARGEST_LOGIT:
                return None
            move = fall * (fall - root) / slope
            taken = max(-LONGEST_STEP, min(move, LONGEST_STEP))
            theta, modes = np.array(peak.theta), peak.at.modes
            theta[one] += taken
            if abs(move) < NEWTON_TOLERANCE:
                return theta
            theta[self.others] += taken * self._along(peak.at.hessian, self.others)
            theta[-1] = abs(theta[-1])
        return None

    def _is_limit(self, theta: FloatArray, hessian: FloatArray, sign: int) -> bool:
        """Return whether it lies on the right side and the other parameters are at a maximum, not a saddle."""
        outside = (theta[self.component] - self.optimum.theta[self.component]) * sign > 0
        curved = hessian[np.ix_(self.others, self.others)]
        return bool(outside and (not self.others or np.max(np.linalg.eigvalsh(curved)) < 0))

    def _rival(self, theta: FloatArray) -> Optimum:
        """Return the other mode in sigma at this value of the parameter: sigma = 0, or from above if theta has it."""
        other, interior = np.array(theta), theta[-1] >= BOUNDARY_SIGMA
        other[-1] = 0.0 if interior else OTHER_SIGMA
        free = [i for i in self.others if not (interior and i == len(theta) - 1)]
        return maximise(self.data, other, free, self.n_nodes, PROFILE_TOLERANCE, self.optimum.at.modes)


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
