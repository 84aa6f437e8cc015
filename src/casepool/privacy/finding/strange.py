"""Words that stand where names stand and are none of the language: Dupont, PTI; idem Dupont; DUPONT répond.

A capital letter inside a sentence, a word of capitals, an unknown first word: each may be a surname that no list holds.
What its neighbours show to be a medicine, an author or a germ is let through.
"""

from __future__ import annotations

import re

from casepool.privacy.finding.lexicon import FOREIGN_PARTICLES, GIVEN_NAME, SURE_NAME, UNDERSTOOD, UPPER, Word
from casepool.privacy.finding.words import Token, is_name

_SHORTEST, _SHORTEST_CAPITALS, _SHORTEST_UNLISTED = 3, 4, 5  # letters
_MIXED = re.compile(r"(?!Mc|Mac|De|Le|La|Du|Van)\w+[A-Z]")  # HScore
_FEWEST_VOWELS = 0.25  # of the letters of a name in capitals: CHULN is none
_VOWEL = re.compile(r"[AEIOUY]")
_NO_SYLLABLE = re.compile(r"[^AEIOUY]{5}|[AEIOU]{4}|^[^AEIOUY]{4}")
_DOSED = re.compile(
    r"\s?(?:®|\(r\))|,?\s*(?:[a-z]\s)?(?:\d[\d., ]*|x\s?\d+)\s?(?:mg|g\b|ug|mcg|ui\b|iu\b|ml|%|cp\b|bolus|amp|mui)",
    re.IGNORECASE,
)
_SCORED = re.compile(r"\d|(?:-[A-Z])?\s\d+(?!\s?(?:ans?|doses?|inj|perf|cycles?|cures?|yo)\b)")  # INCAT 2
# What is said of medicines, and hardly of persons.
_OF_MEDICINES = re.compile(
    r"\s+(?:puis|then|en cours|en at[ub]|au long cours|poursuivi\w*|maintenu\w*|introduit\w*|debute\w*"
    r"|majore\w*|diminue\w*"
    r"|repris\w*|inefficaces?|sans effet|mensuel\w*|hebdo\w*|bimensuel\w*|iv\b|sc\b|per os|po\b|refusee? (?:par"
    r"|en)|avant chaque|si\b|stopp\w*|non dispo\w*)",
    re.IGNORECASE,
)
_BEFORE_MEDICINES = frozenset({"sous", "relais", "switch", "puis", "then", "on"})
_CARED_FOR = re.compile(
    r"\b(?:transfer\w*|adresse\w*|suivi\w*|vue?s?|hospitali\w*|traite\w*|greffe\w*|opere\w*|prise? en charge|inclus\w*)"
    r"\s+(?:aussi\s+|ensuite\s+)?(?:a|au|aux)\s+(?:la\s+|l')?$",
    re.IGNORECASE,
)
_PREFIXED = re.compile(r"-[a-z]{4,}")  # Méno-métrorragies
_CITED = re.compile(
    r",?\s*(?:[A-Z]{1,2}\.?\s*)?(?:(?:and|et|&)\s[A-Z]\w+\s)?(?:et al|et coll|are\b|co-?author|\(?(?:19|20)\d\d\b)"
)
_GERM = re.compile(r"\s([a-z]+(?:us|a|is|um|ae|i|ens|enes|es|ans|er|ii))\b")
_DOES = re.compile(
    r"\s*[,:;)/-]|\s*$|\s+(?:a|est|etait|avait|ne|n|va|rechute|repond\w*|decede\w*|refuse\w*|perdue?|suivie?"
    r"|echec|rc|rp"
    r"|reponse|remission|en)\b",
    re.IGNORECASE,
)


def has_strange_word(text: str, tokens: list[Token]) -> bool:
    """Return whether a word of a plain remark may be a name that no list holds."""
    if any(_begins_with_particle(tokens, index) for index in range(len(tokens) - 1)):
        return True
    shouted = _is_shouted(tokens)
    return any(
        _is_strange(text, tokens, index, shouted=shouted)
        for index, token in enumerate(tokens)
        if not token.kind & UNDERSTOOD or token.kind & (SURE_NAME | GIVEN_NAME | Word.COMMON)
    )


def _begins_with_particle(tokens: list[Token], index: int) -> bool:
    """Return whether a name with a foreign particle begins here: van den broeck, patient van der Meer, De Bock."""
    token, after = tokens[index], tokens[index + 1]
    particle = token.text.lower() in FOREIGN_PARTICLES or token.text == "De"
    if not particle or after.gap != " " or after.kind & Word.EPONYM:
        return False
    if index == 0 or token.gap.strip()[:1] in {",", ";", ":", "("}:
        return token.text != "De"
    if tokens[index - 1].kind & (Word.LABEL | Word.TITLE | Word.FIELD):
        return True
    return bool(token.kind & UPPER and after.kind & UPPER) and not tokens[0].kind & Word.INSTITUTION


def _is_shouted(tokens: list[Token]) -> bool:
    """Return whether the whole text is in capital letters, which then say nothing."""
    long = [token for token in tokens if len(token.text) > _SHORTEST_CAPITALS]
    return len(long) > 1 and all(token.text.isupper() for token in long)


def _is_strange(text: str, tokens: list[Token], index: int, *, shouted: bool) -> bool:
    token = tokens[index]
    if not token.kind & UPPER:
        return index == 0 and _is_small_surname(text, tokens)
    if index and tokens[0].kind & Word.INSTITUTION and _names_hospital(tokens, index):
        return False
    if _is_excused(text, tokens, index):
        return False
    if token.kind & Word.CAPITALS:
        return _is_strange_capitals(text, tokens, index, shouted=shouted)
    begins = index == 0 or tokens[index].gap.strip()[:1] in {".", ";", "!", "?"}
    if not token.kind & UNDERSTOOD:
        return len(token.text) >= _SHORTEST and token.text.isascii() and _MIXED.match(token.text) is None
    if token.kind & Word.COMMON:
        return not begins and _stands_out(tokens, index)
    if "-" in token.gap and index and tokens[index - 1].kind & UNDERSTOOD:
        return False  # Clermont-Ferrand
    named = token.kind & SURE_NAME and not token.kind & Word.EPONYM
    return bool(named) and (not begins or _DOES.match(text, token.end) is not None)


def _names_hospital(tokens: list[Token], index: int) -> bool:
    """Return whether a word of a remark that begins with a hospital names it or its town: Hospital Curry Cabral."""
    if not tokens[index].kind & SURE_NAME:
        return True
    return all(token.kind & UPPER and token.gap.strip() in {"", "-"} for token in tokens[1 : index + 1])


def _stands_out(tokens: list[Token], index: int) -> bool:
    """Return whether a word of the language has a capital letter that its neighbours have not: idem Boucher."""
    others = [token for token in (tokens[index - 1], *tokens[index + 1 : index + 2]) if len(token.text) > 1]
    plain = all(not token.kind & UPPER or index - 1 == 0 for token in others[:1])
    return plain and "-" not in tokens[index].gap and not any(token.kind & UPPER for token in others[1:])


def _is_strange_capitals(text: str, tokens: list[Token], index: int, *, shouted: bool) -> bool:
    """Return whether a word in capitals can be a surname: listed, or unknown and to be spoken."""
    token = tokens[index]
    if len(token.text) < _SHORTEST_CAPITALS:
        return False
    if token.kind & UNDERSTOOD:
        return bool(token.kind & SURE_NAME) and not shouted and not token.kind & Word.EPONYM
    if not token.kind & SURE_NAME and len(token.text) < _SHORTEST_UNLISTED:
        return False
    glued = _SCORED.match(text, token.end) is not None
    spoken = len(_VOWEL.findall(token.text)) >= _FEWEST_VOWELS * len(token.text) and not _NO_SYLLABLE.search(token.text)
    return is_name(token) and not glued and spoken


def _is_excused(text: str, tokens: list[Token], index: int) -> bool:
    """Return whether neighbours show a capitalised word to be a medicine, an author or a germ."""
    token = tokens[index]
    cited = token.kind & Word.CAPITALISED and _CITED.match(text, token.end)
    if cited or _DOSED.match(text, token.end):
        return True
    before = tokens[index - 1] if index else None
    if not token.kind & SURE_NAME:
        if _in_list_of_medicines(tokens, index):
            return True
        if _OF_MEDICINES.match(text, token.end):
            return True
        if before is not None and before.text.lower() in _BEFORE_MEDICINES:
            return True
    if _CARED_FOR.search(text[: token.end - len(token.text)]) or _PREFIXED.match(text, token.end):
        return True
    germ = _GERM.match(text, token.end)
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return germ is not None and after is not None and not after.kind & (UPPER | UNDERSTOOD)


def _in_list_of_medicines(tokens: list[Token], index: int) -> bool:
    """Return whether a known medicine stands beside a word, or beyond a comma, a plus or et."""
    listed = [token for token in tokens if token.text.lower() not in {"et", "and", "puis", "par"}]
    place = next((number for number, token in enumerate(listed) if token.end == tokens[index].end), 0)
    around = listed[max(place - 1, 0) : place] + listed[place + 1 : place + 2]
    return any(token.kind & Word.MEDICINE for token in around)


def _is_small_surname(text: str, tokens: list[Token]) -> bool:
    """Return whether the first word is in small letters and none of the language: dupont, réponse complète."""
    token = tokens[0]
    if token.kind & UNDERSTOOD or len(token.text) < _SHORTEST_CAPITALS:
        return False
    if token.kind & SURE_NAME:
        return True
    return token.text.isalpha() and _DOES.match(text, token.end) is not None and len(tokens) > 1
