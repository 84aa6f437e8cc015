"""One record in the common form, whatever export it comes from."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote

from casepool.model.errors import FileError
from casepool.model.message import Message

Record = dict[str, object]
FIELDS = (
    "record_id", "pmid", "pmcid", "doi", "title", "authors", "journal", "issn", "year", "volume", "issue", "pages",
    "language", "publication_types", "url", "abstract", "keywords", "headings", "notices", "notice_sources",
)  # fmt: skip
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}
# A year stands alone, before a month (Jun2023) or as the head of eight figures (20240403).
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?:(?!\d)|(?=[01]\d[0-3]\d(?!\d)))")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.\-]+")
_PMID = re.compile(r"(?:(?:PMID|PUBMED|MEDLINE)[:\s]*)?([1-9]\d{0,8})(?:\.0)?(?:\s*\[pmid\])?", re.IGNORECASE)
_PMID_ADDRESS = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/([1-9]\d{0,8})(?!\d)")
_PMCID = re.compile(r"PMC\d+")
_ISSN = re.compile(r"(?<!\d)(\d{4})-?(\d{3}[\dXx])(?![\dXx])")
_HYPHENS = re.compile("\\s*[\u2010-\u2015\u2212]\\s*")
_PAGES = re.compile(r"pp\.?\s*|p\.\s*|p\s+|p(?=\d)|Pp?\.\s*|S\.\s+")
_NO_PAGES = re.compile(r"n/?a|no pagination|n\.?\s?pag\.?|\d+\s?p\.?|null|none|undefined|-+", re.IGNORECASE)
# The number by which a journal without pages cites an article; a longer code is the publisher's own.
_ARTICLE_NUMBER = re.compile(r"[eEaALR]?\d{1,8}")
_CONTROL, _SURROGATE = re.compile("[\x00-\x1f\x7f-\x9f]"), re.compile("[\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8}\d{0,2});")
_MARKUP = re.compile(
    r"</?(?:i|b|u|em|strong|su[bp]|p|br|sc|inf|italic|bold|jats:[a-z-]+)(?:\s[^<>]*)?/?>", re.IGNORECASE
)

# What PubMed says of an article that was corrected, doubted or withdrawn: by publication type, by reference.
_TYPES = {"Retracted Publication": "retracted", "Corrected and Republished Article": "erratum"}
_REFERENCES = {
    "RetractionIn": "retracted",
    "PartialRetractionIn": "retracted",
    "RetractedandRepublishedIn": "retracted",
    "ExpressionOfConcernIn": "concern",
    "ErratumIn": "erratum",
    "CorrectedandRepublishedIn": "erratum",
}


def citation(record_id: str, year: object = "", doi: str = "", pmid: str = "", **facts: str) -> Record:
    """Return a record with every field; what is not told is empty, ids are in their plain form."""
    told: dict[str, object] = {name: plain(text) for name, text in facts.items()}
    record: Record = {**dict.fromkeys(FIELDS, ""), **told}
    return {**record, "record_id": record_id, "year": year_in(str(year)), "doi": plain_doi(doi), "pmid": digits(pmid)}


def unreadable(source: Path, format_: str, fault: Message | str) -> FileError:
    """Return the error of a file that is not, or not wholly, in its format."""
    return FileError(Message("not_in_format", file=str(source), format=format_, fault=fault))


def plain(text: str) -> str:
    """Return a text without entities and tags of HTML, control characters and doubled spaces."""
    if "&" in text or "<" in text:
        text = _MARKUP.sub("", _ENTITY.sub(lambda found: html.unescape(found[0]), text))
    return " ".join(_CONTROL.sub(" ", _SURROGATE.sub("\ufffd", text)).split())


def plain_doi(text: str) -> str:
    """Return the DOI in a text (an address, a prefix, percent signs, entities) or an empty text."""
    found = _DOI.search(unquote(html.unescape(text)))
    doi = found[0].rstrip(".,;'\"") if found else ""
    while doi and doi[-1] in _CLOSING and doi.count(doi[-1]) > doi.count(_CLOSING[doi[-1]]):
        doi = doi[:-1].rstrip(".,;'\"")
    return doi


def digits(text: str) -> str:
    """Return the PubMed id that a text is, names ("PUBMED 123,EMBASE 456") or links to, or an empty text."""
    if address := _PMID_ADDRESS.search(text):
        return address[1]
    parts = [_PMID.fullmatch(part.strip()) for part in re.split("[;,|]", text)]
    return next((part[1] for part in parts if part), "")


def plain_pmcid(text: str) -> str:
    """Return the first id of PubMed Central in a text, or an empty text."""
    found = _PMCID.search(text)
    return found[0] if found else ""


def issns(text: str) -> str:
    """Return the ISSNs in a text in their form 1234-567X, separated by semicolons."""
    return "; ".join(dict.fromkeys(f"{found[1]}-{found[2].upper()}" for found in _ISSN.finditer(text)))


def page_range(text: str) -> str:
    """Return pages with plain hyphens; what stands for none ("NA", "12p" for their number) is empty."""
    pages = _HYPHENS.sub("-", " ".join(text.split())).strip(" .;,")
    found = _PAGES.match(pages)
    pages = pages[found.end() if found else 0 :].strip("- ")
    return "" if _NO_PAGES.fullmatch(pages) else pages


def article_number(text: str) -> str:
    """Return a publisher's id where it is the number by which an article is cited in place of pages, or nothing."""
    found = _ARTICLE_NUMBER.fullmatch(text.strip())
    return found[0] if found else ""


def vernacular_title(title: str, vernacular: str) -> str:
    """Return the title, or that in the language of the publication where PubMed has no translation of it."""
    return vernacular if vernacular and title.strip("[]. ").casefold() in {"", "not available"} else title


def year_in(text: str) -> int | None:
    """Return the first year that a date in words or numbers tells."""
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def safe_id(text: str) -> str:
    """Return a text as part of an id: letters, digits and _ - . only."""
    return _UNSAFE.sub("_", text.strip()).strip("_")


def notices(types: Iterable[str], references: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return the fields ``notices`` and ``notice_sources`` from PubMed's two signals.

    Parameters
    ----------
    types : publication types.
    references : kind and source of each comment or correction.
    """
    found = [(_TYPES[one], f"publication type {one}") for one in types if one in _TYPES]
    found += [(_REFERENCES[kind], f"{kind} {source}".strip()) for kind, source in references if kind in _REFERENCES]
    kinds = dict.fromkeys(kind for kind, _ in found)
    return {"notices": "; ".join(kinds), "notice_sources": "; ".join(source for _, source in found)}
