"""The numbers by which the sentences of the page are chosen."""

import pytest
import reported

from casepool.report.evidence import evidence_profile


def profile(protocol, layout, unique=None):
    """Return the profile of sources as (ascertainment, x, n) by disease."""
    return evidence_profile(reported.study_rows(layout), unique, protocol)


COMPLETE, OTHER, UNCLEAR = ("complete", 3, 5), ("selective", 1, 1), ("unclear", 2, 2)
SILENT = ("complete", 0, 0)


@pytest.mark.parametrize(
    ("layout", "complete", "selective", "shared", "compared"),
    [
        ({"sle": [OTHER, UNCLEAR]}, (), ("sle0", "sle1"), (), False),
        ({"sle": [COMPLETE, OTHER]}, ("sle0",), ("sle1",), ("sle",), True),
        ({"sle": [COMPLETE, COMPLETE, OTHER]}, ("sle0", "sle1"), ("sle2",), ("sle",), True),
        ({"sle": [COMPLETE]}, ("sle0",), (), (), False),
        ({"sle": [COMPLETE], "itp": [OTHER]}, ("sle0",), ("itp0",), (), True),
        ({"sle": [SILENT, OTHER]}, (), ("sle1",), (), False),
        ({}, (), (), (), False),
    ],
)
def test_sources_are_counted_by_kind(layout, complete, selective, shared, compared, protocol):
    found = profile(protocol, layout)
    assert (found.complete, found.selective, found.shared, found.compared) == (complete, selective, shared, compared)


def test_a_source_that_reports_all_without_counting_responders_anchors_nothing(protocol):
    found = profile(protocol, {"sle": [SILENT, COMPLETE, ("selective", 0, 0)]})
    assert found.complete_uncounted == ("sle0",)
    assert (found.complete, found.complete_patients) == (("sle1",), 5)


@pytest.mark.parametrize(("diseases", "expected"), [(["itp"], ("itp",)), (["itp", "sle"], ("sle", "itp"))])
def test_diseases_with_data_stand_in_the_order_of_the_protocol(diseases, expected, protocol):
    found = profile(protocol, {one: [OTHER] for one in diseases} | {"aav": [SILENT]})
    assert found.with_data == expected
    assert found.n_diseases == 13


def test_a_source_of_one_patient_in_each_of_two_diseases_is_no_single_case(protocol):
    studies = reported.study_rows({"sle": [OTHER, OTHER], "itp": [OTHER]})
    studies.loc[studies["report_id"] == "itp0", "report_id"] = "sle0"
    found = evidence_profile(studies, None, protocol)
    assert (found.n_single, found.n_sources) == (1, 2)


def test_entries_are_the_cases_that_count(protocol):
    unique = reported.table(
        "unique_patients",
        [
            {"counted": counted, "basis": basis}
            for counted, basis in (("yes", "abstract"), ("yes", "full_text"), ("yes", "title"), ("no", "abstract"))
        ],
    )
    found = profile(protocol, {"sle": [OTHER]}, unique=unique)
    assert (found.n_entries, found.n_abstract) == (3, 1)
    assert profile(protocol, {"sle": [OTHER]}).n_entries == 0


def test_patients_of_the_registry_are_those_of_its_released_totals(protocol):
    studies = reported.study_rows({"sle": [COMPLETE, OTHER]})
    studies.loc[studies["report_id"] == "sle0", "report_id"] = "registry_complete"
    found = evidence_profile(studies, None, protocol)
    assert (found.n_registry, found.complete) == (5, ("registry_complete",))
