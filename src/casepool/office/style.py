"""Colours and fonts of the sheets that people fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casepool.office.entry import EntryForm

if TYPE_CHECKING:
    from openpyxl.styles import Border, Font, PatternFill

INK, PALE, NEEDED, ALARM, GREY = "1F2A37", "F7F8FA", "FFF3CC", "B3261E", "5B6573"
# Dark enough for white letters (contrast above 4.5), told apart by eyes that see few colours.
GROUP_COLOURS = ("33475B", "1F5FA8", "6A4A9C", "1E6F5C", "8A5A00", "A3353A", "4A5568")


def colour_of(group: str, form: EntryForm) -> str:
    """Return the colour of a group of columns."""
    return GROUP_COLOURS[form.groups.index(group) % len(GROUP_COLOURS)]


def fill(colour: str) -> PatternFill:
    """Return an even fill."""
    from openpyxl.styles import PatternFill

    return PatternFill("solid", start_color=colour, end_color=colour)


def header_font(*, bold: bool = True) -> Font:
    """Return the white font of headers."""
    from openpyxl.styles import Font

    return Font(name="Calibri", size=11, bold=bold, color="FFFFFF")


def body_font(*, size: float = 11, bold: bool = False, colour: str = INK) -> Font:
    """Return the font of everything else."""
    from openpyxl.styles import Font

    return Font(name="Calibri", size=size, bold=bold, color=colour)


def thin_border() -> Border:
    """Return a pale border around a cell."""
    from openpyxl.styles import Border, Side

    side = Side(style="thin", color="C9CFD6")
    return Border(left=side, right=side, top=side, bottom=side)


def needed_border() -> Border:
    """Return the border of a header whose column must be filled in: thick and golden below."""
    from openpyxl.styles import Border, Side

    side = Side(style="thin", color="C9CFD6")
    return Border(left=side, right=side, top=side, bottom=Side(style="thick", color="F2B600"))
