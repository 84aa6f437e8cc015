"""Exploratory: response by what the patients had before and how the drug was given."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from casepool.contract.estimates import MODERATORS
from casepool.counting.counts import counted_cases
from casepool.model.study import Study, study
from casepool.model.vocabulary import Answer, CaseKind
from casepool.stats.binomial import clopper_pearson
from casepool.stats.glmm.moderators import ModeratorFit, fit_glmm_moderators
from casepool.typing import Row

MANY_LINES = 4
REFERENCE = "reference"
_ANSWERS = (Answer.YES.value, Answer.NO.value)


def moderator_levels(study: Study) -> dict[str, tuple[str, str]]:
    """Return moderator → its two levels: what the protocol compares by, the lines of treatment, the drug alone."""
    found: dict[str, tuple[str, str]] = {one.id: _ANSWERS for one in study.covariates if one.moderator}
    found["n_prior_lines"] = ("many", "few")
    if study.protocol.compared_routes:
        found["route"] = study.protocol.compared_routes
    return found | {"monotherapy": _ANSWERS}


def moderators(unique: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the table ``moderators``: response at both levels of each moderator, told singly only.

    ``n_not_told`` counts the evaluable patients for whom the moderator is not told; Fisher's exact
    test compares the levels where both have patients and not everyone has the same outcome. The odds
    ratio of the first level against the second allows for the likeness of patients of one study;
    ``or_status`` says why there is none, or that the level is the one compared with.
    """
    cases = counted_cases(unique)
    singles = cases[(cases["kind"] == CaseKind.PATIENT) & (cases["n_evaluable"] > 0)]
    lines = singles["n_prior_lines"]
    grouped = (lines >= MANY_LINES).map({True: "many", False: "few"}).where(lines.notna())
    singles = singles.assign(n_prior_lines=grouped)
    rows = [
        row
        for moderator, levels in moderator_levels(study()).items()
        for row in _compare(singles, moderator, levels, level)
    ]
    frame = pd.DataFrame(rows, columns=MODERATORS.names)
    return frame.astype(MODERATORS.dtypes)


def _compare(singles: pd.DataFrame, moderator: str, levels: tuple[str, str], level: float) -> Iterator[Row]:
    values = singles[moderator]
    blocks = {name: singles[(values == name).fillna(value=False).astype(bool)] for name in levels}
    counts = {name: (int(block["n_response"].sum()), len(block)) for name, block in blocks.items()}
    not_told = len(singles) - sum(n for _, n in counts.values())
    p_value, status = _test(list(counts.values()))
    odds_ratio = _odds_ratio(_fit(blocks, level)) if status == "ok" else {"or_status": status}
    for name, (events, n) in counts.items():
        lower, upper = clopper_pearson(events, n, level) if n else (None, None)
        yield {
            "moderator": moderator,
            "level": name,
            "n_response": events,
            "n_evaluable": n,
            "n_not_told": not_told,
            "proportion": events / n if n else None,
            "ci_lower": None if lower is None else float(lower),
            "ci_upper": None if upper is None else float(upper),
            "p_exact": p_value,
            "status": status,
            **odds_ratio,
        }
        odds_ratio = {"or_status": REFERENCE}


def _fit(blocks: dict[str, pd.DataFrame], level: float) -> ModeratorFit:
    """Return the fit of the first level against the second, patients of a study sharing an intercept."""
    first, _ = blocks
    told = pd.concat(list(blocks.values()))
    column = np.repeat([1.0 if name == first else 0.0 for name in blocks], [len(block) for block in blocks.values()])
    events, studies = told["n_response"].to_numpy(dtype=int), told["study_id"].to_numpy(dtype=str)
    return fit_glmm_moderators(events, np.ones(len(told)), column, studies, level=level)


def _odds_ratio(fit: ModeratorFit) -> Row:
    if not fit.coefficients:
        return {"or_status": fit.status}
    (found,) = fit.coefficients
    lower, upper = found.ci_profile or found.ci
    limits = {"or_lower": _exp(lower), "or_upper": _exp(upper)}
    return {"odds_ratio": found.odds_ratio, **limits, "or_status": fit.status}


def _exp(value: float | None) -> float | None:
    return None if value is None else math.exp(value)


def _test(counts: list[tuple[int, int]]) -> tuple[float | None, str]:
    if any(n == 0 for _, n in counts):
        return None, "one_level_only"
    if all(x == n for x, n in counts):
        return None, "all_events"
    if all(x == 0 for x, _ in counts):
        return None, "no_events"
    return float(fisher_exact([[x, n - x] for x, n in counts])[1]), "ok"
