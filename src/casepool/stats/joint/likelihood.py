"""Likelihood terms of the joint model, tabulated on a line of logits.

Complete evidence is asked at theta + kappa, selected evidence at theta + beta; theta is the logit of the response
probability among all treated patients of a disease, beta the log reporting ratio. Letter: G nodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from casepool.stats import special
from casepool.stats.joint.data import Linkage
from casepool.stats.joint.kinds import Side
from casepool.stats.quadrature import log1pexp
from casepool.typing import FloatArray

# Most patients of a source whose likelihood is multiplied out.
LARGEST_PRODUCT = 400


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
    line = eta.ravel()
    return np.asarray(side_logliks(line, [Side(0, 0, ((events, n),))], clustering)[0].reshape(eta.shape), float)


def side_logliks(eta: FloatArray, sides: Sequence[Side], clustering: float) -> FloatArray:
    """Return the log-likelihood of each of S kinds of evidence at logits, shape (S, G), without coefficients.

    Parameters
    ----------
    eta : ndarray, shape (G,)
        Logits.
    sides : sequence of Side, length S
        Patients told singly are binomial, those of a larger source beta-binomial.
    clustering : float
        Intra-class correlation within the larger sources.
    """
    events, n = (np.array([getattr(side, name) for side in sides], float)[:, None] for name in ("events", "n"))
    table = events * eta - n * log1pexp(eta)
    sources = sorted({source for side in sides for source in side.clusters})
    if sources:
        each = dict(zip(sources, _source_logliks(eta, sources, clustering), strict=True))
        for row, side in zip(table, sides, strict=True):
            for source in side.clusters:
                row += each[source]
    return np.asarray(table, float)


def _source_logliks(eta: FloatArray, sources: Sequence[tuple[int, int]], clustering: float) -> Iterator[FloatArray]:
    """Yield the beta-binomial log-likelihood of each source (responders, patients) at logits, shape (G,)."""
    s = (1.0 - clustering) / clustering
    # Floors keep the logarithms finite where expit underflows; such logits carry no mass.
    a, b = (np.maximum(s * special.expit(sign * eta), 1e-300) for sign in (1.0, -1.0))
    small = [(x, n) for x, n in sources if n <= LARGEST_PRODUCT]
    up = _log_rising(a, s, max((x for x, _ in small), default=0))
    down = _log_rising(b, s, max((n - x for x, n in small), default=0))
    scale = np.cumsum(np.log(s + np.arange(LARGEST_PRODUCT)))
    for x, n in sources:
        if n <= LARGEST_PRODUCT:
            # The products were divided by those of the scale to keep them near one.
            parts = sum(scale[count - 1] if count else 0.0 for count in (x, n - x))
            yield up[x] + down[n - x] + parts - (scale[n - 1] if n else 0.0)
        else:
            most = special.gammaln(x + a) - special.gammaln(a) + special.gammaln(n - x + b) - special.gammaln(b)
            yield most - (special.gammaln(n + s) - special.gammaln(s))


def _log_rising(a: FloatArray, scale: float, most: int) -> FloatArray:
    """Return the logs of the products of ``(a + j) / (scale + j)`` over j < x for x = 0, ..., most as rows."""
    j = np.arange(most)[:, None]
    table = np.zeros((most + 1, len(a)))
    np.cumsum(np.log((a + j) / (scale + j)), axis=0, out=table[1:])
    return table


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
