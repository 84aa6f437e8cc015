"""The notes on a fit reach every reader: rows of the results, words in both languages under the tables."""

from __future__ import annotations

import ast
from importlib.resources import files

import pytest
import reported

from casepool.model.estimate import NOTE
from casepool.model.labels import LANGUAGES
from casepool.report.estimates import Estimates
from casepool.report.tables.display import TableStyle
from casepool.report.tables.outcomes import other_outcomes
from casepool.report.tables.rates import response_by_disease
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.fit_notes import note_text


def ids() -> set[str]:
    """Return the id of every note that the joint model can make, as its source says."""
    found = set()
    for module in ("notes", "fit", "mixture"):
        tree = ast.parse(files("casepool.stats.joint").joinpath(f"{module}.py").read_text(encoding="utf-8"))
        calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
        found |= {one.args[0].value for one in calls if one.func.id == "Note"}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_has_words_and_no_words_are_without_a_note(language):
    """A note that nobody can read would be lost."""
    catalogue = load_catalogue(language)
    worded = {key.removeprefix("fit_note_") for key in catalogue.texts if key.startswith("fit_note_")}
    assert worded == ids()
    assert all("{" not in note_text(one, 4.0, 5.0, catalogue) for one in ids())


def noted(outcome, note, value=None, threshold=None):
    """Return the row of a note."""
    row = reported.estimate("all", note, "joint", value, measure=NOTE, status=NOTE, threshold=threshold)
    return row | {"outcome": outcome, "name": f"{outcome}.all.{note}.joint"}


@pytest.mark.parametrize(
    ("language", "few"),
    [("en", "Diseases with data: 4, fewer than 5"), ("fr", "Maladies avec données : 4, moins de 5")],
)
def test_notes_stand_under_the_table_that_they_qualify(language, few, protocol, frames):
    """Those of the first outcome under the rates, those of others under theirs, named."""
    rows = [noted("any_response", "few_diseases", 4, 5), noted("complete_response", "all_selective_responded")]
    noting = {**frames, "results": reported.table("results", [*frames["results"].to_dict("records"), *rows])}
    style = TableStyle(protocol, load_catalogue(language))
    needed = ("results", "origins", "cumulative_incidences", "unique_patients", "reports")
    rates = response_by_disease(*(noting[name] for name in needed), style)
    assert reported.plain(few) in reported.plain(*rates.notes)
    name = protocol.outcomes[1].name[language]
    last = other_outcomes(noting["results"], style).notes[-1]
    assert last.lower().startswith(name.lower())


def test_a_note_is_no_estimate():
    """It is found among the notes only."""
    found = Estimates(reported.table("results", [noted("any_response", "few_diseases", 4, 5)]), "any_response")
    assert [(one.analysis, one.value, one.threshold) for one in found.notes] == [("few_diseases", 4, 5)]
    assert list(found) == []
