"""Writing tables."""

import csv
import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO, StringIO
from zipfile import ZipFile

import docx
import invented
import pytest
from lxml import etree

from casepool.report.tables.display import DisplayColumn, DisplayTable, InLanguage
from casepool.report.tables.docx import add_table, docx_bytes
from casepool.report.tables.latex import latex_escape, latex_text
from casepool.report.tables.manuscript import display_tables
from casepool.report.tables.word_styles import frozen_document, styled_document
from casepool.report.tables.writers import (
    csv_text,
    html_fragment,
    write_display_table,
    write_display_tables,
)
from casepool.report.words.catalogue import load_catalogue


@pytest.fixture
def table() -> DisplayTable:
    columns = (DisplayColumn("a", "Mala\u00addie", "left", 2), DisplayColumn("b", "Taux & IC", "right"))
    rows = (("Evans <b>", "59\u00a0% (41–78)"), ("Total", "–"))
    return DisplayTable("demo", "Taux", columns, rows, ("n ≥ 1",), (1,), "fr")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50 % & 3_4 #1 $x {y}", r"50 \% \& 3\_4 \#1 \$x \{y\}"),
        ("a\\b~c^d", r"a\textbackslash{}b\textasciitilde{}c\textasciicircum{}d"),
        ("1\u202f234\u00a0%", r"1\,234~\%"),
        ("41–78 —", "41--78 ---"),
        ("≥ ∞ γ −", r"\ensuremath{\geq} \ensuremath{\infty} \ensuremath{\gamma} \ensuremath{-}"),
        ("l’été", "l'été"),
    ],
)
def test_latex_signs_are_escaped(text, expected):
    assert latex_escape(text) == expected


@pytest.mark.parametrize("sign", ["字", "ħ", "ж"])
def test_a_letter_that_pdflatex_does_not_know_is_shown_by_its_number_there(sign):
    assert latex_escape(f"a{sign}") == rf"a\casepoolsign{{{ord(sign):X}}}{{{sign}}}"


def test_latex_has_every_sign_that_the_texts_of_the_report_use():
    """The between-disease deviation of the forest plot was printed as a number of Unicode in a thesis."""
    words = "".join(
        path.read_text(encoding="utf-8") for path in (invented.ROOT / "src/casepool/report").rglob("*.yaml")
    )
    assert [sign for sign in sorted(set(words)) if "casepoolsign" in latex_escape(sign)] == []


@pytest.mark.parametrize(
    ("sign", "command"), [("τ", "tau"), ("λ", "lambda"), ("Λ", "Lambda"), ("ς", "varsigma"), ("µ", "mu")]
)
def test_a_greek_letter_is_the_command_of_its_name(sign, command):
    assert latex_escape(sign) == rf"\ensuremath{{\{command}}}"


def test_latex_uses_booktabs_and_as_many_cells_as_columns(table):
    text = latex_text(table)
    assert [rule in text for rule in (r"\toprule", r"\midrule", r"\bottomrule", r"\label{tab:demo}")] == [True] * 4
    assert r"Evans \textless{}b\textgreater{} & 59~\% \mbox{(41--78)} \\" in text
    assert r"\textbf{Total} & \textbf{--} \\" in text


def test_latex_measures_the_columns_of_numbers_and_shares_the_rest_among_texts(table):
    text = latex_text(table)
    assert r"\casepoolbegin{\small}{3pt}{2}" in text
    assert r"\casepoolmeasure{b}{\textbf{Taux}\\\textbf{\&}\\\textbf{IC}\\00~\% \mbox{(00--00)}\\\textbf{--}}" in text
    assert r">{\casepooltext}p{1.0000\casepoolroom}>{\casepoolnumber}p{\casepoolwidth{b}}" in text
    assert "landscape" not in text


@pytest.mark.parametrize(
    ("n", "size", "side"), [(4, "small", 0), (9, "footnotesize", 0), (11, "scriptsize", 0), (14, "footnotesize", 1)]
)
def test_a_table_takes_the_largest_type_that_fits_and_lies_on_its_side_where_none_does(n, size, side):
    columns = tuple(DisplayColumn(f"c{place}", "Rate", "right") for place in range(n))
    wide = DisplayTable("wide", "Rates", columns, (("94% (73–)",) * n,))
    assert (rf"\casepoolbegin{{\{size}}}" in latex_text(wide), latex_text(wide).count("{landscape}")) == (
        True,
        2 * side,
    )


def test_a_source_in_a_table_is_cited_by_its_key_on_request(table):
    text = latex_text(replace(table, row_keys=("evans2020", "")))
    assert r"\textgreater{}\casepoolcite{evans2020} & " in text
    assert text.count("casepoolcite") == 1


def test_csv_holds_the_cells_and_empties_the_missing(table):
    rows = list(csv.reader(StringIO(csv_text(table).removeprefix("\ufeff")), delimiter=";"))
    assert rows == [["Maladie", "Taux & IC"], ["Evans <b>", "59\u00a0% (41–78)"], ["Total", ""]]


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", "a;5 sur 6;1\u202f234 sur 2\u202f000;evans"), ("en", "a,5 of 6")]
)
def test_a_count_is_no_date_and_a_source_has_its_key_in_a_csv_of_its_language(language, expected):
    columns = tuple(DisplayColumn(name, name) for name in "abc")
    shown = DisplayTable(
        "x", "x", columns, (("a", "5/6", "1\u202f234/2\u202f000"),), language=language, row_keys=("evans",)
    )
    assert csv_text(shown).splitlines()[1].startswith(expected)


def test_html_is_escaped_and_marks_totals(table):
    text = html_fragment(table)
    assert "Evans &lt;b&gt;" in text
    assert '<tr class="total">' in text
    parser = HTMLParser()
    parser.feed(text)


def test_docx_holds_title_table_and_notes(table):
    document = docx.Document(BytesIO(docx_bytes(table)))
    assert [paragraph.text for paragraph in document.paragraphs] == ["Tableau\u00a01. Taux", "n ≥ 1"]
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["Evans <b>", "59\u00a0% (41–78)"]


def test_docx_looks_by_named_styles_alone(table):
    """No run and no cell has a font, a size, a colour or a border of its own that a template could not restyle."""
    document = docx.Document(BytesIO(docx_bytes(table)))
    assert [one.style.name for one in document.paragraphs] == ["Caption", "Table Note"]
    grid = document.tables[0]
    assert grid.style.name == "casepool Table"
    assert [cell.paragraphs[0].style.name for cell in grid.rows[1].cells] == ["Table Text", "Table Number"]
    assert [run.style.name for run in grid.rows[2].cells[0].paragraphs[0].runs] == ["Strong"]
    direct = re.findall(
        r"<w:(?:sz|rFonts|color|b|i|jc|shd|tcBorders|tblBorders|spacing)\b", etree.tostring(document.element).decode()
    )
    assert direct == []


def test_docx_numbers_its_captions_and_is_as_wide_as_the_text(table):
    document = docx.Document(BytesIO(docx_bytes(table)))
    add_table(document, replace(table, key="other"), number=2)
    xml = etree.tostring(document.element).decode()
    assert re.findall(r"SEQ (\w+) ", xml) == ["Tableau", "Tableau"]
    assert re.findall(r'bookmarkStart w:id="(\d)" w:name="(\w+)"', xml) == [
        ("1", "casepool_table_demo"),
        ("2", "casepool_table_other"),
    ]
    assert xml.count('<w:tblW w:type="pct" w:w="5000"/>') == xml.count("<w:tblHeader/>") == 2
    assert document.sections[0].page_width < document.sections[0].page_height


def test_docx_is_in_its_language_and_brings_no_picture_or_date_of_another_document(table):
    content = docx_bytes(
        replace(table, rows=(("Érythro\u00adblasto\u2011pénie", InLanguage("A title", "en")), table.rows[1]))
    )
    with ZipFile(BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if "thumbnail" in name]
        assert b"dcterms" not in re.sub(rb"xmlns:\w+=\S+", b"", parts.read("docProps/core.xml"))
        assert set(re.findall(rb'<w:lang w:val="([\w-]+)"', parts.read("word/styles.xml"))) == {b"fr-FR"}
        body = parts.read("word/document.xml").decode()
    assert re.search("Érythro</w:t><w:softHyphen/><w:t[^>]*>blasto</w:t><w:noBreakHyphen/>", body)
    assert re.search('<w:lang w:val="en-GB"/></w:rPr><w:t[^>]*>A title', body)


def test_docx_has_the_same_bytes_at_another_time(table, monkeypatch):
    first = docx_bytes(table)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert docx_bytes(table) == first


def test_a_table_is_written_in_four_forms(table, tmp_path):
    paths = write_display_table(table, tmp_path / "tables" / "demo", "fr")
    assert [path.name for path in paths] == ["demo.csv", "demo.html", "demo.tex", "demo.docx"]
    assert all(path.stat().st_size for path in paths)


def test_all_tables_are_written_with_the_same_bytes_twice(frames, protocol, tmp_path):
    written = []
    for folder in ("a", "b"):
        paths = write_display_tables(display_tables(frames, protocol, load_catalogue("fr")), tmp_path / folder, "fr")
        written.append({path.name: path.read_bytes() for path in paths})
    assert written[0] == written[1]
    assert len(written[0]) == 48


@pytest.mark.parametrize("cell", ["[Anonymous]", "*"])
def test_a_first_cell_that_latex_would_read_as_an_option_is_kept_apart_from_the_row_before(table, cell):
    """A row ends with two backslashes, which take a star and what stands in brackets."""
    shown = replace(table, rows=((cell, *table.rows[0][1:]), *table.rows[1:]))
    assert f"{{}}{cell} & " in latex_text(shown)


def test_a_formula_in_a_cell_is_none_in_the_csv_file(table):
    shown = replace(table, rows=(("=HYPERLINK(1)", *table.rows[0][1:]), *table.rows[1:]))
    assert "\n'=HYPERLINK(1);" in csv_text(shown)


def test_the_parts_of_a_word_document_are_those_that_the_library_saves(table):
    """python-docx 1.2.0: all but the dates, in a document with a table and a link."""
    document = styled_document("fr", "Titre")
    add_table(document, table)
    document.part.relate_to("https://example.org", "http://casepool/link", is_external=True)
    saved = BytesIO()
    document.save(saved)
    with ZipFile(saved) as one, ZipFile(BytesIO(frozen_document(document))) as other:
        assert sorted(one.namelist()) == sorted(other.namelist())
        differing = [name for name in one.namelist() if one.read(name) != other.read(name)]
        assert differing == ["docProps/core.xml"]
        assert b"https://example.org" in other.read("word/_rels/document.xml.rels")
