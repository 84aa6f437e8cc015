"""Names of persons in a text that is otherwise medical.

Four signs tell names from words: a title or label before them, lists of given names and surnames, capital letters
where the language has none, and what is said of persons only. Diseases, tests and hospitals that bear a name are known.
A title before a name, a label with a colon and a listed given name beside a listed surname are certain; all else asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from casepool.contract.registry import FREE_TEXT
from casepool.privacy.finding.lexicon import GIVEN_NAME, NAME, PARTICLES, SURE_NAME, UNDERSTOOD, UPPER, Word, kind_of
from casepool.privacy.finding.strange import has_strange_word
from casepool.privacy.finding.words import Token, is_name, joined, tokens_of

_REMARK = "note"  # elsewhere a strange word is a medicine, a disease, a hospital or waits for itself
_PLACES = frozenset({"centre", "country"})  # capital words are places there
_LISTS = frozenset({"note", "concomitant"})  # an item of two unknown words is no diagnosis there
_ALONE = frozenset({"note", "patient_code"})  # an unknown word alone is no diagnosis and no medicine there
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
        "melle",
        "mevr",
        "mevrouw",
        "meneer",
        "dhr",
        "heer",
        "sra",
        "dra",
        "senhor",
        "senhora",
    }
)
_SHORT_TITLES = frozenset({"m", "pr"})  # in small letters also other words: m. dupont, pr dupont
_PHYSICIANS = frozenset({"dr", "dre", "docteur", "professeur", "professor"})  # what they do is not told
_ALSO_DISEASES = frozenset({"MS", "PR", "M", "MISS", "ME", "DOM", "SR", "SRA"})  # sclerosis, rheumatoid arthritis
_DISEASES_TOO = frozenset({"M", "m"})  # M. Berger is a disease as well
_LATIN = re.compile(r"[a-z]+(?:us|is|um|ae|ii)")  # M. avium
_DOES = re.compile(
    r",?\s+(?:(?:a|est|etait|avait|va|n'a|n'est|ne|recoit|recevait|presente|presentait|repond|repondait|has|had|is|was"
    r"|received|presented|responded|responds|did|does|refuse|souhaite|vit|lives|works|travaille)\b(?!-)"
    r"|\d{1,3}\s?(?:ans?|yo|y\.?o|years?)\b)|\s*\(\s*\d{1,3}\s?(?:ans?|yo|years?)\b"
)
_ONLY_PERSONS_DO = re.compile(
    r",?\s+(?:(?:a|n'a|avait)\s+(?:bien|mal|pas|tres bien|enfin|aussi)?\s*"
    r"(?:repondu|rechute|refuse|accouche|recu|demenage|arrete)\b"
    r"|(?:est|etait)\s+(?:en remission|en echec|decedee?|perdue?|enceinte|vivante?|suivie?|traitee?|guerie?)\b"
    r"|va (?:bien|mieux|mal)\b|(?:responded|relapsed|died|refused|received|declined|moved)\b"
    r"|(?:is|was) (?:alive|in remission|well|pregnant|treated)\b|\d{1,3}\s?(?:ans|yo|y\.?o|years?)\b)"
    r"|\s*\(\s*\d{1,3}\s?(?:ans|yo|years?)\b"
)
_CITED = re.compile(r",?\s*(?:[A-Z]{1,2}\.?\s*)?(?:,?\s*et al|et coll|\(?(?:19|20)\d\d\b|(?:et|and|&)\s+[A-Z]\w+)")
_SPACED = re.compile(r"(?<![\w'])(?:[^\W\d_][ .\-_]){3,}[^\W\d_](?![\w'])")  # D u p o n t
_CAMEL = re.compile(r"\b([A-Z][a-z]{2,})([A-Z][A-Za-z]{2,})\b")  # JeanDupont
_FIRST = NAME | UPPER | Word.TITLE | Word.LABEL | Word.FIELD | Word.INITIAL
_SHORT_CAPITALS = 3
_LONE_NAME = 4  # letters
_MOST_WORDS = 5  # of a cell that is a name
_VOWEL = re.compile(r"[AEIOUY]")
_BEGINS_ITEM = frozenset({",", ";", "(", "/", "+", ":"})
_ENDS_ITEM = frozenset({",", ";", ")", "/", "+"})


class Sureness(IntEnum):
    """How sure it is that a text names somebody."""

    NO = 0
    MAYBE = 1
    YES = 2


def name_in(plain: str, column: str, kinds: int) -> Sureness:
    """Return how sure it is that the name of a person stands in a plain text of a column of the form.

    ``kinds`` are the kinds of its words together; most texts hold no word that a name could begin with.
    """
    if kinds & Word.LETTER and _SPACED.search(plain):
        return Sureness.MAYBE
    if not kinds & Word.SUSPECT:
        return Sureness.NO
    text = _CAMEL.sub(_parted, plain.replace("_", " "))
    tokens = tokens_of(text)
    sure = _Reading(text, tokens, column).finds_name()
    if sure or column != _REMARK:
        return sure
    return Sureness.MAYBE if has_strange_word(text, tokens) else Sureness.NO


def _parted(camel: re.Match[str]) -> str:
    given = (kind_of(camel[1]) | kind_of(camel[2])) & (Word.GIVEN | Word.GIVEN_OR_SURNAME)
    return f"{camel[1]} {camel[2]}" if given else camel[0]


@dataclass(frozen=True)
class _Reading:
    """A text, its words, and the column it stands in."""

    text: str
    tokens: list[Token]
    column: str

    def finds_name(self) -> Sureness:
        begins = [index for index, token in enumerate(self.tokens) if token.kind & _FIRST]
        if any(self._surely_begins_at(index, self.tokens[index].kind) for index in begins):
            return Sureness.YES
        if self.column not in _PLACES and self._whole_cell():
            return Sureness.MAYBE
        return Sureness(any(self._begins_at(index, self.tokens[index].kind) for index in begins))

    def _surely_begins_at(self, index: int, kind: int) -> bool:
        """Return whether Mme Dupont, nom : Dupont or Jean Dupont begins at a word."""
        follower = self._next(index)
        if kind & Word.TITLE and follower is not None and self._after_title(index):
            listed_or_unknown = follower.kind & SURE_NAME or not follower.kind & UNDERSTOOD
            eponym = follower.kind & Word.EPONYM and self.tokens[index].text in _DISEASES_TOO
            return bool(follower.kind & UPPER and listed_or_unknown and not eponym)
        if kind & Word.FIELD and self._gap_after(index).strip()[:1] in {":", "="} and self._after_label(index):
            return True
        return bool(kind & Word.GIVEN) and self._given_with_neighbour(index, certain=True)

    def _begins_at(self, index: int, kind: int) -> bool:
        """Return whether a name, or the title or label before it, begins at a word."""
        if kind & Word.TITLE and self._after_title(index):
            return True
        if kind & (Word.LABEL | Word.FIELD) and self._after_label(index):
            return True
        if kind & GIVEN_NAME and self._given_with_neighbour(index):
            return True
        if self.column in _PLACES:
            return False
        if not kind & (UPPER | Word.INITIAL):
            return self._small_letters(index)
        if self._given_alone(index) or self._does(index) or self._with_initial(index):
            return True
        return self.column in FREE_TEXT and self._unknown_pair(index)

    def _after_title(self, index: int) -> bool:
        """Return whether a title with a name after it begins here: Mme Dupont, Dr D., dr dupont."""
        title, follower = self.tokens[index], self._next(index)
        if not title.kind & Word.TITLE or follower is None:
            return False
        if title.text in _ALSO_DISEASES and not follower.gap.startswith("."):
            return bool(follower.kind & SURE_NAME and follower.kind & UPPER)
        if title.text == "M":
            return is_name(follower) or bool(follower.kind & (Word.SURNAME | Word.COMMON) and follower.kind & UPPER)
        if title.text in _SHORT_TITLES:
            return self._after_short_title(index, follower)
        if title.text in {"DR", "Dr"} and index and self.tokens[index - 1].text == "HLA":
            return False
        if not title.kind & UPPER and title.text not in _LOWER_TITLES:
            return False
        capitalised = Word.INITIAL if title.text.isupper() else Word.INITIAL | Word.CAPITALISED
        return is_name(follower) or bool(follower.kind & capitalised) or _is_small_name(follower, title.text.lower())

    def _after_short_title(self, index: int, follower: Token) -> bool:
        """Return whether m. dupont or pr dupont stands here, no 12 m., M. avium or pr traitement."""
        before = self.text[: self.tokens[index].end - len(self.tokens[index].text)].rstrip()
        if before[-1:].isdigit() or (follower.kind & UPPER and not is_name(follower)):
            return False
        if follower.kind & Word.SURNAME:
            return True
        if self.tokens[index].text == "m" and _LATIN.fullmatch(follower.text):
            return False
        return len(follower.text) > _SHORT_CAPITALS and not follower.kind & UNDERSTOOD

    def _after_label(self, index: int) -> bool:
        """Return whether a label with a name after it begins here: nom : Dupont, patiente Durand."""
        label = self.tokens[index]
        if not label.kind & (Word.LABEL | Word.FIELD) or index + 1 == len(self.tokens):
            return False
        follower = self.tokens[index + 1]
        if label.kind & Word.FIELD and follower.text in {"de", "d"} and index + 2 < len(self.tokens):
            named = self.tokens[index + 2]  # sous le nom de Durand
            return bool(named.kind & UPPER and (named.kind & NAME or is_name(named)))
        gap = follower.gap.strip()
        if label.kind & Word.FIELD and gap[:1] in {":", "="}:
            return not follower.kind & UNDERSTOOD or bool(follower.kind & NAME)
        if gap not in {"", ":", "=", "(e)", "-"} or (label.kind & Word.CAPITALS and not follower.kind & NAME):
            return False  # PATIENTE PERDUE DE VUE is no name
        if follower.kind & Word.CAPITALISED and follower.kind & (Word.COMMON | Word.SURNAME):
            return True
        if not follower.kind & (UPPER | UNDERSTOOD):
            return len(follower.text) > _SHORT_CAPITALS or bool(follower.kind & NAME)
        return is_name(follower) and (len(follower.text) > _SHORT_CAPITALS or not follower.kind & Word.CAPITALS)

    def _given_with_neighbour(self, index: int, *, certain: bool = False) -> bool:
        """Return whether a given name stands beside another name or an unknown capitalised word.

        ``certain``: beside a listed surname alone.
        """
        given = self.tokens[index]
        if not given.kind & UPPER or ((certain or self.column in _PLACES) and self._in_hospital(index)):
            return False
        for gap, position in ((given.gap, index - 1), (self._gap_after(index), index + 1)):
            if not 0 <= position < len(self.tokens) or not joined(gap.replace(",", "")):
                continue
            other = self.tokens[position]
            if certain and (not other.kind & (Word.SURNAME | Word.GIVEN_OR_SURNAME) or other.kind & UNDERSTOOD):
                continue
            if ("," not in gap or (given.kind | other.kind) & Word.GIVEN) and _is_pair(given, other):
                return True
        return False

    def _in_hospital(self, index: int) -> bool:
        """Return whether a hospital is named before a word, without a sign between them: Clinique Eugène André."""
        place = index
        while place and joined(self.tokens[place].gap):
            place -= 1
            if self.tokens[place].kind & Word.INSTITUTION:
                return True
        return False

    def _given_alone(self, index: int) -> bool:
        """Return whether a given name that is nothing else stands here, and cites no author."""
        token = self.tokens[index]
        alone = token.kind & Word.GIVEN and token.kind & Word.CAPITALISED
        return bool(alone) and _CITED.match(self.text, token.end) is None

    def _does(self, index: int) -> bool:
        """Return whether a name is followed by what is said of persons: a répondu, est, 45 ans."""
        token = self.tokens[index]
        if token.kind & SURE_NAME and token.kind & UPPER and not token.kind & Word.EPONYM:
            return _DOES.match(self.text, token.end) is not None
        if not token.kind & Word.CAPITALISED or not (index == 0 or token.gap.strip() in {".", ";", ":"}):
            return False
        name = is_name(token) or token.kind & Word.GIVEN_OR_WORD
        return bool(name) and _ONLY_PERSONS_DO.match(self.text, token.end) is not None

    def _small_letters(self, index: int) -> bool:
        """Return whether a given name in small letters has an unknown neighbour: jean dupont."""
        token = self.tokens[index]
        if not token.kind & GIVEN_NAME or token.kind & (UPPER | UNDERSTOOD):
            return False
        beyond = index + 1
        while beyond < len(self.tokens) and self.tokens[beyond].text in PARTICLES:
            beyond += 1
        after = self.tokens[beyond] if beyond < len(self.tokens) and joined(self.tokens[beyond].gap) else None
        before = self.tokens[index - 1] if index and joined(token.gap) else None
        neighbours = [other.kind for other in (before, after) if other is not None]
        if token.kind & Word.GIVEN_OR_WORD:
            return any(kind & (Word.SURNAME | Word.GIVEN) and not kind & UNDERSTOOD for kind in neighbours)
        unknown = any(kind & NAME or not kind & UNDERSTOOD for kind in neighbours)
        return unknown or bool(token.kind & Word.GIVEN and _DOES.match(self.text, token.end))

    def _with_initial(self, index: int) -> bool:
        """Return whether an initial and a name stand here: J. Dupont, Dupont J."""
        first, second = self.tokens[index], self._next(index)
        if second is None or _CITED.match(self.text, second.end):
            return False
        if first.kind & Word.INITIAL:
            short = second.kind & Word.CAPITALS and len(second.text) <= _SHORT_CAPITALS
            return second.gap.strip() in {".", ".-"} and is_name(second) and not short
        pointed = second.kind & Word.INITIAL and second.gap == " " and self.text.startswith(".", second.end)
        name = is_name(first) or first.kind & (Word.COMMON | Word.GIVEN_OR_WORD)
        return bool(pointed and name) and _CITED.match(self.text, second.end + 1) is None

    def _unknown_pair(self, index: int) -> bool:
        """Return whether two unknown capitalised words stand where the language has small letters."""
        first, second = self.tokens[index], self._next(index)
        if second is None or second.gap != " " or not (_is_unknown(first) and _is_unknown(second)):
            return False
        if (first.kind ^ second.kind) & Word.CAPITALS:
            return _could_be_spoken(first if first.kind & Word.CAPITALS else second)
        if first.kind & Word.CAPITALS:
            return False
        after = self.tokens[index + 2] if index + 2 < len(self.tokens) else None
        ends = after is None or after.gap.strip()[:1] in _ENDS_ITEM
        if self.column in _LISTS and first.gap.strip() in _BEGINS_ITEM and ends:
            return True
        in_sentence = index > 0 and first.gap == " " and not self.tokens[index - 1].kind & (UPPER | Word.INITIAL)
        goes_on = after is not None and after.gap == " " and bool(after.kind & UPPER)
        return (in_sentence and not goes_on) or _DOES.match(self.text, second.end) is not None

    def _whole_cell(self) -> bool:
        """Return whether the cell holds names and nothing else."""
        if not 1 <= len(self.tokens) <= _MOST_WORDS or any(sign.isdigit() for sign in self.text):
            return False
        if len(self.tokens) == 1:
            return self._is_lone_name(self.tokens[0])
        parts = [token for token in self.tokens if token.text.lower() not in PARTICLES]
        names = [token for token in parts if _may_be_name(token)]
        if len(names) < sum(not token.kind & Word.INITIAL for token in parts) or not any(map(is_name, names)):
            return False
        if not all(joined(token.gap) for token in self.tokens) or self.column not in FREE_TEXT:
            return False
        listed = any(token.kind & NAME for token in names)
        sure = any(is_name(token) and not token.kind & Word.GIVEN_OR_WORD for token in names)
        # Without a listed name, capital letters elsewhere than in a remark are a diagnosis or medicines.
        abbreviated = "." in self.text[:-1] or any(token.text == "A" for token in parts)
        return sure and (listed or (self.column in _ALONE and not abbreviated))

    def _is_lone_name(self, token: Token) -> bool:
        """Return whether the only word of a cell is a name."""
        if token.kind & Word.EPONYM:
            return False
        if not token.kind & UPPER:
            return bool(token.kind & Word.GIVEN)
        if self.column not in _ALONE:
            return bool(token.kind & SURE_NAME)
        unknown = is_name(token) and len(token.text) >= _LONE_NAME
        return bool(token.kind & NAME) or (unknown and (self.column != "note" or bool(token.kind & Word.CAPITALISED)))

    def _gap_after(self, index: int) -> str:
        return self.tokens[index + 1].gap if index + 1 < len(self.tokens) else ""

    def _next(self, index: int) -> Token | None:
        if index + 1 == len(self.tokens) or not joined(self.tokens[index + 1].gap):
            return None
        return self.tokens[index + 1]


def _is_pair(given: Token, other: Token) -> bool:
    if given.kind & Word.GIVEN:
        initial = bool(other.kind & Word.INITIAL) and other.text not in {"A", "Y"}
        return is_name(other) or initial or bool(other.kind & Word.EPONYM and other.kind & UPPER)
    if other.kind & (Word.SURNAME | Word.GIVEN) and other.kind & UPPER:
        return not (given.kind & Word.GIVEN_OR_WORD and given.kind & other.kind & Word.EPONYM)
    if given.kind & Word.GIVEN_OR_SURNAME and other.kind & Word.EPONYM and other.kind & UPPER:
        return not given.kind & Word.EPONYM  # Éric Raynaud, not Wilson Raynaud
    if not is_name(other) or other.kind & Word.GIVEN_OR_WORD & ~given.kind:
        return False
    if given.kind & Word.GIVEN_OR_WORD and given.kind & UNDERSTOOD:
        return bool(given.kind & Word.CAPITALISED and other.kind & Word.CAPITALS) and _could_be_spoken(other)
    return True


def _may_be_name(token: Token) -> bool:
    return is_name(token) or bool(token.kind & NAME and token.kind & UPPER)


def _could_be_spoken(capitals: Token) -> bool:
    """Return whether a word in capitals can be a surname, no abbreviation."""
    return len(capitals.text) > _SHORT_CAPITALS and _VOWEL.search(capitals.text) is not None


def _is_unknown(token: Token) -> bool:
    return is_name(token) and not token.kind & Word.GIVEN_OR_WORD


def _is_small_name(token: Token, title: str) -> bool:
    """Return whether a word in small letters after a title can be a name (dr dupont), not a verb (Mme reçoit)."""
    if token.kind & (UPPER | Word.INITIAL | UNDERSTOOD):
        return bool(token.kind & NAME and not token.kind & UPPER)
    if token.kind & NAME or title in _PHYSICIANS:
        return len(token.text) > 1
    return len(token.text) > _SHORT_CAPITALS
