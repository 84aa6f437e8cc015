"""The words of a text with what each can be there: parts of hospitals and diseases are no names."""

from __future__ import annotations

import re
from typing import NamedTuple

from casepool.privacy.finding.lexicon import (
    FOREIGN_PARTICLES,
    GIVEN_NAME,
    PARTICLES,
    UPPER,
    Word,
    kind_of,
    known_phrases,
)

_WORD = re.compile(r"(?:O'(?=[A-Z]))?[^\W_]*[^\W\d_][^\W_]*")
_BREAK = re.compile(r"[^\s\-'_.]")
_WIDEST_GAP = 3
_AFTER_ITS_NAME = frozenset(
    {
        "hospital",
        "clinic",
        "institute",
        "university",
        "college",
        "infirmary",
        "klinikum",
        "center",
        "centre",
        "ziekenhuis",
    }
)
_FARTHEST = 6  # words after Hôpital that can still be its name
_BEFORE_EPONYM = frozenset({"de", "d", "du", "des", "la", "l"})


class Token(NamedTuple):
    """A word, what stands between it and the word before, where it ends, and what it can be."""

    text: str
    gap: str
    end: int
    kind: int


def words_of(plain: str) -> list[str]:
    """Return the words of a plain text."""
    return _WORD.findall(plain)


def kinds_of(plain: str) -> int:
    """Return the kinds of all words of a plain text together."""
    kinds = 0
    for word in _WORD.findall(plain):
        kinds |= kind_of(word)
    return kinds


def tokens_of(plain: str) -> list[Token]:
    """Return the words of a plain text with their kinds; parts of hospitals and diseases count as known."""
    tokens = []
    end = 0
    for found in _WORD.finditer(plain):
        tokens.append(Token(found[0], plain[end : found.start()], found.end(), kind_of(found[0])))
        end = found.end()
    for index, token in enumerate(tokens):
        if token.kind & Word.PHRASE:
            _mark_phrase(tokens, index)
    for index, token in enumerate(tokens):
        if token.kind & Word.INSTITUTION:
            _mark_institution(tokens, index)
        elif token.kind & Word.HEAD:
            _mark_eponym(tokens, index)
    return _with_particles_joined(tokens)


def joined(gap: str) -> bool:
    """Return whether two words with this gap can be one name."""
    return gap == " " or (len(gap) <= _WIDEST_GAP and _BREAK.search(gap) is None)


def is_name(token: Token) -> bool:
    """Return whether a capitalised word is a name or unknown."""
    if not token.kind & UPPER or len(token.text) == 1:
        return False
    if token.kind & (Word.GIVEN | Word.GIVEN_OR_SURNAME):
        return True
    if token.kind & Word.SURNAME:
        return not token.kind & Word.EPONYM
    return not token.kind & (Word.KNOWN | Word.EPONYM | Word.TITLE | Word.LABEL)


def _mark(tokens: list[Token], index: int) -> None:
    token = tokens[index]
    tokens[index] = token._replace(kind=token.kind & UPPER | Word.KNOWN)


def _mark_phrase(tokens: list[Token], index: int) -> None:
    for phrase in known_phrases()[tokens[index].text.lower()]:
        part = tokens[index : index + len(phrase)]
        if tuple(token.text.lower() for token in part) == phrase and all(joined(token.gap) for token in part[1:]):
            for position in range(index, index + len(phrase)):
                _mark(tokens, position)


def _mark_institution(tokens: list[Token], index: int) -> None:
    """Mark the name of a hospital: one word, or a given name (or title) and the word after it."""
    _mark_before(tokens, index)
    left = 1
    for position in range(index + 1, min(index + 1 + _FARTHEST, len(tokens))):
        token = tokens[position]
        if not joined(token.gap) or "." in token.gap:
            return
        if not (token.kind & UPPER and (is_name(token) or token.kind & (Word.TITLE | Word.EPONYM))):
            if token.kind & UPPER and not token.kind & Word.INSTITUTION:
                return  # a town: what follows is no part of the hospital
            continue
        if left == 0 and "-" not in token.gap:
            return
        if position != index + 1 or not token.kind & (GIVEN_NAME | Word.TITLE):
            left -= 1
        _mark(tokens, position)


def _mark_before(tokens: list[Token], index: int) -> None:
    """Mark the one or two capitalised words before Hospital, Institute, Clinic."""
    if not tokens[index].kind & UPPER or tokens[index].text.lower() not in _AFTER_ITS_NAME:
        return
    for position in range(index, max(index - 2, 0), -1):
        if not joined(tokens[position].gap) or not tokens[position - 1].kind & UPPER:
            return
        _mark(tokens, position - 1)


def _mark_eponym(tokens: list[Token], index: int) -> None:
    """Mark the unknown eponym after syndrome, maladie, anti- and before disease, syndrome."""
    for step in (1, -1):
        position = index + step
        while 0 <= position < len(tokens):
            token = tokens[position]
            if not joined(tokens[max(position, position - step)].gap) or token.kind & Word.GIVEN:
                break
            if not token.kind & UPPER and token.text not in _BEFORE_EPONYM:
                break
            if token.kind & UPPER:
                _mark(tokens, position)
                if not _is_hyphened(tokens, position, step):
                    break
            position += step


def _is_hyphened(tokens: list[Token], position: int, step: int) -> bool:
    beyond = position + 1 if step == 1 else position
    return 0 < beyond < len(tokens) and "-" in tokens[beyond].gap


def _with_particles_joined(tokens: list[Token]) -> list[Token]:
    """Return the words with De Oliveira and van der Berg as one each, of the kind of their last."""
    kept: list[Token] = []
    for token in tokens:
        whole = token
        while kept and is_name(whole) and joined(whole.gap) and _is_particle(kept[-1]):
            particle = kept.pop()
            whole = whole._replace(text=f"{particle.text} {whole.text}", gap=particle.gap)
        kept.append(whole)
    return kept


def _is_particle(token: Token) -> bool:
    low = token.text.lower()
    return low in PARTICLES and (token.text != low or low in FOREIGN_PARTICLES)
