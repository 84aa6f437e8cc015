"""Ids and labels: each label stands for one id of its set."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

import pytest

from casepool.model import vocabulary
from casepool.model.folding import fold
from casepool.model.study import study
from casepool.model.vocabulary import LABELS, Response, canonical, label

SETS = [
    one
    for one in vars(vocabulary).values()
    if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum
]
DECLARED = [study().response, study().setting, study().route, study().exclusion_reason]
DECLARED += [study().causes(event) for event in study().events.values() if event.causes]
SETS += DECLARED


@pytest.mark.parametrize("closed", SETS)
def test_every_id_has_a_label_in_both_languages(closed):
    """No id is shown raw in a French page."""
    known = set(LABELS) | set(study().declared)
    assert [member.value for member in closed if member.value not in known] == []


@pytest.mark.parametrize("closed", SETS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_label_stands_for_one_id_of_its_set(closed, language):
    """Two ids with one label could not be told apart in a spreadsheet."""
    labels = Counter(fold(label(member.value, language)) for member in closed)
    assert [text for text, n in labels.items() if n > 1] == []


@pytest.mark.parametrize("closed", SETS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_label_leads_back_to_its_id(closed, language):
    """What the drop-down list shows is what the program reads."""
    found = {member.value: canonical(label(member.value, language), closed) for member in closed}
    assert {value: back for value, back in found.items() if value != back} == {}


def test_an_unknown_text_is_left_as_it_stands():
    """The schema refuses it by the name that the person typed."""
    assert canonical("Completish", Response) == "Completish"


@pytest.mark.parametrize(("typed", "meant"), [("RC", "complete"), ("CR", "complete"), ("RP", "partial")])
def test_abbreviations_of_responses_are_known(typed, meant):
    """RC and RP are what French haematologists write."""
    assert canonical(typed, study().response) == meant


def test_folding_ignores_case_accents_and_spaces():
    """Labels are compared without their typography."""
    assert fold("  Après  GREFFE d’organe ") == "apres greffe d'organe"


def test_a_patient_who_cannot_be_evaluated_is_in_no_denominator():
    """Primary outcome: any response over evaluable patients."""
    assert {Response.NONE} == study().evaluable - study().responded
    assert {Response.NOT_EVALUABLE, Response.NOT_REPORTED} & study().evaluable == set()


def test_an_id_without_label_is_its_own_label():
    """A disease id passes through unchanged."""
    assert label("itp", "fr") == "itp"


def test_a_language_without_labels_is_refused():
    """It would be read as English without a word."""
    with pytest.raises(ValueError, match="not in tuple"):
        label("complete", "it")
