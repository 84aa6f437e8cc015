"""The lists of screening programs, by the names that the command line takes; imports nothing, for it starts with it."""

from __future__ import annotations

from enum import StrEnum


class CovidenceList(StrEnum):
    """The lists of Covidence: a record is told by the one from which it was exported, not by a column."""

    SCREEN = "screen"
    IRRELEVANT = "irrelevant"
    SELECT = "select"
    EXCLUDED = "excluded"
    INCLUDED = "included"
