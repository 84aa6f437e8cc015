"""Reporting ratios that differ between diseases: ``beta_d ~ N(beta, s^2)``.

The likelihood of the selectively reported patients of a disease depends on
``eta = theta + beta_d`` alone, so integrating beta_d out is one convolution with a normal
density on a line.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from casepool.stats import special
from casepool.stats.quadrature import gauss_hermite
from casepool.typing import FloatArray

REACH = 8.0
SMALLEST = 1e-300
SMALL_SPREAD_NODES = 9


def spread_logliks(logliks: Callable[[FloatArray], FloatArray], eta: FloatArray, spread: float) -> FloatArray:
    """Return ``log E exp(logliks(eta + spread Z))`` on a line, shape (S, G), Z standard normal.

    Parameters
    ----------
    logliks : callable
        Log-likelihoods on a line, shape (S, its length).
    eta : ndarray, shape (G,)
        Uniform nodes whose step resolves the likelihoods.
    spread : float
        Standard deviation s > 0 of the shift. The density asks for steps of ``s / 1.5`` (the
        trapezoid rule is then accurate to 1e-8). A spread below the step is small against any
        feature of the likelihood, and nine Gauss-Hermite nodes integrate it.
    """
    step = float(eta[1] - eta[0])
    if spread < step:
        z, w = gauss_hermite(SMALL_SPREAD_NODES)
        values = np.stack([logliks(eta + spread * node) for node in z])
        return np.asarray(special.logsumexp(values + np.log(w)[:, None, None], axis=0), float)
    parts = math.ceil(1.5 * step / spread)
    h = step / parts
    arm = math.ceil(REACH * spread / h)
    line = eta[0] + h * np.arange(-arm, parts * (len(eta) - 1) + arm + 1)
    density = np.exp(-0.5 * (h * np.arange(-arm, arm + 1) / spread) ** 2)
    density /= density.sum()
    values = logliks(line)
    peaks = values.max(axis=1, keepdims=True)
    means = [np.convolve(row, density, mode="valid")[::parts] for row in np.exp(values - peaks)]
    return np.asarray(np.log(np.maximum(means, SMALLEST)) + peaks, float)
