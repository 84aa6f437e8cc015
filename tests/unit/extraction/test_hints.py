"""A note that speaks of lost responses asks for the column to be filled; it stops nothing."""

from __future__ import annotations

import invented
import pytest

from casepool.checks.data import CheckReport, check_text
from casepool.extraction.hints import hints

SPEAKING = {"note": "Median response duration 5.5 months, ongoing in 2."}


def found(**tables):
    """Return the hints on these tables."""
    return list(hints(invented.curated(**tables)))


def test_a_stratum_whose_note_says_more_than_its_column_is_a_hint():
    """As the series whose median duration stood in the note alone."""
    (hint,) = found(patients=[], cohorts=[invented.cohort(**SPEAKING)])
    assert str(hint).startswith("cohorts.csv, report_id=beta2021, stratum=all: ")
    assert "n_relapse" in str(hint)


@pytest.mark.parametrize("note", ["Relapsed later.", "Rechute à 6 mois", "durée de la réponse non précisée"])
def test_a_patient_who_responded_is_a_hint_in_either_language(note):
    """Accents and capitals do not matter."""
    row = invented.patient(relapse="not_reported", note=note)
    assert len(found(patients=[row])) == 1


@pytest.mark.parametrize(
    "tables",
    [
        {"cohorts": [invented.cohort(n_relapse=4, **SPEAKING)]},
        {"cohorts": [invented.cohort(n_response=None, n_none=None, **SPEAKING)]},
        {"cohorts": [invented.cohort(note="All adults.")]},
        {"patients": [invented.patient(relapse="no", **SPEAKING)]},
        {"patients": [invented.patient(response="none", relapse="not_reported", **SPEAKING)]},
        {"patients": [invented.patient(relapse="not_reported")]},
    ],
)
def test_filled_columns_failures_and_silent_notes_are_none(tables):
    """Nothing is left to ask."""
    assert found(**{"patients": [], **tables}) == []


def test_a_hint_is_shown_in_both_languages():
    """Beside what was normalised; there is no problem."""
    report = CheckReport((), (), {"cohorts": 1}, tuple(found(patients=[], cohorts=[invented.cohort(**SPEAKING)])))
    assert check_text(report, "en").startswith("to look at: cohorts.csv, ")
    assert "la remarque parle de rechute ou de durée, n_relapse n’est pas rempli" in check_text(report, "fr")
    assert check_text(report, "fr").endswith("aucun problème")


def test_an_appraisal_that_contradicts_itself_is_a_hint():
    """Not the whole experience of the authors, and yet all of their patients in turn."""
    answers = {"murad_1": "no", "jbi_4": "yes", "jbi_5": "yes"}
    (hint,) = found(appraisal=[invented.appraisal(**answers)])
    assert str(hint).startswith("appraisal.csv, ")
    assert str(hint).endswith("the source counts as complete")
    assert not found(appraisal=[invented.appraisal(**answers | {"jbi_5": "no"})])
    assert not found(appraisal=[invented.appraisal(**answers | {"murad_1": None})])
    report = CheckReport((), (), {"appraisal": 1}, (hint,))
    assert "la source est comptée comme complète" in check_text(report, "fr")
