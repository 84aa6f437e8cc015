"""Bytes as text, whatever program wrote them: UTF-8, UTF-16, Windows-1252; what was guessed is noted."""

from __future__ import annotations

import codecs
import re

from casepool.model.message import Message

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In a text of another encoding read as Windows-1252: four letters beyond ASCII in a row, or a sign within a word.
_ODD = re.compile(r"[^\x00-\x7f]{4,}|(?<=[a-z])[\xa1-\xac\xae-\xb6\xb8-\xbfŽŠŒŸˆ‰ƒ‚„‹]")
# Bytes that are no UTF-8, as ``surrogateescape`` keeps them, and the letters and signs they may be in Windows-1252.
_FOREIGN = re.compile("[\udc80-\udcff]")
_SMALL = frozenset("àâäáåæçéèêëíîïñóôöøúùûüÿœšžß")
_CAPITAL = frozenset("ÀÂÄÅÆÇÉÈÊËÍÎÏÑÓÔÖØÚÙÛÜŒŠŽ")
_SIGNS = frozenset("‘“”«»–—…°µ±·½€")
_BY_CHANCE = 4
_SAMPLE = 2000  # bytes in which UTF-16 without a mark shows itself
_SEVERAL = 0.4  # share of NUL bytes among every second one: more in Latin text as UTF-16, none in other text


def decode(content: bytes) -> tuple[str, tuple[Message, ...]]:
    """Return bytes as text with plain line ends, and notes on what was removed, guessed or lost.

    UTF-8 in which a few bytes are damaged stays UTF-8: read as Windows-1252, every accent of it would be wrong.
    """
    encoding = _encoding(content)
    if encoding:
        text, notes = _marked(content, encoding)
    else:
        text, notes = _unmarked(content)
    for end in ("\r\r\n", "\r\n", "\r"):
        text = text.replace(end, "\n")
    return text.removeprefix("\ufeff"), tuple(notes)


def _marked(content: bytes, encoding: str) -> tuple[str, list[Message]]:
    text = content.decode(encoding, errors="replace")
    return text, [Message("byte_order_mark"), *_lost(text)]


def _lost(text: str) -> list[Message]:
    n = text.count("\ufffd")
    return [Message("characters_lost", n=n)] if n else []


def _encoding(content: bytes) -> str:
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    even, odd = (content[:_SAMPLE][start::2] for start in (0, 1))
    if marked or len(content) % 2 or not odd:
        return marked
    shares = even.count(0) / len(even), odd.count(0) / len(odd)
    if min(shares) > 0 or max(shares) < _SEVERAL:
        return ""
    return "utf-16-be" if shares[0] else "utf-16-le"


def _unmarked(content: bytes) -> tuple[str, list[Message]]:
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        text = content.decode("utf-8", errors="surrogateescape")
    foreign = len(_FOREIGN.findall(text))
    known = sum(letter > "\x7f" for letter in text) - foreign
    read, notes = _of_two_encodings(text)
    # By chance, hardly any bytes of another encoding are letters of UTF-8, and the others make no words.
    if known > foreign or (_BY_CHANCE * known > foreign and "\ufffd" not in read):
        return read, notes
    text = content.decode("cp1252", errors="replace")
    note = Message("read_as_windows_1252" if _is_western(text) else "perhaps_another_encoding")
    return text, [note, *_lost(text)]


def _of_two_encodings(text: str) -> tuple[str, list[Message]]:
    """Return a text whose bytes that are no UTF-8 are read as Windows-1252 where that makes a word, else given up.

    A program that takes UTF-8 for Windows-1252 leaves the old letters as they are and saves new ones as one byte each.
    """
    lines: dict[str, None] = {}

    def letter(found: re.Match[str]) -> str:
        sign = bytes([ord(found[0]) - 0xDC00]).decode("cp1252", errors="replace")
        before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
        if not _stands(sign, before, after):
            return "\ufffd"
        lines[str(text.count("\n", 0, found.start()) + 1)] = None
        return sign

    read = _FOREIGN.sub(letter, text)
    notes = [Message("letters_of_another_encoding", n=len(lines), rows=tuple(lines))] if lines else []
    return read, [*notes, *_lost(read)]


def _stands(sign: str, before: str, after: str) -> bool:
    """Return whether a sign may stand between two others in a Western text."""
    if sign in _SMALL:
        return _in_word(before) or _in_word(after) or sign == "à"
    if sign in _CAPITAL:
        return not before.islower() and (_in_word(after) or not before.isalpha())
    if sign == "\xa0":
        return before.isdigit() or before in set("«(") or after in set("»:;!?%")
    return sign == "’" or (sign in _SIGNS and not (_in_word(before) and _in_word(after)))


def _in_word(sign: str) -> bool:
    return sign.isalpha() or bool(_FOREIGN.fullmatch(sign))


def _is_western(text: str) -> bool:
    """Return whether letters beyond ASCII stand as in Western languages: few in a row, no signs within words."""
    odd = sum(len(found[0]) for found in _ODD.finditer(text))
    return odd < _SEVERAL * sum(letter > "\x7f" for letter in text)
