"""Cohen's kappa of two readers, of one field or of many, with an interval only where the table of counts gives one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from casepool.stats.special import ndtri

Status = Literal["estimated", "no_cells", "one_category", "agree_throughout", "one_constant", "no_interval"]


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa, and what stands in the way of it or of its interval.

    Attributes
    ----------
    kappa : Cohen's kappa; None where it is not defined.
    standard_error : of large samples, or of the jackknife; None where the table gives none.
    freedom : degrees of freedom of the error; None: those of a normal distribution.
    status : ``estimated``; ``no_cells``: nothing was judged twice; ``one_category``: both used the same one category
        throughout, kappa is not defined; ``agree_throughout``: they agree in all cells, its error would be 0;
        ``one_constant``: one of them used one category only, kappa is 0 whatever the other did; ``no_interval``: in
        any other table that makes the error 0, as one of readers who disagree in all cells, in equal numbers.
    """

    kappa: float | None
    standard_error: float | None
    status: Status
    freedom: int | None = None

    def interval(self, level: float) -> tuple[float, float] | None:
        """Return kappa ± z standard errors, within -1 to 1, at a level of coverage; None where there is none."""
        if self.kappa is None or self.standard_error is None:
            return None
        half = _quantile((1 + level) / 2, self.freedom) * self.standard_error
        return max(self.kappa - half, -1.0), min(self.kappa + half, 1.0)


def cohens_kappa(table: Sequence[Sequence[int]]) -> Kappa:
    """Return Cohen's kappa of a table of counts.

    Whether there is an interval is decided by the table, in exact fractions, not by the rounding of a root that should
    be 0. Where there is one, kappa and its error are those of statsmodels.

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
    from statsmodels.stats.inter_rater import cohens_kappa as of_counts

    found = of_counts(np.asarray(table))
    return Kappa(float(found.kappa), float(found.std_kappa), "estimated")


def counts_of(cells: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Return the table of counts of pairs of categories: rows of the first reader, columns of the second."""
    categories = sorted({one for cell in cells for one in cell})
    places = {one: place for place, one in enumerate(categories)}
    table = [[0] * len(categories) for _ in categories]
    for one, other in cells:
        table[places[one]][places[other]] += 1
    return table


def pooled_kappa(units: Sequence[Mapping[str, tuple[str, str]]]) -> Kappa:
    """Return one kappa of many fields: agreement beyond chance, summed over the fields, by what it could have been.

    Each field keeps its own categories and its own agreement by chance. The error is that of a jackknife which leaves
    out one unit (a patient) at a time, for the fields of a patient are not independent.

    Parameters
    ----------
    units : of each unit field → the categories of the two readers.

    References
    ----------
    De Vries, Elliott, Kanouse and Teleki 2008, Field Methods 20:272-282, weighted by the cells of a field.
    """
    whole = _beyond_chance(units)
    if whole is None:
        return Kappa(None, None, "one_category" if any(units) else "no_cells")
    if all(one == other for unit in units for one, other in unit.values()):
        return Kappa(1.0, None, "agree_throughout")
    told = [unit for unit in units if unit]
    without = [_beyond_chance([*told[:place], *told[place + 1 :]]) for place in range(len(told))]
    left = [one for one in without if one is not None]
    if len(left) < max(2, len(told)):
        return Kappa(float(whole), None, "no_interval")
    mean = sum(left, Fraction(0)) / len(left)
    spread = sum(((one - mean) ** 2 for one in left), Fraction(0))
    if spread == 0:
        return Kappa(float(whole), None, "no_interval")
    error = math.sqrt(Fraction(len(left) - 1, len(left)) * spread)
    return Kappa(float(whole), error, "estimated", len(left) - 1)


def _beyond_chance(units: Sequence[Mapping[str, tuple[str, str]]]) -> Fraction | None:
    """Return the pooled kappa; None where each field has one category only, or there is no cell."""
    gained = possible = Fraction(0)
    for field in dict.fromkeys(name for unit in units for name in unit):
        table = counts_of([unit[field] for unit in units if field in unit])
        n = sum(map(sum, table))
        columns = zip(*table, strict=True)
        by_chance = Fraction(sum(sum(row) * sum(column) for row, column in zip(table, columns, strict=True)), n)
        gained += sum(table[place][place] for place in range(len(table))) - by_chance
        possible += n - by_chance
    return gained / possible if possible else None


def _quantile(share: float, freedom: int | None) -> float:
    if freedom is None:
        return float(ndtri(share))
    from scipy.stats import t  # slow to import

    return float(t.ppf(share, freedom))


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
