"""Anchor gain: how much of what is known of the reporting ratio comes from complete evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from casepool.stats.joint.data import JointData
from casepool.stats.joint.posterior import joint_posterior
from casepool.stats.joint.settings import Settings
from casepool.stats.joint.summary import mu_moments
from casepool.stats.mixture import mixture_moments


def anchor_gain(
    data: JointData, settings: Settings, variance: float, others: Sequence[tuple[float, Settings]] = ()
) -> float | None:
    """Return ``1 - Var(beta | all) / Var(beta | literature only)``, at least 0.

    Parameters
    ----------
    data : JointData
        Counts.
    settings : Settings
        Switches.
    variance : float
        Posterior variance of beta given all data.
    others : sequence of (float, Settings)
        Prior weights and switches of the models of a mixture, in place of ``settings``.

    Returns
    -------
    float or None
        None without selectively reported patients and for a fixed ratio.
    """
    if settings.ratio is not None or sum(data.selective_n) == 0:
        return None
    if sum(data.complete_n) == 0:
        return 0.0
    found = [(math.log(weight), *_literature_only(data, one)) for weight, one in others or ((1.0, settings),)]
    evidence = np.array([log_weight + log_marginal for log_weight, log_marginal, _, _ in found])
    weights = np.exp(evidence - evidence.max())
    _, alone = mixture_moments(
        (weights / weights.sum()).tolist(), [mean for *_, mean, _ in found], [spread for *_, spread in found]
    )
    return max(0.0, 1.0 - variance / alone)


def _literature_only(data: JointData, settings: Settings) -> tuple[float, float, float]:
    """Return log marginal likelihood, mean and variance of beta | selective patients only, no linkage.

    These data depend on mu and beta through nu = mu + beta alone. A priori nu is normal
    with variance ``s^2 = mu_sd^2 + beta_sd^2`` and beta given nu is normal with slope
    ``b = beta_sd^2 / s^2`` and variance ``mu_sd^2 b``; hence
    ``Var(beta) = mu_sd^2 b + b^2 Var(nu | data)``, and one node of beta suffices.
    """
    priors = settings.priors
    spread = math.hypot(priors.mu_sd, priors.beta_sd)
    slope = (priors.beta_sd / spread) ** 2
    shifted = replace(priors, mu_mean=priors.mu_mean + priors.beta_mean, mu_sd=spread)
    posterior = joint_posterior(data.literature_only(), replace(settings, priors=shifted, ratio=1.0))
    nu_mean, nu_variance = mu_moments(posterior)
    mean = priors.beta_mean + slope * (nu_mean - shifted.mu_mean)
    return posterior.log_marginal, mean, priors.mu_sd**2 * slope + slope**2 * nu_variance
