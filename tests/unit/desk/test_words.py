"""What the desk says: the same in both languages, all of it used, none missing."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import casepool.desk
from casepool.desk.words import words_of

DESK = Path(casepool.desk.__file__).parent
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DESK.rglob("*.py")))
PAGES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DESK.rglob("*.html")))
NAVIGATION = (DESK / "web/app.py").read_text(encoding="utf-8")


def keys(language: str) -> dict[str, object]:
    """Return the words of a language."""
    return dict(words_of(language).content)


def places(words: object) -> set[frozenset[str]]:
    """Return the arguments of each form of a wording."""
    forms = words.values() if isinstance(words, dict) else [words]
    return {frozenset(name for _, name, _, _ in Formatter().parse(str(form)) if name) - {"n"} for form in forms}


def test_both_languages_say_the_same_things_with_the_same_arguments():
    """One key, two wordings."""
    english, french = keys("en"), keys("fr")
    assert english.keys() == french.keys()
    assert {name: places(words) for name, words in english.items()} == {
        name: places(words) for name, words in french.items()
    }


def asked() -> tuple[set[str], set[str]]:
    """Return the keys that pages and modules ask for, and the beginnings of those that they put together."""
    whole = set(re.findall(r"""\bt\(\s*["']([a-z_0-9]+)["'](?!\s*~)""", PAGES))
    begun = set(re.findall(r"""\bt\(\s*["']([a-z_0-9]+_)["']\s*~""", PAGES))
    whole |= set(re.findall(r"""words\(\s*["']([a-z_0-9]+)["']""", CODE))
    begun |= set(re.findall(r"""words\(\s*f"([a-z_0-9]+_)\{""", CODE))
    whole |= set(re.findall(r"""\("[a-z]+\.[a-z_]+", "([a-z_]+)"\)""", NAVIGATION))
    return whole, begun


def test_every_word_that_is_asked_for_is_there():
    """A key without words would be an error on the page of a physician."""
    whole, begun = asked()
    known = keys("en")
    assert whole - known.keys() == set()
    assert {one for one in begun if not any(key.startswith(one) for key in known)} == set()


def test_every_word_is_asked_for():
    """What nobody says is no text."""
    whole, begun = asked()
    ends = ("_of_correction", "_example", "_button")  # of keys that are put together from the middle
    unused = {
        key for key in keys("en") if key not in whole and not key.startswith(tuple(begun)) and not key.endswith(ends)
    }
    assert unused == set()


@pytest.mark.parametrize("word", ["told", "untold", "tells"])
def test_english_reports_and_does_not_tell(word):
    """As everywhere where readers look."""
    assert not [key for key, words in keys("en").items() if re.search(rf"\b{word}\b", str(words), re.IGNORECASE)]
