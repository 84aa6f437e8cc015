"""What a name of a disease means, as a line for a terminal."""

from __future__ import annotations

from casepool.diseases import Recognised

_WORDS = {
    "en": {"candidates": "candidates: {}", "none": "none known", "nearest": "none known; nearest: {}"},
    "fr": {"candidates": "possibles : {}", "none": "aucune connue", "nearest": "aucune connue ; la plus proche : {}"},
}


def term_line(name: str, meant: Recognised, nearest: str, language: str) -> str:
    """Return the name with its disease, or ``?`` with the candidates or the known name most like it."""
    if meant.disease:
        return f"{name}\t{meant.disease}"
    told = _WORDS[language]
    if meant.candidates:
        return f"{name}\t?\t{told['candidates'].format(', '.join(meant.candidates))}"
    return f"{name}\t?\t{told['nearest'].format(nearest) if nearest else told['none']}"
