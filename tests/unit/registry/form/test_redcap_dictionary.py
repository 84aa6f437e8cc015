"""The REDCap data dictionary keeps the documented rules, and the validator of these rules finds each breach."""

from __future__ import annotations

import csv
import io
from functools import cache

import invented
import pytest
import redcap_rules as rules

from casepool.contract.registry import CENTRE, FORM, sections
from casepool.model.protocol import Bilingual, Protocol
from casepool.model.vocabulary import Answer, label
from casepool.registry.form import redcap
from casepool.registry.form.texts import form_texts

LANGUAGES = ("fr", "en")
the_protocol = cache(invented.protocol)  # read once: it is not changed


def rows_of(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


def written(rows: list[dict[str, str]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, rules.HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def field(name: str, language: str = "en", **changes: object) -> dict[str, str]:
    protocol = the_protocol().model_copy(update=changes)
    return next(row for row in redcap.dictionary_rows(protocol, language) if row[rules.NAME] == name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dictionary_keeps_every_rule(language):
    assert rules.problems(redcap.dictionary_csv(the_protocol(), language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_synthetic_dictionary_keeps_every_rule_and_says_so_in_every_section(language):
    protocol = the_protocol().model_copy(update={"synthetic": True})
    content = redcap.dictionary_csv(protocol, language)
    headings = [row[rules.SECTION] for row in rows_of(content) if row[rules.SECTION]]
    assert rules.problems(content) == []
    assert len(headings) == len(sections())
    assert all(heading.startswith("SYNTH") for heading in headings)


# What is planted: field, column, value → the rule that must find it.
FAULTS = [
    ("sex", rules.NAME, "Sex", "name"),
    ("sex", rules.NAME, "1sex", "name"),
    ("sex", rules.NAME, "sex_", "name"),
    ("sex", rules.NAME, "sex of patient", "name"),
    ("sex", rules.NAME, "s" * 27, "name length"),
    ("sex", rules.NAME, "sex__reported", "name double underscore"),
    ("sex", rules.NAME, "redcap_event_name", "name reserved"),
    ("sex", rules.NAME, "death", "name repeated: death"),
    ("sex", rules.NAME, "patient_complete", "name repeated: patient_complete"),
    ("sex", rules.FORM, "", "form name"),
    ("sex", rules.FORM, "Patient", "form name"),
    ("sex", rules.FORM, "centre", "Form Name not together: centre"),
    ("sex", rules.TYPE, "select", "field type"),
    ("sex", rules.TYPE, "radio ", "field type"),
    ("sex", rules.TYPE, "text", "choices without use"),
    ("sex", rules.LABEL, " ", "label"),
    ("sex", rules.CHOICES, "", "choices syntax"),
    ("sex", rules.CHOICES, "female, woman | male", "choices syntax"),
    ("sex", rules.CHOICES, "female, woman | | male, man", "choices syntax"),
    ("sex", rules.CHOICES, "fe male, woman | male, man", "choice code"),
    ("sex", rules.CHOICES, "sex, woman | SEX, man", "choice code repeated"),
    ("sex", rules.CHOICES, "female, same | male, same", "choice label repeated"),
    ("sex", rules.CHOICES, "female, wo\nman | male, man", "choices line break"),
    ("sex", rules.VALIDATION, "integer", "validation without use"),
    ("n_doses", rules.VALIDATION, "whole", "validation type"),
    ("dose", rules.LOW, "1", "limits without use"),
    ("n_doses", rules.LOW, "0.5", "limit"),
    ("age_years", rules.HIGH, "old", "limit"),
    ("filled_on", rules.LOW, "01/02/2026", "limit"),
    ("n_doses", rules.HIGH, "-1", "limits order"),
    ("centre", rules.IDENTIFIER, "yes", "flag Identifier?"),
    ("centre", rules.REQUIRED, "Y", "flag Required Field?"),
    ("instructions", rules.REQUIRED, "y", "required without an answer"),
    ("sex", rules.ALIGNMENT, "left", "alignment"),
    ("sex", rules.RANKING, "y", "ranking without matrix"),
    ("sex", rules.MATRIX, "The matrix", "matrix name"),
    ("dose", rules.MATRIX, "doses", "matrix type"),
    ("prior_treatments", rules.ANNOTATION, " @NONEOFTHEABOVE='nothing'", "action tag"),
    ("sex", rules.ANNOTATION, " @NONEOFTHEABOVE='male'", "action tag"),
    ("prior_treatments", rules.ANNOTATION, "@NONEOFTHEABOVE='not_known'", "formula"),
    ("sex", rules.NOTE, "=1+1", "formula"),
    ("record_id", rules.NAME, "number", "record id: number"),
    ("record_id", rules.TYPE, "notes", "record id: record_id"),
    ("record_id", rules.SECTION, "Centre", "record id is plain"),
    ("relapse", rules.BRANCHING, "[reponse] = 'partial'", "branching field"),
    ("relapse", rules.BRANCHING, "[relapse] = 'yes'", "branching on itself"),
    ("relapse", rules.BRANCHING, "[response] = '3'", "branching code"),
    ("relapse", rules.BRANCHING, "[response(partial)] = '1'", "branching code"),
    ("relapse", rules.BRANCHING, "[prior_treatments] = 'rituximab'", "branching check box"),
    ("relapse", rules.BRANCHING, "[prior_treatments(rituximab)] = 'yes'", "branching check box"),
    ("relapse", rules.BRANCHING, "response = 'partial'", "branching syntax"),
    ("relapse", rules.BRANCHING, "([response] = 'partial'", "branching syntax"),
    ("relapse", rules.BRANCHING, "[response = 'partial'", "branching syntax"),
]


@pytest.mark.parametrize(("name", "column", "value", "rule"), FAULTS)
def test_the_validator_finds_a_planted_fault(name, column, value, rule):
    rows = redcap.dictionary_rows(the_protocol(), "en")
    row = next(one for one in rows if one[rules.NAME] == name)
    assert row[column] != value
    row[column] = value
    assert any(found.startswith(rule) for found in rules.problems(written(rows)))


def test_the_validator_finds_a_matrix_that_is_torn_apart_or_mixed():
    rows = redcap.dictionary_rows(the_protocol(), "en")
    for row in rows:
        if row[rules.NAME] in {"sex", "death", "serious_infection"}:
            row[rules.MATRIX] = "several"
    found = rules.problems(written(rows))
    assert "Matrix Group Name not together: several" in found
    assert "matrix choices: several" in found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "header"),
        (",".join(rules.HEADER) + "\n", "header"),
        (written([]).replace("Form Name", "Form"), "header"),
        (written([]) + "record_id,centre\n", "cells"),
    ],
)
def test_the_validator_finds_a_wrong_header_or_a_short_line(content, found):
    assert rules.problems(content) == [found]


def test_a_branching_on_a_check_box_is_sound():
    rows = redcap.dictionary_rows(the_protocol(), "en")
    row = next(one for one in rows if one[rules.NAME] == "n_doses")
    row[rules.BRANCHING] = "([prior_treatments(rituximab)] = '1') and [response] <> ''"
    assert rules.problems(written(rows)) == []


def test_every_column_of_the_form_is_a_field_but_the_two_of_the_check_box():
    names = [row[rules.NAME] for row in redcap.dictionary_rows(the_protocol(), "fr")]
    expected = [name for name in FORM.names if name not in redcap.prior_columns()]
    added = {redcap.RECORD_ID, redcap.INSTRUCTIONS, redcap.PRIOR_TREATMENTS}
    assert [name for name in names if name not in added] == expected
    assert added <= set(names)


def test_the_centre_is_asked_once_and_the_rest_for_each_patient():
    rows = redcap.dictionary_rows(the_protocol(), "en")
    once = [row[rules.NAME] for row in rows if row[rules.FORM] == redcap.CENTRE_INSTRUMENT]
    assert once == [redcap.RECORD_ID, *(column.name for column in CENTRE)]
    assert {row[rules.FORM] for row in rows} == {redcap.CENTRE_INSTRUMENT, redcap.PATIENT_INSTRUMENT}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_choices_are_those_of_the_vocabulary(language):
    protocol = the_protocol()
    rows = {row[rules.NAME]: row for row in redcap.dictionary_rows(protocol, language)}
    for column in FORM.columns:
        if column.members and column.name not in redcap.prior_columns():
            expected = [(str(member), label(member, language)) for member in column.members]
            assert rules.choices_of(rows[column.name]) == expected
    diseases = [*protocol.eligible_ids, "other"]
    assert rules.choices_of(rows["disease"]) == [(one, protocol.by_id[one].name[language]) for one in diseases]


def test_limits_come_from_the_schema():
    assert [field("follow_up_months")[one] for one in (rules.VALIDATION, rules.LOW, rules.HIGH)] == [
        "number",
        "0",
        "480",
    ]
    assert [field("n_doses")[one] for one in (rules.VALIDATION, rules.LOW, rules.HIGH)] == ["integer", "0", "200"]
    assert field("filled_on")[rules.VALIDATION] == "date_ymd"


def test_initials_cannot_be_typed_as_the_number_of_a_patient():
    assert [field("patient_code")[one] for one in (rules.VALIDATION, rules.LOW, rules.HIGH)] == ["integer", "1", "9999"]


def test_what_leads_back_to_the_patient_is_flagged_and_nothing_else():
    rows = redcap.dictionary_rows(the_protocol(), "en")
    assert {row[rules.NAME] for row in rows if row[rules.IDENTIFIER]} == {"centre", "patient_code"}


def test_the_instructions_say_what_must_never_be_entered():
    protocol = the_protocol()
    assert field("instructions", "fr")[rules.LABEL] == " ".join(form_texts("fr", protocol).intro)
    assert "Ne jamais inscrire" in field("instructions", "fr")[rules.LABEL]


def renamed(name: str) -> Protocol:
    protocol = the_protocol()
    first = protocol.diseases[0].model_copy(update={"name": Bilingual(en=name, fr=name)})
    return protocol.model_copy(update={"diseases": (first, *protocol.diseases[1:])})


def test_a_bar_or_a_line_break_in_the_name_of_a_disease_does_not_make_two_choices():
    content = redcap.dictionary_csv(renamed("Lupus | systemic\n(SLE)"), "en")
    row = next(one for one in rows_of(content) if one[rules.NAME] == "disease")
    assert rules.problems(content) == []
    assert rules.choices_of(row)[0] == ("sle", "Lupus / systemic (SLE)")


@pytest.mark.parametrize(
    ("ticked", "rituximab", "bortezomib"),
    [
        ((), Answer.NOT_REPORTED, Answer.NOT_REPORTED),
        (("rituximab",), Answer.YES, Answer.NO),
        (("bortezomib",), Answer.NO, Answer.YES),
        (("rituximab", "bortezomib"), Answer.YES, Answer.YES),
        (("none_of_these",), Answer.NO, Answer.NO),
        (("not_known",), Answer.NOT_REPORTED, Answer.NOT_REPORTED),
        (("rituximab", "not_known"), Answer.YES, Answer.NOT_REPORTED),
    ],
)
def test_the_ticks_answer_both_columns(ticked, rituximab, bortezomib):
    assert redcap.prior_answers(ticked) == {"prior_rituximab": rituximab, "prior_bortezomib": bortezomib}


@pytest.mark.parametrize(
    ("ticked", "contradict"),
    [((), False), (("none_of_these",), False), (("rituximab", "not_known"), False), (("none_of_these", "x"), True)],
)
def test_neither_beside_another_tick_is_a_contradiction(ticked, contradict):
    assert redcap.ticks_contradict(ticked) is contradict


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_header_of_an_export_with_labels_leads_to_one_field(language):
    protocol = the_protocol()
    headers = redcap.label_headers(protocol, language)
    boxes = [redcap.checkbox_header(code) for code in redcap.prior_codes()]
    others = [name for name in FORM.names if name not in redcap.prior_columns()]
    assert sorted(headers.values()) == sorted([redcap.RECORD_ID, *others, *boxes])


def test_a_tick_is_exported_with_labels_as_redcap_writes_it():
    headers = redcap.label_headers(the_protocol(), "fr")
    assert headers["Traitements antérieurs (choice=Rituximab)"] == "prior_treatments___rituximab"
