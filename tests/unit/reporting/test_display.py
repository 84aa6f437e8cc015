"""The tables as readers see them."""

import pytest

from casepool.reporting.display import TableStyle, display_tables
from casepool.reporting.display_rates import response_by_disease, what_if
from casepool.reporting.display_sources import excluded_cases
from casepool.reporting.language import load_catalogue


@pytest.fixture
def style(protocol):
    return TableStyle(protocol, load_catalogue("en"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_row_has_a_cell_for_every_column(language, frames, protocol):
    tables = display_tables(frames, protocol, load_catalogue(language))
    assert len(tables) == 11
    for table in tables.values():
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert not [cell for row in table.rows for cell in row if cell in {"", "nan", "<NA>", "None"}]


def test_a_table_is_left_out_where_its_frame_is_not_given(frames, protocol):
    assert set(display_tables({"safety": frames["safety"]}, protocol, load_catalogue("en"))) == {
        "safety",
        "safety_by_disease",
    }


def test_response_shows_raw_and_corrected_rates(results, style):
    row = response_by_disease(results, style).rows[0]
    assert row[:3] == ("Systemic lupus erythematosus", "5", "19/22")
    assert row[4:6] == ("15/18", "4/4")
    assert row[7:] == ("anchored", "12")


def test_a_withheld_rate_gives_way_to_its_words(withheld, style):
    for row in response_by_disease(withheld, style).rows:
        assert row[6] == "—"
        assert row[7] in {"no data", "not identified by the data"}
        assert row[8] == "—"


def test_a_disease_without_data_says_so(results, style):
    rows = {row[0]: row for row in response_by_disease(results, style).rows}
    assert rows["Systemic sclerosis"][1:] == ("0", "—", "—", "—", "—", "—", "no data", "—")


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
    assert "AAV\u00a0(response not told)" in {row[3] for row in table.rows}


def test_invented_data_are_marked_on_every_table(frames, synthetic):
    for table in display_tables(frames, synthetic, load_catalogue("fr")).values():
        assert table.title.startswith("DONNÉES SYNTHÉTIQUES")
        assert "SYNTHÉTIQUES" in table.notes[0]
