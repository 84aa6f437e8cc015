"""Identifying content: found in any spelling, told without its value; what physicians write is let through."""

from __future__ import annotations

import csv
from pathlib import Path

import invented
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from casepool.contract.registry import FORM
from casepool.model.message import Message
from casepool.model.vocabulary import LABELS
from casepool.privacy.finding import find
from casepool.privacy.finding.find import Finding, expectation, identifying_columns, identifying_content
from casepool.privacy.finding.patterns import pattern_kinds, plain_text, without_references
from casepool.privacy.finding.words import kinds_of
from casepool.registry.form.texts import column_of_header, form_texts

HERE = Path(__file__).parent
SECOND = Message("unread_column", number=2)
EVERY_WORD = -1  # as if words of every kind stood in the text


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a list of texts."""
    with (HERE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


INNOCENT, IDENTIFYING = rows_of("innocent_texts.csv"), rows_of("identifying_texts.csv")


def kinds(text: str, column: str = "note") -> set[str]:
    """Return the kinds found in one cell."""
    return {finding.kind for finding in identifying_content(pd.DataFrame({column: [text]}, dtype="string"), [2])}


def test_what_physicians_write_is_let_through():
    refused = [(row["text"], found) for row in INNOCENT if (found := kinds(row["text"], row["column"]))]
    assert refused == []
    assert len(INNOCENT) >= 340


def test_every_identifying_text_is_found_as_what_it_is():
    missed = [row for row in IDENTIFYING if row["kind"] not in kinds(row["text"], row["column"])]
    assert missed == []
    assert len(IDENTIFYING) >= 300


def test_every_identifying_remark_is_found_inside_a_longer_one():
    inside = "RTX 375 mg/m² x4, réponse partielle ; {} ; plaquettes 120 G/L à S8"
    whole_cells = {"initials", "hospital number", "letters of another script"}  # told by standing alone
    names = [row["text"] for row in IDENTIFYING if row["column"] == "note" and row["kind"] == "name"]
    texts = [
        row["text"] for row in IDENTIFYING if row["column"] == "note" and row["kind"] not in {"name", *whole_cells}
    ]
    assert [text for text in texts if not kinds(inside.format(text))] == []
    # In small letters between signs a name is told by standing alone: there is no other sign of it.
    assert [text for text in names if not kinds(inside.format(text))] == ["nathalie", "dupont réponse complète"]


def test_no_text_of_the_curated_tables_would_refuse_a_file():
    texts = {"disease_as_reported", "autoantibodies", "dose", "concomitant", "note", "country", "centre"}
    for name in ("patients", "cohorts"):
        table = pd.read_csv(invented.ROOT / f"data/curated/{name}.csv", dtype="string", keep_default_na=False)
        frame = table[[column for column in table if column in texts]].replace("", pd.NA)
        found = identifying_content(frame, range(2, len(frame) + 2))
        assert [one for one in found if one.certain] == []  # authors are named in notes: their rows would wait


def test_no_label_and_no_disease_of_the_form_is_identifying():
    diseases = [
        text
        for disease in invented.protocol().diseases
        for text in (disease.id, *disease.name.spoken, *disease.short.spoken)
    ]
    assert [text for text in diseases if kinds(text, "disease") or kinds(text, "disease_as_reported")] == []
    labels = [text for pair in LABELS.values() for label in pair for text in (label, label.capitalize(), label.upper())]
    assert [text for text in labels if kinds(text, "response")] == []


def test_a_finding_tells_line_column_and_kind_and_never_the_value():
    frame = pd.DataFrame(
        {"note": ["RAS", pd.NA, "Mme Dupont, 06 12 34 56 78"], "dose": ["1800 mg"] * 3}, dtype="string"
    )
    found = identifying_content(frame, [7, 8, 12])
    assert found == (Finding(12, "note", "name", certain=True), Finding(12, "note", "telephone", certain=True))
    assert "Dupont" not in repr(found)


def test_findings_come_sorted_by_line_whatever_the_index():
    frame = pd.DataFrame({"note": ["JD", "RAS", "JD"], "centre": ["Dr Dupont"] * 3}, dtype="string", index=[5, 5, 5])
    found = identifying_content(frame, [4, 3, 2])
    assert [(one.row, one.column) for one in found] == [
        (2, "centre"), (2, "note"), (3, "centre"), (4, "centre"), (4, "note")
    ]  # fmt: skip


def test_a_column_that_the_form_lacks_is_not_read():
    assert identifying_content(pd.DataFrame({"other": ["Mme Dupont"]}, dtype="string"), [2]) == ()


def test_every_kind_has_an_expectation_and_no_other_is_used():
    assert {row["kind"] for row in IDENTIFYING} == set(find._KINDS)
    assert all(expectation(row["kind"]) for row in IDENTIFYING)


def test_each_text_is_read_once_however_many_rows_hold_it(monkeypatch):
    read: list[tuple[str, str]] = []
    true_kinds = find.cell_kinds
    monkeypatch.setattr(
        find, "cell_kinds", lambda text, column: read.append((text, column)) or true_kinds(text, column)
    )
    frame = pd.DataFrame({name: ["RAS", "Mme Dupont"] * 5000 for name in FORM.names}, dtype="string")
    found = identifying_content(frame, range(2, 10_002))
    assert len(read) == 2 * len(FORM.names)
    assert len(found) >= 5000 * 30


def test_patterns_are_not_looked_for_only_where_they_cannot_match():
    for row in (*INNOCENT, *IDENTIFYING):
        plain = without_references(plain_text(row["text"]))
        assert set(pattern_kinds(plain, kinds_of(plain))) == set(pattern_kinds(plain, EVERY_WORD)), row["text"]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Nom", "name"), ("NOM DE FAMILLE", "name"), ("Prénom", "name"), ("Nom et prénom", "name"),
        ("name", "name"), ("Surname", "name"), ("first_name", "name"), ("Last name", "name"), ("Patient name", "name"),
        ("Médecin traitant", "name"), ("Rempli par", "name"), ("GP", "name"), ("Physician", "name"),
        ("Identité", "name"), ("Jean Dupont", "name"), ("Initiales", "initials"), ("Patient initials", "initials"),
        ("Date de naissance", "date of birth"), ("DDN", "date of birth"), ("Né(e) le", "date of birth"),
        ("DOB", "date of birth"), ("Date of birth", "date of birth"), ("birthdate", "date of birth"),
        ("année de naissance", "date of birth"), ("Geburtsdatum", "date of birth"), ("NIR", "social security number"),
        ("N° sécu", "social security number"), ("N° de sécurité sociale", "social security number"),
        ("IPP", "hospital number"), ("NIP", "hospital number"), ("iep", "hospital number"),
        ("N° dossier", "hospital number"), ("Dossier", "hospital number"), ("MRN", "hospital number"),
        ("Hospital number", "hospital number"), ("Téléphone", "telephone"),
        ("Tél.", "telephone"), ("Phone", "telephone"), ("Mail", "e-mail"), ("e-mail", "e-mail"),
        ("Courriel", "e-mail"), ("Adresse", "address"), ("address", "address"), ("Code postal", "address"),
        ("NHS number", "national identifier"), ("Passport", "national identifier"), ("Latitude", "location"),
        ("j.dupont@exemple.fr", "e-mail"), ("06 12 34 56 78", "telephone"), ("Pré\u200bnom", "name"),
        ("Ｎｏｍ", "name"), ("SSN", "social security number"), ("medical record number", "hospital number"),
    ],
)  # fmt: skip
def test_a_header_that_asks_for_identity_is_found_by_its_place(header, kind):
    found = identifying_columns(["Centre", header])
    assert Finding(1, SECOND, kind) in found
    assert {(one.row, one.column) for one in found} == {(1, SECOND)}


def test_the_headers_of_the_form_and_of_redcap_ask_for_nothing():
    labels = [label for language in ("fr", "en") for label in form_texts(language, invented.protocol()).labels.values()]
    redcap = ["record_id", "redcap_event_name", "Event Name", "redcap_repeat_instrument", "redcap_data_access_group"]
    others = [
        "Nom du centre",
        "name of the hospital",
        "Drug name",
        "Remarque 2",
        "",
        "Survey Identifier",
        "Nom de la maladie",
    ]
    assert identifying_columns([*FORM.names, *labels, *redcap, *others], column_of_header()) == ()


SEPARATORS = st.sampled_from(["", " ", ".", "-", "\u00a0", "\u2009", " \u2011 ".strip()])


@given(
    st.integers(1, 2), st.integers(0, 99), st.integers(1, 12), st.integers(1, 95), st.integers(0, 999999), SEPARATORS
)
def test_a_social_security_number_is_found_whatever_separates_it(sex, year, month, department, rest, separator):
    parts = [f"{sex}", f"{year:02d}", f"{month:02d}", f"{department:02d}", f"{rest // 1000:03d}", f"{rest % 1000:03d}"]
    number = int("".join(parts))
    assert "social security number" in kinds(separator.join([*parts, f"{97 - number % 97:02d}"]))
    assert kinds(f"RC à S8 ; {separator.join(parts)}")


@given(st.integers(1, 28), st.integers(1, 12), st.integers(1930, 2009), st.sampled_from("/.-"))
def test_a_full_date_on_which_a_patient_may_be_born_is_found_in_any_usual_order(day, month, year, separator):
    for parts in ((f"{day:02d}", f"{month:02d}", f"{year}"), (f"{year}", f"{month:02d}", f"{day:02d}")):
        assert "date" in kinds(f"patient du {separator.join(parts)}")
    assert "date" in kinds(f"{day:02d}{separator}{month:02d}{separator}{year % 100:02d}")
    assert kinds(f"{day}/{month}/{year}", "age_years") == {"date of birth"}


@given(st.text())
def test_any_text_can_be_read(text):
    plain = plain_text(text)
    assert plain_text(plain) == plain or "&" in plain
    assert kinds(text) <= set(find._KINDS)
