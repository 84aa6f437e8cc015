"""Exports in XML (EndNote, RefWorks, ICTRP) and JSON (CSL, ClinicalTrials.gov): each entry as paths and values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.search.formats.mapping import Entry

# Characters and references that XML forbids and exports hold all the same: form feeds, vertical tabs, ….
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2\\d|3[01])|x0*(?:[0-8bcBC]|[eE]|1[0-9a-fA-F]));"
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_PERSON = ("family", "given")


def read_xml(text: str, tag: str) -> tuple[list[Entry], list[Message]]:
    """Return the elements `tag` of an XML text as entries, and a remark on characters that were left out.

    Raises
    ------
    FileError
        If the text is not well-formed XML.
    """
    clean, n = _FORBIDDEN.subn(" ", _DECLARATION.sub("", text).strip())
    try:
        root = etree.fromstring(clean, etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise FileError(str(error)) from error
    entries = [Entry(_line(one), tuple(_paths(one))) for one in root.iter(tag)]
    return entries, [Message("characters_forbidden", n=n)] if n else []


def _line(element: etree._Element) -> int:
    return element.sourceline if isinstance(element.sourceline, int) else 0


def _paths(element: etree._Element, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield path → text of every leaf below an element; marks of style within a text are no leaves."""
    for child in element:
        if not isinstance(child.tag, str):
            continue  # a comment
        own = f"{path}{child.tag}"
        yield from ((f"{own}@name", str(value)) for name, value in child.attrib.items() if name == "name")
        if len(child) and not all(isinstance(one.tag, str) and one.tag == "style" for one in child):
            yield from _paths(child, f"{own}/")
        else:
            yield own, "".join(map(str, child.itertext()))


def read_json(text: str) -> tuple[list[Any], str]:
    """Return the objects of a JSON text, and the format they are in: ``csl``, ``ctgov`` or an empty text.

    Raises
    ------
    FileError
        If the text is not JSON.
    """
    content = _loaded(text)
    if isinstance(content, Mapping):
        content = next((content[name] for name in ("studies", "items", "references") if name in content), [content])
    objects = [one for one in content if isinstance(one, Mapping)] if isinstance(content, list) else []
    if any("protocolSection" in one for one in objects):
        return objects, "ctgov"
    return objects, "csl" if any("title" in one and ("type" in one or "id" in one) for one in objects) else ""


def _loaded(text: str) -> Any:
    """Return what JSON holds: one value, or one on each line."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            raise FileError(Message("not_json", error=str(error))) from error


def json_entries(objects: list[Any]) -> list[Entry]:
    """Return JSON objects as entries: the path to a value joined with points, people as "family, given"."""
    return [Entry(0, tuple(_leaves(one))) for one in objects]


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        if any(name in value for name in (*_PERSON, "literal", "date-parts", "raw")):
            yield path, _told(value)
        else:
            for name, inner in value.items():
                yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)
    elif value is not None:
        yield path, str(value)


def _told(value: Mapping[str, Any]) -> str:
    """Return a person or a date of CSL as text."""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        return "-".join(str(one) for one in parts[0])
    named = str(value.get("literal") or value.get("raw") or "")
    particle = str(value.get("non-dropping-particle") or value.get("dropping-particle") or "")
    family = f"{particle} {value.get('family') or ''}".strip()
    return named or ", ".join(str(one) for one in (family, value.get("given"), value.get("suffix")) if one)
