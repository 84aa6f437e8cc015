"""PubMed XML (PubmedArticleSet) read as a stream: one record at a time, constant memory."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from lxml import etree

from casepool.model.message import Message
from casepool.search.formats.citation import (
    Record,
    article_number,
    notices,
    plain_doi,
    unreadable,
    vernacular_title,
    year_in,
)

_FORMAT = "PubMed XML"
_ROOT = "Pubmed"  # of a set, or of a single article
_ARTICLE_TAGS = ("PubmedArticle", "PubmedBookArticle")


def parse_pubmed(path: str | Path) -> Iterator[Record]:
    """Yield the citation facts of every article of a (gzipped) PubMed XML file, in file order.

    Raises
    ------
    FileError
        If the file is not well-formed XML or holds an article without PMID.
    """
    source = Path(path)
    try:
        opened = _open(source)
    except OSError as error:
        raise unreadable(source, _FORMAT, str(error)) from error
    with opened as handle:
        yield from parse_articles(handle, source)


def parse_articles(handle: IO[bytes], source: Path) -> Iterator[Record]:
    """Yield the same of an open file; `source` names it in errors."""
    try:
        parsed = etree.iterparse(handle, tag=_ARTICLE_TAGS, load_dtd=False, no_network=True)
        for number, (_, element) in enumerate(parsed, start=1):
            yield _record(element, source, number)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        root = str(parsed.root.tag)
        if not root.startswith(_ROOT):
            raise unreadable(source, _FORMAT, Message("looks_like_xml", root=root))
    except (etree.XMLSyntaxError, OSError, EOFError, zlib.error) as error:
        raise unreadable(source, _FORMAT, str(error)) from error


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def _record(element: etree._Element, source: Path, number: int) -> Record:
    book = element.tag == "PubmedBookArticle"
    citation = element.find("BookDocument" if book else "MedlineCitation")
    pmid = _text(citation, "PMID")
    if citation is None or not pmid:
        raise unreadable(source, _FORMAT, Message("entry_without_key", entry=number, expected="PMID"))
    article = citation if book else citation.find("Article")
    issue = None if article is None else article.find("Journal/JournalIssue")
    ids = _ids(element, book=book)
    mesh = _texts(citation, "MeshHeadingList/MeshHeading/DescriptorName")
    types = _texts(article, "PublicationType" if book else "PublicationTypeList/PublicationType")
    return {
        "record_id": f"pmid:{pmid}",
        "pmid": pmid,
        "pmcid": ids.get("pmc", ""),
        "doi": plain_doi(ids.get("doi") or _text(article, "ELocationID[@EIdType='doi']")),
        "title": _title(article),
        "authors": _authors(article),
        "journal": _text(article, "Journal/ISOAbbreviation")
        or _text(article, "Journal/Title")
        or _text(article, "Book/BookTitle"),
        "issn": "; ".join(
            dict.fromkeys(_texts(article, "Journal/ISSN") + _texts(citation, "MedlineJournalInfo/ISSNLinking"))
        ),
        "year": _year(article),
        "volume": _text(issue, "Volume"),
        "issue": _text(issue, "Issue"),
        "pages": _pages(article),
        "language": "; ".join(_texts(article, "Language")),
        "publication_types": "; ".join(types),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
        "abstract": " ".join(_texts(article, "Abstract/AbstractText")),
        "keywords": "; ".join([*mesh, *_texts(citation, "KeywordList/Keyword")]),
        "headings": "; ".join([*mesh, *_substances(citation)]),
        **notices(types, _references(citation)),
    }


def _text(element: etree._Element | None, path: str) -> str:
    found = None if element is None else element.find(path)
    return "" if found is None else _plain(found)


def _plain(element: etree._Element) -> str:
    text = "".join(map(str, element.itertext())) if len(element) else element.text or ""
    return " ".join(text.split())


def _texts(element: etree._Element | None, path: str) -> list[str]:
    found = [] if element is None else element.findall(path)
    return [_plain(one) for one in found]


def _ids(element: etree._Element, *, book: bool) -> dict[str, str]:
    # The article's own list: the references of an article carry lists of ids too.
    paths = ("PubmedBookData", "BookDocument") if book else ("PubmedData",)
    own = [one for path in paths for one in element.findall(f"{path}/ArticleIdList/ArticleId")]
    return {str(one.get("IdType")): _plain(one) for one in reversed(own)}


def _title(article: etree._Element | None) -> str:
    title = _text(article, "ArticleTitle") or _text(article, "Book/BookTitle")
    return vernacular_title(title, _text(article, "VernacularTitle"))


def _pages(article: etree._Element | None) -> str:
    """Return the pages, or the number that an electronic journal gives an article in their place."""
    first, last = _text(article, "Pagination/StartPage"), _text(article, "Pagination/EndPage")
    pages = _text(article, "Pagination/MedlinePgn") or "-".join(filter(None, (first, last)))
    return pages or article_number(_text(article, "ELocationID[@EIdType='pii']"))


def _substances(citation: etree._Element) -> list[str]:
    return [
        *_texts(citation, "ChemicalList/Chemical/NameOfSubstance"),
        *_texts(citation, "SupplMeshList/SupplMeshName"),
    ]


def _references(citation: etree._Element) -> Iterator[tuple[str, str]]:
    for one in citation.findall("CommentsCorrectionsList/CommentsCorrections"):
        yield str(one.get("RefType")), _text(one, "RefSource")


def _authors(article: etree._Element | None) -> str:
    """Return the authors of an article or chapter, else those of the whole book, else its editors."""
    if article is None:
        return ""
    lists = [*article.findall("AuthorList"), *article.findall("Book/AuthorList")]
    for listed in sorted(lists, key=lambda one: one.get("Type") == "editors"):
        if names := [name for name in map(_author, listed.findall("Author")) if name]:
            return "; ".join(names)
    return ""


def _author(author: etree._Element) -> str:
    parts = {str(one.tag): one for one in author}
    if "CollectiveName" in parts:
        return _plain(parts["CollectiveName"])
    return " ".join(_plain(parts[name]) for name in ("LastName", "Initials") if name in parts)


def _year(article: etree._Element | None) -> int | None:
    for path in (
        "Journal/JournalIssue/PubDate/Year",
        "Journal/JournalIssue/PubDate/MedlineDate",
        "ArticleDate/Year",
        "Book/PubDate/Year",
    ):
        year = year_in(_text(article, path))
        if year:
            return year
    return None
