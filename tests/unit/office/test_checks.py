"""The pieces of the sheets: checks, frozen bytes, signs that begin a formula."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from casepool.contract import CURATED
from casepool.contract.registry import FORM
from casepool.office.checks import FORMULAS, shortened
from casepool.office.frozen import frozen_office, never_a_formula
from casepool.office.words import office_words


def archive(**parts: str) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as target:
        for name, text in parts.items():
            target.writestr(name.replace("__", "/"), text)
    return written.getvalue()


def test_the_order_and_the_dates_of_an_archive_do_not_matter():
    assert frozen_office(archive(a="1", b="2")) == frozen_office(archive(b="2", a="1"))


def test_the_content_types_come_first_and_the_contents_stay():
    with ZipFile(BytesIO(frozen_office(archive(**{"a": "1", "[Content_Types].xml": "types"})))) as frozen:
        assert frozen.namelist() == ["[Content_Types].xml", "a"]
        assert frozen.read("a") == b"1"


def test_only_the_times_of_the_properties_change():
    told = '<dcterms:created xsi:type="t">2026-11-23T01:02:03Z</dcterms:created><dc:title>2026</dc:title>'
    with ZipFile(BytesIO(frozen_office(archive(**{"docProps__core.xml": told})))) as frozen:
        expected = told.replace("2026-11-23T01:02:03Z", "2000-01-01T00:00:00Z")
        assert frozen.read("docProps/core.xml").decode() == expected


@pytest.mark.parametrize("text", ["=1+1", "+33", "-1", "@sum", "\tx", "\rx"])
def test_a_text_that_looks_like_a_formula_begins_with_a_space(text):
    assert never_a_formula(text) == f" {text}"


@pytest.mark.parametrize("text", ["", "P1", "1-2", " =1", "a@b"])
def test_any_other_text_stays(text):
    assert never_a_formula(text) == text


def test_every_formula_asks_about_the_cell_and_closes_its_brackets():
    for formula in FORMULAS.values():
        assert "{cell}" in formula
        assert formula.count("(") == formula.count(")")
        assert formula.count('"') % 2 == 0
        assert len(formula.replace("{cell}", "AH2")) < 255


def test_every_formula_is_that_of_a_pattern_in_use():
    used = {column.pattern for table in (*CURATED, FORM) for column in table.columns}
    assert set(FORMULAS) <= used


def test_a_long_text_is_cut_at_a_word():
    assert shortened("one two three", 9) == "one two…"
    assert shortened("one two", 7) == "one two"


def test_both_languages_have_the_same_words():
    assert set(office_words("fr")) == set(office_words("en"))
