"""The spreadsheets for curated tables come back through the reader of the tables."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import invented
import openpyxl
import pytest

from casepool.contract import CURATED, TABLES
from casepool.extraction.template import OF_A_REPORT, TEMPLATES, template, write_template
from casepool.files.dialect import normalise_cell
from casepool.files.sheets import check_table
from casepool.model.vocabulary import canonical
from casepool.office.words import limits
from casepool.office.workbook import entry_workbook

LANGUAGES = ("fr", "en")
the_protocol = cache(invented.protocol)  # read once: it is not changed
ROWS = {
    "patients": invented.patient(sex="female", treatment_year=2023, n_doses=4),
    "cohorts": invented.cohort(),
    "reports": invented.report(doi="10.1000/182", language="en"),
    "appraisal": invented.appraisal(),
    "identity_decisions": invented.decision("alpha2020/p1", "beta2021/p1"),
}


def written(table: str, folder: Path, language: str, row: invented.Row) -> Path:
    """Write a template, fill in one row, every list with the label of the form's language."""
    path = folder / f"{table}.xlsx"
    write_template([table], path, the_protocol(), language)
    book = openpyxl.load_workbook(path)
    columns = template(TABLES[table], the_protocol(), language).columns
    for number, column in enumerate(columns, start=1):
        value = row.get(column.source.name)
        vocabulary = column.source.vocabulary
        if vocabulary and value:
            value = next(one for one in column.choices if canonical(one, vocabulary) == value)
        book.worksheets[0].cell(2, number).value = value
    book.save(path)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", ROWS)
def test_a_filled_template_is_a_valid_table(tmp_path, table, language):
    checked = check_table(table, written(table, tmp_path, language, ROWS[table]))
    assert checked.problems == ()
    [found] = checked.frame.to_dict("records")
    assert {name: found[name] for name in ROWS[table]} == ROWS[table]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", TEMPLATES)
def test_an_empty_template_is_a_valid_table_without_rows(tmp_path, table, language):
    write_template([table], tmp_path / "sheet.xlsx", the_protocol(), language)
    checked = check_table(table, tmp_path / "sheet.xlsx")
    assert checked.problems == ()
    assert checked.frame.empty


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", CURATED, ids=lambda table: table.name)
def test_every_list_leads_back_to_every_value_of_the_schema(table, language):
    for column in template(table, the_protocol(), language).columns:
        if column.source.vocabulary:
            ids = [canonical(text, column.source.vocabulary) for text in column.choices]
            assert ids == list(column.source.members)


@pytest.mark.parametrize("language", LANGUAGES)
def test_diseases_are_offered_by_names_that_the_reader_knows(language):
    protocol = the_protocol()
    column = next(
        one for one in template(TABLES["patients"], protocol, language).columns if one.source.name == "disease"
    )
    assert [normalise_cell(name, column.source) for name in column.choices] == list(protocol.by_id)


def test_the_sheet_teaches_in_the_language_of_the_person():
    book = openpyxl.load_workbook(BytesIO(entry_workbook(template(TABLES["patients"], the_protocol(), "fr"))))
    assert book["patients"]["C1"].value == "Âge (années)"
    told = [str(cell.value) for row in book["Aide"].iter_rows() for cell in row if cell.value]
    assert "Votre identifiant, toujours le même ; un nom n’est pas nécessaire." in told
    assert "Un nombre de 0 à 120. Exemple : 54" in told
    assert "•  Perte de réponse : oui seulement pour un patient répondeur" in told


def test_the_workbook_of_a_report_holds_its_tables_and_the_questions_of_the_appraisal(tmp_path):
    """The eight questions decide the correction: who fills them in sees each with an example of both answers."""
    write_template(OF_A_REPORT, tmp_path / "r.xlsx", the_protocol(), "fr")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames[: len(OF_A_REPORT)] == list(OF_A_REPORT)
    told = "\n".join(str(cell.value) for row in book["Aide appraisal"].iter_rows() for cell in row if cell.value)
    assert "Sont-ce tous les patients que les auteurs ont traités ainsi" in told
    assert "« Nous rapportons un patient qui a répondu » : non." in told
    assert all(check_table(name, tmp_path / "r.xlsx").problems == () for name in OF_A_REPORT)


@pytest.mark.parametrize(
    ("table", "name", "told"),
    [
        ("patients", "age_years", "A number from 0 to 120."),
        ("cohorts", "n_treated", "A whole number, 0 or more."),
        ("patients", "date", "A date: YYYY-MM-DD."),
        ("patients", "dose", ""),
    ],
)
def test_limits_are_told_in_words(table, name, told):
    assert limits(TABLES[table].column(name), "en") == told


def test_two_runs_give_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_template(["cohorts"], tmp_path / name, the_protocol(), "fr")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_template_of_a_synthetic_protocol_says_so():
    protocol = the_protocol().model_copy(update={"synthetic": True})
    book = openpyxl.load_workbook(BytesIO(entry_workbook(template(TABLES["patients"], protocol, "en"))))
    assert book["Help"]["A1"].value == "SYNTHETIC"
    assert book.worksheets[0]["A1"].value == "Report"
