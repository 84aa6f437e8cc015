"""One code for a country, however it is written in English or French.

The names are those of Babel (Unicode CLDR), compared whole: a search inside names would take "Republic of Korea" for
North Korea (``findings/pycountry_korea.sh``). A country that Babel does not know is compared as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from casepool.model.folding import fold

_LANGUAGES = ("en", "fr", "de", "it", "es")  # of the reports: a country may stand in the language of its journal
# Names in use that CLDR does not have, folded.
_FURTHER = {
    "usa": "US", "us": "US", "united states of america": "US", "uk": "GB", "great britain": "GB", "england": "GB",
    "scotland": "GB", "wales": "GB", "northern ireland": "GB", "angleterre": "GB", "grande-bretagne": "GB",
    "korea": "KR", "republic of korea": "KR", "south korea": "KR", "north korea": "KP", "the netherlands": "NL",
    "holland": "NL", "czech republic": "CZ", "republique tcheque": "CZ", "turkey": "TR", "turkiye": "TR",
    "people's republic of china": "CN", "pr china": "CN", "russian federation": "RU", "viet nam": "VN",
    "ivory coast": "CI", "hong kong": "HK", "macau": "MO", "burma": "MM", "cape verde": "CV", "macedonia": "MK",
}  # fmt: skip
_SEVERAL = re.compile(r"[;,/]| and | et ")


def country_of(text: str) -> str | None:
    """Return the code of a country (ISO 3166), its folded name where it is not known, or None for several countries.

    Several countries say nothing about one patient. A name that holds "and" itself, as Trinidad and Tobago, is one.
    """
    folded = fold(text)
    known = _codes().get(folded)
    if known:
        return known
    return None if _SEVERAL.search(folded) else folded


def names_a_country(word: str) -> bool:
    """Return whether a folded word is the whole name of a country."""
    return word in _codes()


@cache
def _codes() -> dict[str, str]:
    """Return folded name → code; a name that means two countries stands for none."""
    found: dict[str, set[str]] = {}
    for name, code in _names():
        found.setdefault(fold(name), set()).add(code)
    return {name: min(codes) for name, codes in found.items() if len(codes) == 1} | _FURTHER


def _names() -> Iterator[tuple[str, str]]:
    from babel import Locale

    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():  # the numbers are continents and regions
                yield name, code
