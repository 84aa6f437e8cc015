"""Signs that nobody sees, formulas, and files that are no tables."""

from __future__ import annotations

import os

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from casepool.files import sheets, store
from casepool.files.cells import read_cells
from casepool.files.formulas import guarded, unguarded
from casepool.files.signs import cleaned, codes_refused
from casepool.model.errors import FileError


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Two lines\u000bof Word", "Two lines of Word"),
        ("a\r\n b\u2028c\td", "a b c d"),
        ("zero\u200bwidth\u200d\ufeff", "zerowidth"),
        ("\u202eturned\u202c", "turned"),
        ("soft\u00adhyphen", "softhyphen"),
        ("No\u00a0break\u202f%, thin\u2009space", "No\u00a0break\u202f%, thin\u2009space"),
        ("Sjögren, β₂, 北京, Łódź", "Sjögren, β₂, 北京, Łódź"),
    ],
)
def test_a_line_break_becomes_a_space_and_signs_of_no_width_go(typed, read):
    assert cleaned(typed) == read
    assert codes_refused(read) == set()


@pytest.mark.parametrize("sign", ["\x01", "\x02", "\x92", "\uf0b1", "\ufffd"])
def test_a_sign_that_stands_for_something_lost_is_refused(sign):
    assert codes_refused(f"interval {sign} 3") == {f"U+{ord(sign):04X}"}


def read_labels(tmp_path, label: str) -> sheets.CheckedTable:
    """Read a reading list of one row whose first cell is given."""
    path = tmp_path / "reading_list.csv"
    names = [column.name for column in sheets.TABLES["reading_list"].columns]
    cells = dict.fromkeys(names, "") | {names[0]: label}
    path.write_text(f"{','.join(names)}\n{','.join(cells.values())}\n", encoding="utf-8")
    return sheets.check_table("reading_list", path)


def test_what_was_removed_is_told_with_column_row_and_sign(tmp_path):
    notes = [str(note) for note in read_labels(tmp_path, "a\u200bb").notes]
    assert [note for note in notes if "row(s) 2: line breaks" in note and "(U+200B)" in note]


def test_what_was_lost_is_a_problem_with_column_row_and_sign(tmp_path):
    told = [str(problem) for problem in read_labels(tmp_path, "a\x02b").problems]
    assert [one for one in told if "row 2" in one and "U+0002: something was lost" in one]


def test_a_merge_conflict_is_one_sentence(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n<<<<<<< HEAD\n1,3\n=======\n1,4\n>>>>>>> other\n")
    with pytest.raises(FileError, match=r"^line 3: the mark of a merge conflict"):
        read_cells(path)


def test_a_pipe_is_no_table(tmp_path):
    """Reading it would never end."""
    os.mkfifo(tmp_path / "t.csv")
    with pytest.raises(FileError, match="not a file that can be read to its end"):
        read_cells(tmp_path / "t.csv")


@pytest.mark.parametrize("text", ["=1+2", "@SUM(1+2)", "+1+2", "-2+3", "=HYPERLINK(1)", "'=1"])
def test_a_formula_gets_an_apostrophe(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-0.5", "+3", "1e-6", "-1,5", "'tis", "O'Neill", "a=b"])
def test_numbers_and_other_texts_stay_as_they_are(text):
    assert guarded(text) == text


@given(st.text(alphabet="'=+-@1a. "))
def test_the_apostrophe_is_taken_away_again(text):
    assert unguarded(guarded(text)) == text


def test_a_stored_formula_comes_back_and_is_none_in_the_file(tmp_path):
    path = tmp_path / "raw_faults.csv"
    frame = pd.DataFrame({"path": ["data/raw/a.ris", "'=x"], "fault": ["=HYPERLINK(1)", "-1"]})
    store.write_table("raw_faults", frame, path)
    assert "\ndata/raw/a.ris,'=HYPERLINK(1)\n" in path.read_text()
    back = store.read_table("raw_faults", path)
    assert sorted(back["fault"]) == ["-1", "=HYPERLINK(1)"]
    assert sorted(back["path"]) == ["'=x", "data/raw/a.ris"]
