"""What could not be settled is listed for a human."""

from __future__ import annotations

import invented
import pytest

from casepool.files import store
from casepool.flow.questions import open_questions


def questions(cases=(), reports=(), listed=()):
    """Return (question, id, detail, would_replace) of these tables."""
    unique = [{"counted": "yes", "kept_as": row["case_id"]} | row for row in cases]
    frames = (("unique_patients", unique), ("reports", reports), ("reading_list", listed))
    return open_questions(*(invented.frame(name, *rows) for name, rows in frames))


def test_a_case_without_any_doubt_raises_no_question():
    """Full text, outcome, age and kind of disease are told."""
    assert len(questions([invented.case("alpha2020/p1")])) == 0


def test_each_doubt_about_a_counted_case_is_a_question(tmp_path):
    """Outcome, ascertainment, age, autoimmunity."""
    case = invented.case("alpha2020/p1", n_evaluable=0, ascertainment="unclear", age_not_reported="yes")
    found = questions([case | {"autoimmune": "uncertain"}])
    assert set(found["question"]) == {
        "outcome_not_reported",
        "ascertainment_unclear",
        "age_not_reported",
        "autoimmune_uncertain",
    }
    store.write_table("open_questions", found, tmp_path / "questions.csv")


def test_a_case_told_elsewhere_raises_no_question():
    """Nothing depends on it."""
    assert len(questions([invented.case("alpha2020/p1", n_evaluable=0, counted="no")])) == 0


def test_a_total_of_the_registry_raises_no_question():
    """Whether each of its patients is surely autoimmune is private."""
    total = invented.cohort_case("registry_complete/itp", report_type="registry_call", autoimmune="uncertain")
    assert len(questions([total])) == 0


def test_awaited_and_unidentified_publications_are_questions():
    """With what is known of them."""
    awaited = invented.report("gamma2022", decision="awaiting", note="letter in German")
    listed = [
        {"citation_key": "anon1", "status": "unidentified", "replaces": "alpha2020"},
        {"citation_key": "anon2", "status": "unverified"},
    ]
    found = questions(reports=[awaited], listed=listed)
    assert found.fillna("").to_numpy().tolist() == [
        ["awaiting_full_text", "gamma2022", "letter in German", ""],
        ["publication_unidentified", "anon1", "", "alpha2020"],
    ]


def test_a_notice_on_two_records_of_a_report_is_one_question(tmp_path):
    """The report is matched by its PMID and by its DOI."""
    rows = [{"record_id": one, "notices": "concern", "report_id": "alpha2020", "state": "included"} for one in "ab"]
    frames = (invented.frame(name) for name in ("unique_patients", "reports", "reading_list"))
    found = open_questions(*frames, notices=invented.frame("notices", *rows))
    assert found["question"].tolist() == ["concern_expressed"]
    store.write_table("open_questions", found, tmp_path / "questions.csv")


def appraised(*answers: tuple[str, str, str]):
    """Return appraisals of one report: reader, Murad 1, JBI 4 and 5."""
    rows = [invented.appraisal(reader=reader, murad_1=one, jbi_4=jbi, jbi_5=jbi) for reader, one, jbi in answers]
    return invented.frame("appraisal", *rows)


@pytest.mark.parametrize(
    ("answers", "detail"),
    [
        ([("anne", "yes", "no"), ("boris", "no", "no")], ["anne=complete; boris=selective"]),
        ([("anne", "unclear", "no"), ("boris", "no", "yes")], ["anne=unclear; boris=complete"]),
        ([("anne", "no", "no"), ("boris", "no", "unclear")], ["anne=selective; boris=selective"]),
        ([("anne", "no", "no"), ("boris", "no", "no")], []),
        ([("anne", "no", "no")], []),
        ([("anne", "yes", "no"), ("boris", "no", "no"), ("consensus", "no", "no")], []),
    ],
)
def test_readers_of_an_appraisal_who_differ_are_a_question_until_it_is_settled(answers, detail):
    """They decide between complete and selective."""
    nothing = (invented.frame(name) for name in ("unique_patients", "reports", "reading_list"))
    found = open_questions(*nothing, appraisal=appraised(*answers))
    assert found["detail"].tolist() == detail


def test_fields_in_which_two_readings_differ_are_one_question_a_row():
    """The case, and its fields."""
    row = {"table": "patients", "report_id": "alpha2020", "label": "p1", "reader_a": "anne", "reader_b": "boris"}
    rows = [row | {"column": "age_years", "value_a": "34"}, row | {"column": "response", "value_b": "none"}]
    nothing = (invented.frame(name) for name in ("unique_patients", "reports", "reading_list"))
    found = open_questions(*nothing, readings=invented.frame("reading_conflicts", *rows))
    assert found[["question", "id", "detail"]].to_numpy().tolist() == [
        ["readings_differ", "alpha2020/p1", "patients.age_years; patients.response"]
    ]
