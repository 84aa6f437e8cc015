"""The strategy evaluated offline as PubMed would: words, truncation, headings."""

from __future__ import annotations

import invented
import pytest

from casepool.search.known_items import RecordTexts, met_lines, record_texts, title_texts
from casepool.search.strategy import Field, Line, Strategy, search_strategy

DRUG = Line("daratumumab", Field.TEXT)


def meets(text, line, field=Field.TEXT, **where):
    """Return whether a line of words (or of headings) is met by a title (or another part)."""
    met = met_lines(Strategy((DRUG,), (Line(line, field),)), RecordTexts(text, **where))
    return bool(met.subjects)


@pytest.mark.parametrize(
    ("title", "line", "expected"),
    [
        ("Pure red cell aplasia", "red cell aplas*", True),
        ("Pure Red-Cell Aplastic Anemia", "red cell aplas*", True),
        ("Pure red blood cell aplasia", "red cell aplas*", False),
        ("Refractory ITP", "ITP", True),
        ("Refractory ITP", "itp", True),
        ("The ITPA gene", "ITP", False),
        ("Autoimmune cytopenia", "immune cytopeni*", False),
        ("Autoimmune cytopenia", "cytopeni*", True),
        ("ABO-Incompatible transplantation", "ABO-incompatib*", True),
        ("ABO incompatible transplantation", "ABO-incompatib*", True),
        ("Sjögren’s disease", "Sjogren*", True),
        ("Anti\u2010Jo\u20101 syndrome", "anti-Jo-1", True),
        ("Myositides", "myositis", False),
        ("Red cell and white cell aplasia", "red cell aplas*", False),
    ],
)
def test_words_are_met_whole_in_order_with_case_hyphen_and_accent_folded(title, line, expected):
    """A phrase is no bag of words, and a word no part of another."""
    assert meets(title, line) is expected


def test_a_phrase_does_not_run_from_one_part_into_the_next():
    """The end of the title and the start of the abstract are no neighbours."""
    assert not meets("The red", "red cell", abstract="cell")
    assert meets("The red", "red cell", abstract="one red cell", keywords=("x",))
    assert meets("", "red cell", keywords=("Red cell",))


def test_a_line_of_headings_is_met_by_that_heading_only():
    """Neither by the words of the title, nor by a heading below it."""
    mesh = Field.MESH
    assert meets("x", "Lupus Nephritis", mesh, headings=("lupus nephritis",))
    assert not meets("Lupus Nephritis", "Lupus Nephritis", mesh)
    assert not meets("x", "Autoimmune Diseases", mesh, headings=("Lupus Nephritis",))
    assert not meets("x", "lupus", headings=("Lupus Nephritis",))


def test_drug_and_subject_must_both_be_met():
    """One of each group."""
    strategy = search_strategy(invented.protocol())
    both = met_lines(strategy, RecordTexts("Daratumumab in lupus"))
    assert (both.found, str(both.drug[0]), str(both.subjects[0])) == (True, '"daratumumab"[tiab]', '"lupus"[tiab]')
    assert not met_lines(strategy, RecordTexts("Daratumumab in myeloma")).found
    assert not met_lines(strategy, RecordTexts("Rituximab in lupus")).found
    substance = met_lines(strategy, RecordTexts("Lupus", headings=("daratumumab",)))
    assert str(substance.drug[0]) == '"daratumumab"[Supplementary Concept]'


@pytest.mark.parametrize(
    "title",
    [
        "Plasma cell depletion in immune thrombocytopaenia",
        "Targeting CD38 in refractory myositis",
        "CD38-targeted treatment of isoagglutinins after transplantation",
        "Daratumumab for erythroblastopenia",
        "Daratumumab in anti-neutrophil cytoplasmic antibody vasculitis",
    ],
)
def test_titles_that_name_drug_and_disease_in_other_words_are_met(title):
    """Invented titles in the wordings that the protocol means to cover."""
    assert met_lines(search_strategy(invented.protocol()), RecordTexts(title)).found


@pytest.mark.parametrize("title", [None, " ", "[title not seen] Daratumumab in lupus"])
def test_a_title_that_nobody_has_seen_is_none(title):
    """What stands in its place was not written by the authors."""
    assert title_texts(title) is None


def test_a_record_keeps_headings_and_keywords_apart():
    """The column keywords lists both; headings says which are which."""
    facts = {"title": "A", "abstract": "B", "keywords": "*Adult/drug therapy; rescue", "headings": "Adult; daratumumab"}
    (record,) = invented.frame("records", invented.record("pmid:1", **facts)).to_dict("records")
    assert record_texts(record) == RecordTexts("A", "B", ("rescue",), ("Adult", "daratumumab"))
    (bare,) = invented.frame("records", invented.record("pmid:1")).to_dict("records")
    assert record_texts(bare) == RecordTexts()
