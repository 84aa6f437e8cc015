"""The ways in which a spreadsheet ruins a file and the mistakes that people make: each answered in one line, in French.

Every row is SYNTHETIC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import invented
import openpyxl
import pytest

from casepool.contract import CURATED, TABLES
from casepool.extraction.consistency import consistency_problems
from casepool.extraction.curated import read_curated
from casepool.extraction.improbable import improbabilities
from casepool.model.errors import format_problems
from casepool.model.message import text

LIMIT = 420  # characters that a person reads in one go
TODAY = dt.date(2026, 11, 29)
Spoil = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the curated tables of two patients of one report."""
    for table in CURATED:
        invented.write_csv(tmp_path / f"{table.name}.csv", table.name)
    invented.write_csv(
        tmp_path / "reports.csv", "reports", invented.report(journal="Méd Interne à Besançon", year=2025)
    )
    patients(tmp_path, {"note": "cytopénies réfractaires"}, {"patient_label": "p2", "age_years": 61})
    invented.write_csv(tmp_path / "appraisal.csv", "appraisal", invented.appraisal())
    terms = [{"term": "ITP", "kind": "name", "disease": "itp", "language": "en"}]
    terms += [{"term": "refractory", "kind": "neutral", "language": "en"}]
    invented.write_csv(tmp_path / "disease_terms.csv", "disease_terms", *terms)
    return tmp_path


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


def again(folder: Path) -> None:
    patients(folder, {}, {"age_years": 50})


def extra_column(folder: Path) -> None:
    lines = (folder / "patients.csv").read_text().splitlines()
    (folder / "patients.csv").write_text(
        "\n".join(f"{line},{'taille' * (not n)}" for n, line in enumerate(lines)) + "\n"
    )


RUINED = {
    "saved in one column": (one_column, "problem", "chaque ligne tient dans une seule colonne"),
    "letters read in a wrong encoding": (misread, "note", "réparées (cytopÃ©nies : cytopénies)"),
    "cells merged": (merged, "problem", "response = fusionnée avec"),
    "a formula without a value": (put("age_years", "=2026-1985"), "problem", "=2026-1985, une formule sans valeur"),
    "a name that is no formula": (put("dose", "#NAME?"), "problem", "dose = #NAME? ; attendu : la valeur elle-même"),
    "a reference that is gone": (put("note", "#REF!"), "problem", "note = #REF! ; attendu : la valeur elle-même"),
    "a column too narrow": (put("age_years", "#####"), "problem", "age_years = ##### ; attendu : la valeur elle-même"),
    "a date for a fraction": (put("source_locator", dt.datetime(2026, 1, 2)), "warning", "les mots de la source"),
    "a date in text": (put("dose", "02/01/26"), "warning", "dose = 02/01/26 ; attendu : les mots de la source"),
    "a truth in text": (put("response_as_reported", "VRAI"), "warning", "response_as_reported = VRAI"),
    "a label that is a number": (put("patient_label", "1E2"), "warning", "qu’aucun tableur ne prend pour un nombre"),
    "a hidden row": (hidden, "note", "ligne(s) masquée(s) 3 lue(s) aussi"),
    "a sheet moved and renamed": (moved, "note", "feuille Feuille 2 lue"),
    "a second file beside": (
        lambda f: (f / "patients.xlsx").write_bytes(b""),
        "problem",
        "un second fichier pour la table",
    ),
    "a file of another name": (lambda f: (f / "p_dupont.csv").write_text("a\n"), "problem", "le nom d’aucune table"),
    "thousands as units": (
        lambda f: invented.write_csv(f / "cohorts.csv", "cohorts", invented.cohort("alpha2020", n_treated="1.000")),
        "problem",
        "n_treated = 1.000 ; attendu : un nombre entier d’au moins 0, en chiffres seuls : 1000",
    ),
}
MISTAKES = {
    "a typing error": ({"response": "compléte3"}, "problem", "Vouliez-vous dire « complete » ?"),
    "a decimal comma": ({"age_years": "61,5"}, "note", "age_years 1 (61,5 : 61.5)"),
    "a French date": ({"date": "28.11.2026"}, "note", "date 1 (28.11.2026 : 2026-11-28)"),
    "an American date": ({"date": "02/13/2026"}, "problem", "date = 02/13/2026 ; attendu : une date"),
    "a short year": ({"date": "28/11/26"}, "problem", "Vouliez-vous dire « 2026-11-28 » ?"),
    "an age with its unit": ({"age_years": "63 ans"}, "problem", "Vouliez-vous dire « 63 » ?"),
    "French labels": ({"sex": "femme", "response": "RC"}, "note", "sex 1 (femme : female)"),
    "NR of a response": ({"response": "NR"}, "problem", "response = NR ; attendu : l’une des valeurs"),
    "no place": ({"source_locator": ""}, "problem", "source_locator = (vide) ; attendu : l’endroit dans la source"),
    "a point for a place": ({"source_locator": "."}, "warning", "source_locator = . ; attendu : l’endroit"),
    "a report that is not there": ({"report_id": "alpah2020"}, "problem", "Vouliez-vous dire « alpha2020 » ?"),
    "a disease by its name": ({"disease": "Thrombopénie immunologique"}, "note", "disease 1 (Thrombopénie"),
    "a disease by its short name": ({"disease": "PTI"}, "note", "disease 1 (PTI : itp)"),
    "a disease that nobody knows": ({"disease_as_reported": "xyzzy"}, "problem", "aucun terme de disease_terms.csv"),
    "a number as text": ({"age_years": "'54"}, "note", "age_years 1 ('54 : 54)"),
}
IMPROBABLE = {
    "a response after the last news": (
        {"time_to_response_weeks": 60, "follow_up_months": 2},
        "au plus le suivi, de 2 mois",
    ),
    "a relapse after it": ({"relapse": "yes", "time_to_relapse_months": 24, "follow_up_months": 6}, "suivi, de 6 mois"),
    "a treatment after the report": ({"treatment_year": 2031}, "pas après la publication, de 2025"),
    "alone beside another": ({"monotherapy": "yes", "concomitant": "prednisone"}, "une case vide si monotherapy"),
    "a route in the dose": ({"route": "sc", "dose": "16 mg/kg IV"}, "une dose par la voie sc (sous-cutanée)"),
    "no line, yet a treatment": ({"n_prior_lines": 0, "prior_rituximab": "yes"}, "au moins 1 : prior_rituximab"),
    "a child called adult": ({"age_years": "6.3", "population": "adult"}, "un âge qui va avec population = adult"),
    "a day to come": ({"date": "2099-01-01"}, "pas après le 2026-11-29"),
    "a time without a response": (
        {"response": "none", "time_to_response_weeks": 4},
        "une case vide si response = none",
    ),
    "other words than the degree": ({"response_as_reported": "RP"}, "des mots qui disent complete"),
    "no dose at all": ({"n_doses": 0}, "au moins 1 pour un patient traité"),
    "an age of nobody": ({"age_years": 119}, "105 ans au plus"),
    "a loss without one": (
        {"relapse": "no", "time_to_relapse_months": 3, "follow_up_months": 9},
        "sauf si relapse = yes",
    ),
}


@pytest.mark.parametrize(("spoil", "level", "said"), RUINED.values(), ids=RUINED)
def test_what_a_spreadsheet_does_to_a_file_is_said_in_one_line(folder, spoil, level, said):
    """Mended with a note, or refused; never taken silently."""
    spoil(folder)
    found = answers(folder)
    [line] = [one for one in found[level] if said in one]
    assert len(line) < LIMIT
    assert level == "problem" or found["problem"] == []
    assert level != "problem" or len(found["problem"]) == 1, found["problem"]


@pytest.mark.parametrize(("changes", "level", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_typical_mistake_is_understood_or_answered_once(folder, changes, level, said):
    """One mistake, one line: with the value that was probably meant, where there is one."""
    patients(folder, {}, {"patient_label": "p2", **changes})
    found = answers(folder)
    assert [one for one in found[level] if said in one], found
    assert len(found["problem"]) == (level == "problem"), found["problem"]


@pytest.mark.parametrize(("changes", "said"), IMPROBABLE.values(), ids=IMPROBABLE)
def test_what_is_possible_and_improbable_is_a_warning(folder, changes, said):
    """It stops nothing: now and then the improbable is true."""
    patients(folder, {}, {"patient_label": "p2", "age_years": 61, **changes})
    found = answers(folder)
    assert found["problem"] == []
    [line] = found["warning"]
    assert said in line
    assert "alpha2020, patient_label=p2" in line


def test_letters_of_two_encodings_are_each_read_as_what_they_are(folder):
    """A French Excel left the old letters as UTF-8 and saved the new one as one byte."""
    path = folder / "patients.csv"
    row = path.read_text().splitlines()[-1].replace(",p2,", ",p3,").replace("61", "62") + "Créteil"
    path.write_bytes(path.read_bytes() + (row + "\n").encode("cp1252"))
    found, notes = answers(folder), read_curated(folder)["patients"]["note"].dropna().tolist()
    assert notes == ["cytopénies réfractaires", "Créteil"]
    assert found["problem"] == []
    assert "1 ligne (4) avec des lettres d’un autre encodage" in found["note"][0]


def test_a_file_of_a_french_excel_is_read_clean(folder):
    """Semicolons, Windows-1252, CRLF, days first, decimal commas, French labels."""
    a_french_excel(folder)
    found = answers(folder)
    assert (found["problem"], found["warning"]) == ([], [])
    row = read_curated(folder)["patients"].iloc[0]
    assert tuple(row[["date", "age_years", "sex", "response", "note"]]) == (
        "2026-01-31", 40.5, "female", "complete", "cytopénie",
    )  # fmt: skip


@pytest.mark.parametrize(("spoil", "said"), [(again, "chaque clé une seule fois"), (extra_column, "colonne inconnue")])
def test_a_row_or_a_column_too_many_is_named(folder, spoil, said):
    """A label that stands twice, and a column that the project does not know."""
    spoil(folder)
    assert [one for one in answers(folder)["problem"] if said in one]


def test_two_reports_with_one_pmid_and_a_patient_who_is_himself_are_refused(folder):
    """One of the two ids is wrong, or they are one report."""
    ids = [
        invented.report(pmid="12345678", year=2025),
        invented.report("beta2021", pmid="12345678", decision="awaiting"),
    ]
    invented.write_csv(folder / "reports.csv", "reports", *ids)
    patients(folder, {"same_patient_as": "alpha2020/p1"})
    found = answers(folder)["problem"]
    assert [one for one in found if "celui de alpha2020 est le même" in one]
    assert [one for one in found if "un autre cas que la ligne elle-même" in one]


def test_cohorts_incidences_and_appraisals_are_looked_at_too(folder):
    """Who is not accounted for, what falls, what is counted beside itself, what answers nothing."""
    cohort = invented.cohort("alpha2020", n_evaluable=9, n_response=6, n_none=2)
    invented.write_csv(folder / "cohorts.csv", "cohorts", cohort)
    times = [{"time_months": time, "proportion": p} for time, p in ((6, 0.5), (12, 0.4))]
    beside = {"report_id": "alpha2020", "stratum": "all", **invented._SOURCE}
    invented.write_csv(folder / "cumulative_incidences.csv", "cumulative_incidences", *(beside | one for one in times))
    empty = dict.fromkeys(("murad_1", "jbi_4", "jbi_5"), "")
    invented.write_csv(folder / "appraisal.csv", "appraisal", invented.appraisal(**empty))
    found = "\n".join(answers(folder)["warning"])
    for said in (
        "1 de plus, ou une remarque qui dit ce qu’est devenu 1 patient évaluable",
        "une incidence cumulée ne baisse jamais",
        "les patients que la publication décrit aussi un par un, alpha2020/p1, alpha2020/p2",
        "une réponse à murad_1, jbi_4 ou jbi_5",
    ):
        assert said in found, said
