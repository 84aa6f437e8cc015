"""The appraisal, the course of single patients and their earlier treatments. SYNTHETIC: no patient here exists."""

import itertools

import pandas as pd
import pytest
import reported
from matplotlib.text import Text

from casepool.report.figures.appraisal import appraisal_figure
from casepool.report.figures.courses import prior_figure, published_patients, swimmer_figure
from casepool.report.words.citations import citations


def words(figure):
    return [one.get_text() for one in figure.findobj(Text)]


def patients(n, **cells):
    """Return n invented patients of one disease, and one of the registry who must never be shown."""
    common = {"kind": "patient", "eligible": "yes", "counted": "yes", "disease": "sle", "n_treated": 1}
    common |= {"report_id": "sle0", "report_type": "case_report", "n_evaluable": 1, "response": "complete"}
    rows = [
        {**common, "case_id": f"sle0:P{one}", "kept_as": f"sle0:P{one}", "n_response": one % 2,
         "follow_up_months": 3 + one, "time_to_response_weeks": 4, "prior_rituximab": ("yes", "no")[one % 2],
         "prior_bortezomib": "no", **cells}
        for one in range(n)
    ]  # fmt: skip
    hidden = {**rows[0], "case_id": "call:X7", "report_type": "registry_call", "follow_up_months": 99}
    return reported.table("unique_patients", [*rows, hidden])


@pytest.fixture
def names(reports):
    return citations(reports, "en")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_from_ten_patients_on_each_has_a_bar_and_the_registry_none(language, names, protocol, legible):
    figure = swimmer_figure(patients(10), names, protocol, language)
    legible(figure)
    assert len(figure.axes[0].patches) == 10
    assert "99" not in figure.alt
    assert figure.alt.count(names["sle0"]) == 10


@pytest.mark.parametrize(("language", "said"), [("en", "the 120 of 130 patients"), ("fr", "les 120 patients")])
def test_of_very_many_those_followed_longest_are_shown_and_a_note_says_so(language, said, names, protocol, legible):
    figure = swimmer_figure(patients(130), names, protocol, language)
    legible(figure)
    assert len(figure.axes[0].patches) == 120
    assert [one for one in words(figure) if said in one]
    assert any(said in one for one in figure.remarks)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_with_fewer_the_figures_say_why_they_are_empty(language, names, protocol):
    few = patients(9)
    for figure in (swimmer_figure(few, names, protocol, language), prior_figure(few, protocol, language)):
        assert figure.axes == []
        told = [one for one in words(figure) if "10" in one and "9" in one]
        assert len(told) == 1
        assert told[0] in figure.alt


def test_patterns_of_earlier_treatments_count_responders_and_leave_out_who_is_not_known(protocol, legible):
    known = patients(12)
    more = patients(3, prior_bortezomib="not_reported").assign(case_id=["a", "b", "c", "d"])
    figure = prior_figure(pd.concat([known, more]), protocol, "en")
    legible(figure)
    assert [one for one in words(figure) if "/" in one] == ["6/6", "0/6"]


def test_a_registry_patient_is_no_published_patient():
    assert {row["case_id"] for row in published_patients(patients(2))} == {"sle0:P0", "sle0:P1"}


def appraisal(*rows):
    common = {"basis": "full_text", "source_locator": "p. 1", "date": "2026-11-01"}
    return reported.table("appraisal", [{**common, **row} for row in rows])


@pytest.mark.parametrize(
    ("language", "letters"), [("en", {"Y", "N", "?", "≠", "–"}), ("fr", {"O", "N", "?", "≠", "–"})]
)
def test_every_answer_is_a_letter_and_readers_who_differ_are_shown(language, letters, study_counts, reports, legible):
    rows = appraisal(
        {"report_id": "sle0", "reader": "a", "murad_1": "yes", "murad_2": "no", "jbi_4": "unclear"},
        {"report_id": "sle0", "reader": "b", "murad_1": "yes", "murad_2": "yes", "jbi_4": "unclear"},
        {"report_id": "sle2", "reader": "a", "murad_1": "no", "jbi_4": "not_applicable"},
    )
    figure = appraisal_figure(study_counts, rows, citations(reports, language), language)
    legible(figure)
    assert letters <= set(words(figure))
    assert citations(reports, language)["sle2"] in figure.alt


@pytest.mark.parametrize(("language", "told"), [("en", "199 sources"), ("fr", "199 sources")])
def test_of_very_many_sources_those_answered_alike_are_one_line(language, told, reports, legible):
    counted = reported.study_rows({"sle": [("selective", 1, 1)] * 200})
    ids = list(counted["report_id"])
    same = [{"report_id": one, "reader": "a", "murad_1": "no", "jbi_4": "no"} for one in ids[1:]]
    rows = appraisal({"report_id": ids[0], "reader": "a", "murad_1": "yes", "jbi_4": "no"}, *same)
    figure = appraisal_figure(counted, rows, {one: one for one in ids}, language)
    legible(figure)
    assert told in words(figure)
    assert ids[0] in words(figure)
    assert told in figure.alt
    assert float(figure.get_figheight()) < 5


def test_of_very_many_ways_to_answer_the_rarest_are_one_line(legible):
    counted = reported.study_rows({"sle": [("selective", 1, 1)] * 130})
    ways = itertools.product(("yes", "no", "unclear"), repeat=5)
    asked = ("murad_1", "murad_2", "murad_3", "jbi_4", "jbi_5")
    ids = list(counted["report_id"])
    rows = appraisal(
        *(
            {"report_id": one, "reader": "a", **dict(zip(asked, way, strict=True))}
            for one, way in zip(ids, ways, strict=False)
        )
    )
    figure = appraisal_figure(counted, rows, {one: one for one in ids}, "en")
    legible(figure)
    assert "10 other sources, other answers" in words(figure)


def test_only_sources_that_count_are_shown(study_counts, reports):
    rows = appraisal({"report_id": "out0", "reader": "a", "murad_1": "no"})
    assert citations(reports, "en")["out0"] not in words(appraisal_figure(study_counts, rows, citations(reports, "en")))


def test_a_loss_is_drawn_so_long_after_the_response_and_nowhere_where_its_time_is_not_known():
    """The months of the table run from the response, those of the axis from the start of treatment."""
    from casepool.report.figures.courses import _marks

    row = {"time_to_response_weeks": 365.25 / 7, "time_to_relapse_months": 6.0}
    assert [(round(months, 6), marker) for months, marker, _ in _marks(row)] == [(12, "^"), (18, "X")]
    assert _marks(row | {"time_to_response_weeks": None}) == []
    assert len(_marks({"time_to_response_weeks": 4.0})) == 1  # a study without such a loss has no such column
