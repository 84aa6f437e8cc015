"""Writing tables."""

import csv
import time
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO, StringIO

import docx
import pytest

from casepool.report.tables.display import DisplayColumn, DisplayTable
from casepool.report.tables.docx import docx_bytes
from casepool.report.tables.manuscript import display_tables
from casepool.report.tables.writers import (
    csv_text,
    html_fragment,
    latex_escape,
    latex_text,
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


def test_latex_uses_booktabs_and_as_many_cells_as_columns(table):
    text = latex_text(table)
    assert [rule in text for rule in (r"\toprule", r"\midrule", r"\bottomrule", r"\label{tab:demo}")] == [True] * 4
    assert r"Evans \textless{}b\textgreater{} & 59~\% (41--78) \\" in text
    assert r"\textbf{Total} & \textbf{--} \\" in text


def test_csv_holds_the_cells_and_empties_the_missing(table):
    rows = list(csv.reader(StringIO(csv_text(table))))
    assert rows == [["Maladie", "Taux & IC"], ["Evans <b>", "59\u00a0% (41–78)"], ["Total", ""]]


def test_html_is_escaped_and_marks_totals(table):
    text = html_fragment(table)
    assert "Evans &lt;b&gt;" in text
    assert '<tr class="total">' in text
    parser = HTMLParser()
    parser.feed(text)


def test_docx_holds_title_table_and_notes(table):
    document = docx.Document(BytesIO(docx_bytes(table)))
    assert [paragraph.text for paragraph in document.paragraphs] == ["Taux", "n ≥ 1"]
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["Evans <b>", "59\u00a0% (41–78)"]


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
    assert "\n'=HYPERLINK(1)," in csv_text(shown)
