"""Packed files: small ones that stand for large ones, and names that lead elsewhere (all harmless, and invented)."""

import gzip
import zipfile
from pathlib import Path

import openpyxl
import pytest

from casepool.files import unpacking
from casepool.files.cells import read_cells
from casepool.model.errors import FileError
from casepool.screening.returned import read_returned
from casepool.search.formats.reading import read_export

RIS = "TY  - JOUR\nTI  - SYNTHETIC title\nER  - \n"


@pytest.fixture
def small(monkeypatch):
    """Let a packed file hold a thousand bytes."""
    monkeypatch.setattr(unpacking, "MOST", 1000)


def zipped(path: Path, name: str, content: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def test_an_export_packed_by_gzip_may_hold_so_much_and_no_more(small, tmp_path):
    path = tmp_path / "export.ris.gz"
    path.write_bytes(gzip.compress(RIS.encode()))
    assert len(read_export(path).records) == 1
    path.write_bytes(gzip.compress((RIS + "AB  - " + "a" * 1000).encode()))
    with pytest.raises(FileError, match="unpacks to more than"):
        read_export(path)


@pytest.mark.parametrize("read", [read_cells, read_export], ids=["a table", "an export"])
def test_a_workbook_may_hold_so_much_and_no_more(small, tmp_path, read):
    openpyxl.Workbook().save(tmp_path / "table.xlsx")
    with pytest.raises(FileError, match="unpacks to more than"):
        read(tmp_path / "table.xlsx")


def test_returned_decisions_in_an_archive_may_hold_so_much_and_no_more(small, tmp_path):
    path = zipped(tmp_path / "returned.zip", "articles.csv", "key,notes\nris:invented,included\n")
    assert len(read_returned(path).rows) == 1
    with pytest.raises(FileError, match="unpacks to more than"):
        read_returned(zipped(tmp_path / "returned.zip", "articles.csv", "key,notes\n" + 400 * "x,\n"))


def test_a_member_that_is_named_after_a_place_elsewhere_is_read_and_written_nowhere_else(tmp_path):
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    path = zipped(inside / "returned.zip", "../../elsewhere.csv", "key,notes\nris:invented,included\n")
    assert [row.cells["key"] for row in read_returned(path).rows] == ["ris:invented"]
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["a", "b", "returned.zip"]
