"""RIS exports become the same records as PubMed's."""

from __future__ import annotations

from pathlib import Path

import pytest

from casepool.errors import SourceDataError
from casepool.search.ris import parse_ris

ENTRY = """TY  - JOUR
ID  - alpha2020
AU  - Invented, A
AU  - Other, B
TI  - Un titre à accents
T2  - Journal of Inventions
PY  - 2020/05/01
VL  - 5
IS  - 2
SP  - 10
EP  - 12
DO  - 10.1000/x
LA  - fr
UR  - https://invented.invalid/x
ER  -
"""


def parse(folder: Path, text: str, encoding: str = "utf-8") -> list[dict[str, object]]:
    """Return the records of a RIS file with this text."""
    path = folder / "export.ris"
    path.write_bytes(text.encode(encoding))
    return list(parse_ris(path))


def test_the_facts_of_an_entry_are_read(tmp_path):
    """The columns are those of a PubMed record."""
    (record,) = parse(tmp_path, ENTRY)
    found = {name: value for name, value in record.items() if value != ""}
    assert found == {
        "record_id": "ris:alpha2020",
        "doi": "10.1000/x",
        "title": "Un titre à accents",
        "authors": "Invented, A; Other, B",
        "journal": "Journal of Inventions",
        "year": 2020,
        "volume": "5",
        "issue": "2",
        "pages": "10-12",
        "language": "fr",
        "publication_types": "JOUR",
        "url": "https://invented.invalid/x",
    }


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("TY  - JOUR", "\ufeffTY  - JOUR")])
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path, change):
    """Exports come from Windows programs."""
    assert parse(tmp_path, ENTRY.replace(*change)) == parse(tmp_path, ENTRY)


def test_an_entry_without_year_or_authors_is_read(tmp_path):
    """What is not told stays empty."""
    (record,) = parse(tmp_path, "TY  - ELEC\nID  - page\nTI  - A page\nER  -\n")
    assert (record["year"], record["authors"], record["pages"]) == (None, "", "")


def test_an_entry_without_id_is_refused_with_its_number(tmp_path):
    """It could not be named in any decision."""
    with pytest.raises(SourceDataError, match="entry 2 has no ID"):
        parse(tmp_path, ENTRY + ENTRY.replace("ID  - alpha2020\n", ""))


@pytest.mark.parametrize(("text", "encoding"), [(ENTRY, "cp1252"), ("ID  - x\nTI  - no type\nER  -\n", "utf-8")])
def test_what_is_no_ris_file_is_refused(tmp_path, text, encoding):
    """Another encoding or another format must be exported again."""
    with pytest.raises(SourceDataError, match=r"not a RIS file .*Export it again"):
        parse(tmp_path, text, encoding)


def test_a_missing_file_is_refused(tmp_path):
    """The message names the file."""
    with pytest.raises(SourceDataError, match=r"gone\.ris: not a RIS file"):
        list(parse_ris(tmp_path / "gone.ris"))
