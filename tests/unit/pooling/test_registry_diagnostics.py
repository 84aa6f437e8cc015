"""What the registry says of selective reporting."""

from __future__ import annotations

import math

import invented
import numpy as np
import pandas as pd
import pytest

from casepool.counting.outcomes import OutcomeCounts, outcome_counts
from casepool.pooling.registry_diagnostics import published_in, registry_diagnostics
from casepool.stats.joint.data import Linkage

DISEASES = ("itp", "sle")


def counts(linkage: Linkage | None, complete: tuple[int, int] = (20, 40)) -> OutcomeCounts:
    """Return one disease told by a complete and a selective source."""
    return OutcomeCounts(
        "any_response",
        np.array(["itp", "itp"]),
        np.array([True, False]),
        np.array([complete[0], 9]),
        np.array([complete[0], 9]),
        np.array([complete[1], 10]),
        ("a", "b"),
        np.array([False, False]),
        np.array([False, False]),
        np.array([1, 1]),
        () if linkage is None else ((None, linkage),),
    )


def found(linkage, published=None, **others) -> pd.DataFrame:
    return pd.DataFrame(registry_diagnostics(counts(linkage, **others), DISEASES, 0.95, published)).set_index(
        "diagnostic"
    )


def test_without_linkage_nothing_is_estimable():
    assert set(found(None)["reason"]) == {"no_registry"}


def test_publication_by_response_is_the_odds_ratio_of_the_table():
    row = found(Linkage(10, 6, 10, 2)).loc["published_by_response"]
    assert row["value"] == pytest.approx(6 * 8 / (4 * 2))
    assert row["ci_upper"] == pytest.approx(
        row["value"] * math.exp(1.959963985 * math.sqrt(1 / 6 + 1 / 4 + 1 / 2 + 1 / 8))
    )
    assert row["n"] == 20


def test_both_comparisons_may_agree_or_contradict_each_other():
    assert found(Linkage(10, 6, 10, 2)).loc["conflict", "status"] == "ok"
    assert found(Linkage(100, 10, 100, 90), complete=(5, 200)).loc["conflict", "status"] == "conflict"


def test_two_lists_need_five_published_patients_of_each_kind():
    row = found(Linkage(10, 6, 10, 2), (8, 4)).loc["two_lists"]
    assert (row["status"], row["reason"]) == ("not_estimable", "too_few_in_both_lists")


def test_two_lists_estimate_the_share_of_responders():
    row = found(Linkage(12, 6, 12, 5), (14, 9)).loc["two_lists"]
    size = [(12 + 1) * (14 + 1) / (6 + 1) - 1, (12 + 1) * (9 + 1) / (5 + 1) - 1]
    assert row["value"] == pytest.approx(size[0] / sum(size))


def test_two_lists_refuse_publications_that_were_not_found():
    row = found(Linkage(12, 6, 12, 5), (5, 9)).loc["two_lists"]
    assert row["reason"] == "missing_in_literature"


def test_the_second_list_holds_the_published_of_the_country_each_once():
    cases = [
        invented.case("a/p1", country="France"),
        invented.case("b/p1", country="france", n_response=0),
        invented.case("c/p1", country="Germany"),
        invented.case("d/p1", country="France", counted="no", kept_as="a/p1"),
        invented.case("e/p1", country="France", counted="no", kept_as="registry_complete/itp"),
        invented.cohort_case("f/all", country="France"),
        invented.case("g/p1", country="France", n_evaluable=0, n_response=0),
    ]
    told = [{"counted": "yes", "kept_as": case["case_id"]} | case for case in cases]
    assert published_in("France", invented.frame("unique_patients", *told)) == (2, 1)
    assert published_in("Utopia", invented.frame("unique_patients", *told)) is None


def studies(*rows) -> pd.DataFrame:
    cells = [
        {
            "n_treated": 9,
            "n_evaluable": 9,
            "n_response": 5,
            "n_complete": 1,
            "n_complete_at_most": 1,
            "cases": "x",
            **row,
        }
        for row in rows
    ]
    return invented.frame("study_counts", *cells)


def linkage_table(*diseases: str | None) -> pd.DataFrame:
    row = {"outcome": "any_response", "n_response": 5, "n_response_published": 2, "n_none": 4, "n_none_published": 1}
    return invented.frame("registry_linkage", *(row | {"disease": disease} for disease in diseases or (None,)))


TOTAL = {"disease": "itp", "report_id": "registry_complete", "study_id": "r", "report_type": "registry_call"}


def test_the_linkage_counts_while_the_complete_registry_does():
    complete = outcome_counts(studies(TOTAL | {"ascertainment": "complete"}), "any_response", linkage_table())
    selective = outcome_counts(studies(TOTAL | {"ascertainment": "selective"}), "any_response", linkage_table())
    assert complete.linkage == Linkage(5, 2, 4, 1)
    assert selective.linkage is None
    assert (
        outcome_counts(studies(TOTAL | {"ascertainment": "complete"}), "complete_response", linkage_table()).linkage
        is None
    )


def test_patients_of_a_released_total_are_not_clustered():
    report = TOTAL | {"report_id": "alpha2020", "report_type": "case_series", "ascertainment": "complete"}
    told = outcome_counts(studies(TOTAL | {"ascertainment": "complete"}, report), "any_response")
    assert dict(zip(["alpha2020", "registry_complete"], told.clustered, strict=True)) == {
        "alpha2020": True,
        "registry_complete": False,
    }


def test_a_source_is_a_registry_as_a_released_total_and_as_a_centre_of_the_private_side():
    rows = [
        TOTAL | {"ascertainment": "complete"},
        TOTAL | {"ascertainment": "complete", "report_id": "registry-aaaaaa"},
        TOTAL | {"ascertainment": "complete", "report_id": "alpha2020", "report_type": "clinical_trial"},
    ]
    told = outcome_counts(studies(*rows), "any_response")
    registry = dict(zip(["alpha2020", "registry-aaaaaa", "registry_complete"], told.registry, strict=True))
    assert registry == {"alpha2020": False, "registry-aaaaaa": True, "registry_complete": True}
    assert list(told.where(told.registry).registry) == [True, True]


def test_a_source_of_unknown_centres_counts_as_one_centre():
    rows = [
        TOTAL | {"ascertainment": "complete", "n_centres": 4},
        TOTAL | {"ascertainment": "complete", "report_id": "alpha2020", "report_type": "clinical_trial"},
    ]
    told = outcome_counts(studies(*rows), "any_response")
    assert told.centres.tolist() == [1, 4]
    assert told.where(told.registry).centres.tolist() == [4]


def test_a_variant_without_the_patients_of_the_linkage_goes_without_it():
    few, enough = (TOTAL | {"ascertainment": "complete", "n_evaluable": n} for n in (5, 6))
    assert outcome_counts(studies(few), "any_response", linkage_table()).linkage is None
    assert outcome_counts(studies(enough), "any_response", linkage_table()).linkage is not None


def test_the_linkage_is_known_by_disease_and_in_sum():
    rows = [TOTAL | {"ascertainment": "complete", "disease": one} for one in ("itp", "sle", "several_diseases")]
    told = outcome_counts(studies(*rows), "any_response", linkage_table("itp", "sle", None))
    assert [disease for disease, _ in told.linkages] == ["itp", "sle", None]
    assert told.linkage == Linkage(15, 6, 12, 3)


def test_a_variant_keeps_the_linkage_of_the_diseases_it_keeps():
    """The patients of a disease with a row of its own cannot stand for those of the row over the others."""
    told = outcome_counts(
        studies(TOTAL | {"ascertainment": "complete"}), "any_response", linkage_table("itp", "sle", None)
    )
    assert told.linkages == (("itp", Linkage(5, 2, 4, 1)),)
