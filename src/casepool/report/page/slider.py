"""The rates at any reporting ratio: what the slider of the page shows, made ready to be printed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from casepool.model.estimate import OVERALL, OWN, POOLED
from casepool.report.page.facts import Facts
from casepool.report.tables.display import TableStyle
from casepool.rows import rows_of
from casepool.typing import Row

_RATES = (OWN, POOLED)
_DIGITS = 1  # as `casepool pool` prints them


@dataclass(frozen=True)
class Slider:
    """What the slider moves over.

    Attributes
    ----------
    ratios : as printed, from the lowest to the highest.
    start : position at which the page opens: the median of what was assumed of the ratio.
    rows : name and counts of each line of the table.
    cells : at each position, line by line, the corrected and the pooled rate.
    said : at each position the sentence that is read aloud.
    """

    ratios: tuple[str, ...]
    start: int
    rows: tuple[tuple[str, str], ...]
    cells: tuple[tuple[str, ...], ...]
    said: tuple[str, ...]

    @property
    def data(self) -> dict[str, object]:
        """What the script of the page needs."""
        return {"ratios": self.ratios, "cells": self.cells, "said": self.said}

    @property
    def ends(self) -> tuple[str, ...]:
        """The ratios below the slider: its ends, and those at a third and two thirds."""
        last = len(self.ratios) - 1
        return tuple(self.ratios[round(last * third / 3)] for third in range(4))


def slider(facts: Facts) -> Slider | None:
    """Return the slider; None where no source was selective or nothing was estimated: the ratio then moves nothing."""
    table = facts.checks.get("ratio_rates")
    if table is None or table.empty or not facts.profile.selective:
        return None
    found = {(row["ratio"], row["analysis"], row["disease"]): row for row in rows_of(table)}
    ratios = sorted({ratio for ratio, *_ in found})
    diseases = [one for one in (*facts.protocol.eligible_ids, OVERALL) if (ratios[0], POOLED, one) in found]
    lines: list[tuple[str, tuple[str, ...]]] = [(one, _RATES) for one in diseases if one != OVERALL]
    lines += [(OVERALL, (one,)) for one in _RATES if (ratios[0], one, OVERALL) in found]
    short = facts.catalogue.numbers.short
    printed = tuple(short(ratio, 2 if ratio < 1 else 1) for ratio in ratios)
    return Slider(
        printed,
        min(range(len(ratios)), key=lambda place: abs(math.log(ratios[place] / facts.meta.prior_ratio[0]))),
        tuple(_heading(disease, which, found[ratios[0], which[0], disease], facts) for disease, which in lines),
        tuple(
            tuple(
                _rate(found.get((ratio, one, disease)) if one in which else None, facts)
                for disease, which in lines
                for one in _RATES
            )
            for ratio in ratios
        ),
        tuple(_said(text, ratio, lines, found, facts) for text, ratio in zip(printed, ratios, strict=True)),
    )


def _heading(disease: str, which: Sequence[str], row: Row, facts: Facts) -> tuple[str, str]:
    catalogue = facts.catalogue
    if disease == OVERALL:
        name = "mean_of_anchored_name" if OWN in which else "mean_of_diseases_name"
        return catalogue.text(name), catalogue.numbers.missing
    count = catalogue.numbers.count(row["n_response"], row["n_evaluable"])
    return TableStyle(facts.protocol, catalogue).disease(disease), count


def _rate(row: Row | None, facts: Facts) -> str:
    numbers = facts.catalogue.numbers
    if row is None:
        return numbers.missing
    return numbers.percent_interval(row["value"], row["ci_lower"], row["ci_upper"], _DIGITS)


def _said(
    text: str,
    ratio: float,
    lines: Sequence[tuple[str, Sequence[str]]],
    found: dict[tuple[float, str, str], Row],
    facts: Facts,
) -> str:
    """Return the means at a ratio as a sentence; of one disease alone its rates."""
    means = [(disease, which) for disease, which in lines if disease == OVERALL] or lines[:1]
    parts = [
        facts.catalogue.text(
            f"slider_{one}_{'mean' if disease == OVERALL else 'rate'}", rate=_rate(found[ratio, one, disease], facts)
        )
        for disease, which in means
        for one in which
    ]
    return facts.catalogue.text("slider_said", ratio=text, parts=facts.catalogue.join(parts))
