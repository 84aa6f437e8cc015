"""Problems are told in the language of the reader."""

from __future__ import annotations

from casepool.checks.data import CheckReport, check_text
from casepool.model.errors import Problem, format_problems
from casepool.model.message import Message

A_NUMBER = Problem("x.csv", 2, "k=1", "c", "a", Message("number"))


def test_a_problem_in_french_names_line_key_value_and_nearest_value() -> None:
    """The place is told as in English, in French words and typography."""
    expected = Message("one_of", members=("female", "male"))
    problem = Problem("patients.csv", 4, "report_id=a", "sex", "femalle", expected, "female")
    assert problem.text("fr") == (
        "patients.csv, ligne 4, report_id=a : sex = femalle ; attendu : l’une des valeurs "
        "female (femme), male (homme). Vouliez-vous dire « female » ?"
    )
    assert str(problem).endswith("sex = femalle; expected one of female, male. Did you mean 'female'?")


def test_what_stands_in_a_cell_is_never_taken_for_words_of_the_program() -> None:
    """Neither translated nor filled in."""
    problem = Problem("x.csv", 2, "", "row", "(empty) {n} name", Message("text"))
    assert problem.text("fr") == "x.csv, ligne 2 : row = (empty) {n} name ; attendu : un texte."


A_COLUMN = Message("column_understood", column="sex", n=3, found="femme", read="female")


def test_problems_are_counted_in_both_languages() -> None:
    """One or several."""
    assert format_problems([A_NUMBER], "fr").startswith("1 problème dans les données :")
    assert format_problems([A_NUMBER, A_NUMBER], "en").startswith("2 problems in the data:")


def test_a_check_tells_notes_hints_rows_and_problems_in_both_languages() -> None:
    """Notes on the form of a table, a hint on a row, then what was read."""
    notes = (
        Message("of_table", table="patients", what=Message("read_as_windows_1252")),
        Message("of_table", table="patients", what=Message("cells_understood", n=3, columns=(A_COLUMN,))),
    )
    hint = Message("not_counted", row=3, key="other", disease="ttp")
    report = CheckReport((A_NUMBER,), notes, {"patients": 4, "cohorts": 0}, (hint,), (A_NUMBER,))
    assert check_text(report, "fr").splitlines() == [
        "normalisé : patients : lu en Windows-1252",
        "normalisé : patients : 3 cases comprises : sex 3 (femme : female)",
        "à regarder : reading_list : ligne 3, other : non compté, ttp n’est pas dans la question",
        "lignes lues : patients 4, cohorts 0",
        "1 avertissement : possible, mais peu probable ; à vérifier, sans arrêter la construction :",
        "  x.csv, ligne 2, k=1 : c = a ; attendu : un nombre.",
        "1 problème dans les données :",
        "  x.csv, ligne 2, k=1 : c = a ; attendu : un nombre.",
    ]
    assert check_text(report, "en").splitlines()[1] == "normalised: patients: 3 cells understood: sex 3 (femme: female)"


def test_a_check_without_problems_says_so() -> None:
    """In the last line."""
    assert check_text(CheckReport((), (), {}), "fr").endswith("\naucun problème")


def test_problems_stand_in_the_order_of_their_places_and_english_words() -> None:
    """Whether text or message stands in a place."""
    found = [Problem("x.csv", 2, "", "c", one, Message("number")) for one in (Message("empty"), "b", "(a")]
    assert [str(one.found) for one in sorted(found)] == ["(a", "(empty)", "b"]
