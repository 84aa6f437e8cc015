"""RIS exports become the same records as PubMed's."""

from __future__ import annotations

from pathlib import Path

import pytest

from casepool.model.errors import FileError
from casepool.search.formats.ris import parse_ris

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
    with pytest.raises(FileError, match="entry 2 has no key"):
        parse(tmp_path, ENTRY + ENTRY.replace("ID  - alpha2020\n", ""))


@pytest.mark.parametrize(("text", "encoding"), [(ENTRY, "cp1252"), ("ID  - x\nTI  - no type\nER  -\n", "utf-8")])
def test_what_is_no_ris_file_is_refused(tmp_path, text, encoding):
    """Another encoding or another format must be exported again."""
    with pytest.raises(FileError, match=r"not a file in the format RIS .*Export it again"):
        parse(tmp_path, text, encoding)


# The entry of findings/rispy_split_values.sh.
SICI = "https://doi.org/10.1000/(SICI)1234-5678(199901)34:1<1::AID-XYZ1>3.0.CO;2-B"
WRAPPED = f"""TY  - JOUR
ID  - wrapped
TI  - An invented case
AU  - Invented Study Group on Rare
Autoimmune Diseases
AB  - The first line

and the second.
UR  - {SICI}
ER  - 
"""  # noqa: W291  some programs write a blank after the last tag


def test_an_address_with_a_semicolon_and_a_wrapped_author_stay_whole(tmp_path):
    """By rispy 0.10.0 each becomes two (findings/rispy_split_values.sh)."""
    (record,) = parse(tmp_path, WRAPPED)
    found = [record[name] for name in ("authors", "url", "abstract")]
    assert found == ["Invented Study Group on Rare Autoimmune Diseases", SICI, "The first line and the second."]


@pytest.mark.parametrize(
    ("line", "url"),
    [
        ("https://i.invalid/a; https://i.invalid/b", "https://i.invalid/a"),
        ("https://i.invalid/a\nhttps://i.invalid/b", "https://i.invalid/a"),
        ("\nhttps://i.invalid/a", "https://i.invalid/a"),
        ("https://i.invalid/a-long-\naddress", "https://i.invalid/a-long-address"),
    ],
)
def test_the_first_of_several_addresses_is_taken_and_a_wrapped_one_is_whole(tmp_path, line, url):
    """RIS allows several on one line with semicolons (rispy 0.10.0 splits at any; its pull request 52)."""
    (record,) = parse(tmp_path, ENTRY.replace("https://invented.invalid/x", line))
    assert record["url"] == url


LONG = "immune thrombocytopenia that is refractory to several"


@pytest.mark.parametrize(
    ("lines", "keywords"),
    [
        ("KW  - adult\nKW  - female", "adult; female"),
        ("KW  - adult\nfemale\n\nhuman", "adult; female; human"),
        (f"KW  - {LONG}\ntreatments\nKW  - adult", f"{LONG} treatments; adult"),
    ],
)
def test_a_wrapped_keyword_is_one_and_listed_keywords_are_several(tmp_path, lines, keywords):
    """EndNote lists them one a line under one tag; rispy 0.10.0 cannot tell that from a wrapped line."""
    (record,) = parse(tmp_path, ENTRY.replace("LA  - fr", lines))
    assert record["keywords"] == keywords


OPEN = ENTRY.replace("ER  -\n", "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (OPEN, "the entry at line 1 is not closed; expected 'ER  - ' after line 14"),
        (ENTRY + OPEN, "the entry at line 16 is not closed"),
        (OPEN + ENTRY, "the entry at line 1 is not closed; expected 'ER  - ' after line 14"),
        (ENTRY + "\n" + ENTRY.replace("TY  - JOUR\n", ""), r"line 17 \(ID\) stands in no entry"),
        (ENTRY.replace("TY  - ", "TY - "), "line 1 is 'TY - JOUR'; expected 'TY  - '"),
        (ENTRY + ENTRY.replace("TY  - ", " TY  - "), "line 16 is 'TY  - JOUR'; expected 'TY  - '"),
        ("Provider: nobody\n", "no line begins with 'TY  - '"),
    ],
)
def test_no_entry_vanishes_or_joins_another_in_silence(tmp_path, text, told):
    """By rispy 0.10.0 an entry without ER is dropped at the end, and joined to the next elsewhere (its parser.py)."""
    with pytest.raises(FileError, match=rf"export\.ris: not a file in the format RIS .*{told}"):
        parse(tmp_path, text)


def test_lines_around_the_entries_change_nothing(tmp_path):
    """Databases write who they are before the entries, and blank lines or a second end between them."""
    text = f"Provider: nobody\nContent: text/plain\n\n{ENTRY}ER  -\n\n{ENTRY.replace('alpha', 'beta')}\nthe end\n"
    assert [record["record_id"] for record in parse(tmp_path, text)] == ["ris:alpha2020", "ris:beta2020"]


def test_a_missing_file_is_refused(tmp_path):
    """The message names the file."""
    with pytest.raises(FileError, match=r"gone\.ris: not a file in the format RIS"):
        list(parse_ris(tmp_path / "gone.ris"))
