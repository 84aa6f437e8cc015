"""What is read ahead is handed out once, and only for the very bytes that were read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casepool import ahead

READ = f"{__name__}.letters"


@ahead.reader
def letters(name: str, path: str | Path) -> list[str]:
    """Return what stands in a file behind a name."""
    return [name, *Path(path).read_text(encoding="utf-8")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "letters.txt"
    path.write_text("ab", encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def wished(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, ...]]]:
    monkeypatch.setattr(ahead, "_held", {})
    monkeypatch.setattr(ahead, "_wished", None)
    return ahead.listen()


def test_nothing_is_there_before_it_was_read_and_it_is_wished_for(file, wished):
    assert ahead.taken(letters, "x", file) is None
    assert wished == [(READ, "x", str(file))]


def test_what_was_read_is_taken_once(file, wished):
    ahead.read(READ, ["x", str(file)])
    assert ahead.taken(letters, "x", file) == ["x", "a", "b"]
    assert wished == []
    assert ahead.taken(letters, "x", file) is None


def test_what_was_not_read_ahead_is_read_when_it_is_fetched(file):
    assert ahead.fetched(letters, "x", file) == ["x", "a", "b"]
    ahead.read(READ, ["x", str(file)])
    file.unlink()
    with pytest.raises(FileNotFoundError):
        ahead.fetched(letters, "x", file)


def test_what_nobody_changes_is_handed_out_again(file):
    ahead.read(READ, ["x", str(file)])
    assert ahead.taken(letters, "x", file, frozen=True) is ahead.taken(letters, "x", file, frozen=True) is not None


@pytest.mark.parametrize("content", ["ac", ""])
def test_another_content_is_not_taken_for_it(file, content):
    ahead.read(READ, ["x", str(file)])
    file.write_text(content, encoding="utf-8")
    assert ahead.taken(letters, "x", file) is None


def test_another_name_and_another_file_are_other_calls(file):
    ahead.read(READ, ["x", str(file)])
    other = file.with_name("other.txt")
    other.write_text("ab", encoding="utf-8")
    assert ahead.taken(letters, "y", file) is None
    assert ahead.taken(letters, "x", other) is None


def test_a_changed_file_is_read_ahead_again(file):
    ahead.read(READ, ["x", str(file)])
    file.write_text("c", encoding="utf-8")
    ahead.read(READ, ["x", str(file)])
    assert ahead.taken(letters, "x", file) == ["x", "c"]


def test_a_file_that_changes_while_it_is_read_is_not_held(file, monkeypatch):
    def read_slowly(name: str, path: str) -> list[str]:
        read = letters(name, path)
        Path(path).write_text("c", encoding="utf-8")
        return read

    monkeypatch.setitem(ahead._readers, READ, read_slowly)
    ahead.read(READ, ["x", str(file)])
    assert ahead.taken(letters, "x", file) is None


def test_what_is_no_reader_is_not_called(file):
    ahead.read("pathlib.Path.unlink", [str(file)])
    assert file.exists()


def test_outside_a_job_nothing_is_noted(file, monkeypatch):
    monkeypatch.setattr(ahead, "_wished", None)
    ahead.wish(letters, "x", file)
    assert ahead.taken(letters, "x", file) is None
    assert ahead._wished is None
