"""The paper form: every question once, on two pages, nothing beyond the margins."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import docx
import invented
import pytest
from reportlab.pdfgen.canvas import Canvas

from casepool.contract.registry import FORM
from casepool.model.errors import RenderError
from casepool.model.protocol import Bilingual, Disease, Protocol
from casepool.model.vocabulary import label
from casepool.registry.form import paper_layout as layout
from casepool.registry.form.paper import GRID, PaperForm, paper_form
from casepool.registry.form.pdf import form_pdf
from casepool.registry.form.texts import form_texts
from casepool.registry.form.word import form_docx

LANGUAGES = ("fr", "en")
the_protocol = cache(invented.protocol)  # read once: it is not changed


def protocol(**changes: object) -> Protocol:
    return the_protocol().model_copy(update=changes)


def fields(form: PaperForm):
    return [field for page in form.pages for section in page for row in section.rows for field in row]


@cache
def word(language: str) -> bytes:
    """Return the Word form of a language, made once."""
    return form_docx(protocol(), language)


def paragraphs(content: bytes) -> list[str]:
    """Return the texts of a Word document, in tables too, with plain spaces."""
    document = docx.Document(BytesIO(content))
    lines = document.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")
    texts = ["".join(piece.text or "" for piece in line.iter() if piece.tag.endswith("}t")) for line in lines]
    return [text.replace("\u00a0", " ") for text in texts]


@pytest.fixture
def drawn(monkeypatch):
    """Record what the PDF draws: text, left, right and baseline."""
    found: list[tuple[str, float, float, float]] = []
    draw = Canvas.drawString

    def spy(canvas, x, y, text, **options):
        right = x + layout.text_width(text, canvas._fontname, canvas._fontsize)
        found.append((text, x, right, y))
        draw(canvas, x, y, text, **options)

    monkeypatch.setattr(Canvas, "drawString", spy)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_stands_on_the_paper_once_and_in_order(language):
    assert [field.name for field in fields(paper_form(protocol(), language))] == FORM.names


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_has_a_box(language):
    boxes = {field.name: field.boxes for field in fields(paper_form(protocol(), language))}
    for column in FORM.columns:
        if column.name != "disease":
            assert boxes[column.name] == tuple(label(member, language) for member in column.members)
    assert len(boxes["disease"]) == len(protocol().eligible_ids) + 1


def test_no_row_is_wider_than_the_page():
    rows = [row for page in paper_form(protocol(), "fr").pages for section in page for row in section.rows]
    assert all(sum(field.span for field in row) <= GRID for row in rows)
    assert pytest.approx(layout.WIDTH) == layout.COLUMN * GRID - layout.GUTTER


def test_the_unit_is_told_once():
    told = {field.name: field for field in fields(paper_form(protocol(), "fr"))}
    assert (told["follow_up_months"].label, told["follow_up_months"].unit) == ("Suivi", "mois")
    assert (told["age_years"].label, told["age_years"].unit) == ("Âge à la première dose", "années")
    assert told["filled_on"].unit == "jj / mm / aaaa"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_has_two_pages_and_carries_its_letters(language):
    content = form_pdf(protocol(), language)
    assert len(re.findall(rb"/Type /Page\b", content)) == 2
    assert content.count(b"/FontFile2") == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("synthetic", [False, True])
def test_the_pdf_draws_nothing_beyond_the_margins(drawn, language, synthetic):
    form_pdf(protocol(synthetic=synthetic), language)
    assert len(drawn) > 100
    for text, left, right, baseline in drawn:
        assert left >= layout.MARGIN - 0.1, text
        assert right <= layout.PAGE_WIDTH - layout.MARGIN + 0.1, text
        assert baseline >= layout.MARGIN / 2, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_tells_every_label_choice_and_instruction(drawn, language):
    form_pdf(protocol(), language)
    told = " ".join(text for text, *_ in drawn)
    form = paper_form(protocol(), language)
    expected = [*form.instructions, *(text for one in fields(form) for text in (one.label, one.note, *one.boxes))]
    missing = [text for text in expected if not all(word in told for word in text.split())]
    assert not missing
    assert sum(text == "•" for text, *_ in drawn) == len(form.instructions)


def test_no_two_texts_of_the_pdf_lie_on_one_another(drawn):
    form_pdf(protocol(), "fr")
    half = next(number for number, one in enumerate(drawn) if "page 1" in one[0]) + 1
    for page in (drawn[:half], drawn[half:]):
        for number, (text, left, right, y) in enumerate(page):
            for other, its_left, its_right, its_y in page[number + 1 :]:
                apart = right <= its_left or its_right <= left or abs(y - its_y) >= 6
                assert apart, (text, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_tells_the_same_as_the_pdf(language):
    told = paragraphs(word(language))
    form = paper_form(protocol(), language)
    assert {field.label for field in fields(form)} <= set(told)
    assert {field.note for field in fields(form) if field.note} <= set(told)
    assert {f"•{line}" for line in form.instructions} <= set(told)
    joined = " ".join(told)
    assert all(f"\u2610 {box}" in joined for field in fields(form) for box in field.boxes)
    assert sum(text.count("\u2610") for text in told) == sum(len(field.boxes) for field in fields(form))


def test_word_begins_its_second_page_with_the_treatment():
    document = docx.Document(BytesIO(word("fr")))
    breaks = [line for line in document.paragraphs if line.paragraph_format.page_break_before]
    tables = [table.rows[0].cells[0].text for table in document.tables]
    assert [line.text for line in breaks] == ["Fiche de recueil"]
    assert tables[0].startswith("Avant de remplir")
    assert tables[1] == "Centre"
    assert tables[3] == "Traitement"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rows_of_word_fit_on_their_pages(language):
    document = docx.Document(BytesIO(word(language)))
    [page] = document.sections
    room = page.page_height.pt - page.top_margin.pt - page.bottom_margin.pt
    for number, table in enumerate((document.tables[1], document.tables[3])):
        used = layout.head_height(paper_form(protocol(), language), number) + sum(row.height.pt for row in table.rows)
        assert 0.9 * room < used < room - 15  # letters of another width may need a line more


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_and_pdf_warn_of_what_must_never_be_written(drawn, language):
    form_pdf(protocol(), language)
    warning = form_texts(language, protocol()).intro[2]
    assert any(text in warning and len(text) > 50 for text, *_ in drawn)
    assert f"•{warning}" in paragraphs(word(language))


# The order in which the standard (ECMA-376, part 1) wants the children of an element; Word refuses another.
ORDERS = {
    "tblPr": ["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"],
    "tcPr": ["tcW", "gridSpan", "vMerge", "tcBorders", "shd"],
    "pPr": ["pStyle", "keepNext", "pageBreakBefore", "pBdr", "shd", "tabs", "spacing", "ind", "jc", "rPr"],
    "rPr": ["rStyle", "rFonts", "b", "color", "sz", "lang"],
}


@pytest.mark.parametrize("element", ORDERS)
def test_the_properties_of_word_stand_in_the_order_of_the_standard(element):
    body = docx.Document(BytesIO(form_docx(protocol(synthetic=True), "fr"))).element.body
    found = [[child.tag.split("}")[1] for child in one] for one in body.iter() if one.tag.endswith(f"}}{element}")]
    assert found
    for children in found:
        assert children == sorted(children, key=ORDERS[element].index)


def test_a_synthetic_paper_form_says_so_on_both_pages(drawn):
    form_pdf(protocol(synthetic=True), "fr")
    told = [text for text in paragraphs(form_docx(protocol(synthetic=True), "fr")) if "SYNTHÉTIQUE" in text]
    assert sum(text == "SYNTHÉTIQUE" for text, *_ in drawn) == 2
    assert told == ["Fiche de recueilSYNTHÉTIQUE"] * 2


def test_a_form_that_is_not_synthetic_has_no_mark(drawn):
    form_pdf(protocol(), "fr")
    assert not any("SYNTH" in text for text, *_ in drawn)
    assert "SYNTH" not in ZipFile(BytesIO(word("fr"))).read("word/document.xml").decode()


def many_diseases(n: int) -> Protocol:
    """Return a protocol that asks about `n` diseases."""
    name = Bilingual(en="Invented disease", fr="Maladie inventée")
    diseases = [Disease(id=f"d{number}", name=name, short=name, eligible=True) for number in range(n)]
    return protocol(diseases=tuple(diseases))


def test_more_diseases_take_the_space_between_the_rows():
    loose, tight = (layout.space_below(paper_form(many_diseases(n), "en"), 0) for n in (10, 22))
    assert tight < loose
    assert len(re.findall(rb"/Type /Page\b", form_pdf(many_diseases(22), "en"))) == 2


def test_diseases_that_do_not_fit_are_an_error_and_not_a_cut_page():
    with pytest.raises(RenderError, match="does not fit on two pages"):
        form_pdf(many_diseases(60), "en")
