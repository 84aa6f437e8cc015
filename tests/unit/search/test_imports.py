"""NBIB, BibTeX and CSV exports become the same records as PubMed's."""

from __future__ import annotations

import re

import pytest

from casepool.model.errors import FileError
from casepool.search.formats.citation import (
    FIELDS,
    article_number,
    digits,
    issns,
    page_range,
    plain_doi,
    year_in,
)
from casepool.search.formats.reading import read_export
from casepool.search.formats.tex import plain_text

NBIB = """PMID- 123
OWN - NLM
DP  - 2021 Mar-Apr
TI  - Daratumumab in an invented case of
      immune thrombocytopenia.
AB  - A sentence.
LID - 10.1000/inv.1 [doi]
FAU - Invented, Anna
AU  - Invented A
AU  - Other B
LA  - eng
PT  - Case Reports
PT  - Retracted Publication
TA  - J Inv
VI  - 5
IP  - 2
PG  - 10-2
MH  - Adult
MH  - *Lupus Nephritis/drug therapy
RN  - 4Z63YK6E0E (daratumumab)
OT  - rescue
PMC - PMC9
RIN - J Inv. 2022;6:1. PMID: 456
EIN - J Inv. 2021;5:99. PMID: 455

PMID- 124
TI  - Another title.
"""
BIB = r"""@comment{nothing}
@string{jinv = "Journal of Inventions"}
@article{invented_2021,
  title = {Daratumumab in {ITP}: {\'e}tude d'un cas},
  author = {Invent{\'e}, Anna and M{\"u}ller, Bj{\o}rn and {Study Group}},
  journal = jinv # { B}, year = 2021, volume = "5", number = {2}, pages = {10--12},
  doi = {https://doi.org/10.1000/Inv_1}, url = {https://invented.invalid/a_b}, keywords = {adult, ITP},
}
@inproceedings{other2020, title = "A {"}quoted{"} title", booktitle = {Congress}, date = {2020-05-01}}
"""


def read(folder, text, name="export.x", encoding="utf-8"):
    """Return the records of a file with this text."""
    return list(reading(folder, text, name, encoding).records)


def reading(folder, text, name="export.x", encoding="utf-8"):
    """Return what is read of a file with this text."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read_export(path)


def told(record):
    """Return what a record tells."""
    return {name: value for name, value in record.items() if value}


def test_a_record_of_pubmed_in_nbib_form_is_read(tmp_path):
    """DOI included, with both kinds of notice."""
    first, second = read(tmp_path, NBIB)
    assert told(first) == {
        "record_id": "pmid:123",
        "pmid": "123",
        "pmcid": "PMC9",
        "doi": "10.1000/inv.1",
        "title": "Daratumumab in an invented case of immune thrombocytopenia.",
        "authors": "Invented A; Other B",
        "journal": "J Inv",
        "year": 2021,
        "volume": "5",
        "issue": "2",
        "pages": "10-2",
        "language": "eng",
        "publication_types": "Case Reports; Retracted Publication",
        "url": "https://pubmed.ncbi.nlm.nih.gov/123/",
        "abstract": "A sentence.",
        "keywords": "Adult; *Lupus Nephritis/drug therapy; rescue",
        "headings": "Adult; Lupus Nephritis; daratumumab",
        "notices": "retracted; erratum",
        "notice_sources": "publication type Retracted Publication; RetractionIn J Inv. 2022;6:1. PMID: 456; "
        "ErratumIn J Inv. 2021;5:99. PMID: 455",
    }
    assert (second["pmid"], second["year"], second["doi"]) == ("124", None, "")


def test_bibtex_entries_are_read_with_macros_braces_and_accents(tmp_path):
    """The journal is joined from a macro and a text."""
    first, second = read(tmp_path, BIB)
    assert told(first) == {
        "record_id": "bib:invented_2021",
        "doi": "10.1000/Inv_1",
        "title": "Daratumumab in ITP: étude d'un cas",
        "authors": "Inventé, Anna; Müller, Bjørn; Study Group",
        "journal": "Journal of Inventions B",
        "year": 2021,
        "volume": "5",
        "issue": "2",
        "pages": "10-12",
        "publication_types": "article",
        "url": "https://invented.invalid/a_b",
        "keywords": "adult, ITP",
    }
    assert [second[name] for name in ("title", "journal", "year")] == ['A "quoted" title', "Congress", 2020]


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"Sj{\"o}gren", "Sjögren"),
        (r"Sj\"ogren", "Sjögren"),
        (r"Fran\c{c}ois", "François"),
        (r"Stra{\ss}e", "Straße"),
        (r"anti-{CD}38 \& more", "anti-CD38 & more"),
        (r"\emph{in vivo} 5\%", "in vivo 5%"),
        (r"\v{S}koda", "Škoda"),
        (r"na{\"\i}ve", "naïve"),
        (r"TNF-$\alpha$ and interferon-{$\gamma$}", "TNF-α and interferon-γ"),
        (r"anti-\textbeta{} and \ensuremath{\beta}2-glycoprotein", "anti-β and β2-glycoprotein"),
        (r"CD38$^{+}$ cells, CO$_2$, n $\geq$ 10, $5 \pm 2$", "CD38+ cells, CO2, n ≥ 10, 5 ± 2"),
        (r"10$^9$/L or $30 \times 10^{9}$/L", "10^9/L or 30 × 10^9/L"),
        (r"10\textsuperscript{9}/L, CD38\textsuperscript{+}, 2\textsuperscript{nd}", "10^9/L, CD38+, 2nd"),
        (r"$\mathrm{FcRn}$ $\unknown{x}$", "FcRn unknown x"),
        (r"\$5 and \$6, 5$ or 6$", "$5 and $6, 5$ or 6$"),
    ],
)
def test_tex_becomes_text(tex, text):
    """Commands go, letters stay."""
    assert plain_text(tex) == text


@pytest.mark.parametrize(
    ("told", "authors"),
    [
        ("Invented, Anna and Other, B and others", "Invented, Anna; Other, B"),
        ("{Groupe d'étude and Co}", "Groupe d'étude and Co"),
        ("Invented, A AND {Centre {A} and B}\n and {others}", "Invented, A; Centre A and B; others"),
        (r"{\'E}tude, {\O}. and M{\"u}ller, B", "Étude, Ø.; Müller, B"),
    ],
)
def test_authors_are_joined_outside_braces_and_others_are_nobody(tmp_path, told, authors):
    """As BibTeX reads them: what stands in braces is one name, "and others" names nobody."""
    (record,) = read(tmp_path, f"@article{{a, author = {{{told}}}, title = {{x}}}}")
    assert record["authors"] == authors


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("@article{k, author+an = {1=highlight}, x.y.z = {1}, title = {A title}}", {"title": "A title"}),
        ("@article(k, title = {A (b) title}, year = 2020)", {"title": "A (b) title", "year": 2020}),
        ("@article{,\n title = {A title},\n year = {2010},\n}", {"title": "A title", "year": 2010}),
        ("@article{k, title = {A title}, doi = {10.1000/a{\\_}b\\_c}}", {"doi": "10.1000/a_b_c"}),
        (r"@article{k, title = {{\TH}{\'o}r{\dh}ur}}", {"title": "Þórður"}),
        ('@string{j = "J Inv"}\n@article{k, journal = j # { B} # " C"}', {"journal": "J Inv B C"}),
        ("@article{k, title = {A title}, author = {A, B AND others}}", {"authors": "A, B"}),
        ("@article{k, title = {A title}, note = {PMID: 99999901}}", {"pmid": "99999901"}),
        ("@article{k, title = {A title}, note = {Comment on PMID: 99999901}}", {"title": "A title"}),
    ],
)
def test_every_way_to_write_an_entry_of_bibtex_is_read(tmp_path, entry, told):
    """Annotations of biblatex, round brackets, no key, joined macros; a note on another paper names that paper."""
    found = reading(tmp_path, entry)
    (record,) = found.records
    assert {name: record[name] for name in told} == told
    assert record["pmid"] == told.get("pmid", "")
    assert {one.id for one in found.remarks} <= {"entries_without_title"}


@pytest.mark.parametrize(
    ("text", "remark", "titles"),
    [
        ("@article{a, title = {A} year = {2020}, author = {B, C}}", "a comma is missing before year", ["A"]),
        ("@article{a, title = {A}, abstract = {cut", "the entry at line 1 has no end '}'", ["A"]),
        ("@article{a, title = {A}\n\n@article{b, title = {B}}", "the entry at line 1 has no end '}'", ["A", "B"]),
        ("@article{a, title = {A}}\narticle{b, title = {B}}\n", "line 2: 'article{b, title", ["A"]),
        (
            "@article{a, title = {A}}\n@article{b, title = {B}, dangling}\n",
            "the entry at line 2 .*cannot be read",
            ["A"],
        ),
    ],
)
def test_a_damaged_entry_of_bibtex_is_read_as_far_as_it_goes_and_remarked_on(tmp_path, text, remark, titles):
    """Nothing vanishes; the line says where to look."""
    found = reading(tmp_path, text)
    assert re.search(remark, str(found.remarks[0]))
    assert [record["title"] for record in found.records if record["title"]] == titles


def test_a_quotation_mark_between_tabs_swallows_nothing(tmp_path):
    """Web of Science quotes nothing, spreadsheets do; both are read."""
    titles = ['"Refractory" invented lupus', '"An invented lupus', "The so-called invented", 'A lupus said to be "new"']
    rows = ["PT\tAU\tTI\tSO\tUT", *(f"J\tRoux, A\t{title}\tJ INV\tWOS:{n}" for n, title in enumerate(titles))]
    rows.append('J\tRoux, A\t"An ""invented"" lupus"\tJ INV\tWOS:9')
    found = read(tmp_path, "\n".join(rows))
    assert [one["title"] for one in found] == [*titles, 'An "invented" lupus']
    over_lines = read(tmp_path, 'title\tauthors\tyear\n"Two\nlines"\tRoux A\t2021\n')
    assert [one["title"] for one in over_lines] == ["Two lines"]


def test_two_entries_of_one_key_are_two(tmp_path):
    """Author and year are no name; which of them are one publication is decided later."""
    found = read(tmp_path, "@article{x2020, title = {First}}\n@article{x2020, title = {Second}}\n")
    assert [(one["record_id"], one["title"]) for one in found] == [("bib:x2020", "First"), ("bib:x2020", "Second")]


def test_an_empty_line_in_an_abstract_of_pubmed_is_read_over(tmp_path):
    """Biopython 1.88 stops there (its issue 4557): records of the Bookshelf are written so."""
    text = (
        "PMID- 1\nTI  - One\nAB  - First\n      paragraph.\n\n      Second one.\nAU  - Martin P\n\nPMID- 2\nTI  - Two\n"
    )
    first, second = read(tmp_path, text)
    assert (first["abstract"], first["authors"]) == ("First paragraph. Second one.", "Martin P")
    assert second["title"] == "Two"


def test_records_of_pubmed_without_a_line_between_them_are_two(tmp_path):
    """Each keeps its own fields."""
    found = read(tmp_path, "PMID- 1\nTI  - One\nDP  - 2020\nPMID- 2\nTI  - Two\nDP  - 2021\n")
    assert [(one["pmid"], one["title"], one["year"]) for one in found] == [("1", "One", 2020), ("2", "Two", 2021)]


CSV = {
    "rayyan": "key,title,year,month,authors,journal,issn,volume,issue,pages,language,abstract,pubmed_id,doi,url,notes\n"
    'rayyan-7,A title,2021,3,"Invented, A. and Other, B.",J Inv,,5,2,10-2,eng,A sentence.,123,10.1000/x,https://i.invalid,\n',
    "zotero": '"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url","Abstract Note",'
    '"Pages","Issue","Volume","Language"\n'
    '"AB12CD34","journalArticle","2021","Invented, A.; Other, B.","A title","J Inv",'
    '"10.1000/x","https://i.invalid","A sentence.","10-2","2","5","eng"\n',
    "covidence": "Title,Authors,Abstract,Published Year,Journal,Volume,Issue,Pages,DOI,Covidence #\n"
    "A title,Invented A; Other B,A sentence.,2021,J Inv,5,2,10-2,10.1000/x,#12\n",
    "asreview": "record_id,title,abstract,authors,year,doi,included,asreview_ranking\n"
    "4,A title,A sentence.,Invented A,2021,10.1000/x,1,1\n",
    "embase": "TITLE;AUTHOR NAMES;SOURCE TITLE;PUBLICATION YEAR;VOLUME;DOI;MEDLINE PMID;EMBASE ID;ABSTRACT\n"
    "A title;Invented A.;J Inv;2021;5;10.1000/x;123;L200;A sentence.\n",
}


@pytest.mark.parametrize(
    ("program", "record_id", "pmid"),
    [
        ("rayyan", "csv:rayyan.rayyan-7", "123"),
        ("zotero", "csv:zotero.AB12CD34", ""),
        ("covidence", "csv:covidence.12", ""),
        ("asreview", "csv:asreview.4", ""),
        ("embase", "csv:embase.L200", "123"),
    ],
)
def test_the_exports_of_five_programs_are_understood(tmp_path, program, record_id, pmid):
    """By their columns; semicolons and capitals are no matter."""
    (record,) = read(tmp_path, CSV[program], f"{program}.csv")
    assert (record["record_id"], record["pmid"]) == (record_id, pmid)
    assert (record["title"], record["year"], record["doi"]) == ("A title", 2021, "10.1000/x")
    assert str(record["authors"]).startswith("Invented")
    assert set(record) == set(FIELDS)


def test_a_row_without_key_is_named_after_what_it_says(tmp_path):
    """The next export names it alike, wherever the row stands."""
    rows = ["title,year\n", "A title,2021\n", "B title,2020\n"]
    one = read(tmp_path, "".join(rows), "a.csv")
    other = read(tmp_path, "".join([rows[0], *reversed(rows[1:])]), "a.csv")
    assert {record["record_id"] for record in one} == {record["record_id"] for record in other}
    assert len({record["record_id"] for record in one}) == 2


@pytest.mark.parametrize(
    ("content", "looks"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is a file of an old Office program"),
        (b"SQLite format 3\x00", "this is the database of a program"),
        (b"PK\x03\x04 cut off", "this is an archive"),
        (b"<!DOCTYPE html><html><body>Please sign in</body></html>", "this is a page of a website"),
        (b'<?xml version="1.0"?><opml><head/></opml>', "this is XML of another kind .<opml>."),
        (b'{"error": "API rate limit exceeded"}', r"this is JSON of another kind \(error\)"),
        (b"{Reference Type}: Journal Article\n{Title}: An invented case\n", "this is text of another kind"),
        (b"99999901\nPMID: 99999902\n", "this is a list of ids"),
        (b"10.99999/a.1\nhttps://doi.org/10.99999/a.2", "this is a list of ids"),
        (b"1. J Inv. 2021;12:3.\n\nAn invented case.\n\nRoux A.\n\nPMID: 99999901\n", "this is what PubMed shows"),
        (b"1: Roux A. An invented case. J Inv. 2021. PMID: 99999901.\n", "this is what PubMed shows"),
        (b'<collection xmlns="http://www.loc.gov/MARC21/slim"><record/></collection>', "this is XML of another kind"),
        (
            b"Dear colleague,\nthe export is attached.\n",
            "this is text of another kind, which begins with 'Dear colleague,'",
        ),
    ],
)
def test_what_is_no_export_is_refused_with_what_it_looks_like(tmp_path, content, looks):
    """The message names the file, what it is and what was expected, in both languages."""
    path = tmp_path / "export.ris"
    path.write_bytes(content)
    with pytest.raises(FileError, match=rf"export\.ris: {looks}.*; expected an export in RIS") as caught:
        read_export(path)
    assert (
        "export.ris : c’est" in caught.value.text("fr")
        or "le fichier est vide" in caught.value.text("fr")
        or ("ce n’est" in caught.value.text("fr"))
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", "no column of titles is known; found a, b"),
        ("title,authors,year\n", "no entry in the format CSV stands in it"),
        ('title,year\n"A title" and more",2020\n', "line 2: ',' expected"),
        ("<xml><records><record><titles>", "Premature end of data"),
        ('[{"title": "x", "type": "article"', "not JSON"),
    ],
)
def test_an_export_that_would_lose_records_is_refused(tmp_path, text, told):
    """A lone quotation mark swallows rows; a file that was cut off lacks them."""
    with pytest.raises(FileError, match=rf"export\.x: {told}.*Export it again"):
        read(tmp_path, text)


def test_a_missing_file_is_refused(tmp_path):
    """The message names the file."""
    with pytest.raises(FileError, match=r"gone\.x: cannot be read"):
        read_export(tmp_path / "gone.x")


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("doi:10.1000/x.", "10.1000/x"),
        ("https://dx.doi.org/10.1000/x", "10.1000/x"),
        ("10.1016/S0735-1097%2810%2961639-7", "10.1016/S0735-1097(10)61639-7"),
        ("(10.1000/x(1))", "10.1000/x(1)"),
        (
            "10.1002/(SICI)1097-0142(1999)85:1&lt;1::AID-X&gt;3.0.CO;2-B",
            "10.1002/(SICI)1097-0142(1999)85:1<1::AID-X>3.0.CO;2-B",
        ),
        ("", ""),
        ("none", ""),
    ],
)
def test_a_doi_is_found_in_its_forms(given, plain):
    """Addresses and prefixes."""
    assert plain_doi(given) == plain


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("123", "123"),
        ("PMID: 123", "123"),
        ("123.0", "123"),
        ("PUBMED 123,EMBASE 456", "123"),
        ("EMBASE 456", ""),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "123"),
        ("9990000001", ""),
        ("PMC1", ""),
    ],
)
def test_a_pubmed_id_is_found_in_its_forms(given, plain):
    """Spreadsheets write numbers with decimals."""
    assert digits(given) == plain


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("1279‐1297", "1279-1297"),
        ("pp 37-64", "37-64"),
        ("p924", "924"),
        ("P12", "P12"),
        ("A116.E1088", "A116.E1088"),
        ("146p", ""),
        ("NA", ""),
        ("101-", "101"),
    ],
)
def test_pages_are_found_in_their_forms(given, plain):
    """Hyphens of every kind; a number of pages is no page, an abstract's number is one."""
    assert page_range(given) == plain


@pytest.mark.parametrize(
    ("given", "year"),
    [
        ("20240403", 2024),
        ("Jun2023", 2023),
        ("2024///", 2024),
        ("1 Dec 2024", 2024),
        ("Start date: 20170812", 2017),
        ("12024", None),
    ],
)
def test_a_year_is_found_in_dates_of_every_program(given, year):
    """With slashes, months, as eight figures; not within a longer number."""
    assert year_in(given) == year


@pytest.mark.parametrize(
    ("given", "number"), [("13596", "13596"), ("e45", "e45"), ("S2213-8587(14)70019-0", ""), ("JCO.19.1", "")]
)
def test_a_publishers_id_stands_for_pages_only_where_an_article_is_cited_by_it(given, number):
    """Codes of publishers are no pages."""
    assert article_number(given) == number


def test_issns_are_found_among_remarks():
    """Of print and web, with or without hyphen; an ISBN is none."""
    assert issns("2041-1723 (electronic),19326203") == "2041-1723; 1932-6203"
    assert issns("9798373627394") == ""
