"""Records written in every format, by the libraries of others where there are any: what reads them is tried on them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

import openpyxl
import rispy
from bibtexparser import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from lxml import etree

Told = Mapping[str, str]  # title, authors (joined with "; "), journal, year, volume, issue, pages, doi, pmid, abstract
_TABLE = (
    "key",
    "title",
    "authors",
    "journal",
    "year",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "abstract",
    "language",
)


def people(record: Told) -> list[str]:
    """Return the authors one by one."""
    return record["authors"].split("; ")


def write_ris(records: Sequence[Told]) -> bytes:
    """Return RIS as rispy writes it."""
    entries = [
        {
            "type_of_reference": "JOUR", "id": one["key"], "title": one["title"], "authors": people(one),
            "secondary_title": one["journal"], "year": one["year"], "volume": one["volume"], "number": one["issue"],
            "start_page": one["pages"].partition("-")[0], "end_page": one["pages"].partition("-")[2], "doi": one["doi"],
            "abstract": one["abstract"], "language": one["language"], "unknown_tag": {"PMID": [one["pmid"]]},
        }
        for one in records
    ]  # fmt: skip
    return rispy.dumps([{name: value for name, value in one.items() if value} for one in entries]).encode()


def write_bibtex(records: Sequence[Told]) -> bytes:
    """Return BibTeX as bibtexparser writes it."""
    names = {"issue": "number"}
    library = Library(
        [
            Entry(
                "article",
                one["key"],
                [
                    Field(names.get(name, name), value)
                    for name, value in {**one, "author": " and ".join(f"{{{who}}}" for who in people(one))}.items()
                    if name not in {"key", "authors"}
                ],
            )
            for one in records
        ]
    )
    return write_string(library).encode()


def write_csl(records: Sequence[Told]) -> bytes:
    """Return CSL-JSON."""
    names = {"journal": "container-title", "pages": "page", "doi": "DOI", "pmid": "PMID", "key": "id"}
    plain = ("key", "title", "journal", "volume", "issue", "pages", "doi", "pmid", "abstract", "language")
    content = [
        {
            "type": "article-journal",
            **{names.get(name, name): one[name] for name in plain},
            "author": [dict(zip(("family", "given"), who.split(", "), strict=True)) for who in people(one)],
            "issued": {"date-parts": [[int(one["year"])]]},
        }
        for one in records
    ]
    return json.dumps(content, ensure_ascii=False).encode()


def write_table(records: Sequence[Told], separator: str = ",", encoding: str = "utf-8") -> bytes:
    """Return CSV or TSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([_TABLE, *([one[name] for name in _TABLE] for one in records)])
    return text.getvalue().encode(encoding)


def write_xlsx(records: Sequence[Told]) -> bytes:
    """Return a workbook as openpyxl writes it."""
    book = openpyxl.Workbook()
    for row in [_TABLE, *([one[name] for name in _TABLE] for one in records)]:
        book.active.append(list(row))
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s"  # a text that begins with = is no formula
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def write_endnote_xml(records: Sequence[Told]) -> bytes:
    """Return the XML of EndNote."""
    root = etree.Element("xml")
    listed = etree.SubElement(root, "records")
    for one in records:
        record = etree.SubElement(listed, "record")
        _put(record, "rec-number", one["key"])
        etree.SubElement(record, "ref-type", name="Journal Article").text = "17"
        authors = etree.SubElement(etree.SubElement(record, "contributors"), "authors")
        for who in people(one):
            _put(etree.SubElement(authors, "author"), "style", who)
        titles = etree.SubElement(record, "titles")
        _put(etree.SubElement(titles, "title"), "style", one["title"])
        _put(titles, "secondary-title", one["journal"])
        for name, field in (("pages", "pages"), ("volume", "volume"), ("number", "issue"), ("abstract", "abstract")):
            _put(record, name, one[field])
        _put(etree.SubElement(record, "dates"), "year", one["year"])
        _put(record, "electronic-resource-num", one["doi"])
        _put(record, "language", one["language"])
        _put(record, "label", f"PMID: {one['pmid']}")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def write_pubmed(records: Sequence[Told]) -> bytes:
    """Return PubMed XML."""
    root = etree.Element("PubmedArticleSet")
    for one in records:
        citation = etree.SubElement(etree.SubElement(root, "PubmedArticle"), "MedlineCitation")
        _put(citation, "PMID", one["pmid"])
        article = etree.SubElement(citation, "Article")
        journal = etree.SubElement(article, "Journal")
        issue = etree.SubElement(journal, "JournalIssue")
        _put(issue, "Volume", one["volume"])
        _put(issue, "Issue", one["issue"])
        _put(etree.SubElement(issue, "PubDate"), "Year", one["year"])
        _put(journal, "Title", one["journal"])
        _put(article, "ArticleTitle", one["title"])
        _put(etree.SubElement(article, "Pagination"), "MedlinePgn", one["pages"])
        etree.SubElement(article, "ELocationID", EIdType="doi").text = one["doi"]
        _put(etree.SubElement(article, "Abstract"), "AbstractText", one["abstract"])
        authors = etree.SubElement(article, "AuthorList")
        for who in people(one):
            _put(etree.SubElement(authors, "Author"), "CollectiveName", who)
        _put(article, "Language", one["language"])
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _put(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text


def tagged(
    line: str, tags: Mapping[str, str], head: str = "", end: str = "", between: str = "\n"
) -> Callable[[Sequence[Told]], bytes]:
    """Return the writer of a tagged format: `tags` in their order, each with the field that it holds, or a text."""

    def write(records: Sequence[Told]) -> bytes:
        entries = []
        for one in records:
            lines = []
            for tag, name in tags.items():
                values = people(one) if name == "authors" else [one.get(name, name)]
                lines += [line.format(tag, value) for value in values]
            entries.append("\n".join([*lines, end] if end else lines) + "\n")
        return (head + between.join(entries)).encode()

    return write


WRITERS: Mapping[str, Callable[[Sequence[Told]], bytes]] = {
    "ris": write_ris,
    "bibtex": write_bibtex,
    "csl": write_csl,
    "table": write_table,
    "table, tabs, UTF-16": lambda records: write_table(records, "\t", "utf-16"),
    "xlsx": write_xlsx,
    "endnote_xml": write_endnote_xml,
    "pubmed": write_pubmed,
    "nbib": tagged(
        "{:<4}- {}",
        {"PMID": "pmid", "TI": "title", "PG": "pages", "LID": "doi_as_id", "AB": "abstract", "AU": "authors",
         "LA": "language", "JT": "journal", "VI": "volume", "IP": "issue", "DP": "year"},
    ),
    "wos": tagged(
        "{} {}",
        {"PT": "J", "AU": "authors", "TI": "title", "SO": "journal", "LA": "language", "AB": "abstract", "PY": "year",
         "VL": "volume", "IS": "issue", "BP": "first_page", "EP": "last_page", "AR": "article_number",
         "DI": "doi", "UT": "key", "PM": "pmid"},
        "FN Clarivate\nVR 1.0\n", "ER",
    ),
    "refer": tagged(
        "{} {}",
        {"%0": "Journal Article", "%A": "authors", "%T": "title", "%J": "journal", "%D": "year", "%V": "volume",
         "%N": "issue", "%P": "pages", "%R": "doi", "%M": "pmid_marked", "%X": "abstract", "%G": "language"},
    ),
    "refworks": tagged(
        "{} {}",
        {"RT": "Journal Article", "ID": "key", "A1": "authors", "T1": "title", "JF": "journal", "YR": "year",
         "VO": "volume", "IS": "issue", "SP": "pages", "DO": "doi", "NO": "pmid_marked", "AB": "abstract",
         "LA": "language"},
    ),
    "ovid": tagged(
        "{}  - {}",
        {"VN": "Ovid Technologies", "DB": "Ovid MEDLINE(R)", "UI": "pmid", "TI": "title", "AU": "authors",
         "JN": "journal", "YR": "year", "VO": "volume", "IP": "issue", "PG": "pages", "DO": "doi", "AB": "abstract",
         "LG": "language"},
    ),
}  # fmt: skip
