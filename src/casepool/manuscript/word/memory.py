"""What was written into a document the last time: by it, a text that the author typed is told from ours.

It lies in the document as a custom XML part, so that it goes wherever the document goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from casepool.manuscript.word.package import Package

_SPACE = "urn:casepool:pulled"
_PLAIN: Any = {None: _SPACE}  # the stubs know no namespace without a prefix
_N = f"{{{_SPACE}}}"
_PROPERTIES = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_STORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_ID = "{5D1E6C1B-7C0B-4C3B-9F0A-CA5EB0015EED}"


@dataclass(frozen=True)
class Memory:
    """What a pull left in a document.

    Attributes
    ----------
    written : tag → text, or checksum of an image.
    language : of the numbers.
    data : checksum of the data of the build.
    """

    written: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    data: str = ""


def remembered(package: Package) -> Memory:
    """Return what was written the last time; nothing where the document was never filled."""
    part = _part(package)
    if not part:
        return Memory()
    root = package.tree(part)
    written = {one.get("tag", ""): one.text or "" for one in root.iter(f"{_N}control")}
    return Memory(written, root.get("language", ""), root.get("data", ""))


def remember(package: Package, memory: Memory) -> None:
    """Write into the document what it was filled with."""
    root = etree.Element(f"{_N}pulled", {"language": memory.language, "data": memory.data}, nsmap=_PLAIN)
    for tag, text in sorted(memory.written.items()):
        etree.SubElement(root, f"{_N}control", tag=tag).text = text
    part = _part(package)
    if not part:
        part = _new_part(package)
    package.put(part, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _part(package: Package) -> str:
    parts = (one for one in package.parts if one.startswith("customXml/") and one.endswith(".xml"))
    return next((one for one in parts if _SPACE.encode() in package.parts[one] and "Props" not in one), "")


def _new_part(package: Package) -> str:
    number = next(n for n in range(1, 1000) if f"customXml/item{n}.xml" not in package.parts)
    part, properties = f"customXml/item{number}.xml", f"customXml/itemProps{number}.xml"
    package.declare(part, "application/xml", extension=True)
    package.declare(properties, _PROPERTIES)
    package.relate(package.main, "customXml", f"../{part}")
    package.relate(part, "customXmlProps", f"itemProps{number}.xml")
    package.put(properties, _item_properties())
    return part


def _item_properties() -> bytes:
    root: Any = etree.Element(f"{{{_STORE}}}datastoreItem", {f"{{{_STORE}}}itemID": _ID}, nsmap={"ds": _STORE})
    references = etree.SubElement(root, f"{{{_STORE}}}schemaRefs")
    etree.SubElement(references, f"{{{_STORE}}}schemaRef", {f"{{{_STORE}}}uri": _SPACE})
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
