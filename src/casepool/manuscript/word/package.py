"""A Word file as its parts: what is not changed keeps its bytes."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from lxml import etree

from casepool.files.unpacking import refuse_too_large
from casepool.model.errors import FileError
from casepool.model.message import Message

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_PLAIN: Any = {None: _RELATIONS[1:-1]}  # the stubs know no namespace without a prefix
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


class Package:
    """The parts of a Word file; parts that are read as XML are written again only where `touch` named them.

    Raises
    ------
    FileError
        If it is no Word file, is locked by a password, or is of the strict variety that few programs write.
    """

    def __init__(self, content: bytes, name: str) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                refuse_too_large(archive)
                self._infos = archive.infolist()
                self.parts = {info.filename: archive.read(info) for info in self._infos}
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise FileError(Message("no_word_file", file=name)) from error
        self._trees: dict[str, Any] = {}
        self._touched: set[str] = set()
        if "[Content_Types].xml" not in self.parts or not self._main_target():
            raise FileError(Message("no_word_file", file=name))
        if _STRICT in self.parts[self.main]:
            raise FileError(Message("strict_word_file", file=name))

    @cached_property
    def main(self) -> str:
        """The name of the part with the text."""
        return self._main_target()

    def _main_target(self) -> str:
        if "_rels/.rels" not in self.parts:
            return ""
        for relation in self.tree("_rels/.rels"):
            if relation.get("Type", "").endswith("/officeDocument"):
                target = relation.get("Target").lstrip("/")
                return target if target in self.parts else ""
        return ""

    def tree(self, part: str) -> Any:
        """Return the root element of a part."""
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.parts[part], _PARSER)
        return self._trees[part]

    def touch(self, part: str) -> None:
        """Note that the tree of a part was changed."""
        self._touched.add(part)

    def put(self, part: str, content: bytes) -> None:
        """Add a part, or put another content in its place."""
        self.parts[part] = content
        self._trees.pop(part, None)

    def texts(self) -> Iterator[str]:
        """Yield the parts that hold controls of casepool: text, headers, footers, notes, comments."""
        folder = posixpath.dirname(self.main)
        for part, content in self.parts.items():
            if posixpath.dirname(part) == folder and part.endswith(".xml") and b"casepool:" in content:
                yield part

    def relations(self, part: str) -> Any:
        """Return the element with the relations of a part, which is made where there is none."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self.parts:
            self.put(path, etree.tostring(etree.Element(f"{_RELATIONS}Relationships", nsmap=_PLAIN)))
        self.touch(path)
        return self.tree(path)

    def target(self, part: str, relation: str) -> str:
        """Return the part that a relation of a part leads to; empty where it leads outside or nowhere."""
        for one in self.relations(part):
            if one.get("Id") == relation and one.get("TargetMode") != "External":
                return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), one.get("Target"))).lstrip("/")
        return ""

    def relate(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """Return the id of a new relation of a part.

        Parameters
        ----------
        kind : last word of the type: image, hyperlink, customXml.
        target : as seen from the part; an address where external.
        """
        relations = self.relations(part)
        taken = {one.get("Id") for one in relations}
        number = next(n for n in range(1, len(taken) + 2) if f"rIdCasepool{n}" not in taken)
        cells = {"Id": f"rIdCasepool{number}", "Type": f"{_OFFICE}/{kind}", "Target": target}
        etree.SubElement(
            relations, f"{_RELATIONS}Relationship", {**cells, **({"TargetMode": "External"} if external else {})}
        )
        return cells["Id"]

    def release(self, part: str, relation: str) -> None:
        """Forget a relation that a part names no more, and the part that it led to where nothing else does."""
        named = etree.tostring(self.tree(part)).count(f'"{relation}"'.encode())
        target = self.target(part, relation)
        if named or not target:
            return
        relations = self.relations(part)
        for one in [one for one in relations if one.get("Id") == relation]:
            relations.remove(one)
        sources = [
            posixpath.join(posixpath.dirname(posixpath.dirname(one)), posixpath.basename(one)[:-5])
            for one in self.parts
            if one.endswith(".rels")
        ]
        if not any(
            self.target(source, one.get("Id")) == target for source in sources for one in self.relations(source)
        ):
            del self.parts[target]

    def declare(self, part: str, content_type: str, *, extension: bool = False) -> None:
        """Say what kind of content a part (or every part with its ending) has, unless that is said."""
        root = self.tree("[Content_Types].xml")
        key = ("Extension", part.rpartition(".")[2]) if extension else ("PartName", f"/{part}")
        if not any(one.get(key[0], "").lower() == key[1].lower() for one in root):
            name = f"{_TYPES}{'Default' if extension else 'Override'}"
            element = etree.Element(name, {key[0]: key[1], "ContentType": content_type})
            root.insert(0, element) if extension else root.append(element)
            self.touch("[Content_Types].xml")

    def content(self) -> bytes:
        """Return the file: the parts in their order, new ones last, with the dates that they had."""
        for part in self._touched:
            self.parts[part] = etree.tostring(
                self._trees[part], xml_declaration=True, encoding="UTF-8", standalone=True
            )
        known = {info.filename: info for info in self._infos}
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in self.parts.items():
                info = zipfile.ZipInfo(part, known[part].date_time if part in known else (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, content)
        return written.getvalue()
