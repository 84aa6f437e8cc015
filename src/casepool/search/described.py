"""Which raw files ``data/raw/sources.csv`` describes, without the cost of reading it as a table."""

from __future__ import annotations

from pathlib import Path

from casepool.files.cells import read_cells


def described_paths(sources: str | Path) -> list[str]:
    """Return the paths that a table of sources names, as the reader of typed tables sees them.

    Whether the table is right is judged by the check.

    Raises
    ------
    FileError
        If the file is no table.
    """
    rows, _ = read_cells(Path(sources))
    header = [name.strip() for name in rows[0]] if rows else []
    if "path" not in header:
        return []
    column = header.index("path")
    return [row[column].strip() for row in rows[1:] if len(row) > column and row[column].strip()]
