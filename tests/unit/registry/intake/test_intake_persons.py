"""Later lines that seem to tell of another patient wait, and what corrections changed is listed. All SYNTHETIC."""

from __future__ import annotations

import pytest
from bad_returns import KEY, entry, french
from invented import protocol

from casepool.files import store
from casepool.registry.intake.reading import Intake, read_registry

FIRST, SECOND, THIRD = "31/01/2026", "28/02/2026", "31/03/2026"
ONE = {"age_years": 47, "sex": "femme", "response": "complète"}
OTHER = {"age_years": 61, "sex": "homme", "response": "aucune"}


def take(folder, *files: list[dict]) -> Intake:
    """Return the intake of files of rows."""
    for number, rows in enumerate(files):
        (folder / f"{number}.csv").write_bytes(french(*rows))
    return read_registry(folder, KEY, protocol())


def standing(intake: Intake) -> dict[str, tuple[float, str]]:
    """Return number → age and response of the rows that count."""
    rows = intake.registry
    return dict(zip(rows["patient_code"], zip(rows["age_years"], rows["response"], strict=True), strict=True))


@pytest.mark.parametrize(("changes", "column"), [({"sex": "homme"}, "sex"), ({"age_years": 49.5}, "age_years")])
def test_a_later_line_of_another_sex_or_age_waits_and_the_earlier_one_stands(tmp_path, changes, column):
    """It is nearly always a wrong number."""
    intake = take(tmp_path, [entry(**ONE)], [entry(**ONE | changes | {"filled_on": SECOND, "response": "aucune"})])
    assert standing(intake) == {"P1": (47, "complete")}
    assert intake.quarantine["column"].tolist() == [column]
    assert list(intake.waiting["response"]) == ["aucune"]


@pytest.mark.parametrize(
    "changes", [{"age_years": 48}, {"sex": "non rapporté"}, {"age_years": ""}, {"treatment_year": 2021}]
)
def test_a_later_line_of_the_same_person_replaces_the_earlier_one(tmp_path, changes):
    """A year by rounding, or what is not known."""
    later = entry(**ONE | changes | {"filled_on": SECOND, "response": "aucune"})
    assert standing(take(tmp_path, [entry(**ONE)], [later]))["P1"][1] == "none"


def test_the_line_again_with_a_later_date_confirms_it(tmp_path):
    """Sex and age were wrong in the first one; a date alone is enough to say so again."""
    lines = [entry(**ONE), entry(**OTHER, filled_on=SECOND), entry(**OTHER, filled_on=THIRD)]
    intake = take(tmp_path, *([line] for line in lines))
    assert standing(intake) == {"P1": (61, "none")}
    assert intake.quarantine.empty


def test_a_return_to_the_first_answers_leaves_nothing_open(tmp_path):
    """The line in between was the wrong one."""
    lines = [entry(**ONE), entry(**OTHER, filled_on=SECOND), entry(**ONE, filled_on=THIRD)]
    intake = take(tmp_path, *([line] for line in lines))
    assert standing(intake) == {"P1": (47, "complete")}
    assert intake.quarantine.empty


@pytest.mark.parametrize("other", [OTHER, ONE | {"response": "aucune"}])
def test_two_numbers_exchanged_in_a_later_file_wait_though_sex_and_age_agree(tmp_path, other):
    """Whole answers went from one number to the other."""
    first = [entry("P1", **ONE), entry("P2", **other)]
    later = [entry("P1", **other, filled_on=SECOND), entry("P2", **ONE, filled_on=SECOND)]
    intake = take(tmp_path, first, later)
    assert {number: response for number, (_, response) in standing(intake).items()} == {"P1": "complete", "P2": "none"}
    assert intake.quarantine["column"].tolist() == ["patient_code"] * 2
    assert "under P2" in intake.quarantine["expected"].iloc[0]


def test_a_correction_that_makes_two_patients_alike_is_no_exchange(tmp_path):
    """The other number says what it said before."""
    first = [entry("P1", **ONE), entry("P2", **ONE | {"response": "aucune"})]
    assert (
        standing(take(tmp_path, first, [entry("P1", **ONE | {"response": "aucune"}, filled_on=SECOND)]))["P1"][1]
        == "none"
    )


def test_what_a_correction_changed_is_listed_with_both_values_in_a_private_table(tmp_path):
    """By line, number and column; the totals of the centre and the date of the line are no answers."""
    later = entry(**ONE | {"response": "partielle"}, filled_on=SECOND, n_doses=9, centre_n_treated=4)
    intake = take(tmp_path, [entry(**ONE)], [later], [entry(**OTHER, filled_on=THIRD)])
    told = intake.changes[["patient_code", "column", "before", "after", "verdict"]].to_numpy().tolist()
    assert ["P1", "response", "complete", "partial", "accepted"] in told
    assert ["P1", "n_doses", "8", "9", "accepted"] in told
    assert ["P1", "sex", "female", "male", "quarantined"] in told
    assert not {"centre_n_treated", "filled_on"} & set(intake.changes["column"])
    store.write_table("registry_changes", intake.changes, tmp_path / "changes.csv")


def test_lines_sent_twice_change_nothing(tmp_path):
    """No correction, no line in the table."""
    assert take(tmp_path, [entry(**ONE)], [entry(**ONE)]).changes.empty
