"""Cohen's kappa of two readers, with an interval only where their table of counts gives one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from casepool.stats.special import ndtri

Status = Literal["estimated", "no_cells", "one_category", "agree_throughout", "one_constant", "no_interval"]


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa, and what stands in the way of it or of its interval.

    Attributes
    ----------
    kappa : Cohen's kappa; None where it is not defined.
    standard_error : of large samples; None where the table gives none.
    status : ``estimated``; ``no_cells``: nothing was judged twice; ``one_category``: both used the same one category
        throughout, kappa is not defined; ``agree_throughout``: they agree in all cells, its error would be 0;
        ``one_constant``: one of them used one category only, kappa is 0 whatever the other did; ``no_interval``: in
        any other table that makes the error 0, as one of readers who disagree in all cells, in equal numbers.
    """

    kappa: float | None
    standard_error: float | None
    status: Status

    def interval(self, level: float) -> tuple[float, float] | None:
        """Return kappa ± z standard errors, within -1 to 1, at a level of coverage; None where there is none."""
        if self.kappa is None or self.standard_error is None:
            return None
        half = float(ndtri((1 + level) / 2)) * self.standard_error
        return max(self.kappa - half, -1.0), min(self.kappa + half, 1.0)


def cohens_kappa(table: Sequence[Sequence[int]]) -> Kappa:
    """Return Cohen's kappa of a table of counts.

    The arithmetic is exact: whether there is an interval is decided by the table, not by the rounding of a root that
    should be 0.

    Parameters
    ----------
    table : (k, k) counts; rows: categories of the first reader, columns: the same of the second.

    References
    ----------
    Cohen 1960, Educational and Psychological Measurement 20:37-46. Standard error: Fleiss, Cohen and Everitt 1969,
    Psychological Bulletin 72:323-327, equation 13.
    """
    n = sum(map(sum, table))
    if n == 0:
        return Kappa(None, None, "no_cells")
    shares = [[Fraction(int(cell), n) for cell in row] for row in table]
    first = [sum(row, Fraction(0)) for row in shares]
    second = [sum(column, Fraction(0)) for column in zip(*shares, strict=True)]
    agreed = sum((shares[i][i] for i in range(len(table))), Fraction(0))
    by_chance = sum((a * b for a, b in zip(first, second, strict=True)), Fraction(0))
    if by_chance == 1:
        return Kappa(None, None, "one_category")
    kappa = (agreed - by_chance) / (1 - by_chance)
    if agreed == 1:
        return Kappa(1.0, None, "agree_throughout")
    if max(first) == 1 or max(second) == 1:
        return Kappa(float(kappa), None, "one_constant")
    spread = _spread(shares, first, second, kappa) - (kappa - by_chance * (1 - kappa)) ** 2
    if spread == 0:
        return Kappa(float(kappa), None, "no_interval")
    return Kappa(float(kappa), math.sqrt(spread / (n * (1 - by_chance) ** 2)), "estimated")


def _spread(
    shares: Sequence[Sequence[Fraction]], first: Sequence[Fraction], second: Sequence[Fraction], kappa: Fraction
) -> Fraction:
    """Return the first two terms of the variance: of cells on the diagonal, and of those beside it."""
    total = Fraction(0)
    for i, row in enumerate(shares):
        for j, share in enumerate(row):
            beside = (1 - kappa) ** 2 * (second[i] + first[j]) ** 2
            total += share * ((1 - (first[i] + second[i]) * (1 - kappa)) ** 2 if i == j else beside)
    return total
