"""The mean of the own rates of several diseases, by its characteristic function.

The rates share what was learnt of the common ratio and of the registry. Given both they are independent, so that the
characteristic function of their mean is a product at each node, and its average over the nodes is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from casepool.stats import special
from casepool.stats.own.fit import OwnFit, World
from casepool.typing import ComplexArray, FloatArray

# The mean lies in [0, 1]; the series has a longer period, so that neither end touches the other.
PERIOD = 1.25
POINTS = 4096
# Waves are taken so many at a time, until a whole such lot adds nothing: the smoother the density, the fewer there are.
AT_ONCE, NOTHING = 32, 1e-8


@dataclass(frozen=True)
class MeanRate:
    """Posterior mean of the mean of several rates, and its equal-tailed credible limits."""

    mean: float
    ci: tuple[float, float]


def mean_rate(fit: OwnFit, diseases: Sequence[int], level: float) -> MeanRate:
    """Return the mean of the own rates of some diseases, each with the same weight.

    Parameters
    ----------
    fit : OwnFit
        The own rates.
    diseases : sequence of int
        Positions of diseases with patients, at least one.
    level : float
        Coverage of the interval.

    Raises
    ------
    ValueError
        Without a disease, or for one without patients.
    """
    rates = [rate for rate in (fit.rates[d] for d in diseases) if rate is not None]
    if not rates or len(rates) < len(diseases):
        message = f"mean of rates: {len(rates)} of {len(diseases)} diseases have patients; expected all, at least one"
        raise ValueError(message)
    theta = rates[0].theta
    # A rate moves by a quarter of its logit at most: faster waves than these fall between the nodes.
    angles = np.asarray(2.0 * np.pi * np.arange(1, int(2.0 * PERIOD * len(rates) / theta.step) + 1) / PERIOD, float)
    parts: list[ComplexArray] = []
    for some in np.split(angles, range(AT_ONCE, len(angles), AT_ONCE)):
        wave = np.exp(1j * some * special.expit(theta.nodes)[:, None] / len(rates))
        worlds = zip(fit.weights, fit.worlds, strict=True)
        parts.append(sum(weight * _character(world, diseases, wave) for weight, world in worlds))
        if float(np.abs(parts[-1]).max()) < NOTHING:
            break
    character, tail = np.concatenate(parts), (1.0 - level) / 2.0
    lower, upper = _quantiles(character, angles[: len(character)], (tail, 1.0 - tail))
    return MeanRate(float(np.mean([rate.mean for rate in rates])), (lower, upper))


def _character(world: World, diseases: Sequence[int], wave: ComplexArray) -> ComplexArray:
    """Return the characteristic function of the mean in one world, shape (frequencies,).

    A disease that did not inform the ratio has moved its own only: nothing ties it to the others.
    """
    apart = np.ones(wave.shape[1], complex)
    tied = {}
    for d in diseases:
        by_ratio = world.joint_of(d).T @ wave
        if d in world.informing:
            tied[d] = by_ratio
        else:
            prior = world.ratio_of(d)
            apart *= prior @ by_ratio / (prior @ world.joint_of(d).sum(axis=0))
    size, n_waves = len(world.common), wave.shape[1]
    every = np.concatenate([np.empty((size, 0), complex), *tied.values()], axis=1)
    total = np.zeros(n_waves, complex)
    for place, kernel in enumerate(world.kernels):
        # Real and imaginary parts of all diseases at once: one product of real matrices.
        spread = (kernel @ every.view(float)).view(complex).reshape(size, len(tied), n_waves)
        given = np.array([world.given_of(d)[place] for d in tied]).reshape(len(tied), size).T
        total += world.hyper[place] @ np.prod(spread / given[:, :, None], axis=1)
    return np.asarray(total * apart)


def _quantiles(character: ComplexArray, angles: FloatArray, probabilities: Sequence[float]) -> tuple[float, ...]:
    """Return quantiles from the Fourier series of the density, integrated term by term."""
    start, size = -(PERIOD - 1.0) / 2.0, max(POINTS, 2 ** (2 * len(angles)).bit_length())
    spectrum = np.zeros(size // 2 + 1, complex)
    spectrum[1 : len(angles) + 1] = np.conj(character / (-1j * angles) * np.exp(-1j * start * angles))
    series = size * np.fft.irfft(spectrum, size)
    share = np.arange(size) / size
    cdf = np.maximum.accumulate(share + (series - series[0]) / PERIOD)
    return tuple(float(np.interp(one, cdf, start + PERIOD * share)) for one in probabilities)
