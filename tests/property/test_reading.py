"""Reading is total: no text crashes it, and a table that was read stays as it is."""

from __future__ import annotations

import csv
import io

import invented
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from casepool.contract import CURATED, SOURCES, TABLES, Column
from casepool.files import sheets, store
from casepool.files.dialect import normalise
from casepool.model.errors import StoredTableError

few = settings(
    derandomize=True,
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
RESULT = {"outcome": "any_response", "disease": "itp", "analysis": "raw", "model": "exact", "measure": "rate"}
RESULT |= {"status": "ok"}
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
    checked = sheets.check_table(name, invented.write_csv(tmp_path / f"{name}.csv", name, *rows))
    parts = {part for problem in checked.problems for part in problem.column.split("/")}
    assert parts <= set(table.names)


@few
@given(content=st.binary(max_size=200))
def test_no_bytes_crash_the_check(tmp_path, content):
    """Not even those that are no table at all."""
    path = tmp_path / "reports.csv"
    path.write_bytes(content)
    assert sheets.check_table("reports", path).problems != ()


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
    allowed = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Co", "Cn"], exclude_characters="\ufffd")
    text = data.draw(st.text(allowed | st.sampled_from("\n\t"), min_size=1))
    path = tmp_path / "reports.csv"
    store.write_table("reports", invented.frame("reports", invented.report(title=text.strip() or None)), path)
    first = path.read_bytes()
    store.write_table("reports", sheets.read_table("reports", path), path)
    assert path.read_bytes() == first
    cell = next(iter(csv.DictReader(io.StringIO(first.decode(), newline=""))))["title"]
    assert cell == text.strip()


NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.1 + 0.2, 1 / 3, 5e-324, -0.0, 1e22])
ANY_TEXT = (
    st.none() | st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(["a\rb", "\n", " x ", "NA", '"'])
)


@settings(few, max_examples=60)
@given(data=st.data())
def test_what_is_stored_comes_back_to_the_bit_and_is_stored_again_as_the_same_bytes(tmp_path, data):
    """Numbers, texts, counts: whatever writing accepts, reading gives back; a second writing changes nothing."""
    rows = data.draw(st.lists(st.tuples(NUMBERS, ANY_TEXT, st.integers(0, 10**15)), max_size=4))
    named = [{**RESULT, "name": str(n), "value": v, "reason": t, "k": k} for n, (v, t, k) in enumerate(rows)]
    path = tmp_path / "results.csv"
    store.write_table("results", invented.frame("results", *named), path)
    first, found = path.read_bytes(), store.read_table("results", path)
    assert found["value"].tolist() == [float(f"{value:.12g}") for value, _, _ in rows]
    assert [None if pd.isna(text) else text for text in found["reason"]] == [text or None for _, text, _ in rows]
    assert found["k"].tolist() == [k for _, _, k in rows]
    store.write_table("results", found, path)
    assert path.read_bytes() == first


@settings(few, max_examples=60)
@given(data=st.data())
def test_what_reading_refuses_is_not_written(tmp_path, data):
    """Read as a sheet, any patient that was stored has no problem; one with a problem was not stored."""
    table, path = TABLES["patients"], tmp_path / "patients.csv"
    odd = {
        one.name: data.draw(_cells_of(one)) for one in data.draw(st.sets(st.sampled_from(table.columns), max_size=3))
    }
    frame = invented.frame("patients", invented.patient(**odd))
    typed = tmp_path / "typed.csv"
    typed.write_text(frame.to_csv(index=False), encoding="utf-8")
    problems = sheets.check_table("patients", typed).problems
    try:
        store.write_table("patients", frame, path)
    except StoredTableError:
        assert problems
    else:
        assert problems == ()
        pd.testing.assert_frame_equal(store.read_table("patients", path), frame)


def _cells_of(column: Column) -> st.SearchStrategy:
    if column.kind in {"integer", "number"}:
        return st.sampled_from([-1, 0, 1, 312, 3000, pd.NA])
    return st.sampled_from([*column.members[:3], "x y", "2020-02-30", "2020-02-29"])


@few
@given(split=st.integers(0, 4), data=st.data())
def test_the_problems_of_a_table_are_those_of_its_parts(tmp_path, split, data):
    """Rows are judged one by one: two files hold the problems of one (rows renumbered)."""
    ages = data.draw(st.lists(st.sampled_from(["40", "312", "old", ""]), min_size=4, max_size=4))
    rows = [invented.patient(patient_label=f"p{number}", age_years=age) for number, age in enumerate(ages)]

    def found(*some: invented.Row) -> list[tuple[str, str]]:
        path = invented.write_csv(tmp_path / "patients.csv", "patients", *some)
        return [(problem.key, problem.found) for problem in sheets.check_table("patients", path).problems]

    assert found(*rows) == found(*rows[:split]) + found(*rows[split:])
