"""Where the tables that people type lie: one file for each, CSV or XLSX; any other spreadsheet beside them is noticed.

Imports nothing that is slow: the rules of the workflow ask here.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

_READ = (".csv", ".xlsx", ".xlsm")
_SPREADSHEETS = frozenset({*_READ, ".tsv", ".tab", ".xls", ".xlsb", ".ods", ".numbers"})


def table_path(folder: str | Path, name: str) -> Path:
    """Return the file that holds a table of a folder: the CSV or, where there is none, the workbook."""
    paths = [Path(folder) / f"{name}{suffix}" for suffix in _READ]
    return next((path for path in paths if path.is_file()), paths[0])


def further_files(folder: str | Path, names: Collection[str]) -> dict[Path, Path | None]:
    """Return each spreadsheet of a folder that is not read → the file of the table that it is called like, if any."""
    read = {table_path(folder, name) for name in names}
    others = sorted(path for path in Path(folder).glob("[!.~]*") if path.suffix.lower() in _SPREADSHEETS)
    called = {name.casefold(): table_path(folder, name) for name in names}
    return {path: called.get(path.stem.casefold()) for path in others if path not in read}
