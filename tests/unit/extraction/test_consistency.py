"""What one table names must stand in another."""

from __future__ import annotations

import invented
import pandas as pd
import pytest

from casepool.diseases import DiseaseNames
from casepool.extraction.consistency import consistency_problems, name_problems
from casepool.extraction.curated import Curated
from casepool.files.sheets import read_table
from casepool.model.message import text
from casepool.rows import rows_of


def problems(**tables):
    """Return (file, row, column, found) of every problem of these tables."""
    curated = Curated(invented.curated(**tables), (), ())
    found = consistency_problems(curated, invented.protocol())
    return [(problem.file, problem.row, problem.column, str(problem.found)) for problem in found]


def test_tables_that_agree_have_no_problem():
    """The invented project is sound."""
    assert problems() == []


@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        (
            {"patients": [invented.patient(), invented.patient("gamma")]},
            ("patients.csv", 3, "report_id", "gamma"),
        ),
        ({"cohorts": [invented.cohort("gamma")]}, ("cohorts.csv", 2, "report_id", "gamma")),
        (
            {"appraisal": [invented.appraisal(), invented.appraisal("gamma")]},
            ("appraisal.csv", 3, "report_id", "gamma"),
        ),
        (
            {"patients": [invented.patient(same_patient_as="alpha2020/p7")]},
            ("patients.csv", 2, "same_patient_as", "alpha2020/p7"),
        ),
        ({"grade": [invented.grade(disease="ttp")]}, ("grade.csv", 2, "disease", "ttp")),
        ({"grade": [invented.grade(disease="itpp")]}, ("grade.csv", 2, "disease", "itpp")),
        (
            {"cohorts": [invented.cohort("alpha2020", includes_case="alpha2020/p1; gamma")]},
            ("cohorts.csv", 2, "includes_case", "gamma"),
        ),
        (
            {"identity_decisions": [invented.decision("alpha2020/p1", "gamma/p1")]},
            ("identity_decisions.csv", 2, "case_b", "gamma/p1"),
        ),
        ({"appraisal": []}, ("reports.csv", 2, "decision", "include")),
        ({"patients": [], "appraisal": []}, ("reports.csv", 2, "decision", "include")),
        (
            {"patients": [invented.patient(disease_as_reported="cold fever")]},
            ("patients.csv", 2, "disease_as_reported", "cold fever"),
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_problem(tables, problem):
    """File, row, column and value are told, and nothing else is found."""
    assert problems(**tables) == [problem]


def test_a_disease_that_the_protocol_does_not_know_is_a_problem():
    """The id is refused, and the term that it does not fit."""
    found = problems(patients=[invented.patient(disease="gout")])
    assert ("patients.csv", 2, "disease", "gout") in found


def test_the_nearest_report_is_offered():
    """A typo in an id is one letter from what was meant."""
    curated = Curated(invented.curated(cohorts=[invented.cohort("alpha202")]), (), ())
    (problem,) = consistency_problems(curated, invented.protocol())
    assert problem.nearest == "alpha2020"


def test_an_excluded_report_needs_no_row():
    """Only what is included must be extracted and appraised."""
    excluded = invented.report("gamma2022", decision="exclude", exclusion_reason="review")
    assert problems(reports=[invented.report(), excluded]) == []


def test_a_row_without_disease_is_no_crash():
    """The schema tells it; the references are checked all the same."""
    assert problems(patients=[invented.patient(disease=None)]) == []


@pytest.fixture(scope="module")
def real_terms():
    """Return the rows of the project's disease_terms.csv."""
    return rows_of(read_table("disease_terms", invented.ROOT / "data" / "curated" / "disease_terms.csv"))


@pytest.mark.parametrize(
    ("disease", "reported", "accepted"),
    [
        ("nmosd", "neuromyelitis optica", True),
        ("itp", "neuromyelitis optica", False),
        ("cold_agglutinin", "AHAI à agglutinines froides", True),
        ("waiha", "AHAI à agglutinines froides", False),
        ("evans", "PTI et AHAI", True),
        ("aps", "lupus anticoagulant, APS", True),
        ("sjogren", "syndrome de Sjögren", True),
        ("itp", "purpura thrombopénique idiopathique", True),
    ],
)
def test_a_row_passes_if_its_name_means_its_disease(real_terms, disease, reported, accepted):
    """Right rows are not refused, and an ineligible disease does not count as another."""
    row = invented.patient(disease=disease, disease_as_reported=reported)
    found = problems(patients=[row], disease_terms=real_terms)
    assert (found == []) is accepted


def test_which_of_several_candidates_was_meant_a_person_decides(real_terms):
    """A lupus with an antiphospholipid syndrome may be filed under either, and under no third."""
    rows = [invented.patient(disease=one, disease_as_reported="APS secondary to SLE") for one in ("aps", "sle", "itp")]
    found = [problems(patients=[row], disease_terms=real_terms) for row in rows]
    assert [len(one) for one in found] == [0, 0, 1]


def test_a_patient_may_be_filed_under_another_disease_than_the_underlying_one(real_terms):
    """Evans syndrome, filed under the cytopenia that was treated."""
    row = {"disease": "itp", "disease_as_reported": "Evans syndrome", "report_id": "alpha2020", "patient_label": "p1"}
    filed, frames = pd.DataFrame([row]), invented.curated()
    names = DiseaseNames(real_terms, invented.protocol())
    underlying = Curated(frames | {"patients": filed.assign(underlying_disease="evans")}, (), ())
    assert list(name_problems(underlying, names)) == []
    without = Curated(frames | {"patients": filed.assign(underlying_disease=pd.NA)}, (), ())
    assert [problem.found for problem in name_problems(without, names)] == ["Evans syndrome"]


@pytest.mark.parametrize(
    ("reported", "words", "nearest"),
    [
        ("neuromyelitis optica", "this text means nmosd by the term neuromyelitis optica", ""),
        ("APS and SLE", "this text may mean aps, sle by the term APS, sle", ""),
        ("imune trombocytopenya", "no term of disease_terms.csv stands in this text", "immune thrombocytopenia"),
    ],
)
def test_a_name_that_does_not_fit_says_what_was_read_and_what_to_do(real_terms, reported, words, nearest):
    """The term, the candidates or the nearest name; in French as well."""
    row = invented.patient(disease="myeloma", disease_as_reported=reported)
    curated = Curated(invented.curated(patients=[row], disease_terms=real_terms), (), ())
    (problem,) = consistency_problems(curated, invented.protocol())
    assert words in str(problem.expected)
    assert "add the name to disease_terms.csv" in str(problem.expected)
    assert problem.nearest == nearest
    assert "ajouter le nom à disease_terms.csv" in text(problem.expected, "fr")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([("gouty", "name", "gout")], ("disease_terms.csv", 2, "disease", "gout")),
        ([("itp + gout", "together", "evans")], ("disease_terms.csv", 2, "term", "gout")),
        ([("gouty", "asked", "itp; ttp")], None),
        ([("AIHA, cold", "name", "waiha"), ("cold AIHA", "name", "sle")], ("disease_terms.csv", 3, "disease", "sle")),
    ],
)
def test_a_term_that_contradicts_another_or_the_protocol_is_a_problem(rows, problem):
    """Unknown ids, and the same words for two diseases."""
    listed = [{"term": term, "kind": kind, "disease": disease, "language": "en"} for term, kind, disease in rows]
    found = problems(patients=[invented.patient(disease_as_reported="ITP")], disease_terms=listed)
    assert found == ([problem] if problem else [])


def test_labels_that_differ_only_in_capitals_are_a_typing_error():
    """P1 beside p1 would be two patients."""
    first = invented.patient()
    second = {**first, "patient_label": str(first["patient_label"]).upper()}
    assert second != first
    found = ("patients.csv", 3, "patient_label", second["patient_label"])
    assert found in problems(patients=[first, second])
