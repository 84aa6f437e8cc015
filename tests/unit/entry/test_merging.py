"""Two people on two branches: rows and cells merge, and only what contradicts is left to a person, named."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import invented
import merge_run
import pytest
from hypothesis import given, settings, strategies as st

from casepool.contract import TABLES
from casepool.entry import rows
from casepool.entry.merge_driver import merge_driver
from casepool.entry.merging import NotMergeableError, merge
from casepool.entry.table_text import NotInOrderError
from casepool.files import sheets
from casepool.files.formulas import rows_as_csv

TABLE = TABLES["retraction_overrides"]
HEADER = "report_id,reason,reader,date\n"
BASE = f'{HEADER}b,"x, y",r,1\nd,"a\nb",r,2\nf,é,r,3\n'


def line(cells: list[str]) -> str:
    """Return a record of CSV."""
    return rows_as_csv([cells])


def file_of(rows: dict[str, tuple[str, ...]]) -> str:
    """Return a table of these rows."""
    return HEADER + "".join(line([key, *cells]) for key, cells in sorted(rows.items()))


def merged(ours: str, theirs: str, base: str = BASE) -> tuple[str, list[tuple[tuple[str, ...], str]]]:
    """Return the merged text, and key and column of what contradicts."""
    found = merge(base.encode(), ours.encode(), theirs.encode(), TABLE)
    return found.text, [(one.key, one.column) for one in found.clashes]


def test_rows_of_both_stand_where_they_sort_and_the_others_keep_their_bytes():
    ours, theirs = BASE.replace("f,", "e,new,r,9\nf,"), BASE.replace("\nd,", "\nc,new,s,9\nd,") + "g,new,s,9\n"
    expected = BASE.replace("f,", "e,new,r,9\nf,").replace("\nd,", "\nc,new,s,9\nd,") + "g,new,s,9\n"
    assert merged(ours, theirs) == merged(theirs, ours) == (expected, [])


def test_other_cells_of_one_row_merge():
    assert merged(BASE.replace("é,r", "è,r"), BASE.replace("r,3", "r,4")) == (BASE.replace("é,r,3", "è,r,4"), [])


def test_one_cell_changed_twice_is_a_conflict_with_both_values_and_what_else_changed_is_merged():
    ours, theirs = BASE.replace("é,r,3", "è,r,9"), BASE.replace("é,r,3", "ê,s,3")
    text, clashes = merged(ours, theirs)
    assert clashes == [(("f",), "reason")]
    marks = "<<<<<<< retraction_overrides, report_id=f: reason = è\nf,è,s,9\n=======\nf,ê,s,9\n>>>>>>> reason = ê\n"
    assert text == BASE.replace("f,é,r,3\n", marks)


def test_the_same_change_on_both_sides_is_no_conflict():
    both = BASE.replace("é", "è") + "g,new,r,1\n"
    assert merged(both, both) == (both, [])


def test_a_row_that_one_deleted_goes_unless_the_other_changed_it():
    without = BASE.replace("f,é,r,3\n", "")
    assert merged(without, BASE) == merged(BASE, without) == (without, [])
    changed = BASE.replace("é", "è")
    text, clashes = merged(without, changed)
    assert clashes == [(("f",), "")]
    assert "<<<<<<< retraction_overrides, report_id=f: (deleted)\n=======\nf,è,r,3\n>>>>>>> (changed)\n" in text


def test_the_same_new_key_with_other_contents_is_a_conflict_of_the_cells_that_differ():
    text, clashes = merged(BASE + "g,one,r,9\n", BASE + "g,two,r,9\n")
    assert clashes == [(("g",), "reason")]
    assert text.count("<<<<<<<") == 1


def test_a_column_that_one_added_comes_in_and_the_rows_of_the_other_have_an_empty_cell():
    ours = BASE.replace("reader", "reader,note").replace(",r,", ",r,seen,")
    theirs = BASE.replace("é", "è") + "g,new,s,9\n"
    expected = ours.replace("é", "è") + "g,new,s,,9\n"
    assert merged(ours, theirs) == merged(theirs, ours) == (expected, [])


def test_a_column_that_one_dropped_goes_where_the_other_did_not_use_it():
    theirs = "report_id,reason,date\n" + 'b,"x, y",1\nd,"a\nb",2\nf,é,3\n'
    assert merged(BASE, theirs) == (theirs, [])
    with pytest.raises(NotMergeableError):
        merged(BASE + "g,new,s,9\n", theirs)


def test_two_tables_that_were_made_apart_merge_as_additions():
    assert merged(HEADER + "b,x,r,1\n", HEADER + "a,y,s,1\n", base="") == (HEADER + "a,y,s,1\nb,x,r,1\n", [])


@pytest.mark.parametrize("damage", ["a;b\n", "\ufeff", "\r\n", "b,again,r,1\n", 'z,"open\n', "x,y\n", "<<<<<<< a\n"])
def test_a_side_that_is_not_in_order_is_left_to_git(damage):
    with pytest.raises(NotMergeableError):
        merged(f"{damage}{BASE}" if damage[0] in "a\ufeff" else f"{BASE}{damage}", BASE)


_CELL = st.sampled_from(["", "x", "é", 'say "so"', "a\nb", "a, b"])
_ROWS = st.dictionaries(st.sampled_from("abcdef"), st.tuples(_CELL, _CELL, _CELL), max_size=6)


@settings(max_examples=60, deadline=None)
@given(_ROWS, _ROWS, _ROWS)
def test_every_cell_is_what_the_one_who_changed_it_typed_and_the_sides_may_be_swapped(base, ours, theirs):
    """Checked against a merge of plain dictionaries."""
    texts = [file_of(one) for one in (base, ours, theirs)]
    text, clashes = merged(texts[1], texts[2], texts[0])
    assert {key for key, _ in clashes} == {key for key, _ in merged(texts[2], texts[1], texts[0])[1]}
    expected, disputed = {}, set()
    for key in {*base, *ours, *theirs}:
        old, one, two = (side.get(key) for side in (base, ours, theirs))
        if one == two or old == two:
            found = one
        elif old == one:
            found = two
        elif one is None or two is None:
            found, disputed = None, disputed | {key}
        else:
            cells = list(zip(old or ("", "", ""), one, two, strict=True))
            disputed |= {key} if any(b not in (a, c) and a != c for b, a, c in cells) else set()
            found = tuple(c if a == b else a for b, a, c in cells)
        if found is not None and key not in disputed:
            expected[key] = found
    assert {key for (key,), _ in clashes} == disputed
    if not disputed:
        assert text == file_of(expected)


def test_in_a_real_repository_reports_of_two_people_merge_and_one_disputed_cell_is_named(tmp_path):
    """One of the trials that ``python tests/merge_run.py`` makes by the hundred, with a disputed cell beside it."""
    made, chance = merge_run.repository(tmp_path), random.Random(3)
    known, disputed = merge_run.library(tmp_path), ("crickx2021", "p1")
    keys = set()
    for name in "ab":
        made.branch(name, merge_run.adds(chance, known, 1, f"reader_{name}"))
        merge_run.notes(chance, [("patients", disputed, "note")])(tmp_path)
        keys |= merge_run.keys_of(tmp_path)
        made.git("commit", "--quiet", "--all", "--message", "note")
    assert made.merge(by_keys=True) == ["data/curated/patients.csv"]
    content = (tmp_path / "data/curated/patients.csv").read_text()
    head, ours, parting, theirs, foot = content[content.index("<<<<<<<") :].split("\n")[:5]
    assert head.startswith("<<<<<<< patients, report_id=crickx2021, patient_label=p1: note = SYNTHETIC")
    assert (parting, foot[:25], content.count("<<<<<<<")) == ("=======", ">>>>>>> note = SYNTHETIC ", 1)
    decided = content.replace(f"{head}\n{ours}\n{parting}\n", "").replace(f"{foot}\n", "")
    (tmp_path / "data/curated/patients.csv").write_text(decided)
    assert theirs in decided
    assert merge_run.keys_of(tmp_path) == keys


def test_check_and_row_store_refuse_a_table_in_conflict_and_git_hears_of_it(tmp_path, capsys):
    place = rows.place_of(tmp_path, "retraction_overrides")
    versions = [tmp_path / name for name in ("base", "ours", "theirs")]
    for path, text in zip(versions, (BASE, BASE.replace("é", "è"), BASE.replace("é", "ê")), strict=True):
        path.write_text(text)
    assert merge_driver(*versions, place.path, "fr") == 1
    assert "retraction_overrides.csv, f, reason : la nôtre è, la leur ê" in capsys.readouterr().err
    place.file.parent.mkdir(parents=True)
    place.file.write_bytes(versions[1].read_bytes())
    (problem,) = sheets.check_table("retraction_overrides", place.file).problems
    assert "the mark of a merge conflict" in str(problem)
    with pytest.raises(NotInOrderError, match="the mark of a merge conflict"):
        rows.read(place)


def test_what_is_no_table_of_the_project_is_merged_by_lines(tmp_path, capsys):
    versions = [tmp_path / name for name in ("base", "ours", "theirs")]
    for path, text in zip(versions, ("a\nb\nc\n", "a\nb\nc\nd\n", "z\na\nb\nc\n"), strict=True):
        path.write_text(text)
    assert merge_driver(*versions, "data/curated/unknown.csv") == 0
    assert versions[1].read_text() == "z\na\nb\nc\nd\n"
    assert "merged line by line" in capsys.readouterr().err


def test_make_hooks_turns_the_driver_on_wherever_the_repository_lies(tmp_path):
    """In a folder with a space, from a folder inside it, without an installed command."""
    root = tmp_path / "dossier été"
    (root / "data" / "curated").mkdir(parents=True)
    for part in (".githooks", "src"):
        (root / part).symlink_to(invented.ROOT / part)
    for part in (".gitattributes", "Makefile"):
        shutil.copy(invented.ROOT / part, root / part)
    path = root / "data/curated/retraction_overrides.csv"
    path.write_text(BASE)

    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "-c", "core.hooksPath=/dev/null", *words]
        environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        done = subprocess.run(command, cwd=path.parent, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    git("init", "--quiet", "--initial-branch", "a", str(root))
    subprocess.run(["make", "--silent", "hooks"], cwd=root, check=True)
    git("add", str(path), str(root / ".gitattributes"))
    git("commit", "--quiet", "--message", "base")
    git("branch", "b")
    for branch, new in (("a", "h,new,r,1\n"), ("b", "g,new,r,1\n")):
        git("checkout", "--quiet", branch)
        path.write_text(BASE + new)
        git("commit", "--quiet", "--all", "--message", branch)
    git("merge", "--quiet", "--no-edit", "a")
    assert path.read_text() == BASE + "g,new,r,1\nh,new,r,1\n"
    attribute = git("check-attr", "merge", str(root / "data/curated/readings/dupont/patients.csv"))
    assert attribute.endswith(": merge: casepool\n")
