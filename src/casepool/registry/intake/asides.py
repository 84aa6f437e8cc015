"""What stands in a workbook beside its cells and may name somebody: comments, page headers, links, names of sheets."""

from __future__ import annotations

import re
import zipfile
from xml.etree import ElementTree

from casepool.registry.intake.grids import Asides

_COMMENTS = re.compile(r"xl/(?:comments|threadedComments)[^/]*(?:/[^/]+)?\.xml", re.IGNORECASE)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_LINKS = re.compile(r"xl/worksheets/_rels/[^/]+\.rels", re.IGNORECASE)
_HEADERS = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>(.*?)</", re.DOTALL)
_CODES = re.compile(r'&(?:"[^"]*"|\d+|K[0-9A-F]{6}|[A-Z])|&amp;', re.IGNORECASE)  # fonts, sizes, page numbers
_TAIL = 2**16  # headers stand at the end of a sheet
_CHUNK = 2**20
_PEOPLE = ("creator", "lastModifiedBy")


def asides_of(archive: zipfile.ZipFile) -> Asides:
    """Return the texts beside the cells of a workbook, and whether its properties name who made or saved it.

    Only parts that declare no document type may be given (``workbooks`` looks at each part first).
    """
    names = [member.filename for member in archive.infolist()]
    texts: list[str] = []
    for name in names:
        if _COMMENTS.fullmatch(name):
            texts += _comments(archive.read(name))
        elif _SHEET.fullmatch(name):
            texts += [_plain(found.decode("utf-8", "replace")) for found in _HEADERS.findall(_tail(archive, name))]
        elif _LINKS.fullmatch(name):
            links = ElementTree.fromstring(archive.read(name))  # noqa: S314 (no entities: see the docstring)
            texts += [one.get("Target", "").removeprefix("mailto:") for one in links if _is_link(one)]
        elif name == "xl/workbook.xml":
            book = ElementTree.fromstring(archive.read(name))  # noqa: S314
            texts += [one.get("name", "") for one in book.iter() if _local(one) == "sheet"]
    return Asides(tuple(dict.fromkeys(text for text in texts if text.strip())), _names_people(archive, names))


def _comments(content: bytes) -> list[str]:
    root = ElementTree.fromstring(content)  # noqa: S314
    comments = (one for one in root.iter() if _local(one) in {"comment", "threadedComment"})
    return [" ".join("".join(part.itertext()) for part in one) for one in comments]


def _plain(header: str) -> str:
    return " ".join(_CODES.sub(" ", header.replace("&amp;", "&")).split())


def _tail(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as source:
        tail = b""
        while chunk := source.read(_CHUNK):
            tail = (tail + chunk)[-_TAIL:]
    return tail


def _is_link(relation: ElementTree.Element) -> bool:
    return relation.get("Type", "").endswith("/hyperlink")


def _names_people(archive: zipfile.ZipFile, names: list[str]) -> bool:
    if "docProps/core.xml" not in names:
        return False
    properties = ElementTree.fromstring(archive.read("docProps/core.xml"))  # noqa: S314
    told = (one for one in properties.iter() if _local(one) in _PEOPLE)
    return any((one.text or "").strip() not in {"", "openpyxl", "casepool"} for one in told)


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
