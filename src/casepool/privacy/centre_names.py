"""The name of a centre without what people write differently: the one spelling by which a centre is known."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

from casepool.model.folding import fold

_SIGNS = str.maketrans({"œ": "oe", "æ": "ae", "&": " et "})
_WORDS = {"st": "saint", "ste": "sainte", "and": "et"}
# Hospital groups whose abbreviation is written with and without a hyphen.
_GROUPS = re.compile(r"\bap (hp|hm)\b")


@lru_cache(maxsize=4096)
def centre_key(name: str) -> str:
    """Return the words of a centre's name, which two spellings of it share.

    No accents, case, punctuation or invisible signs; St is Saint, & is et, A.P.-H.P. and AP-HP are APHP, C.H.U. is CHU.
    """
    visible = "".join(char for char in name if unicodedata.category(char) != "Cf")
    folded = fold(visible).translate(_SIGNS)
    words = [_WORDS.get(word, word) for word in re.findall(r"\w+", folded)]
    return _GROUPS.sub(r"ap\1", " ".join(_initials_joined(words))) or folded


def _initials_joined(words: list[str]) -> list[str]:
    """Return the words with single letters that follow each other joined, as of an abbreviation with points."""
    joined: list[str] = []
    for single, group in groupby(words, key=lambda word: len(word) == 1 and word.isalpha()):
        following = list(group)
        joined += ["".join(following)] if single else following
    return joined
