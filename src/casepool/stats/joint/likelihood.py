"""Likelihood terms of the joint model, tabulated over theta and beta.

theta is the logit of the response probability among all treated patients of a disease,
beta the log reporting ratio. Letters: G nodes of theta, B nodes of beta.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import special

from casepool.stats.joint.data import JointData, Linkage
from casepool.stats.joint.spread import spread_loglik
from casepool.stats.quadrature import log1pexp
from casepool.typing import FloatArray

# Most patients of a source whose likelihood is multiplied out.
LARGEST_PRODUCT = 40


def binomial_loglik(eta: FloatArray, events: int, n: int) -> FloatArray:
    """Return ``x eta - n log(1 + e^eta)``, the shape of ``eta``, without coefficient."""
    if n == 0:
        return np.zeros_like(eta)
    return np.asarray(events * eta - n * log1pexp(eta), float)


def beta_binomial_loglik(eta: FloatArray, events: int, n: int, clustering: float) -> FloatArray:
    """Return the beta-binomial log-likelihood with mean expit(eta), without coefficient.

    Parameters
    ----------
    eta : ndarray, any shape
        Logit of the mean.
    events, n : int
        Responders and patients of one source.
    clustering : float
        Intra-class correlation in (0, 1): ``s = (1 - rho) / rho``, ``a = s p``,
        ``b = s (1 - p)``; returns ``log B(x + a, n - x + b) - log B(a, b)``.

    Notes
    -----
    The beta-binomial keeps p marginal over sources, whereas a normal source effect on the
    logit would pull the marginal rate towards one half.
    """
    s = (1.0 - clustering) / clustering
    # Floors keep the logarithms finite where expit underflows; such theta carry no mass.
    a = np.maximum(s * special.expit(eta), 1e-300)
    b = np.maximum(s * special.expit(-eta), 1e-300)
    if n <= LARGEST_PRODUCT:
        return _log_rising(a, events, s) + _log_rising(b, n - events, s + events)
    up = special.gammaln(events + a) - special.gammaln(a)
    down = special.gammaln(n - events + b) - special.gammaln(b)
    return np.asarray(up + down - (special.gammaln(n + s) - special.gammaln(s)), float)


def _log_rising(a: FloatArray, count: int, scale: float) -> FloatArray:
    """Return the log of the product of ``(a + j) / (scale + j)`` over j < count.

    For few patients products cost a tenth of log-gammas.
    """
    product = np.ones_like(a)
    for j in range(count):
        product *= (a + j) / (scale + j)
    return np.asarray(np.log(np.maximum(product, 1e-300)), float)


def evidence_loglik(data: JointData, disease: int, complete: bool, eta: FloatArray, clustering: float) -> FloatArray:
    """Return the log-likelihood of one kind of evidence of a disease at logits ``eta``."""
    if clustering == 0.0:
        return binomial_loglik(eta, *data.totals(disease, complete))
    total = binomial_loglik(eta, *data.singles(disease, complete))
    for source in data.clusters(disease, complete):
        total = total + beta_binomial_loglik(eta, source.events, source.n, clustering)
    return total


def disease_loglik(
    data: JointData,
    disease: int,
    theta: FloatArray,
    beta: FloatArray,
    clustering: float = 0.0,
    kappa: float = 0.0,
    ratio_spread: float = 0.0,
) -> FloatArray:
    """Return the log-likelihood of a disease over theta and beta, without coefficients.

    Parameters
    ----------
    data : JointData
        All counts.
    disease : int
        Position of the disease.
    theta, beta : ndarray, shapes (G,) and (B,)
        Nodes.
    clustering : float
        Intra-class correlation within sources of several patients.
    kappa : float
        Logit shift of complete evidence (a registry that prefers responders).
    ratio_spread : float
        Standard deviation of the log reporting ratio of a disease around beta.

    Returns
    -------
    ndarray, shape (G, B)
        ``l_R(theta + kappa) + l_L(theta + beta)``.
    """
    complete = evidence_loglik(data, disease, True, theta + kappa, clustering)
    if data.selective_n[disease] == 0:
        return np.broadcast_to(complete[:, None], (len(theta), len(beta)))
    eta = theta[:, None] + beta
    selective = partial(evidence_loglik, data, disease, False, clustering=clustering)
    told = spread_loglik(selective, eta, ratio_spread, theta[1] - theta[0]) if ratio_spread else selective(eta)
    return np.asarray(complete[:, None] + told, float)


def linkage_loglik(linkage: Linkage | None, beta: FloatArray) -> FloatArray:
    """Return the log-likelihood of publication by response inside the registry.

    Parameters
    ----------
    linkage : Linkage or None
        K1, Q1, K0, Q0; None or a silent table gives zeros.
    beta : ndarray, shape (B,)
        Log ratio of publication probabilities.

    Returns
    -------
    ndarray, shape (B,)
        Log probability of Q1 given all margins: Fisher's non-central hypergeometric
        distribution with odds ratio ``odds(pi1) / odds(pi0)``, where ``pi1 = pi0 e^beta``
        and pi0 solves the observed publication fraction
        ``f = (M + 1/2) / (K1 + K0 + 1)``.

    References
    ----------
    McCullagh P, Nelder JA (1989). Generalized linear models, section 7.3.2.
    """
    if linkage is None or linkage.is_silent:
        return np.zeros_like(beta)
    K1, Q1 = linkage.responders, linkage.responders_published
    K0, M = linkage.nonresponders, Q1 + linkage.nonresponders_published
    fraction = (M + 0.5) / (K1 + K0 + 1.0)
    pi0 = fraction * (K1 + K0) / (K1 * np.exp(beta) + K0)
    pi0, pi1 = (np.clip(pi, 1e-12, 1.0 - 1e-9) for pi in (pi0, pi0 * np.exp(beta)))
    log_psi = special.logit(pi1) - special.logit(pi0)
    q = np.arange(max(0, M - K0), min(K1, M) + 1)
    terms = _log_choose(K1, q) + _log_choose(K0, M - q) + q * log_psi[:, None]
    observed = terms[:, int(Q1 - q[0])]
    return np.asarray(observed - special.logsumexp(terms, axis=1), float)


def _log_choose(n: int, k: NDArray[np.int_]) -> FloatArray:
    return np.asarray(special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1), float)
