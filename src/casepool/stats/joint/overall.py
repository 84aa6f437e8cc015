"""Distribution of the equal-weight mean of the rates of the diseases.

Given the hyperparameters the rates are independent, so that the characteristic function of their mean is the product
of those of the rates; averaged over the posterior and inverted, it gives the distribution (Gil-Pelaez 1951,
Biometrika 38:481). Two sums share the work. Mean and variance at every node, interpolated to a finer lattice where its
steps would show, are sorted into bins of the mean and levels of the deviation; each level is convolved with its own
kernel. That is a normal distribution plus what the true function adds to it (skewed and two-humped rates): about its
mean this changes slowly over the nodes, so that a few of them, drawn evenly along the posterior, carry it.
"""

from __future__ import annotations

import numpy as np

from casepool.stats.joint.exact import exact_nodes, true_functions
from casepool.stats.joint.moments import finer, moments_at_nodes
from casepool.stats.joint.posterior import HyperPosterior
from casepool.stats.joint.spectrum import Frequencies, Levels
from casepool.stats.quadrature import GridDistribution

# With so little left of the characteristic function, limits move by 1e-4.
FADED = 5e-4


def mean_distribution(posterior: HyperPosterior) -> GridDistribution:
    """Return the distribution of the mean of the rates of the diseases, groups left out.

    Parameters
    ----------
    posterior : HyperPosterior
        With at least one disease.
    """
    nodes = moments_at_nodes(posterior)
    weight, mean, variance = finer(nodes)
    line, levels, few = Frequencies.of(weight, mean, variance), Levels(variance), exact_nodes(nodes, posterior)
    spectra, tilted = (line.spectra(levels, mass, mean, variance) for mass in (weight, weight * mean))
    found = np.zeros(line.size, complex)
    for part in line.chunks():
        frequency = line.frequencies[part]
        kernels = levels.kernels(frequency, true_functions(posterior, few, frequency, line.low), few, line.low)
        mixture = (spectra[:, part] * kernels.constant + tilted[:, part] * kernels.slope).sum(axis=0)
        found[part] = mixture + kernels.rest
        # The mixture at every node shows what is left; the rest, from a few, is not exact enough for that.
        if np.abs(mixture[-len(mixture) // 3 :]).max() < FADED:
            break
    return line.inverted(found)
