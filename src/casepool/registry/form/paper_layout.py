"""How high the questions of the paper form stand, measured with the letters of the PDF.

The letters of the Word form are narrower: what fits here fits there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casepool.registry.form.paper import GRID, PaperField, PaperForm, PaperSection

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 210 * MM, 297 * MM, 14 * MM
WIDTH = PAGE_WIDTH - 2 * MARGIN
GUTTER, BOX_GAP, BOX = 6 * MM, 3.4 * MM, 4.2 * MM
COLUMN = (WIDTH + GUTTER) / GRID  # with the empty space at its right
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
LABEL, NOTE, ANSWER, BODY = 8.5, 7.0, 8.5, 8.5
LABEL_LINE, NOTE_LINE, BOX_LINE, NEXT_BOX_LINE, RULED_LINE = 11.0, 9.0, 14.0, 10.0, 17.0
SECTION_TITLE, TOP_LINE = 22.0, 12.0
FOOTER = 9 * MM
HEAD, AGAIN_HEAD = 46.0, 54.0  # title and subtitle of the first page; head of the second
_TIGHT, _AIRY = 3.0, 17.0  # least and largest space below a row


@dataclass(frozen=True)
class Box:
    """A check box: how far to the right it stands, and its text cut into lines."""

    left: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class MeasuredField:
    """A question with its place in the row and its texts cut into lines."""

    field: PaperField
    left: float
    width: float
    label: tuple[str, ...]
    note: tuple[str, ...]
    boxes: tuple[tuple[Box, ...], ...]

    @property
    def question_height(self) -> float:
        """The height of label and note in points."""
        return len(self.label) * LABEL_LINE + len(self.note) * NOTE_LINE

    @property
    def answer_height(self) -> float:
        """The height of boxes or ruled lines in points."""
        return sum(map(box_line_height, self.boxes)) if self.boxes else self.field.n_lines * RULED_LINE


def box_line_height(boxes: tuple[Box, ...]) -> float:
    """Return the height of a line of boxes in points."""
    return BOX_LINE + (max(len(box.lines) for box in boxes) - 1) * NEXT_BOX_LINE


def register_fonts() -> None:
    """Make the letters known to reportlab: they have accents, ≥ and ☐, and go into the PDF."""
    import matplotlib as mpl
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name in (PLAIN, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))


def text_width(text: str, font: str, size: float) -> float:
    """Return the width of a text in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, font, size))


def text_lines(text: str, font: str, size: float, width: float) -> tuple[str, ...]:
    """Return the text cut into lines of a width."""
    from reportlab.lib.utils import simpleSplit

    return tuple(simpleSplit(text, font, size, width)) if text else ()


def field_width(field: PaperField) -> float:
    """Return the width of a field in points."""
    return COLUMN * field.span - GUTTER


@cache
def measured_row(row: tuple[PaperField, ...]) -> tuple[MeasuredField, ...]:
    """Return the fields of a row with their places and lines."""
    register_fonts()
    found, start = [], 0
    for field in row:
        width = field_width(field)
        found.append(
            MeasuredField(
                field,
                COLUMN * start,
                width,
                text_lines(field.label, BOLD, LABEL, width),
                text_lines(field.note, PLAIN, NOTE, width),
                tuple(_box_lines(field, width)),
            )
        )
        start += field.span
    return tuple(found)


def _box_lines(field: PaperField, width: float) -> list[tuple[Box, ...]]:
    if field.in_two_columns:
        return [
            tuple(
                Box(number * (width + GUTTER) / 2, text_lines(text, PLAIN, ANSWER, (width - GUTTER) / 2 - BOX))
                for number, text in enumerate(pair)
            )
            for pair in field.pairs
        ]
    lines: list[tuple[Box, ...]] = []
    left = 0.0
    for text in field.boxes:
        needed = BOX + text_width(text, PLAIN, ANSWER)
        if lines and left + needed <= width:
            lines[-1] = (*lines[-1], Box(left, (text,)))
        else:
            lines.append((Box(0.0, (text,)),))
            left = 0.0
        left += needed + BOX_GAP
    return lines


def question_height(row: tuple[PaperField, ...]) -> float:
    """Return the height of the labels and notes of a row: its answers begin on one line."""
    return max(field.question_height for field in measured_row(row))


def row_height(row: tuple[PaperField, ...]) -> float:
    """Return the height of a row in points, without the space below."""
    return question_height(row) + max(field.answer_height for field in measured_row(row))


def instruction_lines(form: PaperForm) -> list[tuple[str, ...]]:
    """Return the instructions, each cut into lines."""
    register_fonts()
    return [text_lines(text, PLAIN, BODY, WIDTH - 12 * MM) for text in form.instructions]


def head_height(form: PaperForm, page: int) -> float:
    """Return the height of what stands above the first section of a page."""
    if page:
        return AGAIN_HEAD
    return HEAD + (1 + sum(map(len, instruction_lines(form)))) * TOP_LINE + 5 * MM


def space_below(form: PaperForm, page: int) -> float:
    """Return the space below each row that fills the page, within what is pleasant."""
    sections = form.pages[page]
    rows = [row for section in sections for row in section.rows]
    used = head_height(form, page) + len(sections) * SECTION_TITLE + sum(map(row_height, rows))
    room = PAGE_HEIGHT - 2 * MARGIN - FOOTER - used
    return max(_TIGHT, min(_AIRY, room / len(rows)))


def fits(form: PaperForm) -> bool:
    """Return whether the two pages hold everything."""
    return all(_used(form, page) <= PAGE_HEIGHT - 2 * MARGIN - FOOTER + 0.5 for page in range(len(form.pages)))


def _used(form: PaperForm, page: int) -> float:
    return head_height(form, page) + sum(_section_height(one, space_below(form, page)) for one in form.pages[page])


def _section_height(section: PaperSection, space: float) -> float:
    return SECTION_TITLE + sum(row_height(row) + space for row in section.rows)
