"""Texts in three forms: SYNTHETIC sentences with citations, and signs that each form reads as more than themselves."""

from __future__ import annotations

import re
from io import BytesIO

import docx
import pytest
from markdown_it import MarkdownIt

from casepool.report.prose.text import Section, Text, keys_of
from casepool.report.prose.writers import docx_of, latex, markdown, write_texts
from casepool.report.references.works import methods

SENTENCE = "SYNTHETIC *5 %* of a_b & c [@page2021; @clopper1934] in 41–78 % [not a citation]."


@pytest.fixture
def text() -> Text:
    return Text("results", "Results", (Section("Response", (SENTENCE, "[@page2021] again.")),), "en")


def test_a_text_names_each_work_that_it_cites_once(text):
    assert text.cited == ["page2021", "clopper1934"]
    assert list(keys_of("no citation [a@b]")) == []


def test_markdown_keeps_citations_for_pandoc_and_escapes_the_rest(text):
    made = markdown(text)
    assert "[@page2021; @clopper1934]" in made
    assert "[@page2021] again." in made
    plain = re.sub(r"<[^>]+>", "", MarkdownIt("commonmark").render(made)).replace("&amp;", "&")
    assert SENTENCE in plain


def test_latex_cites_and_keeps_ranges_in_one_line(text):
    made = latex(text)
    assert r"SYNTHETIC *5 \%* of a\_b \& c \cite{page2021,clopper1934} in \mbox{41--78} \% [not a citation]." in made
    assert r"\section{Results}" in made
    assert r"\subsection{Response}" in made


def test_word_cites_by_name_and_year_and_lists_the_works_at_its_end(text):
    document = docx.Document(BytesIO(docx_of(text, {one.key: one for one in methods()}, {"page2021": "Page 2021b"})))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[2] == SENTENCE.replace("[@page2021; @clopper1934]", "(Page 2021b; Clopper and Pearson 1934)")
    assert [line.split(",")[0] for line in lines[-2:]] == ["Clopper C. J.", "Page M. J."]
    assert [one.style.name for one in document.paragraphs[:3]] == ["Heading 1", "Heading 2", "Normal"]


def test_invented_data_are_marked_in_every_form_and_the_bytes_are_the_same_twice(text, tmp_path):
    marked = Text(text.key, text.title, text.sections, "fr", "DONNÉES SYNTHÉTIQUES")
    written = []
    for folder in ("a", "b"):
        paths = write_texts([marked], methods(), {}, tmp_path / folder)
        written.append({path.name: path.read_bytes() for path in paths})
    assert written[0] == written[1]
    assert sorted(written[0]) == ["results.docx", "results.md", "results.tex"]
    assert b"SYNTH" in written[0]["results.md"]
    assert b"SYNTH" in written[0]["results.tex"]
    document = docx.Document(BytesIO(written[0]["results.docx"]))
    assert document.paragraphs[1].text == "DONNÉES SYNTHÉTIQUES"
