"""The nodes over which the posterior is summed: few, and where the mass is.

Letters: T nodes of tau, each with its own uniform nodes of mu, R rows (mu, tau) altogether, B nodes of beta, G of
theta. Nodes of mu are nodes of theta, and steps of beta are whole numbers of theta steps, so that theta + beta lies on
one line for all of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from casepool.stats.joint.kinds import Kinds
from casepool.stats.joint.pilot import Pilot
from casepool.stats.joint.settings import Settings
from casepool.stats.quadrature import gauss_legendre
from casepool.typing import FloatArray, IntArray

# The kernel of a row is 1e-11 of its peak at this many tau.
KERNEL_REACH = 7.0
# The mu step is at most this many tau: beyond it the distribution functions of rates would have lumps.
LARGEST_MU_STEP = 1.5
# A normal density narrower than this many steps has too little variance on the nodes; three points have the right one.
NARROW = 0.62
# Log density at the corners of the box, relative to its largest.
CORNER = 18.0
# Slices of tau with log density above this drive the resolution.
HEAVY = -6.0
# Largest numbers of (row, beta, kind) and (row, theta) values kept, 8 bytes each.
MAX_VALUES, MAX_KERNEL = 8.0e6, 8.0e6


@dataclass(frozen=True)
class Box:
    """Extent and steps, from which the nodes follow.

    Attributes
    ----------
    theta_step : float
        Distance of theta nodes.
    mu_stride, beta_stride : int
        Steps of mu and beta in theta steps.
    tau, tau_weights : ndarray, shape (T,)
        Gauss-Legendre nodes.
    mu_low, mu_high : ndarray, shape (T,)
        Range of mu at each tau.
    beta_origin, beta_first, beta_last : float, int, int
        beta nodes are ``beta_origin + theta_step beta_stride (beta_first, ..., beta_last)``.
    capped : bool
        The steps asked for would have exceeded the memory allowed.
    theta_limit : float
        Theta need not go further than this, unless mu does.
    """

    theta_step: float
    mu_stride: int
    beta_stride: int
    tau: FloatArray
    tau_weights: FloatArray
    mu_low: FloatArray
    mu_high: FloatArray
    beta_origin: float
    beta_first: int = 0
    beta_last: int = 0
    capped: bool = False
    theta_limit: float = 14.0

    @cached_property
    def strides(self) -> list[int]:
        """Return the stride of mu at each tau: a divisor of ``mu_stride``, small where tau is small."""
        limits = np.minimum(self.mu_stride, np.maximum(1, LARGEST_MU_STEP * self.tau / self.theta_step)).astype(int)
        divisors = [s for s in range(1, self.mu_stride + 1) if self.mu_stride % s == 0]
        return [max(s for s in divisors if s <= limit) for limit in limits]

    @cached_property
    def mu_index(self) -> list[IntArray]:
        """Return the mu nodes at each tau in theta steps; the first is a multiple of ``mu_stride``."""
        step = self.mu_stride * self.theta_step
        first = np.floor(self.mu_low / step + 1e-9).astype(int) * self.mu_stride
        last = np.ceil(self.mu_high / step - 1e-9).astype(int) * self.mu_stride
        return [np.arange(a, b + 1, s) for a, b, s in zip(first, last, self.strides, strict=True)]

    @cached_property
    def theta_range(self) -> tuple[int, int]:
        """Return the first and last theta node in steps."""
        low, high = min(int(m[0]) for m in self.mu_index), max(int(m[-1]) for m in self.mu_index)
        arm = math.ceil(min(KERNEL_REACH * float(self.tau[-1]), 40.0) / self.theta_step)
        limit = max(math.ceil(self.theta_limit / self.theta_step), max(-low, high) + math.ceil(5.0 / self.theta_step))
        return max(low - arm, -limit), min(high + arm, limit)

    @property
    def n_beta(self) -> int:
        """Return the number of beta nodes."""
        return self.beta_last - self.beta_first + 1

    def within_memory(self, n_selective: int) -> Box:
        """Return the box with steps doubled until the tables fit.

        Ten thousands of selective patients beside a handful of complete ones make a ridge so narrow that a box
        around it cannot be resolved; the fit then says so.
        """
        box = self
        while True:
            rows = sum(len(m) for m in box.mu_index)
            first, last = box.theta_range
            if rows * box.n_beta * max(n_selective, 1) <= MAX_VALUES and rows * (last - first + 1) <= MAX_KERNEL:
                return box
            if box.n_beta * len(box.tau) > rows:
                half = math.floor(box.beta_first / 2), math.ceil(box.beta_last / 2)
                box = replace(box, beta_stride=2 * box.beta_stride, beta_first=half[0], beta_last=half[1], capped=True)
            else:
                box = replace(box, mu_stride=2 * box.mu_stride, capped=True)

    def widened(self, low: NDArray[np.bool_], high: NDArray[np.bool_], below: bool, above: bool) -> Box:
        """Return a box that goes further where mass was found at an edge: of mu at each tau, and of beta."""
        wider, more = 0.15 * (self.mu_high - self.mu_low), max(2, (self.n_beta - 1) // 6)
        return replace(
            self,
            mu_low=np.where(low, self.mu_low - wider, self.mu_low),
            mu_high=np.where(high, self.mu_high + wider, self.mu_high),
            beta_first=self.beta_first - more * below,
            beta_last=self.beta_last + more * above,
        )


def place_box(found: Pilot, kinds: Kinds, settings: Settings) -> Box:
    """Return the box around the mass that a pilot found."""
    fine, priors = settings.resolution, settings.priors
    heavy = found.log_density > HEAVY
    mu_step = fine.slices * float(found.mu_slice[heavy].min())
    # The narrowest likelihood of a disease has a standard error of 2 / sqrt(n); the rates' distribution functions ask
    # for two theta nodes in each slice of mu.
    step = min(fine.theta_step, 1.2 / math.sqrt(max(kinds.largest, 1)), 0.5 * mu_step)
    beta_stride, origin, first, last = 1, settings.log_ratio or 0.0, 0, 0
    if settings.log_ratio is None:
        selective = max((kind.selective.total for kind in kinds.kinds), default=0)
        beta_step = min(fine.slices * float(found.beta_slice[heavy].min()), 0.8 * priors.beta_sd)
        beta_step = min(beta_step, 3.2 / math.sqrt(selective)) if selective > 40 else beta_step
        step = min(step, beta_step)
        beta_stride = math.floor(beta_step / step + 1e-9)
        inside = found.log_density > -12.0
        origin = float(found.beta[np.argmax(found.log_density)])
        unit = beta_stride * step
        first = math.floor((float((found.beta - fine.reach * found.beta_sd)[inside].min()) - origin) / unit + 1e-9)
        last = math.ceil((float((found.beta + fine.reach * found.beta_sd)[inside].max()) - origin) / unit - 1e-9)
    wanted = math.ceil(fine.tau_nodes * (found.upper - found.lower) / max(found.tau_sd, 1e-9))
    tau, weights = gauss_legendre(min(max(wanted, fine.fewest), fine.most), found.lower, found.upper)
    # Where tau is unlikely the range of mu that matters is shorter.
    reach = np.minimum(fine.reach, np.sqrt(2.0 * (CORNER + found.log_density.clip(-CORNER))))
    low, high = (np.interp(tau, found.tau, found.mu + s * reach * found.mu_sd) for s in (-1.0, 1.0))
    stride = max(1, math.floor(mu_step / step + 1e-9))
    return Box(step, stride, beta_stride, tau, weights, low, high, origin, first, last)


class Lattice:
    """The nodes of a box.

    Attributes
    ----------
    theta, beta : ndarray, shapes (G,) and (B,)
        Nodes.
    eta : ndarray, shape (G + beta_stride (B - 1),)
        The line of ``theta + beta``.
    mu, tau : ndarray, shape (R,)
        Hyperparameters of each row, tau slowest.
    weight : ndarray, shape (R,)
        Quadrature weights: Gauss-Legendre in tau times the step in mu.
    kernel : ndarray, shape (R, G)
        Normal densities of theta around mu, rows summing to one.
    blocks : list of slice, length T
        Rows of each tau.
    """

    def __init__(self, box: Box) -> None:
        self.box, step = box, box.theta_step
        index = box.mu_index
        sizes = [len(m) for m in index]
        ends = np.cumsum(sizes)
        self.blocks = [slice(int(end) - size, int(end)) for end, size in zip(ends, sizes, strict=True)]
        mu = np.concatenate(index)
        self.mu: FloatArray = np.asarray(step * mu, float)
        self.tau: FloatArray = np.repeat(box.tau, sizes)
        self.weight: FloatArray = np.asarray(np.repeat(box.tau_weights * step * np.array(box.strides), sizes), float)
        first, last = box.theta_range
        self.theta: FloatArray = np.asarray(step * np.arange(first, last + 1), float)
        self.beta: FloatArray = np.asarray(
            box.beta_origin + step * box.beta_stride * np.arange(box.beta_first, box.beta_last + 1), float
        )
        shifts = box.beta_stride * box.beta_first, box.beta_stride * box.beta_last
        self.eta: FloatArray = np.asarray(
            box.beta_origin + step * np.arange(first + shifts[0], last + shifts[1] + 1), float
        )
        self.kernel = self._kernel(mu - first)

    def _kernel(self, place: IntArray) -> FloatArray:
        step, size = self.box.theta_step, len(self.theta)
        # mu is a theta node, so that the rows of a tau are windows on one line, whose largest value is 1.
        distance = -0.5 * (step * np.arange(1 - size, size)) ** 2
        lines = np.exp(np.multiply.outer(self.box.tau**-2, distance))
        of_tau = np.repeat(np.arange(len(lines)), [block.stop - block.start for block in self.blocks])
        kernel = np.lib.stride_tricks.sliding_window_view(lines, size, axis=1)[of_tau, size - 1 - place]
        kernel /= kernel.sum(axis=1, keepdims=True)
        narrow = np.flatnonzero(self.tau < NARROW * step)
        side = 0.5 * (self.tau[narrow] / step) ** 2
        kernel[narrow] = 0.0
        for offset, share in ((-1, side), (0, 1.0 - 2.0 * side), (1, side)):
            kernel[narrow, place[narrow] + offset] = share
        return kernel

    def along_beta(self, lines: FloatArray) -> FloatArray:
        """Return values on the line of ``theta + beta``, shape (S, its length), at the nodes: a view (S, G, B)."""
        first, second = lines.strides
        shape, strides = (len(lines), len(self.theta), len(self.beta)), (first, second, second * self.box.beta_stride)
        return np.lib.stride_tricks.as_strided(lines, shape, strides, writeable=False)
