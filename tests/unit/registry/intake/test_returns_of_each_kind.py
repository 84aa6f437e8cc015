"""What returns of each kind lead to, in either format: the table of docs/returns.md. All SYNTHETIC."""

from __future__ import annotations

import re

import pytest
from invented import ROOT
from registry_returns import CSV, RETURNS, XLSX, cells_read, outcome, read, sayings

from casepool.registry.intake.overview import Asked
from casepool.report.centres.letters import question
from returns_page import returns_page

PLACES = range(len(RETURNS))


def _called(place: int) -> str:
    return RETURNS[place].came


@pytest.mark.parametrize("place", PLACES, ids=_called)
def test_a_return_leads_to_what_its_kind_must(place):
    """Accepted, waiting with a question, refused, not read: and as many patients count as should."""
    told, intake = RETURNS[place], read(place)
    assert (outcome(intake), len(intake.registry)) == (told.leads_to, told.n_accepted)
    assert not told.said or any(told.said in one for one in sayings(intake)), sayings(intake)


@pytest.mark.parametrize("place", [place for place in PLACES if RETURNS[place].rows], ids=_called)
def test_a_workbook_and_a_csv_of_the_same_rows_are_read_alike(place):
    """All that follows works on these cells."""
    assert cells_read(RETURNS[place], XLSX) == cells_read(RETURNS[place], CSV)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_centre_is_asked_in_the_words_of_its_form_and_of_no_command(language):
    """No id of a column or of a value, no command, no configuration."""
    asked = {(one.column, one.expected) for place in PLACES for one in read(place).reasons}
    told = [question(Asked("a.csv", 2, "P1", column, expected), language) for column, expected in asked]
    assert len(told) > 20
    assert not [text for text in told if re.search(r"\w_\w|casepool|configuration|centres\.csv", text)]


def test_the_page_shows_what_the_returns_led_to():
    """Run ``make generated`` if this fails."""
    assert (ROOT / "docs" / "returns.md").read_text(encoding="utf-8") == returns_page()


def test_at_least_thirty_kinds_come_back():
    """Each has its own words on the page."""
    assert len({one.came for one in RETURNS}) == len(RETURNS) >= 60
