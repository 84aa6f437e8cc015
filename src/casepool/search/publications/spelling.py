"""Letters made comparable: accents, ligatures, Greek letters, and letters that an export could not write."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from casepool.model.folding import fold

_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_LOST = re.compile(r"(?<=[^\W\d_])[?\ufffd]+(?=[^\W\d_])")  # fran?ais


def plain_letters(text: str) -> str:
    """Return a text without case, accents and lost letters; α and "alpha" are one."""
    folded = _LOST.sub("", fold(text))
    return folded if folded.isascii() else "".join(_named(letter) for letter in folded.translate(_PLAIN))


@lru_cache(maxsize=4096)
def _named(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return f" {name.split()[-1].casefold()} " if name.startswith("GREEK SMALL LETTER") else letter
