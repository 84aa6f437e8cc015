"""Whatever markup a title holds, it comes out of every kind of file that a build writes as the text that it was.

The titles are harmless: they would open a link, include a file or add two numbers, and all of them are invented.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import docx
import pandas as pd
import pytest
from hypothesis import example, given, settings, strategies as st
from lxml import etree, html
from markdown_it import MarkdownIt

from casepool.files import sheets, store
from casepool.files.formulas import guarded, unguarded
from casepool.report.figures.canvas.drawn import Drawn
from casepool.report.figures.canvas.vector import svg_text
from casepool.report.page.pictures import inline_svg
from casepool.report.tables.display import DisplayColumn, DisplayTable
from casepool.report.tables.docx import docx_bytes
from casepool.report.tables.latex import latex_escape, latex_text
from casepool.report.tables.writers import csv_text, html_document
from casepool.search.appendix import in_markdown

MARKUP = (
    "=1+2", "=HYPERLINK(1)", "+1+2", "@SUM(1+2)", "-2+3", "-2.2", "＝1+2", "'", '"', "<script>x</script>", "<b>",
    "</td>", "<!--", "-->", "]]>", "<?x?>", "&amp;", "&", "javascript:x", "\\input{x}", "\\\\", "\\", "$x^2$", "$",
    "%", "{", "}", "{{7*7}}", "{% x %}", "[", "[a](b)", "![a](b)", "`", "```", "|", "*", "__", "#", "~", "^",
    "http://x.example", " ", "é",
)  # fmt: skip
titles = st.lists(st.sampled_from(MARKUP), min_size=1, max_size=4).map(
    lambda parts: "SYNTHETIC".join(parts).strip() or "x"
)
every_title = settings(max_examples=60, deadline=None)
FORMULA = tuple("=+@＝")
TABLE = DisplayTable(
    "demo", "SYNTHETIC", (DisplayColumn("a", "Report", "left"), DisplayColumn("b", "n", "right")), (), (), (), "en"
)


def shown(title: str) -> DisplayTable:
    """Return a table whose first cell, and whose note, is a title."""
    return replace(TABLE, rows=((title, "1"),), notes=(title,))


def each_alone(test: Callable[[str], None]) -> Callable[[str], None]:
    """Try each markup by itself too."""
    for text in MARKUP:
        test = example(text.strip() or "x")(test)
    return test


@each_alone
@every_title
@given(titles)
def test_a_title_is_no_formula_of_a_csv_file_and_is_read_back(title):
    (cell, _) = list(csv.reader(StringIO(csv_text(shown(title)))))[1]
    assert unguarded(cell) == title
    assert not cell.startswith(FORMULA)
    assert not cell.startswith("-") or re.fullmatch(r"-[\d.]+", cell)


def test_a_stored_and_a_typed_table_hold_the_same_title_after_it_was_written_twice(tmp_path):
    """A note that begins with a dash gets no second apostrophe when its table is written again."""
    notes = sorted({text.strip() for text in MARKUP} - {""})
    rows = {
        "record_id": [f"ris:invented{n:03}" for n in range(len(notes))], "stage": "title_abstract",
        "reviewer": "reader", "decision": "exclude", "exclusion_reason": "under_18",
        "date": "2026-01-01", "note": notes,
    }  # fmt: skip
    path = tmp_path / "screening.csv"
    frame = pd.DataFrame(rows)
    for _ in range(2):
        store.write_table("screening", frame, path)
        frame = sheets.read_table("screening", path)
        assert frame["note"].tolist() == notes


@each_alone
@every_title
@given(titles)
def test_a_title_is_text_of_an_html_table(title):
    tree = html.document_fromstring(html_document(shown(title), "en"))
    assert tree.xpath("string(//tbody/tr/th)") == title
    assert tree.xpath("string(//figcaption/p)") == title
    assert not tree.xpath("//script | //img | //b | //comment()")


@each_alone
@every_title
@given(titles)
def test_a_title_is_no_command_of_tex(title):
    """What is no command of ours is no sign that TeX takes for more than itself, and the row keeps its two cells."""
    signs = "textbackslash|textasciitilde|textasciicircum|textless|textgreater|textbar|textquotedbl"
    ours = rf"\\casepoolsign\{{[0-9A-F]+\}}\{{.\}}|\\(?:{signs})\{{\}}|\\[&%$#_{{}}]"
    assert not re.search(r"[\\&%$#_{}^~<>|\"]", re.sub(ours, "", latex_escape(title)))
    row = next(line for line in latex_text(shown(title)).splitlines() if line.endswith(r" & 1 \\"))
    assert not row.startswith(("[", "*"))


@each_alone
@every_title
@given(titles)
def test_a_title_is_text_of_markdown(title):
    """Two readers of Markdown would differ in their extensions; raw HTML and tables are on."""
    made = MarkdownIt("commonmark").enable("table").render(f"- {in_markdown(title)} (x)")
    tree = html.fragment_fromstring(made, create_parent=True)
    assert " ".join(tree.text_content().split()) == " ".join(f"{title} (x)".split())
    assert {one.tag for one in tree.iter()} <= {"div", "ul", "li"}


def test_titles_are_text_of_a_word_document():
    texts = [text.strip() or "x" for text in MARKUP]
    table = replace(TABLE, rows=tuple((text, "1") for text in texts))
    document = docx.Document(BytesIO(docx_bytes(table)))
    assert [row.cells[0].text for row in document.tables[0].rows[1:]] == texts
    xml = etree.tostring(document.element).decode()
    assert not re.search(r"w:(?:hyperlink|object|fldSimple)", xml)
    assert re.findall(r"<w:instrText[^>]*>([^<]*)", xml) == [" SEQ Table \\* ARABIC "]


@pytest.fixture(scope="module")
def drawn() -> str:
    """Return a drawing with every markup in it."""
    figure = Drawn()
    for place, text in enumerate(MARKUP):
        figure.text(0.1, place / len(MARKUP), text.replace("＝", "="), parse_math=False)  # the font has no wide signs
    return svg_text(figure)


def test_a_title_is_text_of_a_drawing_also_inside_a_page(drawn):
    """Well-formed, nothing but shapes and text, and what a browser makes of it is the same."""
    tags = {etree.QName(one).localname for one in etree.fromstring(drawn.encode()).iter(etree.Element)}
    assert not tags & {"script", "a", "image", "foreignObject", "b", "td"}
    page = html.fragment_fromstring(inline_svg(drawn, "x"), create_parent=True)
    assert not page.xpath("//script | //a | //img | //b | //td")


def test_a_guarded_text_is_never_a_formula_and_never_another_text():
    """Also with a tabulator or a carriage return in front, which a spreadsheet passes over."""
    for text in (*MARKUP, "\t=1+2", "\r=1+2", "'=1", "''=1"):
        assert unguarded(guarded(text)) == text
        assert not guarded(text).startswith(("\t", "\r", *FORMULA))


def test_every_csv_file_of_the_package_leaves_by_one_door():
    """But for what is no new file: words for REDCap, a line to be typed, rows of a file as they came, a checksum."""
    root = Path(__file__).resolve().parents[2]
    files = [*(root / "src").rglob("*.py"), *(root / "workflow" / "scripts").glob("*.py")]
    writing = {one.name for one in files if re.search(r"\.to_csv\(|csv\.(?:Dict)?[wW]riter\(", one.read_text("utf-8"))}
    assert writing == {
        *("formulas.py", "redcap.py", "centre_questions.py"),
        *("erasing.py", "merging.py", "results_json.py"),
    }
