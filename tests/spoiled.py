"""SYNTHETIC tables, and what spreadsheets and people do to them: what the tests and docs/mistakes.md show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import invented
import openpyxl

from casepool.contract import CURATED, TABLES
from casepool.extraction.consistency import consistency_problems
from casepool.extraction.curated import read_curated
from casepool.extraction.improbable import improbabilities
from casepool.model.errors import format_problems
from casepool.model.message import text

TODAY = dt.date(2026, 11, 29)
Spoil = Callable[[Path], object]


class Mistake(NamedTuple):
    """What somebody, or a spreadsheet, does to a table; at which level it is answered, and words of the answer."""

    spoil: Spoil
    level: str
    said: str


def write_tables(folder: Path) -> Path:
    """Write the curated tables of two patients of one report; return the folder."""
    empty_tables(folder)
    invented.write_csv(folder / "reports.csv", "reports", invented.report(journal="Méd Interne à Besançon", year=2025))
    patients(folder, {"note": "cytopénies réfractaires"}, {"patient_label": "p2", "age_years": 61})
    invented.write_csv(folder / "appraisal.csv", "appraisal", invented.appraisal())
    return folder


def empty_tables(folder: Path) -> None:
    """Write the curated tables without a row, but for the terms of one disease."""
    for table in CURATED:
        invented.write_csv(folder / f"{table.name}.csv", table.name)
    terms = [{"term": "ITP", "kind": "name", "disease": "itp", "language": "en"}]
    terms += [{"term": "refractory", "kind": "neutral", "language": "en"}]
    invented.write_csv(folder / "disease_terms.csv", "disease_terms", *terms)


def patients(folder: Path, *changes: invented.Row) -> Path:
    """Write patients.csv, a row for each set of changes."""
    return invented.write_csv(folder / "patients.csv", "patients", *(invented.patient(**one) for one in changes))


def answers(folder: Path) -> dict[str, list[str]]:
    """Return what a check says in French, by level."""
    curated, protocol = read_curated(folder), invented.protocol()
    problems, warnings = list(curated.problems), list(curated.warnings)
    if curated.readable:
        problems += consistency_problems(curated, protocol)
        warnings += improbabilities(curated, protocol, TODAY)
    lines = {"problem": problems, "warning": warnings}
    said = {level: format_problems(found, "fr").splitlines()[1:] for level, found in lines.items()}
    return said | {"note": [text(note, "fr") for note in curated.notes]}


def as_workbook(folder: Path, change: Callable[[openpyxl.Workbook], object]) -> None:
    """Keep the patients as a workbook, changed as a person might."""
    rows = [line.split(",") for line in (folder / "patients.csv").read_text().splitlines()]
    (folder / "patients.csv").unlink()
    book = openpyxl.Workbook()
    book.active.title = "patients"
    for row in rows:
        book.active.append([cell or None for cell in row])
    change(book)
    book.save(folder / "patients.xlsx")


def cell(book: openpyxl.Workbook, column: str, row: int = 2) -> openpyxl.cell.Cell:
    """Return a cell of the sheet of patients."""
    return book["patients"].cell(row, TABLES["patients"].names.index(column) + 1)


def put(column: str, value: object) -> Spoil:
    """Return a spoiler that puts a value into the first row of the workbook."""
    return lambda folder: as_workbook(folder, lambda book: setattr(cell(book, column), "value", value))


def one_column(folder: Path) -> None:
    lines = (folder / "patients.csv").read_text().splitlines()
    (folder / "patients.csv").write_text("\n".join([*lines, "dupont2026;p1;54"]) + "\n")


def misread(folder: Path) -> None:
    path = folder / "patients.csv"
    path.write_text(path.read_bytes().decode("cp1252"), encoding="utf-8-sig")


def merged(folder: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        first, second = (cell(book, "response", row).coordinate for row in (2, 3))
        book["patients"].merge_cells(f"{first}:{second}")

    as_workbook(folder, change)


def hidden(folder: Path) -> None:
    as_workbook(folder, lambda book: setattr(book["patients"].row_dimensions[3], "hidden", True))


def moved(folder: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["patients"].title = "Feuille 2"
        book.create_sheet("Aide", 0).append(["À lire"])

    as_workbook(folder, change)


def a_french_excel(folder: Path) -> None:
    row = {"date": "31/01/2026", "age_years": "40,5", "sex": "Femme", "response": "RC", "note": "cytopénie"}
    path = patients(folder, row)
    path.write_bytes(
        path.read_text().replace('"40,5"', "40.5").replace(",", ";").replace("40.5", "40,5").encode("cp1252")
    )
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def twice(folder: Path) -> None:
    patients(folder, {}, {"age_years": 50})


def extra_column(folder: Path) -> None:
    lines = (folder / "patients.csv").read_text().splitlines()
    longer = (f"{line},{'' if number else 'taille'}" for number, line in enumerate(lines))
    (folder / "patients.csv").write_text("\n".join(longer) + "\n")


def blank_rows(folder: Path) -> None:
    path = patients(folder, {}, {"patient_label": "p2", "age_years": 312})
    path.write_text(path.read_text().replace("\nalpha2020,p2", "\n\n\nalpha2020,p2"))


def two_encodings(folder: Path) -> None:
    path = folder / "patients.csv"
    row = path.read_text().splitlines()[-1].replace(",p2,", ",p3,").replace("61", "62") + "Créteil"
    path.write_bytes(path.read_bytes() + (row + "\n").encode("cp1252"))


def second_file(folder: Path) -> None:
    (folder / "patients.xlsx").write_bytes(b"")


def file_of_another_name(folder: Path) -> None:
    (folder / "p_dupont.csv").write_text("a\n")


def thousands(folder: Path) -> None:
    invented.write_csv(folder / "cohorts.csv", "cohorts", invented.cohort("alpha2020", n_treated="1.000"))


def typed(**changes: object) -> Spoil:
    """Return a spoiler that types a second patient with these cells."""
    return lambda folder: patients(folder, {}, {"patient_label": "p2", **changes})


RUINED = {
    "saved in one column": Mistake(one_column, "problem", "chaque ligne tient dans une seule colonne"),
    "letters read in a wrong encoding": Mistake(misread, "note", "réparées (cytopÃ©nies : cytopénies)"),
    "letters of two encodings": Mistake(two_encodings, "note", "1 ligne (4) avec des lettres d’un autre encodage"),
    "cells merged": Mistake(merged, "problem", "response = fusionnée avec"),
    "a formula without a value": Mistake(
        put("age_years", "=2026-1985"), "problem", "=2026-1985, une formule sans valeur"
    ),
    "a name that is no formula": Mistake(
        put("dose", "#NAME?"), "problem", "dose = #NAME? ; attendu : la valeur elle-même"
    ),
    "a reference that is gone": Mistake(
        put("note", "#REF!"), "problem", "note = #REF! ; attendu : la valeur elle-même"
    ),
    "a column too narrow": Mistake(
        put("age_years", "#####"), "problem", "age_years = ##### ; attendu : la valeur elle-même"
    ),
    "a date for a fraction": Mistake(
        put("source_locator", dt.datetime(2026, 1, 2)), "warning", "les mots de la source"
    ),
    "a date in text": Mistake(put("dose", "02/01/26"), "warning", "dose = 02/01/26 ; attendu : les mots de la source"),
    "a truth in text": Mistake(put("response_as_reported", "VRAI"), "warning", "response_as_reported = VRAI"),
    "a label that is a number": Mistake(
        put("patient_label", "1E2"), "warning", "qu’aucun tableur ne prend pour un nombre"
    ),
    "a hidden row": Mistake(hidden, "note", "ligne(s) masquée(s) 3 lue(s) aussi"),
    "a second file beside": Mistake(second_file, "problem", "un second fichier pour la table"),
    "a file of another name": Mistake(file_of_another_name, "problem", "le nom d’aucune table"),
    "thousands as units": Mistake(
        thousands, "problem", "n_treated = 1.000 ; attendu : un nombre entier d’au moins 0, en chiffres seuls : 1000"
    ),
}
MISTAKES = {
    "a typing error": Mistake(typed(response="compléte3"), "problem", "Vouliez-vous dire « complete » ?"),
    "a decimal comma": Mistake(typed(age_years="61,5"), "note", "age_years 1 (61,5 : 61.5)"),
    "a French date": Mistake(typed(date="28/11/2026"), "note", "date 1 (28/11/2026 : 2026-11-28)"),
    "a date with full stops": Mistake(typed(date="28.11.2026"), "note", "date 1 (28.11.2026 : 2026-11-28)"),
    "an American date": Mistake(typed(date="02/13/2026"), "problem", "date = 02/13/2026 ; attendu : une date"),
    "a short year": Mistake(typed(date="28/11/26"), "problem", "Vouliez-vous dire « 2026-11-28 » ?"),
    "an age with its unit": Mistake(typed(age_years="63 ans"), "problem", "Vouliez-vous dire « 63 » ?"),
    "French labels": Mistake(typed(sex="femme", response="RC"), "note", "sex 1 (femme : female)"),
    "NR of a response": Mistake(typed(response="NR"), "problem", "NR s’écrit pour « non rapporté » et pour"),
    "ND in a list": Mistake(typed(sex="ND"), "problem", "Vouliez-vous dire « not_reported » ?"),
    "no place": Mistake(
        typed(source_locator=""), "problem", "source_locator = (vide) ; attendu : l’endroit dans la source"
    ),
    "a point for a place": Mistake(typed(source_locator="."), "warning", "source_locator = . ; attendu : l’endroit"),
    "a label that stands twice": Mistake(twice, "problem", "chaque clé une seule fois"),
    "a report that is not there": Mistake(typed(report_id="alpah2020"), "problem", "Vouliez-vous dire « alpha2020 » ?"),
    "a disease by its name": Mistake(
        typed(disease="Thrombopénie immunologique"), "note", "disease 1 (Thrombopénie immunologique : itp)"
    ),
    "a disease by its short name": Mistake(typed(disease="PTI"), "note", "disease 1 (PTI : itp)"),
    "a disease that nobody knows": Mistake(
        typed(disease_as_reported="xyzzy"), "problem", "aucun terme de disease_terms.csv"
    ),
    "a number as text": Mistake(typed(age_years="'54"), "note", "age_years 1 ('54 : 54)"),
    "blank rows between": Mistake(blank_rows, "problem", "ligne 5"),
    "a column more": Mistake(extra_column, "problem", "taille = colonne inconnue"),
    "a sheet moved and renamed": Mistake(moved, "note", "feuille Feuille 2 lue"),
    "saved by a French Excel": Mistake(a_french_excel, "note", "lu en Windows-1252"),
}
