"""What is accepted, in which words it may be written, and what waits."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest
from bad_returns import KEY, LABELS, book, cells, entry, french, saved, text
from invented import protocol

from casepool.contract.registry import FORM
from casepool.files.store import checked, write_table
from casepool.model.errors import PrivacyError
from casepool.model.vocabulary import label
from casepool.registry.form.sheet import form_xlsx
from casepool.registry.form.words import is_needed
from casepool.registry.intake.reading import Intake, read_registry

PROTOCOL = protocol()


def take(folder, **files: bytes) -> Intake:
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return read_registry(folder, KEY, PROTOCOL)


def one(folder, **changes) -> pd.Series:
    """Return the accepted row of a file with one row."""
    return take(folder, a__csv=french(entry(**changes))).registry.iloc[0]


def test_a_row_is_accepted_in_the_ids_and_types_of_the_form(tmp_path):
    row = one(tmp_path)
    assert (row["centre"], row["filled_on"], row["age_years"]) == ("CHU Zorglub, médecine interne", "2026-01-31", 47.3)
    assert (row["sex"], row["disease"], row["response"], row["route"]) == ("female", "itp", "complete", "iv")
    assert (row["patient_code"], row["row"]) == ("P1", 2)


def test_the_tables_keep_the_data_contract(tmp_path):
    intake = take(tmp_path, a__csv=french(entry("P1"), entry("P2", sex="?"), entry("P3", objection_checked="non")))
    for name in ("registry", "registry_receipts", "quarantine", "registry_waiting"):
        frame = getattr(intake, name.removeprefix("registry_"))
        write_table(name, frame, tmp_path / "out" / f"{name}.csv")


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_an_empty_folder_gives_empty_tables_and_needs_no_key(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    for name in ("README.md", ".key", "identity_decisions.csv", "identity_decisions.xlsx"):
        (tmp_path / "empty" / name).write_text("x")
    intake = read_registry(tmp_path / folder, None, PROTOCOL)
    tables = {"registry": intake.registry, "registry_receipts": intake.receipts, "quarantine": intake.quarantine}
    for name, frame in (tables | {"registry_waiting": intake.waiting}).items():
        assert checked(name, frame).empty
    assert intake.file_names == {}


def test_returns_without_a_key_say_how_to_make_one(tmp_path):
    (tmp_path / "a.csv").write_bytes(french(entry()))
    with pytest.raises(PrivacyError, match=r"1 registry return\(s\) and no key .* `casepool registry key`"):
        read_registry(tmp_path, None, PROTOCOL)


def filled(language: str, rows: list[dict]) -> bytes:
    """Return the form of the project, filled by hand."""
    made = openpyxl.load_workbook(io.BytesIO(form_xlsx(PROTOCOL, language)))
    for line, row in enumerate(cells(*rows), start=2):
        for place, cell in enumerate(row, start=1):
            made.worksheets[0].cell(line, place).value = cell or None
    return saved(made)


def in_labels(row: dict, language: str) -> dict:
    """Return a row of ids with the labels of a language in its coded columns."""
    coded = {column.name for column in FORM.columns if column.vocabulary}
    return {name: label(value, language) if name in coded else value for name, value in row.items()}


IDS = {"sex": "male", "setting": "post_hsct", "autoimmune": "no", "route": "sc", "response": "response_ungraded"}
IDS |= {"objection_checked": "yes", "relapse": "yes", "published": "yes", "death": "not_reported", "disease": "evans"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_form_filled_in_comes_back_unchanged(tmp_path, language):
    disease = PROTOCOL.by_id["evans"].name[language]
    rows = [entry(code, **IDS) | {"filled_on": "2026-01-31"} for code in ("P1", "P2")]
    filled_in = [in_labels(row, language) | {"disease": disease} for row in rows]
    intake = take(tmp_path, a__xlsx=filled(language, filled_in))
    assert intake.quarantine.empty
    assert intake.registry[list(IDS)].drop_duplicates().iloc[0].to_dict() == IDS
    assert list(intake.receipts["message"].str.contains("column")) == [False]


def test_forms_that_are_out_come_back_with_their_former_words(tmp_path):
    """What a label or an answer was once called is still read as it was meant."""
    header = ["Patient told, no objection" if one == LABELS["en"][6] else one for one in LABELS["en"]]
    assert header != LABELS["en"]
    row = cells(entry(response="response, degree not told"))
    (read,) = take(tmp_path, a__csv=text(header, row).encode()).registry.to_dict("records")
    assert (read["objection_checked"], read["response"]) == ("yes", "response_ungraded")


def test_an_empty_form_has_no_rows(tmp_path):
    receipt = take(tmp_path, a__xlsx=form_xlsx(PROTOCOL, "fr")).receipts.iloc[0]
    assert (receipt["status"], receipt["n_rows"], receipt["message"]) == ("read", 0, "no row describes a patient")


@pytest.mark.parametrize("header", [LABELS["fr"], LABELS["en"], FORM.names, [f"{x} *" for x in LABELS["fr"]]])
def test_headers_are_labels_of_either_language_or_names_of_columns(tmp_path, header):
    assert len(take(tmp_path, a__csv=text(header, cells(entry())).encode()).registry) == 1


def test_the_order_of_the_columns_does_not_matter(tmp_path):
    turned = text(LABELS["fr"][::-1], [one[::-1] for one in cells(entry())]).encode()
    assert take(tmp_path, a__csv=turned).registry["disease"].tolist() == ["itp"]


CENTRE = ["centre", "country", "filled_on", "centre_n_treated", "centre_n_reported"]
BLANK = dict.fromkeys(CENTRE, "")


def test_what_the_first_row_tells_of_the_centre_holds_for_the_rows_below(tmp_path):
    registry = take(tmp_path, a__csv=french(entry("P1"), entry("P2", **BLANK), entry("P3", **BLANK))).registry
    assert len(registry) == 3
    assert len(registry[CENTRE].drop_duplicates()) == 1


def test_what_is_told_of_one_centre_does_not_hold_for_the_next(tmp_path):
    rows = [entry("P1"), entry("P1", **BLANK | {"centre": "CHU Tlön"})]
    intake = take(tmp_path, a__csv=french(*rows))
    assert sorted(intake.quarantine["column"]) == sorted(CENTRE[1:])


def test_a_row_that_tells_of_the_centre_alone_is_no_row_of_the_registry(tmp_path):
    first = {name: entry()[name] for name in CENTRE}
    receipt = take(tmp_path, a__csv=french(first, entry("P1", **BLANK))).receipts.iloc[0]
    assert (receipt["n_rows"], receipt["n_accepted"]) == (1, 1)


def test_an_empty_answer_that_is_not_needed_is_not_reported(tmp_path):
    row = one(tmp_path, sex="", setting="", route="", relapse="", published="")
    assert set(row[["sex", "setting", "route", "relapse", "published"]]) == {"not_reported"}


@pytest.mark.parametrize("column", [column.name for column in FORM.columns if is_needed(column)])
def test_an_empty_answer_that_the_form_calls_needed_waits(tmp_path, column):
    changes = {"code" if column == "patient_code" else column: ""}
    intake = take(tmp_path, a__csv=french(entry(**changes)))
    assert (len(intake.registry), list(intake.quarantine["column"])) == (0, [column])


@pytest.mark.parametrize("answer", ["non rapporté", "Not reported", "not_reported"])
def test_not_reported_on_purpose_is_an_answer(tmp_path, answer):
    row = one(tmp_path, response=answer, autoimmune=answer)
    assert (row["response"], row["autoimmune"]) == ("not_reported", "uncertain")


WRITTEN = [
    ("patient_code", "p01", "P1"),
    ("patient_code", "1", "P1"),
    ("patient_code", "P 7", "P7"),
    ("filled_on", "5/2/2026", "2026-02-05"),
    ("filled_on", "2026-02-05 09:30:00", "2026-02-05"),
    ("filled_on", "2026-02-05T09:30", "2026-02-05"),
    ("filled_on", "46058", "2026-02-05"),
    ("age_years", "47,25", 47.25),
    ("n_doses", "8.0", 8),
    ("disease", "Lupus erythemateux  SYSTEMIQUE", "sle"),
    ("disease", "LES", "sle"),
    ("disease", "other", "other"),
    ("response", "RP", "partial"),
    ("dose", "-", None),
    ("concomitant", "– MMF", "MMF"),
    ("note", " deux\nlignes ", "deux lignes"),
    ("note", "d’un\u200b trait", "d’un trait"),
]


@pytest.mark.parametrize(("column", "written", "meant"), WRITTEN)
def test_what_people_write_is_read_as_they_mean_it(tmp_path, column, written, meant):
    found = one(tmp_path, **{"code" if column == "patient_code" else column: written})[column]
    assert (None if pd.isna(found) else found) == meant


@pytest.mark.parametrize("doi", ["https://doi.org/10.1000/AB", "doi: 10.1000/AB", "10.1000/AB"])
def test_a_publication_may_be_told_as_people_copy_it(tmp_path, doi):
    row = one(tmp_path, published="oui", publication_doi=doi, publication_pmid="PMID: 31415926")
    assert (row["publication_doi"], row["publication_pmid"]) == ("10.1000/AB", "31415926")


def test_numbers_of_a_workbook_may_be_texts(tmp_path):
    intake = take(tmp_path, a__xlsx=saved(book(cells(entry(age_years="47,3", n_doses="8")))))
    assert intake.registry[["age_years", "n_doses"]].iloc[0].tolist() == [47.3, 8]


def test_children_and_diseases_not_asked_about_are_accepted(tmp_path):
    rows = [entry("P1", age_years=9), entry("P2", disease="Maladie de Basedow")]
    assert len(take(tmp_path, a__csv=french(*rows)).registry) == 2


def test_columns_that_the_form_does_not_have_are_counted_and_not_named(tmp_path):
    header, row = [*LABELS["fr"], "Taille", "Poids", ""], [*cells(entry())[0], "170", "", ""]
    (message,) = take(tmp_path, a__csv=text(header, [row]).encode()).receipts["message"]
    assert "1 column(s) that the form does not have were not read" in message
    assert "Taille" not in message


def test_columns_that_may_be_empty_may_be_missing(tmp_path):
    names = [name for name in FORM.names if name not in {"note", "dose"}]
    row = [str(entry().get(name, "")) for name in names]
    intake = take(tmp_path, a__csv=text(names, [row]).encode())
    assert "without column(s) dose, note" in intake.receipts["message"].iloc[0]
    assert len(intake.registry) == 1


def test_what_was_normalised_is_told(tmp_path):
    (message,) = take(tmp_path, a__csv=french(entry(), encoding="cp1252")).receipts["message"]
    assert message == "normalised: Windows-1252, semicolons between cells, 11 cell(s)"


def test_a_row_that_waits_is_kept_as_it_was_sent_with_its_reason(tmp_path):
    intake = take(tmp_path, a__csv=french(entry("P1"), entry("P2", age_years=312, sex="xyz")))
    row = intake.waiting.iloc[0]
    assert (row["row"], row["age_years"], row["sex"], row["disease"]) == (3, "312", "xyz", "PTI")
    assert row["reason"].split("; ") == ["age_years: a number from 0 to 120", "sex: one of female, male, not_reported"]


@pytest.mark.parametrize("written", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1"])
def test_no_text_that_waits_would_be_computed_by_a_spreadsheet(tmp_path, written):
    waiting = take(tmp_path, a__csv=french(entry("P1", note=written, dose=written))).waiting
    texts = waiting[FORM.names].iloc[0].dropna()
    assert not texts.str.startswith(("=", "+", "-", "@", "\t", "\r")).any()
    assert waiting["note"].iloc[0].startswith("'")


def test_of_a_patient_who_objects_nothing_is_kept_but_that(tmp_path):
    intake = take(tmp_path, a__csv=french(entry("P1", objection_checked="non", sex="xyz", note="un mot rare")))
    assert intake.waiting.empty
    assert list(intake.quarantine[["row", "column", "verdict"]].iloc[0]) == [2, "objection_checked", "quarantined"]
    assert len(intake.quarantine) == 1
    assert "finds none" in intake.quarantine["expected"].iloc[0]


def test_nothing_is_kept_of_a_row_whose_cells_are_out_of_place(tmp_path):
    shifted = french(entry("P1")).decode("utf-8-sig").replace("16 mg/kg", "16;mg/kg")
    intake = take(tmp_path, a__csv=shifted.encode())
    assert (list(intake.quarantine["column"]), len(intake.waiting)) == (["cells"], 0)


def test_the_same_returns_and_key_give_the_same_tables_and_another_key_others(tmp_path):
    (tmp_path / "a.csv").write_bytes(french(entry("P1"), entry("P2")))
    first, again = (read_registry(tmp_path, KEY, PROTOCOL) for _ in range(2))
    other = read_registry(tmp_path, b"f" * 32, PROTOCOL)
    pd.testing.assert_frame_equal(first.registry, again.registry)
    assert not set(first.registry["pseudonym"]) & set(other.registry["pseudonym"])
