"""Several files change in one step, or none does, wherever the step is cut."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from casepool.entry import journal
from casepool.entry.journal import Step, carry_out, changed
from casepool.entry.writing import writing
from casepool.files import atomic
from casepool.model.errors import FileError
from casepool.model.message import Message

NAME = Message("merge_conflict", line=3)  # any message: it must come back
AFTER = {"a.csv": b"new a", "sub/b.csv": b"new b", "c.csv": None, "d.ris": b"new d"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder with three files."""
    (tmp_path / "sub").mkdir()
    for name in ("a.csv", "sub/b.csv", "c.csv"):
        (tmp_path / name).write_bytes(f"old {name}".encode())
    return tmp_path


def contents(root: Path) -> dict[str, bytes | None]:
    """Return what stands in the files of the step."""
    return {name: (root / name).read_bytes() if (root / name).exists() else None for name in AFTER}


def step(root: Path) -> Step:
    """Return the step that changes two files, deletes one and makes one."""
    return Step(NAME, changed(root, AFTER))


class Killed(BaseException):
    """The process ends here."""


def cut_at(monkeypatch: pytest.MonkeyPatch, n: int, error: BaseException) -> None:
    """Let the n-th file not be written; `error` says why."""
    written = iter(range(100))
    write, real = "put", journal.put

    def put(path: Path, content: bytes | None) -> None:
        if next(written) == n:
            raise error
        real(path, content)

    monkeypatch.setattr(journal, write, put)


def test_a_step_changes_every_file(root):
    with writing(root) as told:
        carry_out(root, step(root))
    assert contents(root) == AFTER
    assert told == ()
    with writing(root) as told:
        assert told == ()


@pytest.mark.parametrize("n", range(4))
def test_a_step_that_was_killed_anywhere_is_finished_by_the_next_writer_and_told(root, monkeypatch, n):
    cut_at(monkeypatch, n, Killed())
    with pytest.raises(Killed):
        carry_out(root, step(root))
    monkeypatch.undo()
    with writing(root) as told:
        assert [one.id for one in told] == ["step_finished"]
        assert contents(root) == AFTER
    with writing(root) as told:
        assert told == ()


def test_a_step_killed_before_it_was_written_down_leaves_everything_as_it_was(root, monkeypatch):
    def killed(*_: object, **__: object) -> None:
        raise Killed

    before, planned = contents(root), step(root)
    monkeypatch.setattr(journal.atomic, "write_bytes", killed)
    with pytest.raises(Killed):
        carry_out(root, planned)
    monkeypatch.undo()
    with writing(root) as told:
        assert told == ()
    assert contents(root) == before


@pytest.mark.parametrize("n", range(4))
def test_a_disk_that_is_full_takes_everything_back_and_says_so(root, monkeypatch, n):
    before = contents(root)
    cut_at(monkeypatch, n, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(FileError, match="Nothing was written: the disk is full"):
        carry_out(root, step(root))
    assert contents(root) == before
    with writing(root) as told:
        assert told == ()


def test_a_file_that_somebody_changed_after_the_cut_is_not_written_over(root, monkeypatch):
    before = contents(root)
    cut_at(monkeypatch, 2, Killed())
    with pytest.raises(Killed):
        carry_out(root, step(root))
    monkeypatch.undo()
    (root / "sub" / "b.csv").write_bytes(b"typed by hand")
    with writing(root) as (told,):
        assert told.id == "step_taken_back"
        assert told["files"] == ("sub/b.csv",)
    assert contents(root) == before | {"sub/b.csv": b"typed by hand"}
    assert (root / str(told["kept"])).exists()


def test_a_step_is_refused_where_a_file_is_not_as_it_was_read(root):
    planned = step(root)
    (root / "a.csv").write_bytes(b"typed by hand")
    with pytest.raises(FileError, match=r"changed on the disk since it was read: a\.csv"):
        carry_out(root, planned)
    assert contents(root)["d.ris"] is None


def test_a_second_writer_waits_no_longer_than_it_should(root, monkeypatch):
    monkeypatch.setattr("casepool.files.holding._PATIENCE", 0.05)
    with writing(root), pytest.raises(FileError, match="another program writes"), writing(root):
        pass


def test_what_a_killed_writer_left_beside_a_file_goes_with_the_next_write(root):
    (root / ".a.csv.abcd1234").write_bytes(b"half")
    (root / ".a.csv.swp").write_bytes(b"an editor's")
    carry_out(root, step(root))
    assert sorted(path.name for path in root.glob(".a*")) == [".a.csv.swp"]
    assert atomic.TEMPORARY.fullmatch(".a.csv.abcd1234")


def test_a_project_in_which_nothing_may_be_written_is_said_in_words(root, monkeypatch):
    def refused(*_: object) -> Path:
        raise PermissionError(errno.EACCES, "Permission denied", str(root))

    monkeypatch.setattr("casepool.files.holding.private_folder", refused)
    with pytest.raises(FileError, match=r"Nothing was written: .*Permission denied"), writing(root):
        pass


def test_where_the_disk_refuses_to_take_back_too_the_step_stays_and_is_settled_later(root, monkeypatch):
    put, n = journal.put, iter(range(100))

    def full(path: Path, content: bytes | None) -> None:
        if next(n) > 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        put(path, content)

    monkeypatch.setattr(journal, "put", full)
    with pytest.raises(FileError, match="the disk refuses to finish it"):
        carry_out(root, step(root))
    monkeypatch.undo()
    with writing(root) as (said,):
        assert said.id == "step_finished"
    assert contents(root) == AFTER
