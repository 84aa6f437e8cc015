"""Texts made comparable. Standard library alone: the guard of git reads it before anything is installed."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return the text without accents, case, and outer or doubled spaces (for comparing)."""
    plain = text if text.isascii() else _without_accents(text.replace("’", "'"))
    return " ".join(plain.casefold().replace("_", " ").split())


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
