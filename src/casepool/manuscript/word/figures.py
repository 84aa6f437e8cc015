"""A figure in a control: the picture follows the build, its width and place stay those of the author."""

from __future__ import annotations

import hashlib
import posixpath
import struct
from typing import Any

from lxml import etree

from casepool.manuscript.word.controls import Control
from casepool.manuscript.word.package import Package, R, W

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_R = R[1:-1]
_EMU_OF_TWENTIETH = 635
_A4_TEXT = 9070  # twentieths of a point between margins of 2.5 cm


def image_print(package: Package, control: Control) -> str:
    """Return the checksum of the picture in a control; empty where it holds none."""
    for blip in control.images:
        content = package.parts.get(package.target(control.part, blip.get(f"{R}embed")), b"")
        return checksum(content)
    return ""


def checksum(content: bytes) -> str:
    """Return the checksum by which a picture is known again."""
    return hashlib.sha256(content).hexdigest()[:16]


def write_figure(control: Control, image: bytes, description: str, package: Package) -> None:
    """Put a PNG picture into a control: as wide as the one that is there, else as the text of the page.

    Parameters
    ----------
    description : read aloud in place of the picture.
    """
    showing = control.element.find(f"{W}sdtPr/{W}showingPlcHdr")
    if showing is not None:
        showing.getparent().remove(showing)
    relation = package.relate(control.part, "image", _image_part(image, control.part, package))
    if control.images and showing is None:
        before = control.images[0].get(f"{R}embed")
        _replace(control, relation, image, description)
        package.release(control.part, before)
    else:
        _place(control, relation, image, description, package)


def _image_part(image: bytes, part: str, package: Package) -> str:
    """Return the picture as a part of the package, seen from the part that shows it; the same picture is one part."""
    target = f"media/casepool_{checksum(image)}.png"
    package.put(posixpath.join(posixpath.dirname(part), target), image)
    package.declare(target, "image/png", extension=True)
    return target


def _replace(control: Control, relation: str, image: bytes, description: str) -> None:
    blip = control.images[0]
    blip.set(f"{R}embed", relation)
    drawing = next(one for one in blip.iterancestors() if one.tag == f"{W}drawing")
    for extension in list(blip.iter(f"{{{_A}}}extLst")):  # may lead to the former picture as SVG
        extension.getparent().remove(extension)
    width = int(next(drawing.iter(f"{{{_WP}}}extent")).get("cx"))
    height = round(width * _shape(image))
    for size in (*drawing.iter(f"{{{_WP}}}extent"), *drawing.iter(f"{{{_A}}}ext")):
        if size.get("cx"):
            size.set("cx", str(width))
            size.set("cy", str(height))
    for properties in drawing.iter(f"{{{_WP}}}docPr"):
        properties.set("descr", description)


def _place(control: Control, relation: str, image: bytes, description: str, package: Package) -> None:
    width = _room(package) * _EMU_OF_TWENTIETH
    run = _drawing(relation, width, round(width * _shape(image)), description, _free_id(package, control.part))
    content = control.content
    paragraph = next(content.iter(f"{W}p"), None)
    for child in list(content if paragraph is None else paragraph):
        if child.tag not in {f"{W}pPr", f"{W}bookmarkStart", f"{W}bookmarkEnd"}:
            child.getparent().remove(child)
    if paragraph is None and control.is_block:
        paragraph = etree.SubElement(content, f"{W}p")
    (content if paragraph is None else paragraph).append(run)


def _shape(image: bytes) -> float:
    """Return height by width of a PNG, which stand in its first block."""
    width, height = struct.unpack(">II", image[16:24])
    return float(height / width)


def _room(package: Package) -> int:
    """Return the width of the text of the first section, in twentieths of a point."""
    section = next(package.tree(package.main).iter(f"{W}sectPr"), None)
    size = None if section is None else section.find(f"{W}pgSz")
    margins = None if section is None else section.find(f"{W}pgMar")
    if size is None or margins is None:
        return _A4_TEXT
    return int(size.get(f"{W}w")) - int(margins.get(f"{W}left")) - int(margins.get(f"{W}right"))


def _free_id(package: Package, part: str) -> int:
    taken = {int(one.get("id", 0)) for one in package.tree(part).iter(f"{{{_WP}}}docPr")}
    return max(taken, default=0) + 1


def _drawing(relation: str, width: int, height: int, description: str, number: int) -> Any:
    run = etree.Element(f"{W}r", nsmap={"w": W[1:-1]})
    drawing = etree.SubElement(run, f"{W}drawing")
    inline = etree.SubElement(drawing, f"{{{_WP}}}inline", nsmap={"wp": _WP, "a": _A, "pic": _PIC, "r": _R})
    etree.SubElement(inline, f"{{{_WP}}}extent", cx=str(width), cy=str(height))
    etree.SubElement(inline, f"{{{_WP}}}docPr", id=str(number), name=f"casepool {number}", descr=description)
    graphic = etree.SubElement(inline, f"{{{_A}}}graphic")
    data = etree.SubElement(graphic, f"{{{_A}}}graphicData", uri=_PIC)
    picture = etree.SubElement(data, f"{{{_PIC}}}pic")
    names = etree.SubElement(picture, f"{{{_PIC}}}nvPicPr")
    etree.SubElement(names, f"{{{_PIC}}}cNvPr", id=str(number), name=f"casepool {number}")
    etree.SubElement(names, f"{{{_PIC}}}cNvPicPr")
    fill = etree.SubElement(picture, f"{{{_PIC}}}blipFill")
    etree.SubElement(fill, f"{{{_A}}}blip", {f"{R}embed": relation})
    etree.SubElement(etree.SubElement(fill, f"{{{_A}}}stretch"), f"{{{_A}}}fillRect")
    shape = etree.SubElement(picture, f"{{{_PIC}}}spPr")
    box = etree.SubElement(shape, f"{{{_A}}}xfrm")
    etree.SubElement(box, f"{{{_A}}}off", x="0", y="0")
    etree.SubElement(box, f"{{{_A}}}ext", cx=str(width), cy=str(height))
    etree.SubElement(etree.SubElement(shape, f"{{{_A}}}prstGeom", prst="rect"), f"{{{_A}}}avLst")
    return run
