"""PubMed XML (PubmedArticleSet) read as a stream: one record at a time, constant memory."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from lxml import etree

from casepool.errors import SourceDataError

Record = dict[str, object]
_ARTICLE_TAGS = ("PubmedArticle", "PubmedBookArticle")


def parse_pubmed(path: str | Path) -> Iterator[Record]:
    """Yield the citation facts of every article of a (gzipped) PubMed XML file, in file order.

    Raises
    ------
    SourceDataError
        If the file is not well-formed XML or holds an article without PMID.
    """
    source = Path(path)
    try:
        with _open(source) as handle:
            for _, element in etree.iterparse(handle, tag=_ARTICLE_TAGS, load_dtd=False, no_network=True):
                yield _record(element, source)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except (etree.XMLSyntaxError, OSError, EOFError, zlib.error) as error:
        message = f"{source}: not a complete PubMed XML file ({error}). Repeat the search."
        raise SourceDataError(message) from error


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _record(element: etree._Element, path: Path) -> Record:
    book = element.tag == "PubmedBookArticle"
    citation = element.find("BookDocument" if book else "MedlineCitation")
    pmid = _text(citation, "PMID")
    if citation is None or not pmid:
        message = f"{path}: an article without PMID; expected PubmedArticle/MedlineCitation/PMID"
        raise SourceDataError(message)
    article = citation if book else citation.find("Article")
    issue = "Journal/JournalIssue/"
    return {
        "record_id": f"pmid:{pmid}",
        "pmid": pmid,
        "pmcid": _article_id(element, "pmc"),
        "doi": _doi(element, article),
        "title": _text(article, "ArticleTitle"),
        "authors": _authors(article),
        "journal": _text(article, "Journal/ISOAbbreviation")
        or _text(article, "Journal/Title")
        or _text(article, "Book/BookTitle"),
        "year": _year(article),
        "volume": _text(article, f"{issue}Volume"),
        "issue": _text(article, f"{issue}Issue"),
        "pages": _text(article, "Pagination/MedlinePgn"),
        "language": _text(article, "Language"),
        "publication_types": "; ".join(_texts(article, ".//PublicationType")),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
    }


def _text(element: etree._Element | None, path: str) -> str:
    found = None if element is None else element.find(path)
    return "" if found is None else _plain(found)


def _plain(element: etree._Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def _texts(element: etree._Element | None, path: str) -> list[str]:
    found = [] if element is None else element.findall(path)
    return [_plain(one) for one in found]


def _article_id(element: etree._Element, kind: str) -> str:
    # The article's own list: the references of an article carry lists of ids too.
    data = "PubmedBookData" if element.tag == "PubmedBookArticle" else "PubmedData"
    return _text(element, f"{data}/ArticleIdList/ArticleId[@IdType='{kind}']")


def _doi(element: etree._Element, article: etree._Element | None) -> str:
    return _article_id(element, "doi") or _text(article, "ELocationID[@EIdType='doi']")


def _authors(article: etree._Element | None) -> str:
    listed = [] if article is None else article.findall("AuthorList/Author")
    names = [
        _text(author, "CollectiveName") or f"{_text(author, 'LastName')} {_text(author, 'Initials')}".strip()
        for author in listed
    ]
    return "; ".join(name for name in names if name)


def _year(article: etree._Element | None) -> int | None:
    for path in (
        "Journal/JournalIssue/PubDate/Year",
        "Journal/JournalIssue/PubDate/MedlineDate",
        "ArticleDate/Year",
        "Book/PubDate/Year",
    ):
        year = re.search(r"\b(?:19|20)\d{2}\b", _text(article, path))
        if year:
            return int(year[0])
    return None
