"""Agreement of reviewers, conflicts and their settlement, notices, recall, and the list of what waits."""

from __future__ import annotations

import invented
import pytest

from casepool.files import store
from casepool.flow.questions import open_questions
from casepool.screening.agreement import screening_agreement, screening_conflicts
from casepool.screening.notices import notice_problems, notices
from casepool.screening.state import screening_problems, screening_state
from casepool.screening.waiting import to_screen


def decisions(*verdicts: str):
    """Return decisions of reviewers a and b on one record after the other: i, e, or - for none."""
    words = {"i": ("include", None), "e": ("exclude", "review")}
    rows = [
        invented.screened(f"pmid:{n}", verdict=words[one][0], exclusion_reason=words[one][1], reviewer=reviewer)
        for n, pair in enumerate(verdicts, start=1)
        for reviewer, one in zip("ab", pair, strict=True)
        if one != "-"
    ]
    return invented.frame("screening", *rows)


def test_kappa_is_that_of_a_worked_example(tmp_path):
    """Cohen 1960: 20 and 15 agreements of 50, 5 and 10 disagreements: kappa 0.4; its standard error 0.127."""
    found = screening_agreement(decisions(*["ii"] * 20, *["ie"] * 5, *["ei"] * 10, *["ee"] * 15), 0.95)
    (row,) = found.to_dict("records")
    assert (row["n_records"], row["n_agreed"], row["status"]) == (50, 35, "estimated")
    assert row["kappa"] == pytest.approx(0.4, abs=1e-12)
    # Fleiss, Cohen and Everitt 1969, equation 13, by hand: variance 0.016128.
    assert row["ci_lower"] == pytest.approx(0.4 - 1.959964 * 0.016128**0.5, abs=1e-5)
    store.write_table("screening_agreement", found, tmp_path / "agreement.csv")


@pytest.mark.parametrize(
    ("verdicts", "kappa", "status"),
    [
        (["ii", "ii"], None, "one_category"),
        (["ii", "ee"], 1.0, "agree_throughout"),
        (["ie", "ei"], -1.0, "no_interval"),
        (["ii", "ii", "ie"], 0.0, "one_constant"),
        (["ii", "ie"], 0.0, "one_constant"),
        (["ii"] * 20 + ["ie"] * 4, 0.0, "one_constant"),
    ],
)
def test_agreement_without_an_interval_says_so(verdicts, kappa, status):
    """A width of zero would pretend to certainty."""
    (row,) = screening_agreement(decisions(*verdicts), 0.95).to_dict("records")
    assert row["status"] == status
    assert row["ci_lower"] is None
    assert row["ci_upper"] is None
    assert row.get("kappa") == kappa or row["kappa"] != row["kappa"]


def test_only_records_that_both_have_judged_count():
    """One reader alone agrees with nobody."""
    assert len(screening_agreement(decisions("i-", "-e"), 0.95)) == 0
    assert screening_agreement(decisions("i-", "ii", "ee"), 0.95)["n_records"].tolist() == [2]


CONSENSUS = invented.screened("pmid:1", verdict="exclude", exclusion_reason="review", reviewer="consensus")


def test_a_conflict_is_listed_until_consensus_settles_it(tmp_path):
    """Who said what; then the decision of the adjudicator holds and counts in no kappa."""
    records = invented.frame("records", invented.record("pmid:1", title="A title"))
    open_ = decisions("ie")
    (row,) = screening_conflicts(records, open_).to_dict("records")
    assert (row["decisions"], row["title"]) == ("a: include; b: exclude (review)", "A title")
    store.write_table("screening_conflicts", screening_conflicts(records, open_), tmp_path / "conflicts.csv")
    settled = invented.frame("screening", *open_.to_dict("records"), CONSENSUS)
    assert len(screening_conflicts(records, settled)) == 0
    state = screening_state(records, settled, invented.frame("reports")).iloc[0]
    assert (state["state"], state["exclusion_reason"]) == ("excluded_title_abstract", "review")
    assert screening_agreement(settled, 0.95)[["reviewer_a", "reviewer_b"]].to_numpy().tolist() == [["a", "b"]]


def test_a_decision_on_a_merged_record_still_holds():
    """The publication was decided under its RIS id; PubMed has it now."""
    records = invented.frame("records", invented.record("pmid:1", pmid="1", also_as="ris:x; ris:y"))
    screening = invented.frame("screening", invented.screened("ris:y"), invented.screened("ris:y", "full_text"))
    reports = invented.frame("reports", invented.report("y"))
    state = screening_state(records, screening, reports)
    assert state[["record_id", "state", "report_id"]].to_numpy().tolist() == [["pmid:1", "included", "y"]]
    assert screening_problems(records, screening, reports) == []


def retracted(sources="publication type Retracted Publication", kinds="retracted", **override):
    """Return records, reports and overrides of one included report with a notice."""
    record = invented.record("pmid:1", pmid="1", notices=kinds, notice_sources=sources)
    rows = [{"reader": "reader_one", "date": "2026-01-31"} | override] if override else []
    frames = (("records", [record]), ("reports", [invented.report(pmid="1")]), ("retraction_overrides", rows))
    return [invented.frame(name, *rows) for name, rows in frames]


def test_an_included_report_that_was_retracted_is_a_problem():
    """The message tells PubMed's words and both ways out."""
    (problem,) = notice_problems(*retracted())
    assert (problem.file, problem.key, problem.found) == ("reports.csv", "report_id=alpha2020", "include")
    assert str(problem.expected).startswith("exclude (reason retracted), or a row in retraction_overrides.csv")
    assert "publication type Retracted Publication" in str(problem.expected)


def test_a_reason_keeps_a_retracted_report_and_is_shown(tmp_path):
    """Retracted and republished, for instance."""
    frames = retracted(report_id="alpha2020", reason="republished after correction")
    assert list(notice_problems(*frames)) == []
    state = screening_state(frames[0], invented.frame("screening"), frames[1])
    found = notices(frames[0], state, frames[2])
    assert found["reason_to_keep"].tolist() == ["republished after correction"]
    store.write_table("notices", found, tmp_path / "notices.csv")


def test_a_reason_for_an_unknown_report_is_a_problem():
    """A typo would keep nothing."""
    problems = list(notice_problems(*retracted(report_id="alfa2020", reason="x")))
    assert [(one.file, one.found) for one in problems] == [
        ("retraction_overrides.csv", "alfa2020"),
        ("reports.csv", "include"),
    ]


@pytest.mark.parametrize(("kinds", "question"), [("erratum", "erratum_published"), ("concern", "concern_expressed")])
def test_errata_and_concerns_of_included_reports_are_open_questions(kinds, question):
    """They stop nothing."""
    records, reports, overrides = retracted("ErratumIn J Inv", kinds)
    assert list(notice_problems(records, reports, overrides)) == []
    screening = invented.frame("screening", invented.screened("pmid:1"), invented.screened("pmid:1", "full_text"))
    found = notices(records, screening_state(records, screening, reports), overrides)
    frames = [invented.frame(name) for name in ("unique_patients", "reports", "reading_list", "search_recall")]
    asked = open_questions(*frames, found)
    assert asked.fillna("").to_numpy().tolist() == [[question, "alpha2020", "ErratumIn J Inv", ""]]


def flags(**facts):
    """Return the row of a record that waits."""
    records = invented.frame("records", invented.record("pmid:1", **facts))
    state = screening_state(records, invented.frame("screening"), invented.frame("reports"))
    return to_screen(records, state, invented.protocol()).iloc[0]


@pytest.mark.parametrize(
    ("facts", "flag", "value"),
    [
        ({"title": "Darzalex in a rare disease"}, "drug_in_title", "yes"),
        ({"title": "Rituximab", "abstract": "daratumumab"}, "drug_in_title", "no"),
        ({"title": "Autoimmune cytopenias"}, "disease_terms", "evans"),
        ({"keywords": "Lupus Nephritis; ITP"}, "disease_terms", "sle; itp"),
        ({"title": "Splenectomy"}, "disease_terms", ""),
        ({"publication_types": "Case Reports; Letter"}, "case_report", "yes"),
        ({"title": "Daratumumab: a case series"}, "case_report", "yes"),
        ({"title": "A randomised trial"}, "case_report", "no"),
        ({"title": "A paediatric trial"}, "likely_child", "yes"),
        ({"abstract": "A 12-year-old girl"}, "likely_child", "yes"),
        ({"abstract": "A 62-year-old man"}, "likely_child", "no"),
        ({"title": "From child to adult", "keywords": "Adult; Child"}, "likely_child", "no"),
    ],
)
def test_a_flag_is_raised_by_what_the_record_says(facts, flag, value):
    """Title, abstract, keywords, publication type."""
    assert flags(**facts)[flag] == value


def test_the_score_is_the_sum_of_what_is_told():
    """Transparent: the reader sees what it is made of."""
    row = flags(title="Daratumumab in a boy with lupus: a case report")
    assert row["score"] == 5
    assert row["why"] == "drug_in_title +3, disease_terms +2, case_report +2, likely_child -2"


def test_likely_records_come_first_and_none_is_left_out():
    """No flag decides."""
    titles = ["Nothing of it", "Daratumumab in lupus: a case report", "Daratumumab in myeloma"]
    records = invented.frame("records", *(invented.record(f"pmid:{n}", title=one) for n, one in enumerate(titles)))
    state = screening_state(records, invented.frame("screening"), invented.frame("reports"))
    waiting = to_screen(records, state, invented.protocol())
    assert waiting["record_id"].tolist() == ["pmid:1", "pmid:2", "pmid:0"]
