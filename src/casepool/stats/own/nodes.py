"""The nodes of the own model with everything about them that many data sets share, made once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from casepool.stats.own.data import Allowances
from casepool.stats.own.grid import Grid, line_of
from casepool.typing import FloatArray


@dataclass(frozen=True, eq=False)
class Nodes:
    """A grid; letters as in `own.fit`."""

    grid: Grid

    @property
    def allowances(self) -> Allowances:
        """Return what the nodes were chosen for."""
        return self.grid.allowances

    @cached_property
    def log_prior(self) -> FloatArray:
        """Return the log prior of (kappa, omega, beta), up to a constant, shape (K, W, B)."""
        grid = self.grid
        log_kappa = np.array([grid.log_kappa(float(kappa)) for kappa in grid.kappa])
        return np.asarray(log_kappa[:, None, None] + np.log(grid.omega_weights)[:, None] + grid.log_beta(), float)

    @cached_property
    def kernels(self) -> FloatArray:
        """Return P(beta_d | omega, beta), a row for each (omega, beta), shape (W B, B)."""
        return np.concatenate(list(self.grid.kernels()))

    @property
    def line(self) -> FloatArray:
        """Return the logits that theta, shifted by any ratio or kappa, can reach."""
        return self._line[0]

    @cached_property
    def _line(self) -> tuple[FloatArray, int]:
        return line_of(self.grid)

    def at_theta(self, values: FloatArray) -> FloatArray:
        """Return values on the line at theta, shape (G,)."""
        first = -self._line[1]
        return values[first : first + len(self.grid.theta)]

    def at_ratio(self, values: FloatArray) -> FloatArray:
        """Return values on the line at theta plus each log ratio, shape (G, B); a view."""
        return self._windows(values, int(self.grid.shifts[0]), np.diff(self.grid.shifts[:2]), len(self.grid.beta))

    def at_kappa(self, values: FloatArray) -> FloatArray:
        """Return values on the line at theta plus each kappa, shape (K, G); a view."""
        nodes = np.round(self.grid.kappa / self.grid.step).astype(int)
        return self._windows(values, int(nodes[0]), np.diff(nodes[:2]), len(nodes)).T

    def _windows(self, values: FloatArray, start: int, strides: FloatArray, count: int) -> FloatArray:
        stride = int(strides[0]) if len(strides) else 1
        first, width = start - self._line[1], (count - 1) * stride + 1
        held = values[first : first + len(self.grid.theta) + width - 1]
        return np.lib.stride_tricks.sliding_window_view(held, width)[:, ::stride]
