"""Initials of a person in a text that is full of medical abbreviations."""

from __future__ import annotations

import re

from casepool.privacy.finding.lexicon import UNDERSTOOD, Word, kind_of

_ANYWHERE_BUT = frozenset({"centre", "country"})  # capital letters are hospitals there
_CODES = frozenset({"note", "patient_code"})  # no abbreviation stands there alone
_DOTTED = re.compile(r"(?<![\w.])[A-Z]\.\s?-?[A-Z](?:\.\s?-?[A-Z]){0,2}(?:\.(?!\w)|(?![\w.]))")
_DOTTED_WORDS = frozenset(
    {"iv", "sc", "po", "im", "ui", "us", "uk", "rc", "rp", "cr", "md", "eg", "ie", "nb", "ps", "cf"}  # i.v., p.o.
)
_LABELS = Word.TITLE | Word.LABEL | Word.FIELD
_POSSIBLE = Word.INITIAL | Word.TITLE | Word.LABEL | Word.FIELD
_LONGEST = 12  # a whole cell of initials
_OF = re.compile(r"\s+(?:D[EU]S?\b|D')")  # T.M. DU PANCREAS
_WHOLE = re.compile(r"[A-Z][\s.\-]{0,2}[A-Z](?:[\s.\-]{0,2}[A-Z])?\.?")
_CODED = re.compile(r"[A-Z]{2,3}-?\d{1,4}")  # with a space it is a score
_AFTER_LABEL = re.compile(
    r"\b(?:patiente?|pte?|malade|sujet|subject|mme|mlle|mr|monsieur|madame)\s*[:=]?\s*"
    r"(?-i:([A-Z]{2,3})(?:\d{1,4})?\b|[A-Z]\.\s?[A-Z]\b|[A-Z]\s[A-Z](?:\s[A-Z])?(?![\w']))"
    r"|\binit(?:iales?|ials?)?\b\.?\s*[:=]\s*[a-z]|\binit(?:iales|ials|\.)?\s+(?-i:[A-Z]{1,3}\b)",
    re.IGNORECASE,
)
# JMD, répondeur; DUP JEA; DUPJEA52
_FIRST = re.compile(r"([A-Z]{2,4})(?:\s?[,:;]|\s([A-Z]{3})\b|\s(?:19\d\d|200\d)\b)")
_OF_NAMES = re.compile(r"\b([A-Z]{5,8})(?:\d\d|\s?(?:19|20)\d\d)\b(?!\s?(?:mg|g|%|/))")


def has_initials(plain: str, column: str, kinds: int) -> bool:
    """Return whether initials stand in a plain text of a column of the form; ``kinds`` are those of its words."""
    if not kinds & _POSSIBLE and len(plain) > _LONGEST and column not in _CODES:
        return False
    if any(_are_initials(plain, found) for found in _DOTTED.finditer(plain)):
        return True
    if column in _ANYWHERE_BUT:
        return False
    if column in _CODES and (_begins(plain) or any(not _is_known(one[1]) for one in _OF_NAMES.finditer(plain))):
        return True
    labelled = _AFTER_LABEL.finditer(plain) if kinds & _LABELS else ()
    return any(found[1] is None or not _is_known(found[1]) for found in labelled) or _is_whole(plain, column)


def _begins(plain: str) -> bool:
    """Return whether unknown capital letters begin a remark and a comma or more of them follow."""
    found = _FIRST.match(plain)
    return found is not None and not any(_is_known(letters) for letters in found.groups() if letters)


def _is_known(letters: str) -> bool:
    kind = kind_of(letters)
    return bool(kind & UNDERSTOOD and not kind & Word.COMMON)


def _are_initials(plain: str, dotted: re.Match[str]) -> bool:
    """Return whether letters with points are no abbreviation (i.v., C.H.U.)."""
    letters = re.sub(r"[^A-Z]", "", dotted[0]).lower()
    abbreviation = letters in _DOTTED_WORDS or (len(letters) > 2 and bool(kind_of(letters) & Word.KNOWN))
    return not abbreviation and _OF.match(plain, dotted.end()) is None


def _is_whole(plain: str, column: str) -> bool:
    """Return whether the whole cell is initials: JD, J-D, and in a remark or patient number also AB12."""
    letters = re.sub(r"[^A-Za-z]", "", plain)
    if _WHOLE.fullmatch(plain):
        return not _is_known(letters) and (column in _CODES or len(letters) == 2)
    return column in _CODES and _CODED.fullmatch(plain) is not None and not _is_known(letters)
