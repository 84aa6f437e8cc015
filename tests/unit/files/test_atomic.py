"""Files are there whole or not at all."""

from __future__ import annotations

import pytest

from casepool.files import atomic
from casepool.model.errors import FileError


def test_a_failed_write_leaves_the_old_file_and_no_temporary_one(tmp_path):
    """A build that is killed while writing leaves what was there."""
    target = tmp_path / "table.csv"
    atomic.write_text(target, "old")

    def fail() -> None:
        with atomic.atomic_file(target) as handle:
            handle.write(b"half")
            message = "disk full"
            raise OSError(message)

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("table.csv", "old")]


def test_an_atomic_write_makes_missing_folders_and_a_readable_file(tmp_path):
    """Other users may read the results (a temporary file alone would be private)."""
    target = tmp_path / "new" / "folder" / "table.csv"
    atomic.write_bytes(target, b"content")
    assert target.read_bytes() == b"content"
    assert target.stat().st_mode & 0o777 == 0o644


def test_bytes_of_a_missing_file_are_a_source_data_error(tmp_path):
    """The message says what to look for."""
    with pytest.raises(FileError, match=r"cannot be read .*Check that the file is there"):
        atomic.read_bytes(tmp_path / "records.xml")
