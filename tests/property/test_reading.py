"""Reading is total: no text crashes it, and a table that was read stays as it is."""

from __future__ import annotations

import csv
import io

import invented
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casepool.contract import CURATED, SOURCES, TABLES
from casepool.files import tables
from casepool.files.dialect import normalise

few = settings(
    derandomize=True,
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ODD = [
    "",
    " ",
    "NA",
    "nan",
    "inf",
    "1e999",
    "-0",
    "1,5",
    "1\u202f000",
    "oui",
    "NR",
    "31/12/2020",
    "2020-13-01",
    '"',
    "é",
]
CELLS = st.one_of(st.sampled_from(ODD), st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=8))


@pytest.mark.parametrize("name", [table.name for table in (*CURATED, SOURCES)])
@few
@given(data=st.data())
def test_no_text_in_any_cell_crashes_the_check(tmp_path, name, data):
    """Whatever people type, the answer is a list of problems, each in a column of the table."""
    table = TABLES[name]
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(table.names, CELLS)), max_size=2))
    checked = tables.check_table(name, invented.write_csv(tmp_path / f"{name}.csv", name, *rows))
    parts = {part for problem in checked.problems for part in problem.column.split("/")}
    assert parts <= set(table.names)


@few
@given(content=st.binary(max_size=200))
def test_no_bytes_crash_the_check(tmp_path, content):
    """Not even those that are no table at all."""
    path = tmp_path / "reports.csv"
    path.write_bytes(content)
    assert tables.check_table("reports", path).problems != ()


@few
@given(data=st.data())
def test_normalising_twice_is_normalising_once(data):
    """Ids, numbers and dates in our form are left as they are."""
    table = TABLES["patients"]
    row = [data.draw(CELLS) for _ in table.names]
    once = normalise([table.names, row], table)
    cells = once.frame.fillna("").to_numpy().tolist()
    twice = normalise([table.names, *cells], table)
    pd.testing.assert_frame_equal(once.frame, twice.frame)
    assert twice.notes == ()


@few
@given(data=st.data())
def test_a_text_survives_writing_and_reading(tmp_path, data):
    """Commas, quotation marks, line ends: the cell is the same afterwards."""
    text = data.draw(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=1))
    path = tmp_path / "reports.csv"
    tables.write_table("reports", invented.frame("reports", invented.report(title=text.strip() or None)), path)
    first = path.read_bytes()
    tables.write_table("reports", tables.read_table("reports", path), path)
    assert path.read_bytes() == first
    cell = next(iter(csv.DictReader(io.StringIO(first.decode(), newline=""))))["title"]
    assert cell == text.strip()


@few
@given(split=st.integers(0, 4), data=st.data())
def test_the_problems_of_a_table_are_those_of_its_parts(tmp_path, split, data):
    """Rows are judged one by one: two files hold the problems of one (rows renumbered)."""
    ages = data.draw(st.lists(st.sampled_from(["40", "312", "old", ""]), min_size=4, max_size=4))
    rows = [invented.patient(patient_label=f"p{number}", age_years=age) for number, age in enumerate(ages)]

    def found(*some: invented.Row) -> list[tuple[str, str]]:
        path = invented.write_csv(tmp_path / "patients.csv", "patients", *some)
        return [(problem.key, problem.found) for problem in tables.check_table("patients", path).problems]

    assert found(*rows) == found(*rows[:split]) + found(*rows[split:])
