"""The content controls of a document that casepool fills: where they stand and what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from casepool.manuscript.word.package import Package, R, W

KINDS = ("number", "sentence", "table", "figure")
_TAG = re.compile(rf"casepool:({'|'.join(KINDS)}):([^:]+)(?::(\w+))?")
# What a control may hold besides text and is no text: it would be lost.
_FOREIGN = ("footnoteReference", "endnoteReference", "instrText", "object", "pict", "fldSimple")
_DELETED = (f"{W}del", f"{W}moveFrom")


@dataclass(frozen=True)
class Control:
    """A content control whose tag names something of a build.

    Attributes
    ----------
    part : of the package that it stands in.
    element : the ``w:sdt``.
    kind, name, form : as the tag says them; the form of a number is empty where the tag has none.
    """

    part: str
    element: Any
    kind: str
    name: str
    form: str

    @property
    def tag(self) -> str:
        """The tag, as it stands there."""
        return ":".join(one for one in ("casepool", self.kind, self.name, self.form) if one)

    @property
    def content(self) -> Any:
        """The element with the content, which is made where there is none."""
        found = self.element.find(f"{W}sdtContent")
        if found is None:
            found = self.element.makeelement(f"{W}sdtContent")
            self.element.append(found)
        return found

    @property
    def is_block(self) -> bool:
        """Whether it stands among paragraphs, not inside one."""
        places = (one.tag for one in self.element.iterancestors() if one.tag == f"{W}p" or one.tag in _BLOCKS)
        return next(places, "") != f"{W}p"

    @property
    def is_alone(self) -> bool:
        """Whether it is a child of a paragraph that holds nothing else."""
        paragraph = self.element.getparent()
        if paragraph.tag != f"{W}p" or paragraph.find(f"{W}pPr/{W}sectPr") is not None:
            return False
        others = [one for one in paragraph if one is not self.element and one.tag != f"{W}pPr"]
        return not any(text_of(one) or list(one) for one in others)

    def lift(self) -> None:
        """Put it in the place of the paragraph that it is alone in: a table has no room inside one."""
        paragraph = self.element.getparent()
        paragraph.addprevious(self.element)
        inner = self.content
        for child in list(inner):
            paragraph.append(child)
        inner.append(paragraph)

    @cached_property
    def paragraphs(self) -> list[Any]:
        """The paragraphs of its content."""
        return list(self.content.iter(f"{W}p"))

    @property
    def is_placeholder(self) -> bool:
        """Whether it shows the words by which Word asks for text."""
        return self.element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None

    @property
    def text(self) -> str:
        """What a reader reads in it; nothing where it is a placeholder."""
        return "" if self.is_placeholder else text_of(self.content)

    @property
    def has_foreign(self) -> bool:
        """Whether it holds what is no text of ours: a footnote, a field, an object."""
        found = [one for name in _FOREIGN for one in self.content.iter(f"{W}{name}")]
        return bool(found) or (self.kind != "figure" and bool(list(self.content.iter(f"{W}drawing"))))

    @property
    def images(self) -> list[Any]:
        """The images in it, each by the element that names its part."""
        blips = self.content.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip")
        return [one for one in blips if one.get(f"{R}embed")]


_HOLDERS = ("body", "tc", "tr", "tbl", "hdr", "ftr", "footnote", "endnote", "comment", "txbxContent")
_BLOCKS = {f"{W}{one}" for one in _HOLDERS}


def controls_in(package: Package) -> Iterator[Control]:
    """Yield the controls of a document that are to be filled, in the order of its parts.

    One that lies in another of ours is part of what that one holds; one that is deleted (tracked) is left alone.
    """
    for part in package.texts():
        for element in package.tree(part).iter(f"{W}sdt"):
            found = _TAG.fullmatch(_tag(element))
            above = list(element.iterancestors())
            inside = any(_TAG.fullmatch(_tag(one)) for one in above if one.tag == f"{W}sdt")
            if found and not inside and not any(one.tag in _DELETED for one in above):
                yield Control(part, element, found[1], found[2], found[3] or "")


def strange_tags(package: Package) -> list[str]:
    """Return the tags that begin as ours do and name no kind that there is."""
    tags = (_tag(one) for part in package.texts() for one in package.tree(part).iter(f"{W}sdt"))
    return list(dict.fromkeys(tag for tag in tags if tag.startswith("casepool:") and not _TAG.fullmatch(tag)))


def _tag(element: Any) -> str:
    """Return the tag of a control; else its title, where that is a tag of ours: LibreOffice 7.4 drops tags."""
    found = [element.find(f"{W}sdtPr/{W}{name}") for name in ("tag", "alias")]
    texts = ["" if one is None else str(one.get(f"{W}val", "")) for one in found]
    return texts[0] if texts[0] or not texts[1].startswith("casepool:") else texts[1]


def secure(control: Control) -> bool:
    """Give a control its tag as tag and as title where it has none; return whether anything was missing."""
    properties = control.element.find(f"{W}sdtPr")
    added = False
    for name in ("alias", "tag"):
        found = properties.find(f"{W}{name}")
        if found is None or not found.get(f"{W}val"):
            if found is not None:
                properties.remove(found)
            properties.insert(_after(properties, name), properties.makeelement(f"{W}{name}", {f"{W}val": control.tag}))
            added = True
    return added


def _after(properties: Any, name: str) -> int:
    """Return where a property stands among the others: Word wants the looks first, then title, then tag."""
    before = {f"{W}rPr"} | ({f"{W}alias"} if name == "tag" else set())
    return max((properties.index(one) + 1 for one in properties if one.tag in before), default=0)


def text_of(element: Any) -> str:
    """Return the text of an element as it reads: paragraphs by line, cells by tab, deleted text left out."""
    parts: list[str] = []
    _gather(element, parts)
    return "".join(parts).strip("\n\t ")


def _gather(element: Any, parts: list[str]) -> None:
    for child in element:
        if child.tag in _DELETED or child.tag == f"{W}sdtPr":
            continue
        if child.tag == f"{W}t":
            parts.append(child.text or "")
        elif child.tag in _SIGNS:
            parts.append(_SIGNS[child.tag])
        else:
            _gather(child, parts)
            parts.append(_ENDS.get(child.tag, ""))


_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011", f"{W}softHyphen": ""}
_ENDS = {f"{W}p": "\n", f"{W}tc": "\t", f"{W}tr": "\n"}


def same(first: str, second: str) -> bool:
    """Return whether two texts read alike: kinds and lengths of blanks, soft hyphens and invisible signs left out."""
    return _read(first) == _read(second)


def _read(text: str) -> str:
    seen = re.sub("[\u00ad\u2060\u200b]", "", text.replace("\u2011", "-"))
    return " ".join(seen.split())
