"""The ways in which a spreadsheet ruins a file and the mistakes that people make: each answered in one line, in French.

Every row is SYNTHETIC.
"""

from __future__ import annotations

from pathlib import Path

import invented
import pytest
from spoiled import MISTAKES, RUINED, a_french_excel, answers, patients, two_encodings, write_tables

from casepool.extraction.curated import read_curated

PAGE = (invented.ROOT / "docs" / "mistakes.md").read_text(encoding="utf-8").splitlines()
LIMIT = 420  # characters that a person reads in one go


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the curated tables of two patients of one report."""
    return write_tables(tmp_path)


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


@pytest.mark.parametrize(("name", "mistake"), (RUINED | MISTAKES).items(), ids=RUINED | MISTAKES)
def test_what_people_and_spreadsheets_do_to_a_table_is_answered_in_one_line(folder, name, mistake):
    """Understood with a note, or refused with what was probably meant, as docs/mistakes.md shows; never silent."""
    mistake.spoil(folder)
    found = answers(folder)
    [line] = [one for one in found[mistake.level] if mistake.said in one]
    assert len(line) < LIMIT
    assert len(found["problem"]) == (mistake.level == "problem"), found["problem"]
    assert f"| {name} | {mistake.level} | {line.strip()} |" in PAGE, "run `make generated`"


def test_the_page_of_mistakes_shows_no_other():
    """One that is gone from the tests is gone from docs/mistakes.md."""
    rows = [line.split(" | ")[0].removeprefix("| ") for line in PAGE if line.startswith("| ")]
    assert [one for one in rows if one not in {"mistake", "---"}] == [*MISTAKES, *RUINED]


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
    two_encodings(folder)
    notes = read_curated(folder)["patients"]["note"].dropna().tolist()
    assert notes == ["cytopénies réfractaires", "Créteil"]


def test_a_file_of_a_french_excel_is_read_clean(folder):
    """Semicolons, Windows-1252, CRLF, days first, decimal commas, French labels."""
    a_french_excel(folder)
    found = answers(folder)
    assert (found["problem"], found["warning"]) == ([], [])
    row = read_curated(folder)["patients"].iloc[0]
    assert tuple(row[["date", "age_years", "sex", "response", "note"]]) == (
        "2026-01-31", 40.5, "female", "complete", "cytopénie",
    )  # fmt: skip


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
