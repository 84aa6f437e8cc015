"""The spreadsheet of the form: what it offers, and that it comes back as it was filled in."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import invented
import openpyxl
import pytest

from casepool.contract.registry import CENTRE, FORM, sections
from casepool.files.cells import read_cells
from casepool.files.dialect import normalise
from casepool.model.folding import fold
from casepool.model.protocol import Bilingual
from casepool.model.vocabulary import canonical, label
from casepool.registry.form.sheet import form_xlsx
from casepool.registry.form.texts import column_of_header, disease_of_label, form_texts
from casepool.registry.form.words import is_needed

LANGUAGES = ("fr", "en")
the_protocol = cache(invented.protocol)  # read once: it is not changed


def workbook(language: str, **changes: object) -> openpyxl.Workbook:
    protocol = the_protocol().model_copy(update=changes)
    return openpyxl.load_workbook(BytesIO(form_xlsx(protocol, language)))


@cache
def plain(language: str) -> openpyxl.Workbook:
    """Return the workbook of a language, to be looked at and not changed."""
    return workbook(language)


def offered(book: openpyxl.Workbook, number: int) -> list[str]:
    """Return the values of the drop-down list of a column."""
    sheet = book.worksheets[0]
    letter = openpyxl.utils.get_column_letter(number)
    [check] = [one for one in sheet.data_validations.dataValidation if f"{letter}2" in one.sqref]
    if check.type != "list":
        return []
    title, cells = book.defined_names[check.formula1].attr_text.replace("'", "").split("!")
    return [str(cell.value) for (cell,) in book[title][cells.replace("$", "")]]


def check_of(language: str, name: str):
    sheet = plain(language).worksheets[0]
    letter = openpyxl.utils.get_column_letter(FORM.names.index(name) + 1)
    return next(one for one in sheet.data_validations.dataValidation if f"{letter}2" in one.sqref)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_line_holds_the_label_of_every_column_and_nothing_stands_below(language):
    sheet = plain(language).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    assert list(header) == list(form_texts(language, the_protocol()).labels.values())
    assert [column_of_header()[fold(text)] for text in header] == FORM.names
    assert len(rows) == 60
    assert not any(value for row in rows for value in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_are_those_of_the_vocabulary_and_lead_back_to_it(language):
    book = plain(language)
    for number, column in enumerate(FORM.columns, start=1):
        if column.vocabulary:
            assert offered(book, number) == [label(member, language) for member in column.members]
            assert [canonical(text, column.vocabulary) for text in offered(book, number)] == list(column.members)
        elif column.name != "disease":
            assert offered(book, number) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_diseases_are_those_asked_about_and_another(language):
    protocol = the_protocol()
    found = offered(workbook(language), FORM.names.index("disease") + 1)
    assert [disease_of_label(protocol)[fold(text)] for text in found] == [*protocol.eligible_ids, "other"]


def test_the_lists_stand_on_a_hidden_sheet_beside_the_help():
    assert [(one.title, one.sheet_state) for one in plain("fr").worksheets] == [
        ("Patients", "visible"),
        ("Aide", "visible"),
        ("Listes", "hidden"),
    ]
    assert plain("en").sheetnames == ["Patients", "Help", "Lists"]


@pytest.mark.parametrize(
    ("name", "kind", "low", "high"),
    [
        ("age_years", "decimal", "0", "120"),
        ("treatment_year", "whole", "1990", "2100"),
        ("centre_n_treated", "whole", "1", "10000"),
        ("filled_on", "date", "32874", None),
    ],
)
def test_numbers_and_dates_are_checked_while_typing(name, kind, low, high):
    check = check_of("fr", name)
    assert (check.type, check.formula1, check.formula2) == (kind, low, high)
    assert (check.errorStyle, check.showErrorMessage, check.showInputMessage) == ("stop", True, True)
    assert check.error.startswith("Cette saisie n’est pas possible ici.")


@pytest.mark.parametrize(
    "name", [column.name for column in FORM.columns if column.pattern and column.name != "disease"]
)
def test_every_pattern_of_the_schema_is_checked_while_typing(name):
    check = check_of("en", name)
    letter = openpyxl.utils.get_column_letter(FORM.names.index(name) + 1)
    assert check.type == "custom"
    assert f"{letter}2" in check.formula1
    assert "{" not in check.formula1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_short_enough_to_be_shown(language):
    sheet = plain(language).worksheets[0]
    checks = sheet.data_validations.dataValidation
    assert len(checks) == len(FORM.columns)
    for check in checks:
        assert len(check.promptTitle) <= 32
        assert len(check.errorTitle) <= 32
        assert len(check.prompt or "") <= 225
        assert len(check.error) <= 225


def test_a_needed_column_is_bold_yellow_and_says_so_when_it_is_filled_in():
    sheet = plain("fr").worksheets[0]
    bold = {column.name for cell, column in zip(sheet[1], FORM.columns, strict=True) if cell.font.bold}
    yellow = {
        column.name
        for cell, column in zip(sheet[2], FORM.columns, strict=True)
        if "FFF3CC" in cell.fill.start_color.rgb
    }
    told = [one for one in sheet.data_validations.dataValidation if (one.prompt or "").startswith("Indispensable.")]
    assert bold == yellow == {column.name for column in FORM.columns if is_needed(column)}
    assert len(told) == len(bold)
    assert {"centre", "patient_code", "disease", "response", "objection_checked"} <= bold
    assert not bold & {"age_years", "sex", "note", "publication_pmid"}


def test_the_centre_is_needed_on_the_first_line_only():
    sheet = plain("fr").worksheets[0]
    assert [sheet.cell(row, 1).fill.start_color.rgb == "00FFF3CC" for row in (2, 3, 4)] == [True, False, False]
    assert [sheet.cell(row, 6).fill.start_color.rgb == "00FFF3CC" for row in (2, 3, 4)] == [True, True, True]


def test_the_sections_differ_in_colour_and_the_centre_stands_at_the_left():
    sheet = plain("fr").worksheets[0]
    colours = {cell.fill.start_color.rgb for cell in sheet[1]}
    assert len(colours) == len(sections())
    assert FORM.names[: len(CENTRE)] == [column.name for column in CENTRE]


def test_the_header_and_the_number_of_the_patient_stay_in_sight_and_on_every_page():
    sheet = plain("fr").worksheets[0]
    assert sheet.freeze_panes == "G2"
    assert sheet.cell(1, 6).value == "Numéro du patient"
    assert sheet.auto_filter.ref == "A1:AJ61"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$F:$F")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.oddFooter.right.text == "&P / &N"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_tells_every_column_and_what_must_never_be_entered(language):
    texts = form_texts(language, the_protocol())
    sheet = plain(language).worksheets[1]
    told = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert set(texts.labels.values()) <= set(told)
    assert {f"•  {line}" for line in texts.intro} <= set(told)
    assert {text for text in texts.helps.values() if text} <= set(told)


def test_the_help_says_that_the_centre_is_told_once():
    told = [str(cell.value) for cell in plain("fr").worksheets[1]["A"]]
    assert any("une seule fois, sur la première ligne" in text for text in told)


def test_a_synthetic_form_says_so_at_every_cell_and_on_every_page_without_changing_a_header():
    book = workbook("fr", synthetic=True)
    sheet, help_sheet = book.worksheets[:2]
    assert all(one.promptTitle.startswith("SYNTHÉTIQUE") for one in sheet.data_validations.dataValidation)
    assert [cell.value for cell in sheet[1]] == [cell.value for cell in plain("fr").worksheets[0][1]]
    assert {one.oddHeader.right.text for one in (sheet, help_sheet)} == {"SYNTHÉTIQUE"}
    assert help_sheet["A1"].value == "SYNTHÉTIQUE"
    assert book.properties.title.startswith("SYNTHÉTIQUE")


def test_a_form_that_is_not_synthetic_does_not_say_so():
    book = plain("fr")
    assert not any("SYNTH" in one.promptTitle for one in book.worksheets[0].data_validations.dataValidation)
    assert not book.worksheets[0].oddHeader.right.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_can_be_taken_for_a_formula(language):
    name = Bilingual(en="=cmd|' /C calc'!A0", fr="=cmd|' /C calc'!A0")
    first, *others = the_protocol().diseases
    book = workbook(language, diseases=(first.model_copy(update={"name": name}), *others))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("cmd|" in str(cell.value) for cell in cells)
    assert not any(cell.data_type == "f" or str(cell.value).startswith(("=", "+", "-", "@")) for cell in cells)


# One patient as a person types: column → what is typed, what must come back.
TYPED = {
    "centre": ("Hôpital inventé, médecine", "Hôpital inventé, médecine"),
    "country": ("France", "France"),
    "filled_on": (datetime(2026, 3, 12), "2026-03-12"),
    "centre_n_treated": (12, "12"),
    "centre_n_reported": (12, "12"),
    "patient_code": ("P1", "P1"),
    "age_years": (45, "45"),
    "treatment_year": (2023, "2023"),
    "disease_as_reported": ("PTI réfractaire ; ≥ 3 lignes", "PTI réfractaire ; ≥ 3 lignes"),
    "autoantibodies": ("anti-GPIIb/IIIa", "anti-GPIIb/IIIa"),
    "n_prior_lines": (0, "0"),
    "dose": ("16 mg/kg", "16 mg/kg"),
    "n_doses": (4, "4"),
    "concomitant": ("dexaméthasone", "dexaméthasone"),
    "time_to_response_weeks": (2.5, "2.5"),
    "time_to_relapse_months": (6, "6"),
    "follow_up_months": (10.25, "10.25"),
    "publication_pmid": ("12345678", "12345678"),
    "publication_doi": ("10.1000/182", "10.1000/182"),
    "note": ("rien à dire", "rien à dire"),
}


def fill(path: Path, language: str) -> list[str]:
    """Fill in the second patient's line of a form, every list with its last value; return what was typed."""
    book = openpyxl.load_workbook(path)
    sheet, expected = book.worksheets[0], []
    for number, column in enumerate(FORM.columns, start=1):
        choices = offered(book, number)
        typed, back = (choices[-1], choices[-1]) if choices else TYPED[column.name]
        sheet.cell(3, number).value = typed
        expected.append(back)
    book.save(path)
    return expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_form_comes_back_cell_for_cell(tmp_path, language):
    path = tmp_path / "form.xlsx"
    path.write_bytes(form_xlsx(the_protocol(), language))
    expected = fill(path, language)
    header, *rows = read_cells(path)[0]
    filled = [(number, row) for number, row in enumerate(rows, start=2) if any(row)]
    assert [column_of_header()[fold(text)] for text in header] == FORM.names
    assert filled == [(3, expected)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_form_holds_no_patient(tmp_path, language):
    path = tmp_path / "form.xlsx"
    path.write_bytes(form_xlsx(the_protocol(), language))
    rows, _ = read_cells(path)
    assert normalise([FORM.names, *rows[1:]], FORM).frame.empty
