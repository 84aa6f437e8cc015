"""What figures show in words and what lists hold fits into a PDF for the archive, however many sources there are."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
import typst
from pypdfium2 import PdfDocument

from casepool.report.page.pdf import LONGEST, spoken, table_in_pdf
from casepool.report.tables.display import DisplayColumn, DisplayTable
from casepool.report.words.catalogue import load_catalogue

MORE = "The rest is elsewhere."
ONE = "Lévêque–Ö 2019, ≥ 3/3, 100% (29–100); "
TEXT = """#set document(title: "SYNTHETIC", date: datetime(year: 2026, month: 1, day: 1))
#set text(lang: "en")
#image("a.svg", alt: sys.inputs.alt)"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'


def test_a_description_of_few_sources_stays_as_it_is():
    assert spoken(ONE * 10, MORE) == ONE * 10


@pytest.mark.parametrize("n", [500, 5000])
def test_a_description_of_thousands_of_sources_ends_behind_a_whole_one_and_says_so(n):
    told = spoken(ONE * n, MORE)
    assert told.endswith(f"(29–100); {MORE}")
    files = {"main.typ": TEXT.encode(), "a.svg": DRAWING.encode()}
    assert typst.compile(files, pdf_standards=["a-2a", "ua-1"], sys_inputs={"alt": told}).startswith(b"%PDF")
    with pytest.raises(typst.TypstError, match="longer than 32767"):
        typst.compile(files, pdf_standards=["a-2a", "ua-1"], sys_inputs={"alt": ONE * 5000})


def words_in_pdf(table, language):
    """Return the text of a PDF with one section and one table, set by the template of the report."""
    part = {"title": "Liste", "paragraphs": [], "items": [], "terms": [], "figures": []}
    shown = part | {"tables": [table_in_pdf(table, load_catalogue(language))]}
    document = {"title": "SYNTHETIC", "subtitle": "", "language": language, "mark": "SYNTHETIC", "date": [2026, 1, 1]}
    document |= {"provenance": "SYNTHETIC", "sections": [shown], "annex": {"title": "Annex", "sections": []}}
    template = files("casepool.report.page").joinpath("templates", "report.typ").read_bytes()
    made = typst.compile(
        {"main.typ": template, "report.json": json.dumps(document).encode()}, pdf_standards=["a-2a", "ua-1"]
    )
    return "".join(page.get_textpage().get_text_bounded() for page in PdfDocument(made))


@pytest.mark.parametrize(("language", "n"), [("en", "1,001 rows"), ("fr", "1\u202f001 lignes")])
def test_a_list_that_nobody_turns_the_pages_of_is_not_printed_and_the_pdf_says_where_it_is(language, n):
    columns = (DisplayColumn("source", "Source"), DisplayColumn("patients", "Patients", "right"))
    rows = tuple((f"Quelle{number}", "1") for number in range(LONGEST + 1))
    words = words_in_pdf(DisplayTable("sources", "Sources", columns, rows, ("A note.",), language=language), language)
    assert n in words.replace("\r\n", " ")
    assert "report.html" in words
    assert "Sources." in words
    assert "Quelle" not in words
    shorter = DisplayTable("sources", "Sources", columns, rows[:-1], ("A note.",), language=language)
    words = words_in_pdf(shorter, language)
    assert words.count("Quelle") == LONGEST
    assert "report.html" not in words
    assert "A note." in words
