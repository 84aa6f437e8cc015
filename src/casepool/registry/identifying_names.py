"""Names of persons and initials in a text that is otherwise medical.

Four signs tell names from words: a title or label before them, lists of given names and surnames, capital letters
where the language has none, and what is said of persons only. Diseases, tests and hospitals that bear a name are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casepool.registry.identifying_words import (
    NAME,
    UPPER,
    Token,
    Word,
    is_name,
    joined,
    kind_of,
    tokens_of,
    without_phrases,
    words_of,
)
from casepool.schemas.registry import FREE_TEXT

_PLACES = frozenset({"centre", "country"})  # capital words are places there
_CODES = frozenset({"note", "patient_code"})  # no abbreviation stands there alone
_LOWER_TITLES = frozenset(
    {
        "mr",
        "mme",
        "mlle",
        "mrs",
        "dr",
        "dre",
        "professeur",
        "docteur",
        "monsieur",
        "madame",
        "mademoiselle",
        "professor",
    }
)
_NO_PERSON_IN_CAPITALS = frozenset({"MS", "PR", "M", "MISS"})  # sclerosis, rheumatoid arthritis
_DOES = re.compile(
    r",?\s+(?:(?:a|est|etait|avait|va|n'a|n'est|ne|recoit|recevait|presente|presentait|repond|repondait|has|had|is|was"
    r"|received|presented|responded|responds|did|does|refuse|souhaite|vit|lives|works|travaille)\b(?!-)"
    r"|\d{1,3}\s?(?:ans?|yo|y\.?o|years?)\b)|\s*\(\s*\d{1,3}\s?(?:ans?|yo|years?)\b"
)
_CITED = re.compile(r",?\s*(?:[A-Z]{1,2}\.?\s*)?(?:,?\s*et al|et coll|\(?(?:19|20)\d\d\b|(?:et|and|&)\s+[A-Z]\w+)")
_DOTTED = re.compile(r"(?<![\w.])[A-Z]\.\s?-?[A-Z](?:\.\s?-?[A-Z]){0,2}(?:\.(?!\w)|(?![\w.]))")
_DOTTED_WORDS = frozenset(
    {"iv", "sc", "po", "im", "ui", "us", "uk", "rc", "rp", "cr", "md", "eg", "ie", "nb", "ps", "cf"}  # i.v., p.o.
)
_WHOLE = re.compile(r"[A-Z][\s.\-]{0,2}[A-Z](?:[\s.\-]{0,2}[A-Z])?\.?")
_CODED = re.compile(r"[A-Z]{2,3}[\s\-]?\d{1,4}")
_INITIALS_AFTER = re.compile(
    r"\b(?:patiente?|pte?|malade|sujet|subject|mme|mlle|mr|monsieur|madame)\s*[:=]?\s*"
    r"(?-i:([A-Z]{2,3})(?:\d{1,4})?\b|[A-Z]\.\s?[A-Z]\b)|\binit(?:iales?|ials?)?\b\.?\s*[:=]\s*[a-z]|\binitiales\s+[A-Z]",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<![\w'])(?:[^\W\d_][ .\-_]){3,}[^\W\d_](?![\w'])")
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z]{2})|(?<=[a-z]{2})(?=[A-Z]{3})|_")
_SUSPECT = NAME | Word.TITLE | Word.LABEL | Word.FIELD | Word.INITIAL
_SHORT_CAPITALS = 3
_LONGEST_INITIALS = 9
_VOWEL = re.compile(r"[AEIOUY]")


def name_kinds(plain: str, column: str) -> Iterator[str]:
    """Yield "name" and "initials" where a plain text of a column of the form holds them."""
    words = words_of(plain)
    kinds = Word.PLAIN
    unknown = 0
    for word in words:
        kind = kind_of(word)
        kinds |= kind
        unknown += bool(kind & UPPER) and not kind & (Word.KNOWN | Word.EPONYM)
    if not (kinds & _SUSPECT or unknown or len(plain) <= _LONGEST_INITIALS):
        return
    text = without_phrases(_CAMEL.sub(" ", plain))
    tokens = tokens_of(text)
    if any(_names(text, tokens, column)) or _SPACED.search(text):
        yield "name"
    if _has_initials(text, column):
        yield "initials"


def _names(text: str, tokens: list[Token], column: str) -> Iterator[bool]:
    for index in range(len(tokens)):
        yield _after_title(tokens, index)
        yield _after_label(tokens, index)
        yield _given_with_neighbour(tokens, index)
    if column in _PLACES:
        return
    yield _whole_cell(text, tokens, column)
    for index in range(len(tokens)):
        yield _given_alone(text, tokens, index)
        yield _does_what_persons_do(text, tokens, index)
        yield _small_letters(text, tokens, index)
        yield _with_initial(text, tokens, index)
        yield column in FREE_TEXT and _unknown_pair(text, tokens, index)


def _after_title(tokens: list[Token], index: int) -> bool:
    """Return whether a title with a name after it begins here: Mme Dupont, Dr D., dr dupont."""
    title = tokens[index]
    follower = _next(tokens, index)
    if not title.kind & Word.TITLE or follower is None:
        return False
    if title.kind & (UPPER | Word.INITIAL) or title.text in _LOWER_TITLES:
        if title.text in _NO_PERSON_IN_CAPITALS and not follower.gap.startswith("."):
            return bool(follower.kind & (Word.GIVEN | Word.SURNAME | Word.GIVEN_OR_SURNAME) and follower.kind & UPPER)
        if title.text in {"DR", "Dr"} and index and tokens[index - 1].text == "HLA":
            return False
        eponym = bool(follower.kind & Word.EPONYM & UPPER) and title.text != "M"
        initial = bool(follower.kind & Word.INITIAL) and title.text != "M"
        return is_name(follower) or eponym or initial or _is_small_name(follower)
    return False


def _after_label(tokens: list[Token], index: int) -> bool:
    """Return whether a label with a name after it begins here: nom : Dupont, patiente Durand."""
    label = tokens[index]
    if not label.kind & (Word.LABEL | Word.FIELD) or index + 1 == len(tokens):
        return False
    follower = tokens[index + 1]
    gap = follower.gap.strip()
    if label.kind & Word.FIELD and gap[:1] in {":", "="}:
        return not follower.kind & (Word.KNOWN | Word.EPONYM) or bool(follower.kind & NAME)
    if gap not in {"", ":", "=", "(e)", "-"}:
        return False
    return is_name(follower) and (len(follower.text) > _SHORT_CAPITALS or not follower.kind & Word.CAPITALS)


def _given_with_neighbour(tokens: list[Token], index: int) -> bool:
    """Return whether a given name stands beside another name or an unknown capitalised word."""
    if index + 1 == len(tokens) or not joined(tokens[index + 1].gap.replace(",", "")):
        return False
    pair = tokens[index], tokens[index + 1]
    return _is_pair(*pair) or _is_pair(*reversed(pair))


def _is_pair(given: Token, other: Token) -> bool:
    if not given.kind & UPPER or not given.kind & (NAME ^ Word.SURNAME):
        return False
    if given.kind & Word.GIVEN:
        initial = bool(other.kind & Word.INITIAL) and other.text not in {"A", "Y"}
        return is_name(other) or initial or bool(other.kind & Word.EPONYM and other.kind & UPPER)
    if not is_name(other) or other.kind & Word.GIVEN_OR_WORD & ~given.kind:
        return False
    if given.kind & Word.GIVEN_OR_WORD:
        return bool(other.kind & (Word.SURNAME | Word.GIVEN)) or not (given.kind | other.kind) & (
            Word.KNOWN | Word.EPONYM
        )
    return True


def _given_alone(text: str, tokens: list[Token], index: int) -> bool:
    """Return whether a given name that is nothing else stands here, and cites no author."""
    token = tokens[index]
    if not (token.kind & Word.GIVEN and token.kind & Word.CAPITALISED):
        return False
    return _CITED.match(text, token.end) is None


def _does_what_persons_do(text: str, tokens: list[Token], index: int) -> bool:
    """Return whether a name is followed by what is said of persons: a répondu, est, 45 ans."""
    token = tokens[index]
    sure = token.kind & NAME and not token.kind & Word.GIVEN_OR_WORD
    return bool(sure and token.kind & UPPER) and _DOES.match(text, token.end) is not None


def _small_letters(text: str, tokens: list[Token], index: int) -> bool:
    """Return whether a given name in small letters has an unknown neighbour: jean dupont."""
    token = tokens[index]
    if not token.kind & Word.GIVEN or token.kind & UPPER:
        return False
    before = tokens[index - 1] if index and joined(token.gap) else None
    after = _next(tokens, index)
    neighbours = [other for other in (before, after) if other is not None]
    unknown = any(other.kind & NAME or not other.kind & (Word.KNOWN | Word.EPONYM) for other in neighbours)
    return unknown or _DOES.match(text, token.end) is not None


def _with_initial(text: str, tokens: list[Token], index: int) -> bool:
    """Return whether an initial and a name stand here: J. Dupont, Dupont J."""
    follower = _next(tokens, index)
    if follower is None:
        return False
    first, second = tokens[index], follower
    if first.kind & Word.INITIAL and second.gap.strip() in {".", ".-"}:
        return (
            is_name(second)
            and bool(second.kind & Word.CAPITALISED or len(second.text) > _SHORT_CAPITALS)
            and _CITED.match(text, second.end) is None
        )
    if (
        not second.kind & Word.INITIAL
        or not is_name(first)
        or second.gap != " "
        or not text.startswith(".", second.end)
    ):
        return False
    return _CITED.match(text, first.end) is None and _CITED.match(text, second.end + 1) is None


def _unknown_pair(text: str, tokens: list[Token], index: int) -> bool:
    """Return whether two unknown capitalised words stand together where no sentence begins, or one in capitals."""
    follower = _next(tokens, index)
    if follower is None or follower.gap != " " or not (_is_unknown(tokens[index]) and _is_unknown(follower)):
        return False
    first, second = tokens[index], follower
    if (first.kind ^ second.kind) & Word.CAPITALS:
        capitals = first if first.kind & Word.CAPITALS else second
        return len(capitals.text) > _SHORT_CAPITALS and _VOWEL.search(capitals.text) is not None
    if first.kind & Word.CAPITALS:
        return False
    if _DOES.match(text, second.end):
        return True
    in_sentence = index > 0 and first.gap in {" ", ", "} and not tokens[index - 1].kind & UPPER
    after = _next(tokens, index + 1)
    return in_sentence and not (after is not None and after.gap == " " and after.kind & UPPER)


def _whole_cell(text: str, tokens: list[Token], column: str) -> bool:
    """Return whether the cell holds names and nothing else."""
    parts = [token for token in tokens if not (token.kind & Word.KNOWN and not token.kind & UPPER)]
    if not 1 <= len(tokens) <= 5 or any(sign.isdigit() for sign in text) or not joined_all(tokens):
        return False
    names = [token for token in parts if is_name(token)]
    if len(names) == 1 and len(parts) == 1:
        alone = (
            Word.GIVEN | Word.GIVEN_OR_SURNAME | Word.SURNAME | (Word.GIVEN_OR_WORD if column in _CODES else Word.PLAIN)
        )
        return bool(names[0].kind & alone) or (column == "patient_code" and len(names[0].text) > _SHORT_CAPITALS)
    if not names:
        return len(tokens) == 1 and bool(tokens[0].kind & Word.GIVEN)
    rest = [token for token in parts if not is_name(token)]
    sure = any(not token.kind & Word.GIVEN_OR_WORD for token in names)
    return sure and column in FREE_TEXT and all(token.kind & Word.INITIAL for token in rest)


def joined_all(tokens: list[Token]) -> bool:
    """Return whether nothing but spaces, hyphens, commas and points stands between the words."""
    return all(joined(token.gap.replace(",", "")) for token in tokens)


def _has_initials(text: str, column: str) -> bool:
    for found in _DOTTED.finditer(text):
        letters = re.sub(r"[^A-Z]", "", found[0]).lower()
        if letters not in _DOTTED_WORDS and not (len(letters) > 2 and kind_of(letters) & Word.KNOWN):
            return True
    if column in _PLACES:
        return False
    if any(
        found[1] is None or not kind_of(found[1]) & (Word.KNOWN | Word.EPONYM)
        for found in _INITIALS_AFTER.finditer(text)
    ):
        return True
    return _is_initials(text, column)


def _is_initials(text: str, column: str) -> bool:
    """Return whether the whole cell is initials: JD, J-D, and in a note or patient number also AB12."""
    letters = re.sub(r"[^A-Za-z]", "", text)
    if _WHOLE.fullmatch(text):
        known = bool(kind_of(letters) & (Word.KNOWN | Word.EPONYM))
        return not known and (column in _CODES or len(letters) == 2)
    return column in _CODES and _CODED.fullmatch(text) is not None and not kind_of(letters) & Word.KNOWN


def _is_unknown(token: Token) -> bool:
    return is_name(token) and not token.kind & Word.GIVEN_OR_WORD


def _is_small_name(token: Token) -> bool:
    """Return whether a word in small letters after a title can be a name (dr dupont), not a verb (Mme reçoit)."""
    if token.kind & (UPPER | Word.INITIAL):
        return False
    if token.kind & NAME:
        return True
    verb = token.text.endswith(("e", "ait", "ent", "oit", "ed", "s", "er", "t"))
    return not token.kind & (Word.KNOWN | Word.EPONYM) and len(token.text) > _SHORT_CAPITALS and not verb


def _next(tokens: list[Token], index: int) -> Token | None:
    if index + 1 == len(tokens) or not joined(tokens[index + 1].gap):
        return None
    return tokens[index + 1]
