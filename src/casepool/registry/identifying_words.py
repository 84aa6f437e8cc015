"""The words of a text and what each can be: part of a person's name, a medical word, a place, an eponym."""

from __future__ import annotations

import re
from enum import IntFlag
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml


class Word(IntFlag):
    """What a single word can be, by its spelling alone."""

    PLAIN = 0
    GIVEN = 1  # a given name and hardly anything else
    GIVEN_OR_SURNAME = 2
    GIVEN_OR_WORD = 4
    SURNAME = 8
    EPONYM = 16
    KNOWN = 32  # a medical or common word, a place, a medicine, an abbreviation
    TITLE = 64  # Mme, Dr
    LABEL = 128  # patient, fille: a name may follow
    FIELD = 256  # nom, initiales: a name follows
    INSTITUTION = 512
    HEAD = 1024  # syndrome, maladie: an eponym follows
    CAPITALISED = 2048
    CAPITALS = 4096
    INITIAL = 8192


NAME = Word.GIVEN | Word.GIVEN_OR_SURNAME | Word.GIVEN_OR_WORD | Word.SURNAME
UPPER = Word.CAPITALISED | Word.CAPITALS
_ROLES = {
    Word.TITLE: """m mr mme mlle mrs ms miss dr dre pr prof professeur docteur monsieur madame mademoiselle doctor
        professor mister herr frau dott dottore signor signora senor senora mesdames messieurs""",
    Word.LABEL: """patient patiente pt pte malade sujet subject nomme nommee denomme denommee appelle appele appelee
        named nee epouse veuve alias mari femme fille fils frere soeur mere pere conjoint conjointe
        son daughter wife husband mother father brother sister""",
    Word.FIELD: """nom prenom prenoms name surname forename firstname lastname patronyme initiale initiales initials""",
    Word.INSTITUTION: """hopital hopitaux hop chu chr chru chi chic chd ch ghu gh ght ghi hia clinique clinic
        polyclinique centre center hospital institut institute fondation foundation universite university faculte
        hospices klinikum klinik ospedale policlinico maternite pavillon batiment site college
        infirmary uz umc chuv saint sainte st ste san santa sankt spital campus essai trial etude
        study protocole registre""",
    Word.HEAD: """syndrome maladie score criteres critere classification test signe phenomene indice technique anti
        disease thyroidite thyroiditis lymphoma lymphome""",
    Word.KNOWN: """de du des d la le les l et of the van von der den di del della dos da al el ben ibn ould sur en a""",
}
_SUFFIX = re.compile(
    r"(?:ites?|itis|oses?|osis|emies?|emi[ac]|emiques?|uries?|uria|pathi(?:es?|ques?)|pathy|penies?|penia|plasies?|plasia"
    r"|philies?|philia|iques?|tions?|sions?|ements?|mabs?|nibs?|cepts?|parine?|azoles?|cyclines?|cillines?|floxacine|solones?"
    r"|statines?|sartan|oside|eux|euses?|ismes?|isms?|ances?|ences?|logi(?:es?|ques?)|logy|grammes?|graphi(?:es?|ques?)|graphy"
    r"|scop(?:ies?|y)|ectom(?:y|ies?)|plasties?|therap(?:y|ies?)|globulines?|globulins?|cytes?|cytic|cytaires?|blastes?|blasts?"
    r"|genes?|genic|[ai]bles?|ifs?|i[vt]es?|[ivl]ity|ness|bility|ically?|at(?:ed|ing|e)|i[sz](?:ed|ing|e)|oides?|omes?|omas?"
    r"|aires?|tropic|trophic|lytic|tiques?|ees?|eaux)$"
)
_SHORTEST_WITH_SUFFIX = 7
_WORD = re.compile(r"[^\W_]*[^\W\d_][^\W_]*")
_BREAK = re.compile(r"[^\s\-'_.]")


class Token(NamedTuple):
    """A word, what stands between it and the word before, and where it ends."""

    text: str
    gap: str
    end: int
    kind: Word


@lru_cache(maxsize=100_000)
def kind_of(word: str) -> Word:
    """Return what a word without accents can be."""
    shape = _shape(word)
    if not word.isalpha():
        return Word.KNOWN
    low = word.lower()
    lexicon = _lexicon()
    kind = lexicon.get(low, Word.PLAIN)
    if kind is Word.PLAIN and low[-1] in "sxe":
        kind = lexicon.get(low[:-1], Word.PLAIN) & (Word.KNOWN | Word.EPONYM)
    if kind is Word.PLAIN and len(low) >= _SHORTEST_WITH_SUFFIX and _SUFFIX.search(low):
        kind = Word.KNOWN
    return kind | shape


def words_of(plain: str) -> list[str]:
    """Return the words of a plain text."""
    return _WORD.findall(plain)


def tokens_of(plain: str) -> list[Token]:
    """Return the words of a plain text with their kinds; parts of hospitals and diseases count as known."""
    tokens = []
    end = 0
    for found in _WORD.finditer(plain):
        tokens.append(Token(found[0], plain[end : found.start()], found.end(), kind_of(found[0])))
        end = found.end()
    for index, token in enumerate(tokens):
        if token.kind & Word.INSTITUTION:
            _mark_institution(tokens, index)
        elif token.kind & Word.HEAD:
            _mark_eponym(tokens, index)
    return tokens


def without_phrases(plain: str) -> str:
    """Return the text without diseases and hospitals whose names hold a person's name."""
    return _phrases().sub(" § ", plain)


def joined(gap: str) -> bool:
    """Return whether two words with this gap can be one name."""
    return len(gap) <= 3 and _BREAK.search(gap) is None


def is_name(token: Token) -> bool:
    """Return whether a capitalised word is a name or unknown."""
    if not token.kind & UPPER or len(token.text) == 1:
        return False
    return bool(token.kind & NAME) or not token.kind & (Word.KNOWN | Word.EPONYM | Word.TITLE | Word.LABEL)


def _shape(word: str) -> Word:
    if not word[0].isupper():
        return Word.PLAIN
    if len(word) == 1:
        return Word.INITIAL
    return Word.CAPITALS if word.isupper() else Word.CAPITALISED


def _mark(tokens: list[Token], index: int) -> None:
    token = tokens[index]
    tokens[index] = token._replace(kind=token.kind & UPPER | Word.KNOWN)


def _mark_institution(tokens: list[Token], index: int) -> None:
    """Mark the name of a hospital: one word, or a given name (or title) and the word after it."""
    _mark_before(tokens, index)
    left = 1
    for position in range(index + 1, min(index + 7, len(tokens))):
        token = tokens[position]
        if not joined(token.gap) or "." in token.gap:
            return
        named = bool(token.kind & UPPER) and (is_name(token) or bool(token.kind & (Word.TITLE | Word.EPONYM)))
        if not named:
            if token.kind & UPPER and not token.kind & Word.INSTITUTION:
                return  # a town: what follows is no part of the hospital
            continue
        if left == 0 and "-" not in token.gap:
            return
        first_part = bool(token.kind & (Word.GIVEN | Word.GIVEN_OR_SURNAME | Word.GIVEN_OR_WORD | Word.TITLE))
        left = max(left, 1) if first_part and position == index + 1 else left - 1
        _mark(tokens, position)


def _mark_before(tokens: list[Token], index: int) -> None:
    """Mark the one or two capitalised words before Hospital, Institute, Clinic."""
    if not tokens[index].kind & UPPER or tokens[index].text.lower() not in _AFTER_ITS_NAME:
        return
    for position in range(index, max(index - 2, 0), -1):
        if not joined(tokens[position].gap) or not tokens[position - 1].kind & UPPER:
            return
        _mark(tokens, position - 1)


_AFTER_ITS_NAME = frozenset(
    {"hospital", "clinic", "institute", "university", "college", "infirmary", "klinikum", "center", "centre"}
)


def _mark_eponym(tokens: list[Token], index: int) -> None:
    """Mark the unknown eponym after syndrome, maladie, anti- and before disease, syndrome."""
    for step in (1, -1):
        position = index + step
        while 0 <= position < len(tokens):
            token = tokens[position]
            gap = token.gap if step == 1 else tokens[position + 1].gap
            if not joined(gap) or token.kind & Word.GIVEN:
                break
            if token.kind & UPPER:
                _mark(tokens, position)
                if not _hyphened(tokens, position, step):
                    break
            elif token.text not in _BEFORE_EPONYM:
                break
            position += step


_BEFORE_EPONYM = frozenset({"de", "d", "du", "des", "la", "l"})


def _hyphened(tokens: list[Token], position: int, step: int) -> bool:
    beyond = position + 1 if step == 1 else position
    return 0 < beyond < len(tokens) and "-" in tokens[beyond].gap


@cache
def _content(file: str) -> Any:
    source = files("casepool.registry").joinpath("texts", f"{file}.yaml")
    return yaml.safe_load(source.read_text(encoding="utf-8"))


@cache
def _lexicon() -> dict[str, Word]:
    sections = [(_content("person_names")[name], Word[name.upper()]) for name in _content("person_names")]
    known = _content("known_words")
    sections += [(known[name], Word.KNOWN) for name in ("words", "places", "medicines", "abbreviations")]
    sections += [(known["eponyms"], Word.EPONYM)]
    sections += [(words, role | Word.KNOWN) for role, words in _ROLES.items()]
    lexicon: dict[str, Word] = {}
    for words, kind in sections:
        for word in str(words).split():
            lexicon[word] = lexicon.get(word, Word.PLAIN) | kind
    return lexicon


@cache
def _phrases() -> re.Pattern[str]:
    phrases = sorted(_content("known_words")["phrases"].split(";"), key=len, reverse=True)
    spaced = (r"[\s'\-]+".join(re.escape(word) for word in phrase.split()) for phrase in phrases)
    return re.compile(rf"\b(?:{'|'.join(spaced)})\b", re.IGNORECASE)
