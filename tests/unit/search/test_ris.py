"""RIS exports become the same records as PubMed's."""

from __future__ import annotations

from pathlib import Path

import pytest

from casepool.search.formats.reading import read_export

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
    return list(reading(folder, text, encoding).records)


def reading(folder: Path, text: str, encoding: str = "utf-8"):
    """Return what is read of a RIS file with this text."""
    path = folder / "export.ris"
    path.write_bytes(text.encode(encoding))
    return read_export(path)


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


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("ID  - own-7\nAN  - 5", "own-7"),
        ("AN  - CN-00778158", "CN-00778158"),
        ("U2  - L2029880245", "L2029880245"),
        ("AN  - WOS:000123456700001", "WOS_000123456700001"),
        ("UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-85198357522&doi=10.1%2fx", "2-s2.0-85198357522"),
        ("PMID  - 123", "pmid123"),
    ],
)
def test_an_entry_without_id_is_named_after_its_accession_number(tmp_path, line, name):
    """Nearly no database writes an ID; the file may not be edited."""
    (record,) = parse(tmp_path, ENTRY.replace("ID  - alpha2020", line))
    assert record["record_id"] == f"ris:{name}"


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("N1  - PMID: 99999901\nPMCID: PMC99999901", ("99999901", "PMC99999901")),
        ("C3  - PUBMED 99999901,EMBASE 9990000001", ("99999901", "")),
        ("UR  - https://www.ncbi.nlm.nih.gov/pubmed/99999901", ("99999901", "")),
        ("N1  - Comment in: J Inv. 2020; PMID: 99999902", ("", "")),
        ("M1  - Other A. Paper. https://pubmed.ncbi.nlm.nih.gov/99999902", ("", "")),
        ("AN  - 99999902", ("", "")),
        ("C5  - 99999902", ("", "")),
        ("C2  - PMC99999901", ("", "PMC99999901")),
    ],
)
def test_an_id_of_pubmed_is_taken_where_it_is_said_to_be_that_of_the_entry(tmp_path, line, ids):
    """A number without a word is one of many kinds, and notes name other papers: merged by it, two would be one."""
    (record,) = parse(tmp_path, ENTRY.replace("UR  - https://invented.invalid/x", line))
    assert (record["pmid"], record["pmcid"]) == ids


def test_abstracts_under_one_doi_have_names_of_their_own_and_keep_them(tmp_path):
    """The DOI of a supplement names each abstract in it; the next export lists them in another order."""
    bare = ENTRY.replace("ID  - alpha2020\n", "")
    entries = [bare, bare.replace("Un titre", "Another title")]
    names = [[one["record_id"] for one in parse(tmp_path, "".join(order))] for order in (entries, entries[::-1])]
    assert len(set(names[0])) == 2
    assert names[0] == names[1][::-1]
    assert all(str(name).startswith("ris:10.1000_x.") for name in names[0])


def test_windows_1252_is_read_and_remarked_on(tmp_path):
    """Some programs write nothing else."""
    found = reading(tmp_path, ENTRY, "cp1252")
    assert found.records[0]["title"] == "Un titre à accents"
    assert [one.id for one in found.remarks] == ["read_as_windows_1252"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_every_unicode_encoding_is_read_without_a_remark(tmp_path, encoding):
    """With a mark or without."""
    found = reading(tmp_path, ENTRY, encoding)
    assert (found.records[0]["title"], found.remarks) == ("Un titre à accents", ())


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


SECOND = ENTRY.replace("alpha", "beta").replace("Un titre", "Second title")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (OPEN, "the entry at line 1 has no end 'ER'"),
        (ENTRY + OPEN, "the entry at line 16 has no end 'ER'"),
        (OPEN + ENTRY, "the entry at line 1 has no end 'ER'"),
        (OPEN + "\n\n" + ENTRY, "the entry at line 1 has no end 'ER'"),
        (ENTRY + "\n" + ENTRY.replace("TY  - JOUR\n", ""), "the entry at line 17 has no line 'TY'"),
        (ENTRY.replace("TY  - ", "TY - "), "line 1 is 'TY - JOUR'; expected 'TY  - '"),
        (ENTRY + ENTRY.replace("TY  - ", " TY  - "), "line 16 is 'TY  - JOUR'; expected 'TY  - '"),
        (ENTRY.replace("ER  -", "TI  - Another title\nER  -"), "1 entry says twice what is said once"),
        (ENTRY.replace("TI  - Un titre à accents\n", ""), "1 entry has no title: number 1"),
    ],
)
def test_an_entry_that_is_not_written_as_it_should_be_is_read_and_remarked_on(tmp_path, text, told):
    """By rispy 0.10.0 an entry without ER is dropped at the end, and joined to the next elsewhere (its parser.py)."""
    found = reading(tmp_path, text)
    assert told in str(found.remarks[0])
    assert len(found.records) == max(text.count("ER  -"), text.count("TI  - Un titre"))
    assert all(record["record_id"] == "ris:alpha2020" for record in found.records)


@pytest.mark.parametrize(
    ("text", "n"),
    [
        (ENTRY.rstrip() + SECOND, 2),  # two files joined without a line end
        (ENTRY + SECOND, 2),
        (ENTRY.replace("\n", "\r\r\n"), 1),
        (ENTRY.replace("  - ", "  -  "), 1),
        (ENTRY.replace("TY  - JOUR\n", "").replace("LA  - fr", "TY  - JOUR\nLA  - fr") + "\n" + SECOND, 2),
    ],
)
def test_other_ways_to_write_entries_lose_nothing(tmp_path, text, n):
    """CiteSource writes tags before the type, Cochrane two blanks after the hyphen."""
    found = reading(tmp_path, text)
    told = {"title": "Un titre à accents", "authors": "Invented, A; Other, B", "journal": "Journal of Inventions"}
    assert [len(found.records), found.remarks] == [n, ()]
    assert {name: found.records[0][name] for name in told} == told


def test_lines_around_the_entries_change_nothing(tmp_path):
    """Databases write who they are before the entries, and blank lines or a second end between them."""
    text = f"Provider: nobody\nContent: text/plain\n\n{ENTRY}ER  -\n\n{ENTRY.replace('alpha', 'beta')}\nthe end\n"
    assert [record["record_id"] for record in parse(tmp_path, text)] == ["ris:alpha2020", "ris:beta2020"]
