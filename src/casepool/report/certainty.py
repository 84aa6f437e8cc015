"""How certain the rate of each disease is, after GRADE: very low from the start, its reasons from the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from casepool.counting.counts import counted_cases
from casepool.model.estimate import OWN
from casepool.model.vocabulary import Ascertainment, Autoimmune, Basis, Certainty
from casepool.report.estimates import Estimates
from casepool.report.words.catalogue import Catalogue
from casepool.rows import rows_of

# Fewer patients, or an interval wider than this, are a reason of their own (record 0151).
FEW_PATIENTS, WIDE_INTERVAL = 30, 0.3


@dataclass(frozen=True)
class Rating:
    """The certainty of a disease.

    Attributes
    ----------
    reasons : what was found in the data, in words.
    overruled : why the authors rate otherwise; empty where they do not.
    """

    disease: str
    certainty: str
    reasons: tuple[str, ...]
    overruled: str = ""


def ratings(
    estimates: Estimates,
    study_counts: pd.DataFrame,
    unique: pd.DataFrame,
    grade: pd.DataFrame,
    diseases: tuple[str, ...],
    catalogue: Catalogue,
) -> list[Rating]:
    """Return the rating of each disease with a known response, in their order.

    There is no comparison group, and case reports are selected: the generated rating is always very low.

    Parameters
    ----------
    estimates : of the first outcome.
    study_counts, unique, grade : tables of those names (``unique_patients``).
    """
    own = {str(row["disease"]): row for row in rows_of(grade)}
    counted = counted_cases(unique)
    found = []
    for disease in diseases:
        sources = study_counts[(study_counts["disease"] == disease) & (study_counts["n_evaluable"].fillna(0) > 0)]
        if len(sources):
            cases = counted[counted["disease"] == disease]
            reasons = tuple(_reasons(disease, estimates, sources, cases, catalogue))
            row = own.get(disease, {})
            certainty = str(row.get("certainty", Certainty.VERY_LOW))
            found.append(Rating(disease, certainty, reasons, str(row.get("reason", ""))))
    return found


def _reasons(
    disease: str, estimates: Estimates, sources: pd.DataFrame, cases: pd.DataFrame, catalogue: Catalogue
) -> list[str]:
    whole = int(sources["n_evaluable"].sum())
    chosen = int(sources.loc[sources["ascertainment"] != Ascertainment.COMPLETE, "n_evaluable"].sum())
    told = [catalogue.text("grade_no_comparison")]
    told += [_part("grade_selected", chosen, whole, catalogue)] if chosen else []
    told += [catalogue.text("grade_no_complete")] if chosen == whole else []
    told += [catalogue.text("grade_single_source")] if sources["report_id"].nunique() == 1 else []
    told += [catalogue.text("grade_few", n=catalogue.numbers.integer(whole))] if whole < FEW_PATIENTS else []
    own = estimates.get(disease, OWN, OWN)
    if own.ci_lower is not None and own.ci_upper is not None and own.ci_upper - own.ci_lower > WIDE_INTERVAL:
        told.append(catalogue.text("grade_wide", span=catalogue.numbers.percent_span(own.ci_lower, own.ci_upper)))
    evaluable = cases[cases["n_evaluable"].fillna(0) > 0]
    counts: Mapping[str, int] = {
        "grade_not_read": int((evaluable["basis"] != Basis.FULL_TEXT).sum()),
        "grade_origin": int(evaluable.loc[evaluable["autoimmune"] != Autoimmune.YES, "n_evaluable"].sum()),
    }
    totals = {"grade_not_read": len(evaluable), "grade_origin": whole}
    return told + [_part(key, n, totals[key], catalogue) for key, n in counts.items() if n]


def _part(key: str, part: int, whole: int, catalogue: Catalogue) -> str:
    integer = catalogue.numbers.integer
    return catalogue.text(key, n=integer(part), whole=integer(whole))
