"""The forms together: what is written, the same bytes every time, every column everywhere."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from zipfile import ZipFile

import invented
import pytest

from casepool.contract.registry import FORM
from casepool.registry.form.forms import forms, write_forms, write_sheet
from casepool.registry.form.sheet import entry_form
from casepool.registry.form.texts import form_texts
from casepool.registry.form.words import words

NAMES = ["casepool-form_{}.xlsx", "casepool-form_{}.docx", "casepool-form_{}.pdf", "casepool-redcap_{}.csv"]
LANGUAGES = ("fr", "en")
the_protocol = cache(invented.protocol)  # read once: it is not changed


@cache
def made(language: str) -> dict[str, bytes]:
    """Return the forms of a language, made once."""
    return forms(the_protocol(), language)


def test_four_files_are_written_in_each_language(tmp_path):
    written = write_forms(tmp_path / "new" / "folder", the_protocol())
    assert [path.name for path in written] == [name.format(one) for one in LANGUAGES for name in NAMES]
    assert all(path.stat().st_size > 1000 for path in written)
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(one.name for one in written)


def test_one_language_alone_is_written(tmp_path):
    written = write_forms(tmp_path, the_protocol(), ("en",))
    assert [path.name for path in written] == [name.format("en") for name in NAMES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_runs_give_the_same_bytes(language):
    assert forms(the_protocol(), language) == made(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_and_the_mark_of_a_synthetic_protocol_change_every_file(language):
    plain = made(language)
    synthetic = forms(the_protocol().model_copy(update={"synthetic": True}), language)
    assert all(plain[name] != synthetic[name] for name in plain)


@pytest.mark.parametrize("name", ["casepool-form_fr.xlsx", "casepool-form_fr.docx"])
def test_an_office_file_does_not_tell_when_or_where_it_was_made(name):
    with ZipFile(BytesIO(made("fr")[name])) as archive:
        properties = archive.read("docProps/core.xml").decode()
        assert {info.date_time for info in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    assert properties.count("2000-01-01T00:00:00Z") == 2
    assert "casepool" in properties
    assert "python-docx" not in properties


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_of_the_form_stands_for_two_columns(language):
    labels = form_texts(language, the_protocol()).labels
    assert len(set(labels.values())) == len(FORM.names)


def test_both_languages_have_the_same_words():
    def shape(content):
        return {key: shape(value) for key, value in content.items()} if isinstance(content, dict) else None

    assert shape(words("fr")) == shape(words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_between_columns_is_told_in_words(language):
    assert len(entry_form(the_protocol(), language).rules) == len(FORM.rules)


def test_the_sheet_alone_is_that_of_the_forms(tmp_path):
    write_sheet(tmp_path / "sheet.xlsx", the_protocol(), "fr")
    assert (tmp_path / "sheet.xlsx").read_bytes() == made("fr")["casepool-form_fr.xlsx"]
