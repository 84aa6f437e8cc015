"""One row is saved and every other byte of its file stays; nothing that somebody else wrote is lost."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import invented
import pytest
from hypothesis import given, settings, strategies as st

from casepool.contract import TABLES
from casepool.entry import journal, rows
from casepool.entry.table_text import NotInOrderError, empty_table, parse
from casepool.files import sheets
from casepool.files.formulas import rows_as_csv
from casepool.model.errors import FileError

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = [("data/curated", table) for table in ("screening", "reports", "patients", "cohorts", "appraisal",
           "cumulative_incidences", "disease_terms", "identity_decisions", "corrections", "reading_list", "context",
           "retraction_overrides")] + [("data/raw", "sources")]  # fmt: skip


def patient(**changes: object) -> dict[str, str]:
    """Return an invented patient as a form would hand it over."""
    return {name: "" if value is None else str(value) for name, value in invented.patient(**changes).items()}


@pytest.fixture
def place(tmp_path: Path) -> rows.Place:
    """Return a table of patients b, d and f of one report, with quotes, a line break and an accent."""
    found = rows.place_of(tmp_path, "patients")
    told = [
        patient(patient_label=label, note=note) for label, note in (("b", 'says "é"'), ("d", "a\nb"), ("f", "x, y"))
    ]
    names = TABLES["patients"].names
    found.file.parent.mkdir(parents=True)
    found.file.write_text(rows_as_csv([names, *([one.get(name, "") for name in names] for one in told)]), newline="")
    return found


def labels(place: rows.Place) -> list[str]:
    """Return the labels of the patients in the order of the file."""
    return [one.cells["patient_label"] for one in rows.read(place).records]


@pytest.mark.parametrize(("folder", "table"), SHIPPED)
def test_every_table_of_the_project_is_in_order_and_comes_back_to_the_byte(folder, table):
    content = (ROOT / folder / f"{table}.csv").read_bytes()
    assert parse(content, TABLES[table], table).text().encode() == content


@pytest.mark.parametrize(("label", "expected"), [("a", "abdf"), ("c", "bcdf"), ("g", "bdfg"), ("d2", "bdd2f")])
def test_a_new_row_stands_where_it_sorts_and_is_the_only_new_line(place, label, expected):
    before = place.file.read_bytes()
    saved = rows.save(place, rows.Opened(("alpha2020", label)), patient(patient_label=label))
    assert isinstance(saved, rows.Saved)
    assert "".join(labels(place)) == expected
    record = rows.read(place).find(("alpha2020", label)).text.encode()
    assert place.file.read_bytes().replace(record, b"", 1) == before


def test_numbers_of_a_key_sort_by_their_size():
    table = empty_table(TABLES["cumulative_incidences"])
    for months in ("12", "6", "", "120"):
        table = table.with_row({"report_id": "a", "stratum": "s", "time_months": months})
    assert [one.cells["time_months"] for one in table.records] == ["", "6", "12", "120"]


def test_a_file_without_a_last_line_end_gets_one_only_where_a_row_follows(place):
    place.file.write_bytes(place.file.read_bytes().removesuffix(b"\n"))
    opened = rows.open_row(place, ("alpha2020", "b"))
    rows.save(place, opened, {**opened.cells, "note": "changed"})
    assert not place.file.read_bytes().endswith(b"\n")
    rows.save(place, rows.Opened(("alpha2020", "z")), patient(patient_label="z"))
    assert labels(place) == ["b", "d", "f", "z"]


def test_what_was_typed_is_stored_in_ids_and_plain_numbers(place):
    typed = patient(patient_label="n", age_years="63,5", sex="femme", date="31/01/2026")
    saved = rows.save(place, rows.Opened(("alpha2020", "n")), typed)
    cells = rows.open_row(place, ("alpha2020", "n")).cells
    assert (cells["age_years"], cells["sex"], cells["date"]) == ("63.5", "female", "2026-01-31")
    assert saved.row.cells == cells
    assert saved.notes


def test_a_wrong_row_is_refused_in_the_words_of_the_check(place):
    """The problems are those of ``casepool check`` for the same row at the same place."""
    before = place.file.read_bytes()
    wrong = patient(patient_label="z", age_years=312, sex="femal", response="")
    refused = rows.save(place, rows.Opened(("alpha2020", "z")), wrong)
    assert place.file.read_bytes() == before
    names = TABLES["patients"].names
    with place.file.open("a", newline="") as handle:
        handle.write(rows_as_csv([[wrong.get(name, "") for name in names]]))
    assert refused.problems == sheets.check_table("patients", place.file).problems != ()


def test_nothing_typed_and_a_column_that_does_not_exist_are_refused(place):
    assert rows.save(place, rows.Opened(("", "")), {}).problems
    refused = rows.save(place, rows.Opened(("alpha2020", "z")), patient(patient_label="z", colour="blue"))
    assert [str(one.column) for one in refused.problems] == ["colour"]
    assert labels(place) == ["b", "d", "f"]


def test_a_row_that_changed_since_it_was_opened_is_a_conflict_of_three_columns(place):
    opened = rows.open_row(place, ("alpha2020", "d"))
    other = rows.save(place, opened, {**opened.cells, "age_years": "41", "dose": "16 mg/kg"})
    assert isinstance(other, rows.Saved)
    before = place.file.read_bytes()
    found = rows.save(place, opened, {**opened.cells, "age_years": "42", "n_doses": "4"})
    fields = {one.column: (one.opened, one.on_disk, one.mine, one.clashes) for one in found.fields}
    assert fields["age_years"] == ("40", "41", "42", True)
    assert fields["dose"] == ("", "16 mg/kg", "", False)
    assert fields["n_doses"] == ("", "", "4", False)
    assert place.file.read_bytes() == before
    assert isinstance(rows.save(place, found.on_disk, {**opened.cells, "age_years": "42"}), rows.Saved)


def test_a_row_that_went_or_came_meanwhile_is_a_conflict(place):
    opened = rows.open_row(place, ("alpha2020", "d"))
    assert isinstance(rows.delete(place, opened), rows.Saved)
    gone = rows.save(place, opened, {**opened.cells, "age_years": "42"})
    assert gone.on_disk.cells is None
    there = rows.save(place, rows.Opened(("alpha2020", "b")), patient(patient_label="b"))
    assert there.on_disk.cells["note"] == 'says "é"'
    assert labels(place) == ["b", "f"]


def test_a_row_may_be_renamed_but_not_onto_another(place):
    opened = rows.open_row(place, ("alpha2020", "b"))
    assert isinstance(rows.save(place, opened, {**opened.cells, "patient_label": "f"}), rows.Conflict)
    assert isinstance(rows.save(place, opened, {**opened.cells, "patient_label": "e"}), rows.Saved)
    assert labels(place) == ["d", "e", "f"]


def test_a_row_that_changed_is_not_deleted(place):
    opened = rows.open_row(place, ("alpha2020", "b"))
    rows.save(place, opened, {**opened.cells, "note": "new"})
    assert isinstance(rows.delete(place, opened), rows.Conflict)
    assert "b" in labels(place)


DAMAGES = {
    "dialect_line_ends": lambda content: content.replace(b"\n", b"\r\n"),
    "dialect_byte_order_mark": lambda content: b"\xef\xbb\xbf" + content,
    "merge_conflict": lambda content: content + b"<<<<<<< HEAD\n=======\n>>>>>>> b\n",
    "dialect_separator": lambda content: content.replace(b",", b";"),
    "dialect_encoding": lambda content: content.replace("é".encode(), b"\xe9"),
    "not_a_text_table": lambda content: content + b"\x00",
    "dialect_quotes": lambda content: content + b'a,"b\n',
    "dialect_cells": lambda content: content + b"alpha2020,q\n",
    "dialect_unknown_columns": lambda content: content.replace(b"report_id", b"report", 1),
    "dialect_order_of_columns": lambda content: content.replace(b"age_years,sex", b"sex,age_years", 1),
    "dialect_key_again": lambda content: content + content.split(b"\n")[1] + b"\n",
    "empty_file": lambda _: b"",
}  # fmt: skip


@pytest.mark.parametrize("fault", DAMAGES)
def test_a_file_that_is_not_in_order_is_refused_in_words_and_not_touched(place, fault):
    place.file.write_bytes(DAMAGES[fault](place.file.read_bytes()))
    before = place.file.read_bytes()
    with pytest.raises(NotInOrderError) as refused:
        rows.save(place, rows.Opened(("alpha2020", "z")), patient(patient_label="z"))
    assert fault in {one.id for one in refused.value.faults}
    assert "casepool tidy" in refused.value.text("fr")
    assert place.file.read_bytes() == before


def test_a_workbook_in_the_place_of_the_table_is_refused(place):
    place.file.rename(place.file.with_suffix(".xlsx"))
    with pytest.raises(FileError, match=r"patients\.xlsx stands in the place of patients\.csv"):
        rows.save(place, rows.Opened(("alpha2020", "z")), patient(patient_label="z"))


@pytest.mark.parametrize("sign", ["index.lock", "MERGE_HEAD", "rebase-merge", "CHERRY_PICK_HEAD"])
def test_nothing_is_written_while_git_is_at_work(place, sign):
    folder = place.root / ".git"
    folder.mkdir()
    (folder / sign).touch()
    before = place.file.read_bytes()
    with pytest.raises(FileError, match="Nothing was written"):
        rows.save(place, rows.Opened(("alpha2020", "z")), patient(patient_label="z"))
    assert place.file.read_bytes() == before


def test_git_is_seen_at_work_in_a_further_work_tree(place, tmp_path_factory):
    """There ``.git`` is a file that names the folder."""
    state = tmp_path_factory.mktemp("worktree")
    (state / "MERGE_HEAD").touch()
    (place.root / ".git").write_text(f"gitdir: {state}\n")
    with pytest.raises(FileError, match="a merge of git is not finished"):
        rows.delete(place, rows.open_row(place, ("alpha2020", "b")))


def test_a_full_disk_is_told_and_the_file_stays(place, monkeypatch):
    before = place.file.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(journal.atomic, "write_bytes", full)
    with pytest.raises(FileError, match="the disk is full"):
        rows.save(place, rows.Opened(("alpha2020", "z")), patient(patient_label="z"))
    assert place.file.read_bytes() == before


_WRITERS = """
import os, signal, sys
from pathlib import Path
from casepool.entry import rows
from casepool.model.protocol import load_protocol
from casepool.model.study import use
root, protocol = sys.argv[1:]
use(load_protocol(protocol))
place = rows.place_of(root, "retraction_overrides")
saved = Path(root) / "saved_by_k"

def write(who, n):
    child = os.fork()
    if child:
        return child
    for number in range(n):
        row = {"report_id": f"{who}{number}", "reason": "SYNTHETIC", "reader": who, "date": "2026-01-31"}
        assert isinstance(rows.save(place, rows.Opened((row["report_id"],)), row), rows.Saved)
        if who == "k":
            saved.write_text(str(number))
    os._exit(0)

saved.write_text("0")
killed, *both = write("k", 10_000), write("a", 25), write("b", 25)
while int(saved.read_text() or 0) < 7:
    pass
os.kill(killed, signal.SIGKILL)
assert [os.waitpid(one, 0)[1] for one in both] == [0, 0]
"""


def test_two_writers_lose_no_row_and_one_killed_in_the_middle_leaves_a_whole_file(tmp_path):
    place = rows.place_of(tmp_path, "retraction_overrides")
    subprocess.run([sys.executable, "-c", _WRITERS, tmp_path, ROOT / "config" / "protocol.yaml"], check=True)
    found = [one.cells["report_id"] for one in rows.read(place).records]
    assert {one for one in found if one[0] in "ab"} == {f"{who}{number}" for who in "ab" for number in range(25)}
    assert {f"k{number}" for number in range(8)} <= set(found)
    assert found == sorted(found)
    assert isinstance(rows.delete(place, rows.open_row(place, ("a0",))), rows.Saved)
    assert [path.name for path in place.file.parent.iterdir()] == [place.file.name]


def test_the_private_folder_is_for_its_owner_and_hides_itself_from_git(place):
    rows.delete(place, rows.open_row(place, ("alpha2020", "b")))
    private = place.root / ".casepool"
    assert private.stat().st_mode & 0o777 == 0o700
    assert (private / ".gitignore").read_text() == "*\n"


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00\ufeff"), max_size=12)
_KEYS = st.lists(st.from_regex(r"[A-Za-z0-9]{1,4}", fullmatch=True), min_size=1, max_size=6, unique=True)


@settings(max_examples=60, deadline=None)
@given(_KEYS, st.data())
def test_whatever_stands_in_the_others_they_keep_their_bytes(keys, data):
    """Quotes, line breaks, signs of formulas, in an order of a person's own: replaced, added, deleted."""
    table = TABLES["retraction_overrides"]
    lines = [[key, *(data.draw(_CELL) for _ in range(3))] for key in keys]
    quoted = ",".join(f'"{name}"' for name in table.names) + "\n"
    content = (quoted + rows_as_csv(lines)).encode()
    before = parse(content, table, "x")
    assert before.text().encode() == content
    key = data.draw(st.sampled_from([*keys, "zz zz"]))
    cells = dict(zip(table.names, [key, *(data.draw(_CELL) for _ in range(3))], strict=True))
    after = parse(before.with_row(cells).text().encode(), table, "x")
    assert dict(after.find((key,)).cells) == cells
    others = [one.text for one in before.records if one.cells["report_id"] != key]
    assert [one.text for one in after.records if one.cells["report_id"] != key] == others
    assert [one.text for one in after.without((key,)).records] == others
