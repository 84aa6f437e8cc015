"""Signs that nobody sees: what a word processor, a PDF or a web page leaves in a cell that is copied from it.

A line break inside a cell becomes a space, what has no width goes (also what turns the direction of writing); what
stood for a letter that is lost cannot be guessed and is refused.
"""

from __future__ import annotations

import re
import unicodedata

# Breaks of lines and pages, and the tabulator.
_BREAK = re.compile(" *[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029][\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029 ]*")
_LOST = "\ufffd"  # what a decoder writes for a byte that it does not know


def cleaned(text: str) -> str:
    """Return a text with line breaks as spaces and without signs of no width."""
    if text.isprintable():
        return text
    spaced = _BREAK.sub(" ", text)
    return "".join(sign for sign in spaced if unicodedata.category(sign) != "Cf").strip()


def codes_changed(text: str) -> set[str]:
    """Return the code points that ``cleaned`` replaces or removes, as U+200B."""
    if text.isprintable():
        return set()
    return {code(sign) for sign in text if unicodedata.category(sign) == "Cf" or _BREAK.fullmatch(sign)}


def codes_refused(text: str) -> set[str]:
    """Return the code points that stand for something lost: control signs, private signs of a font, no character."""
    if text.isprintable() and _LOST not in text:
        return set()
    return {code(sign) for sign in text if unicodedata.category(sign) in {"Cc", "Co", "Cs"} or sign == _LOST}


def code(sign: str) -> str:
    """Return a character as U+200B."""
    return f"U+{ord(sign):04X}"
