"""The paper form as a PDF of two pages, ready to print."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from casepool.model.errors import RenderError
from casepool.model.protocol import Language, Protocol
from casepool.office.style import ALARM, GREY, GROUP_COLOURS, INK
from casepool.registry.form import paper_layout as layout
from casepool.registry.form.paper import PaperForm, PaperSection, paper_form
from casepool.registry.form.paper_layout import BOLD, MM, PLAIN, Box, MeasuredField
from casepool.registry.form.words import words

_LINE, _BOX_FRAME = "8A94A0", "3C4650"
_TICK = 3.0 * MM


def form_pdf(protocol: Protocol, language: Language) -> bytes:
    """Return the PDF; two calls give the same bytes.

    Raises
    ------
    RenderError
        Where the diseases of the protocol do not fit on the first page.
    """
    form = paper_form(protocol, language)
    if not layout.fits(form):
        message = "the paper form does not fit on two pages; expected fewer or shorter diseases in the protocol"
        raise RenderError(message)
    layout.register_fonts()
    written = BytesIO()
    _Pen(form, written).draw()
    return written.getvalue()


class _Pen:
    """Draws from the top of the page downwards; ``y`` is where the next thing begins."""

    def __init__(self, form: PaperForm, target: BytesIO) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.form = form
        self.page = 0
        self.y = 0.0
        size = (layout.PAGE_WIDTH, layout.PAGE_HEIGHT)
        self.canvas: Any = Canvas(target, pagesize=size, invariant=1, lang=form.language, pageCompression=1)
        self.canvas.setTitle(f"{form.mark} {form.title}".strip())
        self.canvas.setAuthor("casepool")
        self.canvas.setSubject(form.subtitle)

    def draw(self) -> None:
        for number, sections in enumerate(self.form.pages):
            self.page = number
            self.y = layout.PAGE_HEIGHT - layout.MARGIN
            if self.page:
                self._head_again()
            else:
                self._head()
            space = layout.space_below(self.form, self.page)
            for section in sections:
                self._section(section, space)
            self._foot()
            self.canvas.showPage()
        self.canvas.save()

    def _text(self, x: float, y: float, text: str, font: str = PLAIN, size: float = 8.5, colour: str = INK) -> None:
        self.canvas.setFillColor(f"#{colour}")
        self.canvas.setFont(font, size)
        self.canvas.drawString(layout.MARGIN + x, y, text)

    def _rule(self, x: float, y: float, width: float, colour: str = _LINE, weight: float = 0.6) -> None:
        self.canvas.setStrokeColor(f"#{colour}")
        self.canvas.setLineWidth(weight)
        self.canvas.line(layout.MARGIN + x, y, layout.MARGIN + x + width, y)

    def _mark(self) -> None:
        if self.form.mark:
            width = layout.text_width(self.form.mark, BOLD, 13)
            self._text(layout.WIDTH - width, layout.PAGE_HEIGHT - layout.MARGIN - 12, self.form.mark, BOLD, 13, ALARM)

    def _head(self) -> None:
        top = self.y
        self._mark()
        self._text(0, top - 17, self.form.title, BOLD, 19)
        self._text(0, top - 32, self.form.subtitle, PLAIN, 9, GREY)
        self.y = top - layout.HEAD
        lines = layout.instruction_lines(self.form)
        height = (1 + sum(map(len, lines))) * layout.TOP_LINE + 2 * MM
        self.canvas.setFillColor("#FDF3F2")
        self.canvas.rect(layout.MARGIN, self.y - height, layout.WIDTH, height, stroke=0, fill=1)
        self.canvas.setFillColor(f"#{ALARM}")
        self.canvas.rect(layout.MARGIN, self.y - height, 1.2 * MM, height, stroke=0, fill=1)
        baseline = self.y - layout.TOP_LINE
        self._text(5 * MM, baseline, self.form.instructions_title, BOLD, 9, ALARM)
        for one in lines:
            self._text(5 * MM, baseline - layout.TOP_LINE, "•")
            for line in one:
                baseline -= layout.TOP_LINE
                self._text(8.5 * MM, baseline, line)
        self.y = top - layout.head_height(self.form, 0)

    def _head_again(self) -> None:
        top = self.y
        self._mark()
        self._text(0, top - 11, self.form.title, BOLD, 11)
        x = 0.0
        for field, share in zip(self.form.again, (0.68, 0.32), strict=True):
            label = field.label.removesuffix(" *")
            self._text(x, top - 34, label, PLAIN, 8, GREY)
            start = x + layout.text_width(label, PLAIN, 8) + 2 * MM
            if field.prefix:
                self._text(start, top - 34, field.prefix, BOLD, 9)
                start += 4 * MM
            end = x + layout.WIDTH * share - (0 if x else layout.GUTTER)
            self._rule(start, top - 36, end - start)
            x += layout.WIDTH * share
        self.y = top - layout.head_height(self.form, 1)

    def _section(self, section: PaperSection, space: float) -> None:
        colour = GROUP_COLOURS[section.colour]
        self._text(0, self.y - 12, section.title, BOLD, 11, colour)
        self._rule(0, self.y - 16, layout.WIDTH, colour, 1.2)
        self.y -= layout.SECTION_TITLE
        for row in section.rows:
            for field in layout.measured_row(row):
                self._question(field, self.y)
                self._answer(field, self.y - layout.question_height(row))
            self.y -= layout.row_height(row) + space

    def _question(self, field: MeasuredField, y: float) -> None:
        for line in field.label:
            y -= layout.LABEL_LINE
            self._text(field.left, y + 2.5, line, BOLD, layout.LABEL)
        for line in field.note:
            y -= layout.NOTE_LINE
            self._text(field.left, y + 2.2, line, PLAIN, layout.NOTE, GREY)

    def _answer(self, field: MeasuredField, y: float) -> None:
        for boxes in field.boxes:
            self._boxes(field, boxes, y + 2.5 - layout.BOX_LINE)
            y -= layout.box_line_height(boxes)
        for _ in range(0 if field.boxes else field.field.n_lines):
            y -= layout.RULED_LINE
            self._ruled(field, y + 2)

    def _boxes(self, field: MeasuredField, boxes: tuple[Box, ...], y: float) -> None:
        for box in boxes:
            x = field.left + box.left
            self.canvas.setStrokeColor(f"#{_BOX_FRAME}")
            self.canvas.setLineWidth(0.7)
            self.canvas.rect(layout.MARGIN + x, y - 1, _TICK, _TICK, stroke=1, fill=0)
            for number, line in enumerate(box.lines):
                self._text(x + layout.BOX, y - number * layout.NEXT_BOX_LINE, line, PLAIN, layout.ANSWER)

    def _ruled(self, field: MeasuredField, y: float) -> None:
        self._rule(field.left, y, field.width)
        if field.field.prefix:
            self._text(field.left, y + 2.5, field.field.prefix, BOLD, layout.ANSWER)
        if field.field.unit:
            width = layout.text_width(field.field.unit, PLAIN, 7.5)
            self._text(field.left + field.width - width, y + 2.5, field.field.unit, PLAIN, 7.5, GREY)

    def _foot(self) -> None:
        y = layout.MARGIN - 1 * MM
        page = words(self.form.language)["paper"]["page"].format(page=self.page + 1)
        self._text(0, y, f"{self.form.star}  ·  {self.form.subtitle}", PLAIN, 7, GREY)
        self._text(layout.WIDTH - layout.text_width(page, PLAIN, 7), y, page, PLAIN, 7, GREY)
