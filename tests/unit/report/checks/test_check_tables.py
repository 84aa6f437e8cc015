"""The tables of sensitivity, diagnostics, other outcomes, questions and simulation."""

import pytest
import reported

from casepool.report.tables.checks import open_questions, simulation_table
from casepool.report.tables.diagnostics import diagnostics_in_words
from casepool.report.tables.display import TableStyle
from casepool.report.tables.manuscript import display_tables
from casepool.report.tables.outcomes import other_outcomes, response_by_moderator, times_to_events
from casepool.report.tables.sensitivity import bounds, leave_one_out, ratio_sweep, sensitivity_analyses
from casepool.report.words.catalogue import load_catalogue


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_row_has_a_cell_for_every_column(language, frames, checks, protocol):
    tables = display_tables({**frames, **checks}, protocol, load_catalogue(language))
    assert len(tables) == 21
    for table in tables.values():
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert not [cell for row in table.rows for cell in row if cell in {"", "nan", "<NA>", "None"}]


def test_the_primary_analysis_stands_first_and_bold(sensitivity, reports, style):
    table = sensitivity_analyses(sensitivity, reports, style)
    assert table.rows[0][:4] == ("Primary analysis", "55/75", "74%\u00a0(52–89)", "1.9\u00a0(0.5–8.6)")
    assert table.bold_rows == (0,)
    assert [column.label for column in table.columns[4:6]] == ["SLE", "Sjögren"]


def test_rates_that_are_not_identified_are_dashes(unidentified, reports, style):
    for row in sensitivity_analyses(unidentified, reports, style).rows:
        assert set(row[2:]) == {"—"}


def test_the_report_that_moves_the_mean_most_comes_first(sensitivity, reports, style):
    table = leave_one_out(sensitivity, reports, style)
    assert [row[3] for row in table.rows] == ["−10.4", "+5.9", "+0.7"]
    assert table.rows[0][4] == "PRCA\u00a0−11.8"


def test_rates_under_a_fixed_ratio_are_shown_whatever_the_data_identify(unidentified, style):
    table = ratio_sweep(unidentified, style)
    assert table.rows[0][0] == "1"
    assert table.rows[0][-1] == "80%\u00a0(56–96)"


def test_bounds_name_the_range_of_the_ratio(sensitivity, results, style):
    table = bounds(sensitivity, results, style)
    assert table.columns[-1].label == "Rate for any ratio from 1 to 8"
    assert table.rows == (("Systemic lupus erythematosus", "7/8", "100%\u00a0(55–100)", "10–99%"),)


def in_words(diagnostics, reports, style):
    """Return value and meaning by label."""
    return {row[0]: row[1:] for row in diagnostics_in_words(diagnostics, reports, style).rows}


def test_an_interval_with_one_is_no_evidence_of_no_selection(diagnostics, reports, style):
    value, meaning = in_words(diagnostics, reports, style)["Reporting ratio within diseases (Mantel–Haenszel)"]
    assert value == "0.8\u00a0(0.1–6.1)"
    assert "no significant difference is no evidence of no selection" in meaning


def test_a_diagnostic_that_cannot_be_estimated_tells_why(diagnostics, reports, style):
    value, meaning = in_words(diagnostics, reports, style)["Two lists of patients (capture–recapture)"]
    assert value == "not estimable"
    assert meaning.startswith("No registry patient whose publication is known.")


def test_nothing_learnt_is_said_so(diagnostics, reports, style):
    found = in_words(diagnostics, reports, style)
    value, meaning = found["What was learnt of the reporting ratio"]
    assert value == "0.12\u00a0bits"
    assert meaning.endswith("Nothing to speak of was learnt: the ratio is what was assumed.")
    assert found["Probability that responders are reported more readily"][1].startswith("Beforehand it was 71%.")


def test_an_alarm_says_what_it_is_about(diagnostics, reports, style):
    value, meaning = in_words(diagnostics, reports, style)["Within against between diseases (p)"]
    assert value == "4%"
    assert "The pooled rates and their mean should not be relied upon." in meaning


def test_each_anchored_rate_names_what_it_rests_on_and_what_would_explain_it_away(diagnostics, reports, style):
    found = in_words(diagnostics, reports, style)
    value, meaning = found["Rate without the source on which it rests most: ITP"]
    assert (value, meaning) == ("66%\u00a0(28–93)", "Without Dupont 2020i; with it 55%.")
    value, meaning = found["Preference that would explain the rate away (odds): ITP"]
    assert value == "1.3"
    assert meaning.endswith("include responders 1.3 times as readily (odds) for the rate to be 50%.")
    value, meaning = found["Preference that would explain the rate away (odds): SLE"]
    assert value == "—"
    assert meaning.startswith("However much the registry preferred responders")
    assert found["Rate without the source on which it rests most: SLE"] == (
        "not estimable",
        "Dupont 2020i is its only source.",
    )


def test_outcomes_that_nobody_reports_are_dashes(results, style):
    table = other_outcomes(results[results["outcome"] == "any_response"], style)
    assert [row[0] for row in table.rows] == ["Complete response", "Relapse or loss of response (among responders)"]
    assert {cell for row in table.rows for cell in row[1:]} == {"—"}


@pytest.mark.parametrize(
    ("language", "count", "share", "part"),
    [("en", "11 to 53/75", "15% to 71%", "4 to 19/22"), ("fr", "11 à 53/75", "15\u00a0% à 71\u00a0%", "4 à 19/22")],
)
def test_an_outcome_that_is_open_of_some_patients_has_bounds_and_no_rate(
    language, count, share, part, results, protocol
):
    table = other_outcomes(results, TableStyle(protocol, load_catalogue(language)))
    assert table.rows[0][2:4] == (count, share)
    assert table.rows[1][2] == part
    assert table.bold_rows == (0, 2)
    assert not [cell for row in table.rows for cell in row if "(15–" in cell]


def test_harm_has_a_table_of_its_own(results, style):
    """Deaths stand by setting in the table of safety, never as one rate beside the responses."""
    assert not [row for row in other_outcomes(results, style).rows if "Death" in row[0] or "infection" in row[0]]


def test_no_event_has_an_upper_limit(results, style):
    row = {"outcome": "relapse", "disease": "overall", "analysis": "raw", "n_response": 0, "n_evaluable": 10}
    row |= {"n_at_most": 0, "k": 2}
    limits = {"measure": "proportion", "value": 0.0, "ci_lower": 0.0}
    added = [
        {**row, **limits, "name": "a", "model": "exact", "ci_upper": 0.308, "status": "ok"},
        {**row, **limits, "name": "b", "model": "rule_of_three", "ci_upper": 0.259, "status": "no_events"},
    ]
    told = results.iloc[:0].astype(object)
    told = type(results)([{**dict.fromkeys(told.columns), **one} for one in added])
    rows = {one[0]: one for one in other_outcomes(told, style).rows}
    assert rows["Relapse or loss of response (among responders)"][1:] == ("2", "0/10", "0%\u00a0(0–31)", "—")


def test_a_moderator_without_comparison_says_so(moderators, style):
    rows = {row[0]: row for row in response_by_moderator(moderators, style).rows}
    assert rows["4 earlier lines or more"][1:] == ("4/4", "100%", "17", "no patient to compare with")
    assert rows["Given into a vein"][4] == "0.05"


def test_times_begin_after_the_start(times, style):
    table = times_to_events(times, style)
    assert table.rows == (("Response", "week 6.5", "12", "4", "33%\u00a0(5–90)"),)
    assert table.notes[-1].startswith("Kaplan–Meier, patients reported one by one")


@pytest.mark.parametrize(
    ("status", "counts", "english", "french"),
    [
        (
            "undated",
            {"n_total": 9, "n_event": 4, "n_undated": 1},
            "Relapse after response: no curve, since the date of 1 event (of 5) is not known.",
            "Rechute après réponse : pas de courbe, car 1 événement n’a pas de date (événements : 5).",
        ),
        (
            "undated",
            {"n_total": 9, "n_event": 4, "n_undated": 3},
            "Relapse after response: no curve, since the dates of 3 events (of 7) are not known.",
            "Rechute après réponse : pas de courbe, car 3 événements n’ont pas de date (événements : 7).",
        ),
        (
            "too_few",
            {"n_total": 9, "n_event": 4},
            "Relapse after response: no curve of 9 patients with a time (at least 10 are needed).",
            "Rechute après réponse : pas de courbe pour 9 patients avec un délai (il en faut au moins 10).",
        ),
        (
            "too_few",
            {"n_total": 1, "n_event": 1},
            "Relapse after response: no curve of 1 patient with a time (at least 10 are needed).",
            "Rechute après réponse : pas de courbe pour 1 patient avec un délai (il en faut au moins 10).",
        ),
        (
            "too_few",
            {"n_total": 0, "n_event": 0},
            "Relapse after response: no curve of 0 patients with a time (at least 10 are needed).",
            "Rechute après réponse : pas de courbe pour 0 patient avec un délai (il en faut au moins 10).",
        ),
    ],
)
def test_an_outcome_without_a_curve_says_why(status, counts, english, french, protocol):
    rows = reported.table("times", [reported.withheld_curve("time_to_relapse_months", status, **counts)])
    for language, expected in (("en", english), ("fr", french)):
        table = times_to_events(rows, TableStyle(protocol, load_catalogue(language)))
        assert reported.plain(*table.notes) == expected
        assert table.rows == ((table.rows[0][0], *[load_catalogue(language).numbers.missing] * 4),)
    assert table.rows[0][0] == "Aucune courbe"


def test_patients_of_the_call_are_not_listed_among_the_questions(open_questions_of):
    rows = open_questions_of("en").rows
    assert [row[2] for row in rows] == ["—", "2"]
    assert not [row for row in rows if "call" in row[1]]


def test_a_replaced_report_is_named_in_the_language_of_the_table(open_questions_of):
    assert open_questions_of("fr").rows[0][3] == "remplacerait Dupont 2020j"


@pytest.fixture
def open_questions_of(checks, reports, reading_list, style):
    from dataclasses import replace

    call = reports.iloc[:1].assign(report_id="call", report_type="registry_call")
    known = type(reports)(reports.to_dict("records") + call.to_dict("records"))

    def table(language):
        asked = replace(style, catalogue=load_catalogue(language))
        return open_questions(checks["open_questions"], known, reading_list, asked)

    return table


def test_the_pooled_model_leads_the_means_of_the_simulation(simulation, style):
    table = simulation_table(simulation, style)
    assert table.rows[0] == (
        "mean of the diseases", "1", "pooled (joint model)", "1,200", "−2.0", "8.0", "95%", "34.0", "100%"
    )  # fmt: skip
    assert table.rows[2][2] == "trim and fill"


def test_layouts_are_named_where_there_are_several(simulation, style):
    table = simulation_table(simulation.assign(layout=["a", "b"] * 12), style)
    assert table.columns[0].label == "Layout"
