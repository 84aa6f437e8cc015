"""Every message on a cell of a curated table shows a right value, in the language of who reads it."""

from __future__ import annotations

import invented
import pytest

from casepool.contract import CURATED, TABLES, Column, Table
from casepool.contract.texts import column_example
from casepool.files import sheets
from casepool.files.dialect import normalise
from casepool.model.errors import Problem

WRONG = "§ nothing"
FULL = {"patients": invented.patient(), "cohorts": invented.cohort(), "reports": invented.report(),
        "appraisal": invented.appraisal()}  # fmt: skip
# No cell of these can be wrong by itself: any words may stand there.
CAN_BE_WRONG = [
    pytest.param(table, column, id=f"{table.name}.{column.name}")
    for table in CURATED
    for column in table.columns
    if column.required or column.kind != "text" or column.pattern
]


def refused(table: Table, column: Column) -> Problem:
    """Return what is said of a cell that the column cannot take: an empty one, where any words may stand there."""
    words_alone = column.kind == "text" and not column.pattern
    row = {**FULL.get(table.name, {}), column.name: "" if words_alone else WRONG}
    cells = normalise([table.names, [str(row.get(name, "x")) for name in table.names]], table)
    found = sheets.check_cells(cells, table, f"{table.name}.csv").problems
    (problem,) = [one for one in found if one.column == column.name]
    return problem


@pytest.mark.parametrize(("table", "column"), CAN_BE_WRONG)
def test_what_is_said_of_a_wrong_cell_shows_a_right_one(table, column):
    """The example of its column, a value of its list, or the value that was probably meant."""
    problem = refused(table, column)
    for language in ("en", "fr"):
        said = problem.text(language)
        right = column.members or [column_example(table.name, column.name, language)]
        assert problem.nearest or any(one in said for one in right), said


@pytest.mark.parametrize("typed", ["NR", "nr", "N.R."])
def test_nr_of_a_response_is_said_to_mean_two_answers(tmp_path, typed):
    """Not reported, or no response: the one leaves the denominator, the other stays in it."""
    path = invented.write_csv(tmp_path / "patients.csv", "patients", invented.patient(response=typed))
    (problem,) = sheets.check_table("patients", path).problems
    assert "NR s’écrit pour « non rapporté » et pour « non-réponse »" in problem.text("fr")
    assert "'not reported' and for 'no response'" in problem.text("en")
    assert problem.nearest == ""


@pytest.mark.parametrize(
    ("column", "typed", "meant"),
    [("response", "ND", "not_reported"), ("response", "?", "not_reported"), ("sex", "n/a", "not_reported"),
     ("autoimmune", "1", "yes"), ("death", "x", "yes"), ("death", "0", "no"), ("response", "0", "")],
)  # fmt: skip
def test_a_sign_in_the_place_of_an_answer_is_refused_with_the_answer_it_may_be(tmp_path, column, typed, meant):
    """Offered and never taken; 0 of a response may be "none" or nothing at all."""
    path = invented.write_csv(tmp_path / "patients.csv", "patients", invented.patient(**{column: typed}))
    (problem,) = sheets.check_table("patients", path).problems
    assert (problem.column, problem.nearest) == (column, meant)
    assert TABLES["patients"].column(column).members


def test_no_word_of_the_machine_stands_in_what_a_french_reader_is_shown(tmp_path):
    """A key without its parts, a column without a name, a key that stands twice."""
    rows = [invented.patient(), invented.patient(), invented.patient(report_id="", patient_label="")]
    path = invented.write_csv(tmp_path / "patients.csv", "patients", *rows)
    said = [one.text("fr") for one in sheets.check_table("patients", path).problems]
    header, *lines = path.read_text().splitlines()
    path.write_text("\n".join([f"{header},", *(f"{line},x" for line in lines)]) + "\n")
    said += [one.text("fr") for one in sheets.check_table("patients", path).problems]
    assert any("report_id=–, patient_label=–" in one for one in said)
    assert any("(de nouveau)" in one for one in said)
    assert any("(sans nom)" in one for one in said)
    for machine in ("<NA>", "None", "nan", "again", "no name"):
        assert not [one for one in said if machine in one]
