"""Counts by source and by disease × ascertainment, with the cases behind each."""

from __future__ import annotations

import pandas as pd

from casepool.contract.cases import COUNTS, SEVERAL_DISEASES, STUDY_COUNTS, summed_columns
from casepool.contract.estimates import FILED_UNDER, ORIGINS
from casepool.counting.tally import require_nested, tally
from casepool.model.protocol import Protocol
from casepool.model.study import study
from casepool.model.vocabulary import Answer, Ascertainment, Autoimmune, ReportType, SourceKind
from casepool.stats.binomial import clopper_pearson
from casepool.typing import Row


def counted_cases(unique: pd.DataFrame) -> pd.DataFrame:
    """Return the cases that count (each patient once)."""
    return unique[unique["counted"] == Answer.YES]


def study_counts(unique: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the table ``study_counts``: one row for each report and disease.

    The response of each carries its Clopper–Pearson interval; empty where nobody is evaluable.
    """
    keys, told, summed = ["disease", "report_id"], ["study_id", "report_type", "year", "ascertainment"], _summed()
    cases = counted_cases(unique[["counted", "case_id", *keys, *told, "n_centres", *summed]]).sort_values("case_id")
    grouped = cases.groupby(keys, sort=True)
    first = grouped[told].first()
    numbers = pd.DataFrame(cases[summed].to_numpy(dtype="int64", na_value=0), cases.index, summed)
    sums = numbers.groupby([cases[key] for key in keys], sort=True).sum().astype("Int64")
    centres = grouped["n_centres"].max()  # strata of one report share centres: the least there can be
    listed = grouped["case_id"].agg("; ".join).rename("cases")
    studies = pd.concat([first, centres, sums, listed], axis=1).reset_index()
    require_nested(studies, "study_counts", ("disease", "report_id"))
    known = studies["n_evaluable"] > 0
    events, n = (studies.loc[known, name].to_numpy(dtype=int) for name in ("n_response", "n_evaluable"))
    lower, upper = clopper_pearson(events, n, level)
    studies.loc[known, "ci_lower"], studies.loc[known, "ci_upper"] = lower, upper
    return studies[STUDY_COUNTS.names]


def _summed() -> list[str]:
    return list(summed_columns(study()))


def source_counts(studies: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Return the table ``source_counts``: the sources of the first outcome, as ``casepool pool`` takes them.

    Sources that name several diseases together, and those that leave open how many responded, are left out.

    Parameters
    ----------
    studies : the table ``study_counts``.
    """
    of = study().counted[protocol.outcomes[0].id]
    told = studies[(studies[of.known] > 0) & (studies[of.least] == studies[of.most])]
    told = told[told["disease"].isin(protocol.eligible_ids)].sort_values(["disease", "report_id"])
    complete, called = told["ascertainment"] == Ascertainment.COMPLETE, told["report_type"] == ReportType.REGISTRY_CALL
    kind = complete.map({True: SourceKind.COMPLETE.value, False: SourceKind.SELECTIVE.value})
    return pd.DataFrame(
        {
            "disease": told["disease"],
            "source": told["report_id"],
            "ascertainment": kind.mask(complete & called, SourceKind.REGISTRY.value),
            "response": told[of.least],
            "n": told[of.known],
            "centres": told["n_centres"].astype("Int64").fillna(1),
        }
    ).reset_index(drop=True)


def disease_counts(studies: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Return the table ``counts``: every eligible disease × ascertainment, zeros included.

    Registry patients whose disease is not disclosed follow as several diseases, where there are any.
    """
    several = [SEVERAL_DISEASES] if (studies["disease"] == SEVERAL_DISEASES).any() else []
    cells = [(disease, kind.value) for disease in (*protocol.eligible_ids, *several) for kind in Ascertainment]
    rows = []
    for disease, kind in cells:
        block = studies[(studies["disease"] == disease) & (studies["ascertainment"] == kind)]
        told = block[block["n_evaluable"] > 0]
        sums = {name: int(block[name].sum()) for name in summed_columns(study())}
        rows.append(
            {
                "disease": disease,
                "ascertainment": kind,
                "n_reports": len(told),
                **sums,
                "cases": "; ".join(block["cases"]) or pd.NA,
            }
        )
    counts = pd.DataFrame(rows, columns=COUNTS.names)
    require_nested(counts, "counts", ("disease", "ascertainment"))
    return counts


def origin_counts(unique: pd.DataFrame, protocol: Protocol, level: float) -> pd.DataFrame:
    """Return the table ``origins``: the patients of each disease by the origin of their antibodies."""
    cases = counted_cases(unique).sort_values("case_id")
    cells = [(disease, kind.value) for disease in protocol.eligible_ids for kind in Autoimmune]
    blocks = ((cell, cases[(cases["disease"] == cell[0]) & (cases["autoimmune"] == cell[1])]) for cell in cells)
    rows = [_origin(*cell, block, level) for cell, block in blocks if len(block)]
    return pd.DataFrame(rows, columns=ORIGINS.names).astype(ORIGINS.dtypes)


def _origin(disease: str, autoimmune: str, cases: pd.DataFrame, level: float) -> Row:
    found = tally(cases, study().protocol.outcomes[0].id)
    lower, upper = found.interval(level) or (None, None)
    return {
        "disease": disease,
        "autoimmune": autoimmune,
        "n_reports": int(cases.loc[cases["n_evaluable"] > 0, "report_id"].nunique()),
        "n_treated": found.at_risk,
        "n_evaluable": found.known,
        "n_response": found.least,
        **{
            f"n_{place.id}": int(cases.loc[cases["setting"] == place.id, "n_treated"].sum())
            for place in study().named_places
        },
        "proportion": found.proportion,
        "ci_lower": lower,
        "ci_upper": upper,
        "cases": "; ".join(cases["case_id"]),
    }


def filed_under(unique: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``filed_under``: patients with an underlying disease, by the disease they count under."""
    cases = counted_cases(unique).sort_values("case_id")
    cases = cases[cases["underlying_disease"].notna()]
    grouped = cases.groupby(["underlying_disease", "disease"], sort=True)
    n, listed = grouped["n_underlying"].sum().rename("n_treated"), grouped["case_id"].agg("; ".join).rename("cases")
    return pd.concat([n, listed], axis=1).reset_index()[FILED_UNDER.names].astype(FILED_UNDER.dtypes)
