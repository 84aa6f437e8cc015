"""BibTeX exports (Zotero, Mendeley, JabRef, Google Scholar): entries, macros, braces and TeX accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from casepool.model.message import Message
from casepool.search.formats.citation import Record, citation, safe_id, unreadable

_FORMAT = "BibTeX"
_ENTRY = re.compile(r"@(\w+)\s*\{", re.IGNORECASE)
_FIELD = re.compile(r"\s*([\w\-]+)\s*=\s*")
_ACCENT = re.compile(r"\\(?:([`'^\"~=.])\s*|([uvHcdbrk])(?:\s+|(?=\{)))(?:\{\\?([A-Za-z])\}|\\?([A-Za-z]))")
_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "r": "\u030a",
    "k": "\u0328",
}  # fmt: skip
_LETTERS = {"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
            "AA": "Å", "i": "ı"}  # fmt: skip
_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i)(?![A-Za-z])\s?(?:\{\})?")
_SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "pm": "±", "times": "×", "cdot": "·", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "less": "<", "greater": ">",
    "approx": "≈", "sim": "∼", "neq": "≠", "rightarrow": "→", "to": "→", "degree": "°", "circ": "°", "infty": "∞",
    "registered": "®", "trademark": "™",
}  # fmt: skip
_SYMBOL = re.compile(rf"\\(?:text)?({'|'.join(sorted(_SYMBOLS, key=len, reverse=True))})(?![A-Za-z])(\s?)(?:\{{\}})?")
_FORMULA = re.compile(r"(?<!\\)\$(?=\S)([^$]*?)(?<=[^\s\\])\$")
_POWER = re.compile(r"(?<=\d)\\textsuperscript\s*(?=\{?\d)")
_FORM = re.compile(r"(?:math|text)(?:rm|it|bf|sf|tt|cal|bb|sc|up)?|left|right|rm|it|bf|emph|boldsymbol|ensuremath")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s?")
_ESCAPED = re.compile(r"\\([&%$#_{}])")


def parse_bibtex(path: str | Path) -> Iterator[Record]:
    """Yield the citation facts of every entry of a BibTeX file, in file order.

    Raises
    ------
    FileError
        If the file is not BibTeX, an entry is not closed or has no key.
    """
    source = Path(path)
    try:
        text = source.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(source, _FORMAT, str(error)) from error
    if text.strip() and not _ENTRY.search(text):
        raise unreadable(source, _FORMAT, Message("no_line_begins_with", begin="@"))
    macros: dict[str, str] = {}
    for kind, body in _entries(text, source):
        if kind == "string":
            macros |= _fields(body, macros)
        elif kind not in {"comment", "preamble"}:
            key, _, rest = body.partition(",")
            if not safe_id(key) or "=" in key:
                raise unreadable(source, _FORMAT, Message("entry_without_key", entry=f"@{kind}", expected=f"@{kind}{{"))
            yield _record(kind, safe_id(key), _fields(rest, macros))


def _entries(text: str, source: Path) -> Iterator[tuple[str, str]]:
    place = 0
    while found := _ENTRY.search(text, place):
        end = _closing(text, found.end())
        if end < 0:
            line = text.count("\n", 0, found.start()) + 1
            last = text.rstrip().count("\n") + 1
            raise unreadable(source, _FORMAT, Message("entry_not_closed", line=line, expected="}", last=last))
        yield found[1].lower(), text[found.end() : end]
        place = end + 1


def _closing(text: str, start: int) -> int:
    """Return where the brace closes that was opened before `start` (−1: nowhere)."""
    depth = 1
    for place in range(start, len(text)):
        if text[place] in "{}" and text[place - 1] != "\\":
            depth += 1 if text[place] == "{" else -1
            if depth == 0:
                return place
    return -1


def _fields(body: str, macros: dict[str, str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    place = 0
    while found := _FIELD.match(body, place):
        value, place = _value(body, found.end(), macros)
        fields.setdefault(found[1].lower(), value)
        comma = body.find(",", place)
        if comma < 0:
            break
        place = comma + 1
    return fields


def _value(body: str, place: int, macros: dict[str, str]) -> tuple[str, int]:
    """Return a value (parts may be joined with #) and where it ends."""
    parts: list[str] = []
    while True:
        if body[place : place + 1] == "{":
            end = _closing(body, place + 1)
            parts.append(body[place + 1 : end])
            place = end + 1
        elif body[place : place + 1] == '"':
            end = _quote(body, place + 1)
            parts.append(body[place + 1 : end])
            place = end + 1
        else:
            word = re.compile(r"[^\s,#]*").match(body, place)
            assert word is not None  # the pattern matches the empty text
            parts.append(macros.get(word[0].lower(), word[0]))
            place = word.end()
        joined = re.compile(r"\s*#\s*").match(body, place)
        if joined is None:
            return "".join(parts), place
        place = joined.end()


def _quote(body: str, start: int) -> int:
    depth = 0
    for place in range(start, len(body)):
        depth += {"{": 1, "}": -1}.get(body[place], 0)
        if body[place] == '"' and depth == 0:
            return place
    return len(body)


def plain_text(text: str) -> str:
    """Return a TeX text without commands and braces: accents become letters, symbols signs, formulas text."""
    text = _FORMULA.sub(_formula, _POWER.sub("^", text))
    text = _SYMBOL.sub(_sign, _ACCENT.sub(_accented, text))
    text = _LETTER.sub(lambda found: _LETTERS[found[1]], text)
    text = _ESCAPED.sub(r"\1", _COMMAND.sub("", text).replace("---", "—").replace("--", "–").replace("~", " "))
    return unicodedata.normalize("NFC", " ".join(text.replace("{", "").replace("}", "").split()))


def _formula(found: re.Match[str]) -> str:
    """Return a formula as text: signs, the names of commands that are not known, no marks of raising but of powers."""
    text = _SYMBOL.sub(_sign, found[1])
    text = _COMMAND.sub(lambda one: "" if _FORM.fullmatch(one[1]) else f"{one[1]} ", text)
    base = "0" if found.string[: found.start()][-1:].isdigit() else " "  # what the formula may raise: 10$^9$
    return re.sub(r"(?<!\d)\^|\^(?!\{?\d)|(?<!\\)_", "", base + text)[1:]


def _sign(found: re.Match[str]) -> str:
    sign = _SYMBOLS[found[1]]
    return sign if sign.isalpha() else f"{sign}{found[2]}"


def _names(text: str) -> list[str]:
    """Return the authors: joined with "and" outside braces; a last "others" stands for those not named."""
    names, depth, start = [], 0, 0
    for found in re.finditer(r"\\\S|[{}]|\s+and(?=\s)", text, re.IGNORECASE):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0 and found[0].strip().lower() == "and":
            names.append(text[start : found.start()])
            start = found.end()
    last = text[start:]
    names += [] if names and last.strip() == "others" else [last]
    return [plain_text(name) for name in names if name.strip()]


def _accented(found: re.Match[str]) -> str:
    letter = found[3] or found[4]
    return unicodedata.normalize("NFC", letter + _MARKS[found[1] or found[2]])


def _record(kind: str, key: str, fields: dict[str, str]) -> Record:
    told = {name: plain_text(value) for name, value in fields.items() if name not in {"doi", "url"}}
    pmid = told.get("pmid") or (told.get("eprint", "") if told.get("eprinttype", "").lower() == "pubmed" else "")
    return citation(
        f"bib:{key}",
        year=told.get("year") or told.get("date", ""),
        doi=fields.get("doi", "").replace("\\_", "_"),
        pmid=pmid,
        pmcid=told.get("pmcid", ""),
        title=told.get("title", ""),
        authors="; ".join(_names(fields.get("author", ""))),
        journal=told.get("journal") or told.get("journaltitle") or told.get("booktitle", ""),
        volume=told.get("volume", ""),
        issue=told.get("number") or told.get("issue", ""),
        pages=told.get("pages", "").replace("–", "-"),
        language=told.get("language") or told.get("langid", ""),
        publication_types=kind,
        url=fields.get("url", ""),
        abstract=told.get("abstract", ""),
        keywords=told.get("keywords", ""),
    )
