"""Invented rows that fit the stage tables: no patient here exists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pytest
import reported

from casepool.model.protocol import Protocol, load_protocol

ROOT = Path(__file__).resolve().parents[3]
# disease, reports as (ascertainment, x, n), status of the corrected rate
LAYOUT: dict[str, tuple[list[tuple[str, int, int]], str]] = {
    "sle": (
        [("complete", 10, 10), ("complete", 5, 8), ("selective", 1, 1), ("selective", 2, 2), ("unclear", 1, 1)],
        "registry-anchored",
    ),
    "sjogren": ([("selective", 2, 2)], "literature-only"),
    "aav": ([("selective", 1, 1), ("unclear", 0, 1), ("selective", 0, 0)], "literature-only"),
    "itp": ([("complete", 3, 5), ("selective", 1, 1)], "registry-anchored"),
    "waiha": ([("complete", 6, 12), ("selective", 2, 2), ("selective", 1, 1)], "registry-anchored"),
    "evans": ([("selective", 5, 6)], "literature-only"),
    "prca": ([("selective", 1, 1)], "literature-only"),
}


MODELS = (("own", "own"), ("pooled", "joint"))


def _exact(disease: str, analysis: str, reports: list[tuple[str, int, int]]) -> dict[str, object]:
    told = [(x, n) for _, x, n in reports if n]
    x, n = sum(x for x, _ in told), sum(n for _, n in told)
    if not n:
        return reported.estimate(disease, analysis, "exact", status="no_data", n_response=0, n_evaluable=0, k=0)
    low, high = reported.rough_interval(x, n)
    counts = {"n_response": x, "n_at_most": x, "n_evaluable": n, "k": len(told)}
    return reported.estimate(disease, analysis, "exact", x / n, ci_lower=low, ci_upper=high, **counts)


def disease_results(disease: str, reports: list[tuple[str, int, int]], status: str) -> list[dict[str, object]]:
    """Return every result row of a disease."""
    raw = _exact(disease, "raw", reports)
    rows = [raw]
    for part in ("complete", "selective"):
        of_part = [one for one in reports if (one[0] == "complete") == (part == "complete")]
        rows.append(_exact(disease, f"{part}_only", of_part))
    if raw["value"] is None:
        return [*rows, *(reported.estimate(disease, *name, status="no-data") for name in MODELS)]
    value = 0.8 * float(str(raw["value"])) + 0.05
    reason = "no_complete_source" if status == "literature-only" else None
    limits = {"ci_lower": value * 0.6, "ci_upper": min(1, value * 1.35), "status": status, "reason": reason}
    rows.append(reported.estimate(disease, *MODELS[0], None if reason else value, **limits))
    rows.append(reported.estimate(disease, *MODELS[1], value + 0.02, **limits))
    for ratio in (1, 2, 4, 8) if reason else ():
        low, high = reported.rough_interval(int(str(raw["n_response"])), int(str(raw["n_evaluable"])))
        cells = {"threshold": ratio, "ci_lower": low / ratio, "ci_upper": high, "status": "assumed"}
        counts = {name: raw[name] for name in ("n_response", "n_evaluable")}
        rows.append(reported.estimate(disease, "at_ratio", "exact", value, **cells, **counts))
    if len(reports) > 2:
        rows.append(
            reported.estimate(
                disease,
                "raw",
                "glmm",
                raw["value"],
                ci_lower=raw["ci_lower"],
                ci_upper=raw["ci_upper"],
                pi_lower=0.2,
                pi_upper=0.97,
            )
        )
    for threshold, factor in ((0.5, 1.0), (0.3, 2.3)):
        infinite = raw["value"] == 1
        rows.append(
            reported.estimate(
                disease,
                "tipping",
                "bounds",
                None if infinite else 3.1 * factor,
                threshold=threshold,
                ci_lower=0.8 * factor,
                measure="ratio",
                reason="all_events" if infinite else None,
            )
        )
    return rows


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    """Return the protocol of the project."""
    return load_protocol(ROOT / "config" / "protocol.yaml")


@pytest.fixture
def synthetic(protocol: Protocol) -> Protocol:
    """Return the same protocol, declared synthetic."""
    return protocol.model_copy(update={"synthetic": True})


@pytest.fixture(scope="session")
def results(protocol: Protocol) -> pd.DataFrame:
    """Return results in which the correction works."""
    rows: list[dict[str, object]] = []
    for disease in protocol.eligible_ids:
        reports, status = LAYOUT.get(disease, ([], "no-data"))
        rows += disease_results(disease, reports, status)
    everything = [one for reports, _ in LAYOUT.values() for one in reports]
    rows.append(_exact("overall", "raw", everything))
    rows.append(
        reported.estimate("overall", "raw", "glmm", 0.79, ci_lower=0.66, ci_upper=0.88, pi_lower=0.4, pi_upper=0.96)
    )
    rows.append(reported.estimate("overall", "uncorrected", "joint", 0.78, ci_lower=0.66, ci_upper=0.88))
    rows.append(reported.estimate("overall", "pooled", "joint", 0.61, ci_lower=0.44, ci_upper=0.77))
    rows.append(reported.estimate("overall", "own", "own", 0.58, ci_lower=0.41, ci_upper=0.74))
    rows.append(reported.estimate("new_disease", "pooled", "joint", 0.6, pi_lower=0.18, pi_upper=0.93))
    rows.append(
        reported.estimate("all", "reporting_ratio", "joint", 3.46, ci_lower=1.58, ci_upper=8.04, measure="ratio")
    )
    rows.append(reported.estimate("all", "reporting_ratio_above_1", "joint", 0.987, measure="probability"))
    rows.append(reported.bounds("overall", "complete_response", 11, 53, 75))
    rows.append(reported.bounds("sle", "complete_response", 4, 19, 22))
    return reported.table("results", rows)


@pytest.fixture
def withheld(results: pd.DataFrame) -> pd.DataFrame:
    """Return the same results where no source reports all its patients."""
    frame = results.copy()
    moved = frame["model"].isin(["own", "joint"]) & frame["analysis"].isin(["own", "pooled"])
    moved &= frame["status"] != "no-data"
    frame.loc[moved, ["status", "reason"]] = ["literature-only", "no_complete_source"]
    frame.loc[moved & (frame["model"] == "own"), "value"] = None
    return frame[~((frame["disease"] == "overall") & (frame["model"] == "own"))]


@pytest.fixture(scope="session")
def study_counts() -> pd.DataFrame:
    """Return the reports of LAYOUT."""
    return reported.study_rows({disease: reports for disease, (reports, _) in LAYOUT.items()})


@pytest.fixture(scope="session")
def reports(study_counts: pd.DataFrame) -> pd.DataFrame:
    """Return the publications: those of LAYOUT and three excluded ones."""
    rows: list[dict[str, object]] = [
        {
            "report_id": report,
            "study_id": report,
            "title": f"Daratumumab & friends: {report} 100% <new>",
            "authors": "Dupont A; Durand B",
            "journal": "Lupus",
            "year": 2020,
            "report_type": "case_report",
            "country": "France",
            "decision": "include",
            "doi": f"10.1000/{report}_x",
        }
        for report in sorted(set(study_counts["report_id"]))
    ]
    for index, reason in enumerate(("review", "under_18", "review")):
        rows.append(
            {
                "report_id": f"out{index}",
                "study_id": f"out{index}",
                "title": "A review",
                "authors": "Li X",
                "year": 2019,
                "report_type": "letter",
                "decision": "exclude",
                "exclusion_reason": reason,
                "pmid": f"3000{index}",
            }
        )
    return reported.table("reports", rows)


@pytest.fixture(scope="session")
def counts() -> pd.DataFrame:
    """Return counts by disease and ascertainment."""
    rows: list[dict[str, object]] = []
    for disease, (reports, _) in LAYOUT.items():
        for kind in sorted({kind for kind, _, _ in reports}):
            of_kind = [(x, n) for one, x, n in reports if one == kind]
            x, n = sum(x for x, _ in of_kind), sum(n for _, n in of_kind)
            rows.append(
                {
                    "disease": disease,
                    "ascertainment": kind,
                    "n_reports": len(of_kind),
                    "n_treated": n,
                    "n_evaluable": n,
                    "n_response": x,
                    "n_complete": 0,
                    "n_complete_at_most": x,
                    "cases": f"{disease}0:P1; {disease}1:P 1",
                }
            )
    return reported.table("counts", rows)


# Box, detail, number of databases and registers, number of other methods.
ARMS = [
    ("duplicates_removed", "", 94, 2),
    ("records_to_screen", "", 0, 0),
    ("records_screened", "", 1259, 10),
    ("records_excluded", "", 1096, 4),
    ("records_excluded", "oncology", 800, 0),
    ("records_excluded", "review", 197, 3),
    ("records_excluded", "in_vitro_or_animal", 99, 1),
    ("reports_sought", "", 163, 6),
    ("reports_not_retrieved", "", 8, 1),
    ("reports_assessed", "", 155, 5),
    ("reports_excluded", "", 98, 2),
    ("reports_excluded", "disease_not_eligible", 59, 1),
    ("reports_excluded", "duplicate_publication", 24, 1),
    ("reports_excluded", "outcome_not_reported", 15, 0),
    ("reports_included", "", 57, 3),
]
TOTALS = [
    ("records_database", "", 1312),
    ("records_register", "", 41),
    ("records_website", "", 12),
    ("studies_included", "", 55),
    ("patients_told", "", 140),
    ("patients_registry", "", 0),
    ("patients_excluded", "", 20),
    ("patients_excluded", "under_18", 12),
    ("patients_excluded", "disease_not_eligible", 8),
    ("patients_duplicate", "", 6),
    ("patients_included", "", 114),
    ("patients_not_evaluable", "", 14),
    ("patients_evaluable", "", 100),
]


def flow_boxes(*, other: bool = True) -> pd.DataFrame:
    """Return the boxes of the flow diagram, with records of other methods or without; they add up."""
    rows: list[tuple[str, str | None, str, int]] = [(box, None, detail, n) for box, detail, n in TOTALS]
    for box, detail, databases, others in ARMS:
        counts = (databases, others if other else 0)
        rows += [(box, arm, detail, n) for arm, n in zip(("databases", "other_methods"), counts, strict=True)]
        rows.append((box, None, detail, sum(counts)))
    told = [
        {"box": box, "arm": arm, "detail": detail or None, "unit": "x", "n": 0 if not other and "website" in box else n}
        for box, arm, detail, n in rows
        if n or not detail
    ]
    return reported.table("prisma_counts", told)


@pytest.fixture(scope="session")
def prisma_counts() -> pd.DataFrame:
    """Return the boxes of the flow diagram, in two arms."""
    return flow_boxes()


@pytest.fixture(scope="session")
def one_arm() -> pd.DataFrame:
    """Return the boxes of a flow without records of other methods."""
    return flow_boxes(other=False)


@pytest.fixture(scope="session")
def characteristics() -> pd.DataFrame:
    """Return characteristics of one disease and of all."""
    rows: list[dict[str, object]] = []
    for disease, n in (("overall", 100), ("sle", 22)):
        rows.append({"disease": disease, "item": "patients", "n": n, "n_known": n})
        rows.append(
            {"disease": disease, "item": "age_years", "n_known": n - 2, "median": 41.5, "lowest": 19, "highest": 77}
        )
        rows.append({"disease": disease, "item": "female", "n": n // 2, "n_known": n - 3})
        rows.append({"disease": disease, "item": "prior_rituximab", "level": "yes", "n": n // 3, "n_known": n - 5})
        rows.append({"disease": disease, "item": "autoimmune", "level": "yes", "n": n - 4, "n_known": n})
        rows.append({"disease": disease, "item": "autoimmune", "level": "no", "n": 4, "n_known": n})
        rows.append({"disease": disease, "item": "setting", "level": "post_hsct", "n": 4, "n_known": n})
        rows.append(
            {"disease": disease, "item": "n_prior_lines", "n_known": n - 9, "median": 4, "lowest": 1, "highest": 9}
        )
        rows.append({"disease": disease, "item": "follow_up_months", "n_known": 2, "lowest": 6, "highest": 12})
        median = {"level": "sle1/all", "n_known": 8, "median": 33.5}
        rows.append({"disease": disease, "item": "age_years_cohort", **median})
    return reported.table("characteristics", rows)


@pytest.fixture(scope="session")
def safety() -> pd.DataFrame:
    """Return events of one disease and of all; the deaths are of two settings, a third says nothing of them."""
    apart = dict.fromkeys(("proportion", "lowest", "highest", "ci_lower", "ci_upper"))
    rows = [
        reported.harm(
            "overall", "all", "death", 9, 9, 45, 100, **apart, status="several_settings", causes="gvhd 5; infection 4"
        ),
        reported.harm("overall", "primary", "death", 1, 1, 25, 70, causes="infection 1"),
        reported.harm("overall", "post_hsct", "death", 8, 8, 20, 21, causes="gvhd_or_infection 7; treated_disease 1"),
        reported.harm("overall", "secondary", "death", 0, 0, 0, 9),
        reported.harm("overall", "all", "serious_infection", 8, 9, 21, 100),
        reported.harm("overall", "all", "hypogammaglobulinaemia", 0, 0, 0, 100),
        reported.harm("overall", "all", "relapse", 3, 5, 12, 40),
        reported.harm("sle", "all", "death", 0, 0, 11, 22),
        reported.harm("sle", "all", "serious_infection", 2, 3, 11, 22),
        reported.harm("sle", "all", "relapse", 2, 2, 9, 19),
    ]
    return reported.table("safety", rows)


@pytest.fixture(scope="session")
def origins() -> pd.DataFrame:
    """Return the patients of LAYOUT by origin: all autoimmune but for two of AIHA and the one of PRCA."""
    rows: list[dict[str, object]] = []
    for disease, (reports, _) in LAYOUT.items():
        x, n = sum(x for _, x, _ in reports), sum(n for _, _, n in reports)
        if disease == "waiha":
            rows += [reported.origin(disease, "yes", x - 1, n - 2), reported.origin(disease, "no", 1, 2, n_post_hsct=2)]
        else:
            rows.append(reported.origin(disease, "no" if disease == "prca" else "yes", x, n, n_reports=len(reports)))
    return reported.table("origins", rows)


@pytest.fixture(scope="session")
def cumulative_incidences() -> pd.DataFrame:
    """Return no cohort that is known by cumulative incidences."""
    return reported.table("cumulative_incidences", [])


@pytest.fixture(scope="session")
def filed_under() -> pd.DataFrame:
    """Return three patients with the antiphospholipid syndrome, counted under what was treated."""
    row = {"underlying_disease": "aps", "cases": "x"}
    return reported.table(
        "filed_under", [row | {"disease": "itp", "n_treated": 2}, row | {"disease": "waiha", "n_treated": 1}]
    )


@pytest.fixture(scope="session")
def cases() -> pd.DataFrame:
    """Return cases of which two are excluded, one of them from the call for observations."""
    common = {"kind": "patient", "eligible": "no", "n_treated": 1, "exclusion_reason": "under_18"}
    rows = [
        {**common, "case_id": "out1:P1", "report_id": "out1", "report_type": "letter", "disease": "sle"},
        {**common, "case_id": "call:X7", "report_id": "call", "report_type": "registry_call", "disease": "aps"},
    ]
    return reported.table("cases", rows)


@pytest.fixture(scope="session")
def unique_patients() -> pd.DataFrame:
    """Return a patient told twice, once under each of two reports."""
    common = {"kind": "patient", "eligible": "yes", "report_type": "case_report", "disease": "sle", "n_treated": 1}
    rows = [
        {**common, "case_id": "sle0:P1", "report_id": "sle0", "counted": "yes", "kept_as": "sle0:P1"},
        {**common, "case_id": "sle1:P9", "report_id": "sle1", "counted": "no", "kept_as": "sle0:P1"},
    ]
    return reported.table("unique_patients", rows)


@pytest.fixture(scope="session")
def reading_list() -> pd.DataFrame:
    """Return one publication that waits."""
    return reported.table(
        "reading_list",
        [
            {
                "citation_key": "li2024",
                "status": "awaiting_full_text",
                "disease": "sle",
                "authors": "Li X",
                "year": 2024,
                "what_to_find": "response",
            },
        ],
    )


@pytest.fixture(scope="session")
def frames(
    results: pd.DataFrame,
    study_counts: pd.DataFrame,
    characteristics: pd.DataFrame,
    safety: pd.DataFrame,
    reports: pd.DataFrame,
    cases: pd.DataFrame,
    unique_patients: pd.DataFrame,
    reading_list: pd.DataFrame,
    origins: pd.DataFrame,
    cumulative_incidences: pd.DataFrame,
    filed_under: pd.DataFrame,
) -> Mapping[str, pd.DataFrame]:
    """Return every frame that tables are made of; all tests share them, so nobody may put others in."""
    frames = {
        "results": results,
        "study_counts": study_counts,
        "characteristics": characteristics,
        "safety": safety,
        "reports": reports,
        "cases": cases,
        "unique_patients": unique_patients,
        "reading_list": reading_list,
        "origins": origins,
        "cumulative_incidences": cumulative_incidences,
        "filed_under": filed_under,
    }
    return MappingProxyType(frames)


@pytest.fixture
def many_studies() -> Callable[[int], pd.DataFrame]:
    """Return a maker of study counts with k reports, most of one patient."""

    def make(k: int) -> pd.DataFrame:
        kinds = ("selective", "unclear", "complete")
        layout: dict[str, list[tuple[str, int, int]]] = {}
        for index in range(k):
            disease = ("sle", "sle", "sle", "myositis", "waiha")[index % 5]
            n = 1 if index % 4 else 1 + index
            layout.setdefault(disease, []).append((kinds[index % 3], n if index % 3 else n // 2, n))
        return reported.study_rows(layout)

    return make
