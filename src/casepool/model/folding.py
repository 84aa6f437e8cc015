"""Texts made comparable. Standard library alone: the guard of git reads it before anything is installed."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return the text without accents, case, and outer or doubled spaces (for comparing)."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.casefold().replace("_", " ").split())
