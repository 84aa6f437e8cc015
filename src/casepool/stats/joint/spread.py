"""Reporting ratios that differ between diseases: ``beta_d ~ N(beta, s^2)``.

The likelihood of the selectively reported patients of a disease depends on
``eta = theta + beta_d`` alone, so integrating beta_d out is one convolution with a normal
density on a line, then an interpolation at the nodes of (theta, beta).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy import interpolate, special

from casepool.stats.quadrature import gauss_hermite
from casepool.typing import FloatArray

REACH = 8.0
SMALLEST = 1e-300
SMALL_SPREAD_NODES = 9


def spread_loglik(
    loglik: Callable[[FloatArray], FloatArray], eta: FloatArray, spread: float, step: float
) -> FloatArray:
    """Return ``log E exp(loglik(eta + spread Z))`` at the nodes, Z standard normal.

    Parameters
    ----------
    loglik : callable
        Log-likelihood on a line.
    eta : ndarray, any shape
        Nodes.
    spread : float
        Standard deviation s > 0 of the shift.
    step : float
        Step that resolves the likelihood; the density asks for ``s / 1.5`` (the trapezoid rule
        is then accurate to 1e-8). A spread below the step is small against any feature of the
        likelihood, and nine Gauss-Hermite nodes integrate it.
    """
    if spread < step:
        z, w = gauss_hermite(SMALL_SPREAD_NODES)
        values = np.stack([loglik(eta + spread * node) for node in z])
        return np.asarray(special.logsumexp(values, axis=0, b=w.reshape(-1, *[1] * eta.ndim)), float)
    h = min(step, spread / 1.5)
    arm = math.ceil(REACH * spread / h)
    first, last = math.floor(eta.min() / h) - 2, math.ceil(eta.max() / h) + 2
    line = h * np.arange(first - arm, last + arm + 1)
    density = np.exp(-0.5 * (h * np.arange(-arm, arm + 1) / spread) ** 2)
    values = loglik(line)
    peak = float(values.max())
    mean = np.convolve(np.exp(values - peak), density / density.sum(), mode="valid")
    spline = interpolate.CubicSpline(line[arm : len(line) - arm], np.log(np.maximum(mean, SMALLEST)))
    return np.asarray(spline(eta) + peak, float)
