"""PubMed XML: the facts of a citation, from whole files only."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

import eutils_server as server
import pytest

from casepool.model.errors import FileError
from casepool.search.formats.pubmed_xml import parse_pubmed

HEAD = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2099//EN" "https://invented.invalid/pubmed_990101.dtd">
<PubmedArticleSet>
"""
TAIL = "</PubmedArticleSet>\n"
DATE = "<PubDate><Year>2021</Year></PubDate>"
AUTHORS = "<Author><LastName>Invented</LastName><Initials>A</Initials></Author>"


def article(pmid="123", title="A title", date=DATE, authors=AUTHORS, own="", references="") -> str:
    """Return one article."""
    return f"""<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article>
<Journal><JournalIssue><Volume>5</Volume><Issue>2</Issue>{date}</JournalIssue>
<Title>Journal of Inventions</Title><ISOAbbreviation>J Inv</ISOAbbreviation></Journal>
<ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>10-2</MedlinePgn></Pagination>
<AuthorList>{authors}</AuthorList><Language>eng</Language>
<PublicationTypeList><PublicationType>Case Reports</PublicationType>
<PublicationType>Letter</PublicationType></PublicationTypeList>
</Article></MedlineCitation><PubmedData><ArticleIdList>{own}</ArticleIdList>{references}</PubmedData></PubmedArticle>
"""


BOOK = """<PubmedBookArticle><BookDocument><PMID>77</PMID>
<Book><BookTitle>Book of Inventions</BookTitle><PubDate><Year>2019</Year></PubDate></Book>
<ArticleTitle>A chapter</ArticleTitle>
<AuthorList><Author><LastName>Invented</LastName><Initials>B</Initials></Author></AuthorList>
<Language>eng</Language></BookDocument><PubmedBookData><ArticleIdList><ArticleId IdType="doi">10.1000/book</ArticleId>
</ArticleIdList></PubmedBookData></PubmedBookArticle>
"""


def parse(folder: Path, *articles: str) -> list[dict[str, object]]:
    """Return the records of these articles."""
    path = folder / "records.xml"
    path.write_text(HEAD + "".join(articles) + TAIL, encoding="utf-8")
    return list(parse_pubmed(path))


def test_the_facts_of_an_article_are_read(tmp_path):
    """Every column of the table of records that PubMed tells."""
    own = '<ArticleId IdType="doi">10.1000/x</ArticleId><ArticleId IdType="pmc">PMC9</ArticleId>'
    (record,) = parse(tmp_path, article(own=own))
    assert record == {
        "record_id": "pmid:123",
        "pmid": "123",
        "pmcid": "PMC9",
        "doi": "10.1000/x",
        "title": "A title",
        "authors": "Invented A",
        "journal": "J Inv",
        "issn": "",
        "year": 2021,
        "volume": "5",
        "issue": "2",
        "pages": "10-2",
        "language": "eng",
        "publication_types": "Case Reports; Letter",
        "url": "https://pubmed.ncbi.nlm.nih.gov/123/",
        "abstract": "",
        "keywords": "",
        "headings": "",
        "notices": "",
        "notice_sources": "",
    }


def test_records_come_in_the_order_of_the_file(tmp_path):
    """A stream: nothing is sorted, nothing lost."""
    found = parse(tmp_path, *(article(pmid=str(n)) for n in (3, 1, 2)))
    assert [record["pmid"] for record in found] == ["3", "1", "2"]


def test_a_gzipped_file_gives_the_same_records(tmp_path):
    """Snapshots are stored compressed."""
    plain = parse(tmp_path, article())
    path = tmp_path / "records.xml.gz"
    path.write_bytes(gzip.compress((tmp_path / "records.xml").read_bytes()))
    assert list(parse_pubmed(path)) == plain


def test_a_book_chapter_is_a_record(tmp_path):
    """A chapter has a book where an article has a journal."""
    (record,) = parse(tmp_path, BOOK)
    found = [record[name] for name in ("pmid", "title", "journal", "year", "doi", "authors")]
    assert found == ["77", "A chapter", "Book of Inventions", 2019, "10.1000/book", "Invented B"]


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("<PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate>", 1998),
        ("<PubDate><MedlineDate>Winter 2019</MedlineDate></PubDate>", 2019),
        ("<PubDate><Season>Spring</Season></PubDate>", None),
        ("", None),
    ],
)
def test_the_year_is_found_in_free_dates(tmp_path, date, year):
    """PubMed tells some dates in words only."""
    assert parse(tmp_path, article(date=date))[0]["year"] == year


def test_a_group_of_authors_stands_under_its_name(tmp_path):
    """Trials are signed by groups."""
    authors = f"{AUTHORS}<Author><CollectiveName>Invented Study Group</CollectiveName></Author>"
    assert parse(tmp_path, article(authors=authors))[0]["authors"] == "Invented A; Invented Study Group"


def test_an_article_without_authors_is_read(tmp_path):
    """Some letters are anonymous."""
    assert parse(tmp_path, article(authors=""))[0]["authors"] == ""


def test_markup_and_foreign_namespaces_inside_a_title_leave_its_text(tmp_path):
    """Titles hold italics and formulas."""
    math = '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>γ</mml:mi></mml:math>'
    (record,) = parse(tmp_path, article(title=f"Anti-IFN-{math} and <i>in vivo</i>\n  proof"))
    assert record["title"] == "Anti-IFN-γ and in vivo proof"


def test_the_ids_of_references_are_not_taken_for_the_article_s_own(tmp_path):
    """The list of references follows the article's ids."""
    cited = '<ArticleId IdType="pmc">PMC1</ArticleId><ArticleId IdType="doi">10.1000/cited</ArticleId>'
    references = f"<ReferenceList><Reference><ArticleIdList>{cited}</ArticleIdList></Reference></ReferenceList>"
    (record,) = parse(tmp_path, article(references=references))
    assert (record["pmcid"], record["doi"]) == ("", "")


def test_authors_and_doi_of_a_whole_book_are_read(tmp_path):
    """They stand with the book and in the document; editors where nobody else is named."""
    authors = '<AuthorList Type="{}"><Author><LastName>{}</LastName><Initials>E</Initials></Author></AuthorList>'
    book = BOOK.replace("<ArticleTitle>A chapter</ArticleTitle>\n", "").replace("PubmedBookData>", "Aside>")
    book = re.sub("<AuthorList>.*</AuthorList>", "", book).replace(
        "<Language>", '<ArticleIdList><ArticleId IdType="doi">10.1000/whole</ArticleId></ArticleIdList><Language>'
    )
    edited = book.replace("</Book>", authors.format("editors", "Editor") + "</Book>")
    both = edited.replace("</Book>", authors.format("authors", "Writer") + "</Book>")
    found = parse(tmp_path, edited, both)
    assert [one["authors"] for one in found] == ["Editor E", "Writer E"]
    assert {(one["doi"], one["title"]) for one in found} == {("10.1000/whole", "Book of Inventions")}


@pytest.mark.parametrize(
    ("pages", "pii", "found"),
    [("<MedlinePgn>10-2</MedlinePgn>", "13596", "10-2"), ("", "13596", "13596"), ("", "S2213-8587(14)1", "")],
)
def test_the_number_of_an_article_stands_for_pages_where_there_are_none(tmp_path, pages, pii, found):
    """Journals without pages cite by it; the code of a publisher is none."""
    text, n = re.subn("<Pagination>.*?</Pagination>", f"<Pagination>{pages}</Pagination>", article())
    assert n == 1
    text = text.replace("<Pagination>", f'<ELocationID EIdType="pii">{pii}</ELocationID><Pagination>')
    (record,) = parse(tmp_path, text)
    assert record["pages"] == found


def test_a_truncated_file_is_refused(tmp_path):
    """Half a search is no search."""
    path = tmp_path / "records.xml"
    path.write_text(HEAD + article() + article(pmid="2")[:200])
    with pytest.raises(FileError, match=r"not a file in the format PubMed XML .*repeat the search"):
        list(parse_pubmed(path))


@pytest.mark.parametrize("damage", ["cut", "flipped", "not gzip"])
def test_a_damaged_archive_is_refused(tmp_path, damage):
    """A download that broke off, a bad disk, a wrong name."""
    whole = gzip.compress((HEAD + "".join(article(pmid=str(n)) for n in range(1, 400)) + TAIL).encode())
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes(255 - byte for byte in whole[middle : middle + 40]) + whole[middle + 40 :]
    path = tmp_path / "records.xml.gz"
    path.write_bytes({"cut": whole[:middle], "flipped": flipped, "not gzip": b"<xml/>"}[damage])
    with pytest.raises(FileError, match="not a file in the format PubMed XML"):
        list(parse_pubmed(path))


def test_an_article_without_pmid_is_refused(tmp_path):
    """It could not be named in any decision."""
    with pytest.raises(FileError, match="entry 1 has no key; expected 'PMID'"):
        parse(tmp_path, article(pmid=""))


def test_an_empty_set_has_no_record(tmp_path):
    """A search may find nothing."""
    assert parse(tmp_path) == []


# The kernel's own figure where there is one: that of `resource` remembers the process which started this one.
MEASURE = """
import re, resource, sys
from pathlib import Path
from casepool.search.formats.pubmed_xml import parse_pubmed
number = sum(1 for _ in parse_pubmed(sys.argv[1]))
status = Path("/proc/self/status")
kernel = re.search(r"VmHWM:\\s+(\\d+)", status.read_text()) if status.exists() else None
print(number, int(kernel[1] if kernel else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024)
"""


def test_records_are_read_in_constant_memory(tmp_path):
    """The peak is that of the interpreter, not of the file (its speed: benchmarks/records.py)."""
    path = tmp_path / "records.xml.gz"
    body = "".join(server.Article(n, abstract="An invented sentence. " * 60).xml() for n in range(1, 5001))
    path.write_bytes(gzip.compress((HEAD + body + TAIL).encode(), 1))
    done = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    number, peak = map(float, done.stdout.split())
    assert number == 5000
    assert peak < 300


NOTICES = (("RetractionIn", "J Inv. 2025;1:1"), ("ErratumIn", "J Inv. 2024;9:9"), ("CommentIn", "Blood. 2024;1:2"))


@pytest.mark.parametrize(
    ("article", "notices"),
    [
        (server.Article(1), ""),
        (server.Article(1, types=("Case Reports", "Retracted Publication")), "retracted"),
        (server.Article(1, notices=NOTICES[:1]), "retracted"),
        (server.Article(1, notices=NOTICES[1:]), "erratum"),
        (server.Article(1, notices=(("ExpressionOfConcernIn", "J Inv"),)), "concern"),
        (server.Article(1, types=("Retracted Publication",), notices=NOTICES), "retracted; erratum"),
        (server.Article(1, types=("Retraction of Publication",), notices=(("RetractionOf", "x"),)), ""),
    ],
)
def test_notices_are_read_from_both_signals_of_pubmed(tmp_path, article, notices):
    """Publication type, comments and corrections; the notice itself is not withdrawn."""
    assert parse(tmp_path, article.xml())[0]["notices"] == notices


def test_the_source_of_a_notice_is_kept(tmp_path):
    """The reader can look it up."""
    (record,) = parse(tmp_path, server.Article(1, notices=NOTICES).xml())
    assert record["notice_sources"] == "RetractionIn J Inv. 2025;1:1; ErratumIn J Inv. 2024;9:9"


def test_abstract_and_headings_are_read(tmp_path):
    """Screening looks for the drug, the disease and the age there."""
    (record,) = parse(tmp_path, server.Article(1, abstract="A &lt; B.", mesh=("Adult", "Lupus Nephritis")).xml())
    assert (record["abstract"], record["keywords"]) == ("A < B.", "Adult; Lupus Nephritis")


def test_the_words_of_the_authors_are_no_headings(tmp_path):
    """A MeSH line of the query finds headings and substances only."""
    text = article().replace(
        "</Article>",
        "</Article><ChemicalList><Chemical><NameOfSubstance>daratumumab</NameOfSubstance></Chemical></ChemicalList>"
        "<MeshHeadingList><MeshHeading><DescriptorName>Adult</DescriptorName></MeshHeading></MeshHeadingList>"
        "<KeywordList><Keyword>rescue</Keyword></KeywordList>",
    )
    (record,) = parse(tmp_path, text)
    assert (record["keywords"], record["headings"]) == ("Adult; rescue", "Adult; daratumumab")
