"""TeX as text: accents become letters, commands signs, formulas what they say."""

from __future__ import annotations

import re
import unicodedata

_ACCENT = re.compile(r"\\(?:([`'^\"~=.])\s*|([uvHcdbrk])(?:\s+|(?=\{)))(?:\{\\?([A-Za-z])\}|\\?([A-Za-z]))")
_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "r": "\u030a",
    "k": "\u0328",
}  # fmt: skip
_LETTERS = {"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
            "AA": "Å", "i": "ı", "j": "ȷ", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "ng": "ŋ",
            "NG": "Ŋ"}  # fmt: skip
_LETTER = re.compile(rf"\\({'|'.join(sorted(_LETTERS, key=len, reverse=True))})(?![A-Za-z])\s?(?:\{{\}})?")
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
_TEX = frozenset("\\{}$~")
_ESCAPED = re.compile(r"\\([&%$#_{}])")


def plain_text(text: str) -> str:
    """Return a TeX text without commands and braces: accents become letters, symbols signs, formulas text."""
    if _TEX.isdisjoint(text):
        return unicodedata.normalize("NFC", " ".join(_dashed(text).split()))
    text = _FORMULA.sub(_formula, _POWER.sub("^", text))
    text = _SYMBOL.sub(_sign, _ACCENT.sub(_accented, text))
    text = _LETTER.sub(lambda found: _LETTERS[found[1]], text)
    text = _ESCAPED.sub(r"\1", _dashed(_COMMAND.sub("", text)).replace("~", " "))
    return unicodedata.normalize("NFC", " ".join(text.replace("{", "").replace("}", "").split()))


def _dashed(text: str) -> str:
    return text.replace("---", "—").replace("--", "–")


def _formula(found: re.Match[str]) -> str:
    """Return a formula as text: signs, the names of commands that are not known, no marks of raising but of powers."""
    text = _SYMBOL.sub(_sign, found[1])
    text = _COMMAND.sub(lambda one: "" if _FORM.fullmatch(one[1]) else f"{one[1]} ", text)
    base = "0" if found.string[: found.start()][-1:].isdigit() else " "  # what the formula may raise: 10$^9$
    return re.sub(r"(?<!\d)\^|\^(?!\{?\d)|(?<!\\)_", "", base + text)[1:]


def _sign(found: re.Match[str]) -> str:
    sign = _SYMBOLS[found[1]]
    return sign if sign.isalpha() else f"{sign}{found[2]}"


def _accented(found: re.Match[str]) -> str:
    letter = found[3] or found[4]
    return unicodedata.normalize("NFC", letter + _MARKS[found[1] or found[2]])
