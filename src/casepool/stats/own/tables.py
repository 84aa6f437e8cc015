"""Likelihoods of single sources on a line of logits, with the effect of the source integrated out.

The effect u of a source is normal with an SD that is half-normal of scale s. Over both, u has the characteristic
function ``1 / sqrt(1 + s² w²)`` (it is s times the product of two standard normals), so that integrating it out of
a likelihood on a line is one multiplication in the frequency domain: exact for what the line resolves.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from casepool.stats import special
from casepool.stats.joint.likelihood import binomial_loglik
from casepool.typing import FloatArray

# What a likelihood is at least, relative to its peak: below it the transform holds rounding only.
FLOOR = 1e-17
# The effect of a source falls off as exp(-|u| / s): at this many s nothing is left.
REACH = 20.0
# Largest number of nodes of a line of the transform; beyond it sources of many patients are resolved less.
MOST_NODES = 2**20


def source_loglik(line: FloatArray, events: int, n: int, source_sd: float) -> FloatArray:
    """Return the log-likelihood of a source at logits, without coefficient, its effect integrated out.

    Parameters
    ----------
    line : ndarray, shape (G,)
        Uniform nodes.
    events, n : int
        Responders and patients.
    source_sd : float
        Scale s of the SD of the effect; 0 for none.

    Returns
    -------
    ndarray, shape (G,)
        ``log E[expit(eta + u)^x (1 - expit(eta + u))^(n - x)]``, up to a constant.
    """
    if source_sd == 0:
        return binomial_loglik(line, events, n)
    return _spread(float(line[0]), float(line[1] - line[0]), len(line), events, n, source_sd)


@lru_cache(maxsize=4096)
def _spread(start: float, step: float, size: int, events: int, n: int, source_sd: float) -> FloatArray:
    finer = max(1, math.ceil(step * math.sqrt(n)))
    arm = math.ceil(REACH * source_sd / step)
    while finer > 1 and (size + 2 * arm) * finer > MOST_NODES:
        finer -= 1
    fine = step / finer
    nodes = np.asarray(start - arm * step + fine * np.arange((size + 2 * arm) * finer), float)
    loglik = binomial_loglik(nodes, events, n)
    peak = loglik.max()
    spread = smoothed(np.exp(loglik - peak), fine, source_sd)
    kept = spread[arm * finer : (arm + size) * finer : finer]
    values = np.log(np.maximum(kept, FLOOR)) + peak
    values.setflags(write=False)
    return np.asarray(values, float)


def smoothed(values: FloatArray, step: float, source_sd: float) -> FloatArray:
    """Return the values averaged over the effect; beyond both ends they go on as in a mirror."""
    size = len(values)
    spectrum = np.fft.rfft(np.concatenate([values, values[::-1]]))
    frequency = math.pi * np.arange(len(spectrum)) / (size * step)
    spectrum = spectrum / np.sqrt(1.0 + (source_sd * frequency) ** 2)
    return np.asarray(np.fft.irfft(spectrum, 2 * size)[:size], float)


def log_uniform_rate(theta: FloatArray) -> FloatArray:
    """Return the log density of the logit of a rate that is uniform on (0, 1), shape of ``theta``."""
    return np.asarray(special.log_expit(theta) + special.log_expit(-theta), float)
