"""Exports of every program, as the programs write them, give the publications that were invented for them."""

from __future__ import annotations

import re

import pytest
import rispy
from Bio import Medline

from casepool.model.folding import fold
from casepool.search.formats.mapping import programs_of
from casepool.search.formats.reading import FORMATS, read_export
from exports_page import ORIGINS, exports, origin_of

REGISTERS = {path.name for path in exports() if path.name.startswith(("ctgov", "ctis", "eu_ctr", "ictrp", "isrctn"))}
PUBLICATIONS = [path for path in exports() if path.name not in REGISTERS]
FIRST = {"year": 2021, "volume": "12", "issue": "3", "pages": "101-107", "doi": "10.99999/invented.2021.101"}
SECOND = {"year": 2022, "volume": "13", "issue": "1", "pages": "e45", "doi": "10.99999/invented.2022.45"}
# What an export does not hold, or holds otherwise.
OTHERWISE = {
    "google_scholar.bib": ({"doi": ""}, {"doi": ""}),
    "google_scholar.csv": ({"doi": ""}, {"doi": ""}),
    "google_scholar.ris": ({"doi": ""}, {"doi": ""}),
    "cinahl.csv": ({"pages": "101"}, {}),
    "r_synthesisr.csv": ({}, {"pages": ""}),
}
WITH_PMID = {
    "asreview.csv", "asreview.tsv", "citavi.tsv", "cochrane.csv", "cochrane.ris", "cochrane_text.txt", "dimensions.csv",
    "embase.csv", "europepmc.csv", "europepmc.ris", "hal.csv", "lissa.csv", "paperpile.csv",
    "embase.ris", "embase.xlsx", "embase_rows.csv", "embase_source_line.csv", "endnote.txt", "endnote.xml", "lens.csv",
    "openalex.csv", "ovid_medline.ris", "ovid_tagged.txt", "pubmed-set.txt", "pubmed.csv", "pubmed.nbib", "pubmed.xml",
    "rayyan.csv", "savedrecs.ciw", "savedrecs.txt", "savedrecs.xlsx", "savedrecs_tab.txt",
    "scopus.bib", "scopus.csv", "scopus.ris", "zotero.bib", "zotero.csv", "zotero.json", "zotero.ris",
}  # fmt: skip
KEYS = {
    "cinahl.csv": "csv:cinahl.999000001",
    "cochrane.ris": "ris:CN-99999901",
    "ctgov.csv": "trial:NCT99999901",
    "ctgov.json": "trial:NCT99999901",
    "embase.csv": "csv:embase.L9990000001",
    "embase.ris": "ris:L9990000001",
    "ictrp.xml": "trial:NCT99999901",
    "openalex.csv": "csv:openalex.W9990000001",
    "pubmed-set.txt": "pmid:99999901",
    "savedrecs.txt": "wos:WOS_000999900000001",
    "scopus.ris": "ris:2-s2.0-99999000001",
}


def words(text: object) -> str:
    """Return a text without case, accents and signs."""
    return re.sub(r"\W+", " ", fold(str(text))).strip()


@pytest.mark.parametrize("path", PUBLICATIONS, ids=lambda path: path.name)
def test_the_publications_of_an_export_are_read(path):
    """Title, authors, journal, year, volume, issue, pages and DOI of both; nothing is remarked on but an encoding."""
    found = read_export(path)
    first, second = found.records
    for record, expected, other in zip(
        (first, second), (FIRST, SECOND), OTHERWISE.get(path.name, ({}, {})), strict=True
    ):
        assert {name: record[name] for name in expected} == {**expected, **other}
        assert {"inventumab", "synthetic"} <= {*words(record["title"]).split()}
        assert words(record["journal"]) in {"journal of invented haematology", "j invent haematol"}
    people = str(first["authors"]).split(";")
    assert len(people) == (3 if path.name.startswith("pubmed") and first["authors"].endswith("Group") else 2)
    assert ["imaginary" in words(people[0]), "li" in words(people[1]).split()] == [True, True]
    assert "etranger" in words(second["authors"])
    assert {remark.id for remark in found.remarks} <= {"read_as_windows_1252"}


@pytest.mark.parametrize("path", PUBLICATIONS, ids=lambda path: path.name)
def test_pubmed_ids_are_read_where_an_export_holds_them_and_nowhere_else(path):
    """C5 of Embase, C2 of Scopus, C3 of Cochrane, AN of EndNote, notes of Zotero; never those of other papers."""
    told = ["99999901", "99999902"] if path.name in WITH_PMID else ["", ""]
    assert [record["pmid"] for record in read_export(path).records] == told


@pytest.mark.parametrize("name", sorted(REGISTERS))
def test_the_trials_of_a_register_are_read(name):
    """Number, title, sponsor or investigator, year and condition; the origin is a register without being told."""
    (path,) = [path for path in exports() if path.name == name]
    found = read_export(path)
    assert (found.origin, [record["year"] for record in found.records]) == ("register", [2021, 2022])
    for record in found.records:
        assert str(record["title"]).startswith("A SYNTHETIC trial of inventumab in imaginary anaemia")
        assert str(record["record_id"]).startswith("trial:")
        assert record["authors"] in {"University of Nowhere", "Anna B. Imaginary, MD"}
        assert "imaginary anaemia" in words(record["keywords"])


@pytest.mark.parametrize(("name", "key"), KEYS.items())
def test_records_are_named_after_the_number_that_the_database_gives_them(name, key):
    """The next export names them alike."""
    (path,) = [path for path in exports() if path.name == name]
    assert read_export(path).records[0]["record_id"] == key


def test_what_only_one_language_or_edition_says_is_kept():
    """The title in the vernacular where PubMed has no other; all languages; the number in place of pages."""
    for name in ("pubmed.nbib", "pubmed.xml"):
        (path,) = [path for path in exports() if path.name == name]
        second = read_export(path).records[1]
        assert second["title"] == "Perte de réponse à l'inventumab : une lettre SYNTHETIC."
        assert (second["language"], second["pages"]) == ("fre; eng", "e45")


def test_every_format_and_every_program_that_is_known_has_an_export_here():
    """Or nobody would see that it is read no more."""
    read = {path: read_export(path) for path in exports()}
    assert {found.format for found in read.values()} == set(FORMATS)
    named = {name for found in read.values() for name in found.programs}
    known = {one.name for kind in {*FORMATS} - {"pubmed", "xlsx"} for one in programs_of(kind)}
    assert known - named - {""} == set()
    assert {origin_of(path) for path in exports()} == set(ORIGINS.values())


def test_the_query_of_embase_is_read_with_its_export():
    """PRISMA-S asks for it."""
    (path,) = [path for path in exports() if path.name == "embase.csv"]
    assert read_export(path).query == "'inventumab'/exp AND 'anemia'/exp"


@pytest.mark.parametrize(
    "path",
    [path for path in PUBLICATIONS if path.suffix == ".ris" and path.stem not in {"citesource", "citavi"}],
    ids=lambda path: path.name,
)
def test_rispy_reads_the_same_titles_and_years_of_sound_files(path):
    """A second opinion; tags before TY and Windows-1252 it does not read."""
    entries = rispy.loads(path.read_text(encoding="utf-8"))
    told = [(one.get("title") or one["primary_title"], one.get("year") or one["publication_year"]) for one in entries]
    found = [(record["title"], str(record["year"])) for record in read_export(path).records]
    assert found == [(title, year[:4]) for title, year in told]


def test_biopython_reads_the_same_records_of_an_nbib_file():
    """A second opinion; it joins two `LID` to one text (findings/biopython_two_lids.sh)."""
    (path,) = (path for path in PUBLICATIONS if path.name == "pubmed.nbib")
    # It takes an empty line inside an abstract for the end of the record.
    lines = path.read_text(encoding="utf-8").replace("\n\n      ", "\n      ").splitlines(keepends=True)
    told = [(one["PMID"], one.get("TT", one["TI"]), one["DP"][:4], one["AU"]) for one in Medline.parse(iter(lines))]
    records = read_export(path).records
    assert [(one["pmid"], one["title"], str(one["year"])) for one in records] == [row[:3] for row in told]
    for record, (*_, authors) in zip(records, told, strict=True):
        assert all(name.split()[0] in record["authors"] for name in authors)
