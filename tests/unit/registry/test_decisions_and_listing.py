"""Private identity decisions, and the line listing that stays with the team."""

from __future__ import annotations

import invented
import pytest

from casepool.files.store import write_table
from casepool.model.errors import CuratedDataError
from casepool.registry.intake.decisions import read_decisions
from casepool.registry.release.line_listing import line_listing


def test_without_a_file_there_are_no_decisions(tmp_path):
    assert read_decisions(tmp_path).empty


def test_decisions_on_registry_cases_are_read(tmp_path):
    invented.write_csv(
        tmp_path / "identity_decisions.csv",
        "identity_decisions",
        invented.decision("alpha2020/p1", "registry/0123456789ab"),
        separator=";",
    )
    assert list(read_decisions(tmp_path)["case_b"]) == ["registry/0123456789ab"]


def test_a_pair_of_publications_belongs_to_the_curated_table(tmp_path):
    rows = [
        invented.decision("alpha2020/p1", "beta2021/p1"),
        invented.decision("alpha2020/p1", "registry/0123456789ab"),
    ]
    invented.write_csv(tmp_path / "identity_decisions.csv", "identity_decisions", *rows)
    with pytest.raises(CuratedDataError, match="row 2: case_a/case_b = no registry case") as found:
        read_decisions(tmp_path)
    assert len(found.value.problems) == 1


def row(pseudonym: str, **changes):
    told = {"pseudonym": pseudonym, "centre_pseudonym": "registry-aaaaaa", "return_label": "return-00000000", "row": 2}
    told["ascertainment"] = "complete"
    return invented.form_row(**changes) | told


def listing(*rows, told=()):
    registry = invented.frame("registry", *rows)
    return line_listing(registry, invented.frame("unique_patients", *told)).set_index("pseudonym")


def test_the_listing_counts_how_many_patients_are_alike():
    alike = [row("a", age_years=41), row("b", age_years=49), row("c", age_years=50), row("d", disease="sle")]
    assert listing(*alike)["n_alike"].to_dict() == {"a": 2, "b": 2, "c": 1, "d": 1}


def test_the_listing_says_what_became_of_each_patient(tmp_path):
    told = [
        invented.case("registry/a", counted="yes", kept_as="registry/a", also_told_in="alpha2020/p1"),
        invented.case("registry/b", counted="no", kept_as="beta2021/all", explanation="lies inside beta2021/all"),
    ]
    found = listing(row("a"), row("b"), row("c", disease="cold_agglutinin"), told=told)
    assert found["counted"].to_dict() == {"a": "yes", "b": "no", "c": "no"}
    assert found["eligible"].to_dict() == {"a": "yes", "b": "yes", "c": "no"}
    write_table("registry_line_listing", found.reset_index(), tmp_path / "line_listing.csv")
