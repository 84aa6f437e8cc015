"""How returns are read, as far as a project chooses it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from casepool.model.folding import fold
from casepool.privacy.finding.second_reader import SecondReader, second_reader


@dataclass(frozen=True)
class ReadingRules:
    """What a project adds to the reading of returns.

    Attributes
    ----------
    missing_codes : folded texts that stand for a missing answer.
    harmless_words : words of remarks that name nobody.
    second_reader : what looks for names too.
    """

    missing_codes: frozenset[str] = frozenset()
    harmless_words: tuple[str, ...] = ()
    second_reader: SecondReader | None = None


NO_RULES = ReadingRules()


def reading_rules(
    missing_codes: Iterable[str] = (), harmless_words: Iterable[str] = (), second_reader_model: str = ""
) -> ReadingRules:
    """Return the rules of a configuration (its section ``registry``).

    Raises
    ------
    ConfigError
        If a second reader is asked for and not installed.
    """
    reader = second_reader(second_reader_model) if second_reader_model else None
    return ReadingRules(frozenset(map(fold, missing_codes)), tuple(harmless_words), reader)
