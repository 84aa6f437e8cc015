"""Where the rows of a first reader come from: apart, so that the command starts without pandas."""

from __future__ import annotations

from enum import StrEnum


class Source(StrEnum):
    """Where the rows of the first reader are taken from: the last commit, or the tables as they stand."""

    GIT = "git"
    TABLES = "tables"
