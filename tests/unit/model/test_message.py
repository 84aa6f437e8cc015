"""Messages: one id, one line in each language; every message of the program has its words, with its arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import casepool
from casepool.model.message import Message, load_messages, text

PACKAGE = Path(casepool.__file__).parent
LANGUAGES = sorted(path.stem for path in (PACKAGE / "model" / "messages").glob("*.yaml"))
# Packages that read what others wrote: their patterns are of the sources, not of our own sentences.
READERS = ("privacy/", "search/", "screening/", "diseases/")
SENTENCE = re.compile(r"[a-zé]{3,} [a-zé]{3,}", re.IGNORECASE)


def places(words: str | Mapping[str, str]) -> set[tuple[str, str]]:
    """Return the arguments of a message, each with what follows its colon."""
    forms = [words] if isinstance(words, str) else list(words.values())
    return {(name, spec or "") for form in forms for _, name, spec, _ in Formatter().parse(form) if name}


def _name_of(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


@cache
def _all_calls() -> list[tuple[str, ast.Call]]:
    parsed = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    return [
        (path.relative_to(PACKAGE).as_posix(), node)
        for path, module in parsed.items()
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
    ]


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of a name in the package, with its module."""
    yield from ((place, node) for place, node in _all_calls() if _name_of(node.func) == name)


def ids_of(argument: ast.expr) -> list[str]:
    """Return the ids that an expression may give."""
    return [node.value for node in ast.walk(argument) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@cache
def made() -> list[tuple[str, str, ast.Call]]:
    """Return every message of the package: where it is made, its id, and the call."""
    return [(place, key, node) for place, node in calls("Message") for key in ids_of(node.args[0])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_messages_with_the_same_arguments(language: str) -> None:
    """A message is added to all languages or to none."""
    english, other = load_messages("en"), load_messages(language)
    assert set(other) == set(english)
    assert {key for key in english if places(other[key]) != places(english[key])} == set()
    assert {key for key in english if isinstance(other[key], str) != isinstance(english[key], str)} == set()


def test_french_is_not_english() -> None:
    """But for words that both languages share, and signs."""
    same = {key for key, words in load_messages("fr").items() if words == load_messages("en")[key]}
    assert same == {"in_column", "kind_date"}


def test_every_message_of_the_program_has_its_words() -> None:
    """No id is made that no language knows."""
    assert len(made()) > 150
    assert [(place, key) for place, key, _ in made() if key not in load_messages("en")] == []


def test_every_message_of_the_program_gives_the_arguments_that_its_words_ask_for() -> None:
    """No more, no fewer; a call that unpacks a mapping is left to the tests of its place."""
    wrong = [
        (place, key)
        for place, key, node in made()
        if None not in {one.arg for one in node.keywords}
        and {one.arg for one in node.keywords} != {name for name, _ in places(load_messages("en")[key])}
    ]
    assert wrong == []


def test_no_words_are_kept_that_nothing_says() -> None:
    """A message that is gone is taken off the list."""
    assert set(load_messages("en")) == {key for _, key, _ in made()}


def test_no_regular_expression_reads_a_sentence_of_the_program() -> None:
    """What one storey says to another travels as ids and columns."""
    found = [
        (place, pattern)
        for name in ("compile", "match", "fullmatch", "search", "sub", "split", "findall")
        for place, node in calls(name)
        if ast.unparse(node.func).startswith("re.") and not place.startswith(READERS)
        for pattern in ids_of(node.args[0])
        if SENTENCE.search(pattern)
    ]
    assert found == []


def test_numbers_lists_and_ids_are_set_as_the_language_wants() -> None:
    """Thousands, semicolons, labels of ids."""
    assert text(Message("text_at_most", n=5_000), "en") == "a text of at most 5,000 characters"
    assert text(Message("text_at_most", n=5_000), "fr") == "un texte de 5\u202f000 caractères au plus"
    places_found = tuple(
        Message("found_in_column", line=2, column=name, kind=Message("kind_telephone")) for name in ("note", "dose")
    )
    told = text(Message("refused", places=places_found), "fr", {"note": "note (Remarque)"})
    assert "(ligne 2, note (Remarque) : téléphone ; ligne 2, dose : téléphone)" in told


def test_an_argument_too_few_or_too_many_is_an_error() -> None:
    """Rather than a sentence with a hole."""
    with pytest.raises(KeyError, match="column"):
        str(Message("at_most_column"))
    with pytest.raises(KeyError, match="also"):
        str(Message("number", also="x"))
