"""Ways in which files and answers come back that are no fault of the centre: read, or named with what to do."""

from __future__ import annotations

import io
import zipfile

import pytest
from bad_returns import KEY, LABELS, book, cells, entry, french, saved, text
from invented import protocol
from openpyxl.comments import Comment

from casepool.contract.registry import FORM
from casepool.registry.intake.reading import Intake, read_registry
from casepool.registry.intake.rules import NO_RULES, reading_rules

PROTOCOL = protocol()


def taken(folder, content: bytes, name: str = "a.csv", rules=NO_RULES) -> Intake:
    (folder / name).write_bytes(content)
    return read_registry(folder, KEY, PROTOCOL, rules)


def message(intake: Intake) -> str:
    (told,) = intake.receipts["message"]
    return str(told)


@pytest.mark.parametrize("typed", ["12/3/21", "12.03.2021", "12-03-2021", "12 mars 2021", "March 12, 2021", "44267"])
def test_a_date_is_read_in_every_usual_way(tmp_path, typed):
    intake = taken(tmp_path, french(entry(filled_on=typed, treatment_year=2020)))
    assert list(intake.registry["filled_on"]) == ["2021-03-12"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [("Échec", "none"), ("non répondeur", "none"), ("Non-répondeuse", "none"), ("progression", "none"),
     ("no response", "none"), ("RC", "complete"), ("réponse partielle", "partial")],
)  # fmt: skip
def test_words_of_failure_are_understood_as_readily_as_words_of_success(tmp_path, typed, read):
    intake = taken(tmp_path, french(entry(response=typed, relapse="non rapporté")))
    assert list(intake.registry["response"]) == [read]


@pytest.mark.parametrize("typed", ["NR", "stable", "efficace"])
def test_a_response_that_may_mean_two_things_waits(tmp_path, typed):
    intake = taken(tmp_path, french(entry(response=typed)))
    assert [one.column for one in intake.reasons] == ["response"]


@pytest.mark.parametrize("typed", ["Unknown", "Not asked", "Inconnu", "non renseigné", "sans objet"])
def test_a_word_for_missing_in_a_number_is_read_as_missing_and_told(tmp_path, typed):
    intake = taken(tmp_path, french(entry(n_prior_lines=typed)))
    assert list(intake.registry["n_prior_lines"].isna()) == [True]
    assert "n_prior_lines: 1 cell says that the answer is missing" in message(intake)


def test_a_word_for_missing_in_a_list_is_not_reported(tmp_path):
    intake = taken(tmp_path, french(entry(sex="Inconnu")))
    assert list(intake.registry["sex"]) == ["not_reported"]


def test_codes_of_a_project_are_read_as_missing_and_wait_without_it(tmp_path):
    content = french(entry(n_prior_lines="-77", sex="Q"))
    assert taken(tmp_path, content).registry.empty
    intake = taken(tmp_path, content, rules=reading_rules(missing_codes=["-77", "q"]))
    assert (list(intake.registry["sex"]), intake.registry["n_prior_lines"].isna().all()) == (["not_reported"], True)


def test_a_day_in_the_column_of_the_year_waits_because_a_year_alone_is_asked(tmp_path):
    intake = taken(tmp_path, french(entry(treatment_year="01/03/2020")))
    assert [(one.column, str(one.expected)) for one in intake.reasons] == [
        ("treatment_year", "a year alone (YYYY), without day and month")
    ]


@pytest.mark.parametrize("typed", ["33876221.0", "33 876 221", "PMID: 33876221", "pmid 33876221"])
def test_a_publication_is_read_in_every_usual_way(tmp_path, typed):
    intake = taken(tmp_path, french(entry(published="oui", publication_pmid=typed)))
    assert list(intake.registry["publication_pmid"]) == ["33876221"]


def test_a_whole_number_with_a_decimal_comma_is_read_and_thousands_are_not_guessed(tmp_path):
    assert list(taken(tmp_path, french(entry(n_doses="4,0"))).registry["n_doses"]) == [4]
    assert taken(tmp_path, french(entry(n_doses="4,000"))).registry.empty


def test_a_line_end_that_excel_keeps_in_a_cell_is_no_part_of_the_answer(tmp_path):
    made = book(cells(entry(response="complète_x000D_\n", note="bien_x000D_\ntoléré")))
    intake = taken(tmp_path, saved(made), "a.xlsx")
    assert list(intake.registry["note"]) == ["bien toléré"]


def test_a_strict_workbook_is_named_as_such(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book(cells(entry()))))) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            strict = source.read(name).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
            )  # fmt: skip
            target.writestr(name, strict)
    assert "Strict Open XML; save it as XLSX" in message(taken(tmp_path, buffer.getvalue(), "a.xlsx"))


def _one_column(content: str) -> bytes:
    """Return a CSV of commas as a spreadsheet that expects semicolons saves it again."""
    lines = content.splitlines()
    return "\r\n".join('"' + line.replace('"', '""') + '"' if '"' in line else line for line in lines).encode()


def test_a_csv_of_commas_that_came_to_stand_in_one_column_is_taken_apart_and_told(tmp_path):
    rows = cells(entry("P1", dose="16 mg/kg, hebdomadaire"), entry("P2", dose="1800 mg, SC"))
    intake = taken(tmp_path, _one_column(text(LABELS["fr"], rows)))
    assert list(intake.registry["dose"]) == ["16 mg/kg, hebdomadaire", "1800 mg, SC"]
    assert "lines that stood in one quoted cell were taken apart" in message(intake)


@pytest.mark.parametrize("name", ["~$a.xlsx", "Thumbs.db", "desktop.ini"])
def test_what_programs_leave_in_a_folder_is_no_return(tmp_path, name):
    assert len(taken(tmp_path, b"\x00", name).receipts) == 0


@pytest.mark.parametrize("name", ["fiche.docx", "fiche.pdf"])
def test_a_filled_paper_form_is_to_be_typed_into_the_spreadsheet(tmp_path, name):
    assert "type its answers into the spreadsheet form" in message(taken(tmp_path, b"PK\x03\x04", name))


def test_an_export_of_one_line_for_each_answer_is_named(tmp_path):
    content = b"record,redcap_event_name,field_name,value\r\n1,,age_years,54\r\n"
    assert "one line for each answer (EAV)" in message(taken(tmp_path, content))


def test_labels_with_html_are_recognised(tmp_path):
    header = [f'<div class="rich-text"><p>{label.replace("&", "&amp;")}</p></div>' for label in LABELS["fr"]]
    assert len(taken(tmp_path, text(header, cells(entry())).encode()).registry) == 1


def test_an_export_without_the_centre_asks_for_both_instruments(tmp_path):
    columns = ["record_id", "redcap_repeat_instrument", *FORM.names[5:]]
    content = text(columns, [["1", "patient", "1", "yes", "54"] + [""] * (len(columns) - 5)]).encode()
    assert "export both instruments, centre and patient" in message(taken(tmp_path, content))


def _commented(remark: str) -> bytes:
    made = book(cells(entry()))
    made.worksheets[0]["A2"].comment = Comment(remark, "x")
    return saved(made)


def test_a_name_in_a_comment_a_header_a_link_or_a_sheet_name_refuses_the_file(tmp_path):
    headed, linked, named = (book(cells(entry())) for _ in range(3))
    headed.worksheets[0].oddHeader.center.text = "Mme Zorglub"
    linked.worksheets[0]["A2"].hyperlink = "mailto:quetzal@zorglub.invalid"
    named.worksheets[0].title = "Mme Zorglub"
    for number, content in enumerate([_commented("Mme Zorglub"), *map(saved, (headed, linked, named))]):
        folder = tmp_path / str(number)
        folder.mkdir()
        intake = taken(folder, content, "a.xlsx")
        assert list(intake.receipts["status"]) == ["refused"]
        assert "beside the cells" in message(intake) or "(comments, headers, links" in message(intake)
        assert "orglub" not in message(intake)


def test_what_may_be_a_name_beside_the_cells_is_told_and_the_rows_are_read(tmp_path):
    intake = taken(tmp_path, _commented("voir Zorglub"), "a.xlsx")
    assert len(intake.registry) == 1
    assert "there may be: name" in message(intake)
