"""The tables as readers see them."""

import re

import pandas as pd
import pytest
import reported

from casepool.report.tables.display import InLanguage, TableStyle
from casepool.report.tables.harm import safety_by_disease, safety_overall
from casepool.report.tables.manuscript import display_tables
from casepool.report.tables.rates import response_by_disease, what_if
from casepool.report.tables.sources import excluded_cases
from casepool.report.tables.writers import html_fragment
from casepool.report.words.catalogue import load_catalogue


@pytest.fixture
def style(protocol):
    return TableStyle(protocol, load_catalogue("en"))


@pytest.fixture
def response(frames, protocol):
    """Return the maker of the table of response, from the usual frames or others."""

    def table(language="en", protocol=protocol, **changed):
        rows = {**frames, **changed}
        needed = ("results", "origins", "cumulative_incidences", "unique_patients", "reports")
        return response_by_disease(*(rows[name] for name in needed), TableStyle(protocol, load_catalogue(language)))

    return table


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_row_has_a_cell_for_every_column(language, frames, protocol):
    tables = display_tables(frames, protocol, load_catalogue(language))
    assert len(tables) == 12
    for table in tables.values():
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert not [cell for row in table.rows for cell in row if cell in {"", "nan", "<NA>", "None"}]


def test_a_table_is_left_out_where_its_frame_is_not_given(frames, protocol):
    assert set(display_tables({"safety": frames["safety"]}, protocol, load_catalogue("en"))) == {
        "safety",
        "safety_by_disease",
    }


def test_response_shows_raw_own_and_pooled_rates(response):
    row = response().rows[0]
    assert row[:3] == ("Systemic lupus erythematosus", "5", "19/22")
    assert row[4:6] == ("15/18", "4/4")
    assert row[6].startswith("74%\u00a0(44–")
    assert row[7].startswith("76%\u00a0(44–")
    assert row[8] == "anchored"


def test_without_complete_evidence_there_are_limits_and_no_point(response, withheld):
    rows = [row for row in response(results=withheld).rows if not row[0].startswith("\u2003")]
    rows = [row for row in rows if row[0] not in {"All diseases", "Mean of the diseases"}]
    assert all(re.fullmatch(r"\d+–\d+%", row[6]) for row in rows)
    assert {(row[7], row[8]) for row in rows} == {("—", "interval only")}


def test_diseases_without_a_known_response_are_named_once_below_the_table(response):
    for language, begin in (("en", "No known response: "), ("fr", "Aucune réponse connue\u00a0: ")):
        table = response(language)
        (note,) = [one for one in table.notes if one.startswith(begin)]
        names = note.removeprefix(begin).rstrip(".").replace("\u202f", " ").replace(" ; ", "; ").split("; ")
        assert len(names) == 6
        assert not {row[0] for row in table.rows} & set(names)
    assert "Sclérodermie systémique" in names


def test_the_last_rows_are_all_the_patients_and_the_mean_of_the_diseases(response):
    table = response()
    n = len(table.rows)
    assert table.bold_rows == (n - 3, n - 2, n - 1)
    names = ["All diseases", "Mean of the anchored diseases", "Mean of the diseases"]
    assert [row[0] for row in table.rows[-3:]] == names
    assert table.rows[-3][6:8] == ("—", "—")
    assert table.rows[-2][6].startswith("58%")
    assert (table.rows[-1][3][:3], table.rows[-1][7][:3]) == ("78%", "61%")


def test_one_disease_has_no_row_of_all_diseases(response, results):
    alone = results.copy()
    others = alone["disease"].isin(["sjogren", "aav", "itp", "waiha", "evans", "prca"])
    alone.loc[others, ["value", "ci_lower", "ci_upper"]] = None
    table = response(results=alone)
    assert [row[0] for row in table.rows] == ["Systemic lupus erythematosus"]
    assert table.bold_rows == ()


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["\u2003of which: autoimmune", "\u2003of which: alloimmune"]),
        ("fr", ["\u2003dont\u00a0: origine auto-immune", "\u2003dont\u00a0: origine allo-immune"]),
    ],
)
def test_patients_whose_antibodies_differ_in_origin_follow_their_disease(response, language, names):
    table = response(language)
    dash = load_catalogue(language).numbers.missing
    place = next(index for index, row in enumerate(table.rows) if row[0].startswith("\u2003"))
    assert [row[0] for row in table.rows[place : place + 2]] == names
    assert [row[2] for row in table.rows[place : place + 2]] == ["8/13", "1/2"]
    assert table.rows[place - 1][2] == "9/15"
    assert {cell for row in table.rows[place : place + 2] for cell in row[4:]} == {dash}


def test_patients_of_one_origin_have_no_row_of_their_own(response, origins):
    told = response(origins=origins[origins["disease"] != "waiha"])
    assert not [row for row in told.rows if row[0].startswith("\u2003")]


def test_a_cohort_known_by_cumulative_incidences_is_named_below_the_table(response):
    """Its two times stand in one sentence; cohorts with responders, or that do not count, have none."""
    cells = {"report_id": "sle0", "stratum": "all", "proportion": 0.69, "ci_lower": 0.52, "ci_upper": 0.8}
    incidences = reported.table(
        "cumulative_incidences",
        [
            cells | {"time_months": 12, "proportion": 0.8, "ci_lower": 0.62, "ci_upper": 0.9},
            cells | {"time_months": 1},
            cells | {"time_months": 6, "stratum": "counted"},
            cells | {"time_months": 6, "stratum": "again"},
        ],
    )
    case = {"report_id": "sle0", "disease": "prca", "n_treated": 24, "n_evaluable": 0, "counted": "yes"}
    unique = reported.table(
        "unique_patients",
        [
            case | {"case_id": "sle0/all"},
            case | {"case_id": "sle0/counted", "n_evaluable": 20},
            case | {"case_id": "sle0/again", "counted": "no"},
        ],
    )
    english = response(cumulative_incidences=incidences, unique_patients=unique).notes[0]
    assert reported.plain(english) == (
        "Dupont 2020i (24 patients) gives cumulative incidences of the response it defines, not counts: "
        "69% (52–80) at 1 month and 80% (62–90) at 12 months."
    )
    french = response("fr", cumulative_incidences=incidences, unique_patients=unique).notes[0]
    assert reported.plain(french) == (
        "Dupont 2020i (24 patients) donne des incidences cumulées de la réponse qu’elle définit, et non des "
        "effectifs : 69 % (52–80) à 1 mois et 80 % (62–90) à 12 mois."
    )


def test_no_ratio_brings_down_a_rate_of_all_responders(results, style):
    rows = {row[0]: row for row in what_if(results, style).rows}
    assert rows["Sjögren disease"][3:5] == ("∞", "already below")
    assert rows["Evans syndrome"][3] == "3.1"


def test_patients_of_the_call_for_observations_are_not_listed(frames, style):
    table = excluded_cases(frames["cases"], frames["unique_patients"], frames["reports"], style)
    assert [(row[2], row[3]) for row in table.rows] == [("1", "patient already counted"), ("1", "under 18 years")]
    assert not [row for row in table.rows if "call" in row[0]]


def test_only_excluded_reports_are_listed_as_excluded(frames, style):
    table = display_tables(frames, style.protocol, style.catalogue)["excluded_reports"]
    assert [row[2] for row in table.rows] == ["review", "review", "under 18 years"]


def test_included_sources_name_disease_and_count(frames, style):
    table = display_tables(frames, style.protocol, style.catalogue)["included_sources"]
    assert "Evans\u00a05/6" in {row[3] for row in table.rows}
    assert "AAV\u00a0(response not reported)" in {row[3] for row in table.rows}


@pytest.fixture
def harm(safety, protocol):
    """Return the tables of harm in a language, their rows by name."""

    def rows(table, language):
        made = table(safety, TableStyle(protocol, load_catalogue(language)))
        return {reported.plain(row[0]): tuple(map(reported.plain, row[1:])) for row in made.rows}

    return rows


def test_deaths_stand_by_setting_with_their_causes_and_without_a_rate_over_all(harm):
    english, french = harm(safety_overall, "en"), harm(safety_overall, "fr")
    assert "Death" not in english
    assert english["Death: after haematopoietic stem cell transplantation"] == (
        "8/20", "40% (18–62)", "1/21", "graft-versus-host disease or infection (7); the treated disease (1)"
    )  # fmt: skip
    assert french["Décès : après greffe de CSH"] == (
        "8/20", "40 % (18–62)", "1/21", "maladie du greffon contre l’hôte ou infection (7) ; la maladie traitée (1)"
    )  # fmt: skip
    assert english["Death: patients with primary disease"][3] == "infection (1)"


def test_the_one_setting_that_says_nothing_of_deaths_is_named(harm):
    """9 of the 100 patients are of a setting of which no death is known or excluded."""
    assert harm(safety_overall, "en")["Death: patients with secondary disease"] == ("—", "—", "9/9", "—")
    assert harm(safety_overall, "fr")["Décès : patients atteints d’une maladie secondaire"] == ("–", "–", "9/9", "–")


def test_settings_that_say_nothing_of_deaths_share_a_row(safety, style):
    silent = safety["setting"] == "secondary"
    two = [safety[silent].assign(n_at_risk=4), safety[silent].assign(setting="not_reported", n_at_risk=5)]
    rows = {row[0]: row[3] for row in safety_overall(pd.concat([safety[~silent], *two]), style).rows}
    assert rows["Death: other settings"] == "9/9"
    assert "Death: setting not reported" not in rows


def test_an_event_that_is_open_of_some_patients_has_two_bounds(harm):
    assert harm(safety_overall, "en")["Serious infection"] == ("8 to 9/21", "38% to 43%", "79/100", "—")
    assert harm(safety_overall, "fr")["Infection grave"] == ("8 à 9/21", "38 % à 43 %", "79/100", "–")


def test_an_event_of_which_nothing_is_reported_is_not_absent(harm):
    assert harm(safety_overall, "en")["Hypogammaglobulinaemia"] == ("—", "—", "100/100", "—")


def test_deaths_of_one_setting_are_told_without_it(safety, style):
    pooled = safety.copy()
    deaths = (pooled["disease"] == "overall") & (pooled["event"] == "death") & (pooled["setting"] == "all")
    pooled.loc[deaths, ["status", "proportion", "lowest", "highest", "ci_lower", "ci_upper"]] = [
        "ok", 0.2, 0.2, 0.2, 0.1, 0.35
    ]  # fmt: skip
    rows = {row[0]: row for row in safety_overall(pooled, style).rows}
    assert rows["Death"][1:3] == ("9/45", "20%\u00a0(10–35)")
    assert not [name for name in rows if name.startswith("Death:")]


def test_harm_by_disease_are_counts_over_those_of_whom_something_is_known(safety, style):
    table = safety_by_disease(safety, style)
    assert table.rows == (("Systemic lupus erythematosus", "0/11", "2 to 3/11", "—", "2/9"),)
    assert [column.label for column in table.columns[1:3]] == ["Death", "Serious infection"]


def test_few_values_are_listed_and_medians_of_cohorts_stand_beside(frames, style):
    for language, expected in (
        ("en", ("42 (19–77), n = 20; cohort Dupont 2020j: 33.5, n = 8", "6 and 12, n = 2")),
        ("fr", ("42 (19–77), n = 20 ; cohorte Dupont 2020j : 33,5, n = 8", "6 et 12, n = 2")),
    ):
        table = display_tables(frames, style.protocol, load_catalogue(language))["characteristics"]
        ages = tuple(reported.plain(table.rows[0][index]) for index in (2, -1))
        assert (ages[0].replace("41.5", "42").replace("41,5", "42"), ages[1]) == expected
        assert "cohort" not in table.rows[-1][2]


def test_one_value_is_no_median(frames, style):
    told = frames["characteristics"].copy()
    told.loc[told["item"] == "follow_up_months", ["n_known", "highest"]] = [1, 6]
    table = display_tables({**frames, "characteristics": told}, style.protocol, style.catalogue)["characteristics"]
    assert reported.plain(table.rows[0][-1]) == "6, n = 1"


def test_texts_in_another_language_are_marked_as_such(frames, style):
    """Titles carry the language of the publication, notes of readers English; English texts of English tables none."""
    french = display_tables(frames, style.protocol, load_catalogue("fr"))
    titles = [row[1] for row in french["excluded_reports"].rows]
    assert {cell.language for cell in titles if isinstance(cell, InLanguage)} == {"en"}
    assert '<td class="left" lang="en">A review</td>' in html_fragment(french["excluded_reports"])
    assert '<td class="left" lang="en">response</td>' in html_fragment(french["reading_list"])
    english = display_tables(frames, style.protocol, style.catalogue)
    assert "lang=" not in html_fragment(english["excluded_reports"])
    german = frames["reports"].assign(language="de")
    table = display_tables({"reports": german}, style.protocol, style.catalogue)["excluded_reports"]
    assert html_fragment(table).count('<td class="left" lang="de">A review</td>') == 3


def test_invented_data_are_marked_on_every_table(frames, synthetic):
    for table in display_tables(frames, synthetic, load_catalogue("fr")).values():
        assert table.title.startswith("DONNÉES SYNTHÉTIQUES")
        assert "SYNTHÉTIQUES" in table.notes[0]
