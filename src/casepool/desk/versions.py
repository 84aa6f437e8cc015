"""What changed since the last version in git, row by row, and a new version of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casepool.contract import CURATED, TABLES
from casepool.contract.texts import column_label, table_title
from casepool.desk.fields import cell_label
from casepool.desk.workspace import Workspace
from casepool.entry.rows import place_of, read
from casepool.entry.table_text import Cells, Key, TableText
from casepool.entry.undoing import committed_table
from casepool.entry.writing import writing
from casepool.files import git
from casepool.model.errors import FileError

_IMPORTS = "data/raw/imports"
_SOURCES = "data/raw/sources.csv"
_COLUMNS_SHOWN = 8  # of a row: a new one has all its columns


@dataclass(frozen=True)
class RowChange:
    """A row that is new, gone, or changed.

    Attributes
    ----------
    kind : ``new``, ``gone`` or ``changed``.
    cells : label, before and now, of the first cells that changed.
    n_more : how many changed beside these.
    """

    table: str
    name: str
    kind: str
    cells: tuple[tuple[str, str, str], ...]
    n_more: int = 0


@dataclass(frozen=True)
class Changes:
    """What changed since the last version: rows, files of references that are new, and faults of tables."""

    rows: tuple[RowChange, ...]
    files: tuple[str, ...]
    faults: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.rows or self.files)


def has_versions(workspace: Workspace) -> bool:
    """Return whether the project is kept by git."""
    return git.answer(workspace.root, "rev-parse", "--git-dir") is not None


def changes(workspace: Workspace) -> Changes:
    """Return what changed in the tables and imports since the last version."""
    found: list[RowChange] = []
    faults: list[str] = []
    for table in CURATED:
        try:
            now = read(place_of(workspace.root, table.name))
        except FileError as error:
            faults.append(error.text(workspace.language))
            continue
        found += _of_table(workspace, table.name, committed_table(workspace.root, table.name), now)
    words = ("status", "--porcelain", "-z", "--untracked-files=all", "--", _IMPORTS)
    listed = (git.answer(workspace.root, *words) or b"").decode(errors="replace").split("\0")
    return Changes(tuple(found), tuple(one[3:] for one in listed if one), tuple(faults))


def _of_table(workspace: Workspace, table: str, head: TableText | None, now: TableText) -> list[RowChange]:
    before, after = _by_key(head), _by_key(now)
    return [
        _change(workspace, table, key, before.get(key), after.get(key))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    ]


def _by_key(table: TableText | None) -> Mapping[Key, Cells]:
    return {} if table is None else {table.key_of(one.cells): one.cells for one in table.records if one.cells}


def _change(workspace: Workspace, table: str, key: Key, before: Cells | None, after: Cells | None) -> RowChange:
    kind = "new" if before is None else "gone" if after is None else "changed"
    cells = [
        (
            column_label(table, name, workspace.language),
            cell_label(workspace, table, name, (before or {}).get(name, "")),
            cell_label(workspace, table, name, (after or {}).get(name, "")),
        )
        for name in TABLES[table].names
        if name not in TABLES[table].key and (before or {}).get(name, "") != (after or {}).get(name, "")
    ]
    shown, n_more = tuple(cells[:_COLUMNS_SHOWN]), max(0, len(cells) - _COLUMNS_SHOWN)
    return RowChange(table_title(table, workspace.language), " · ".join(key), kind, shown, n_more)


def subject(changed: Changes) -> str:
    """Return what a new version is called where the reader says nothing: the first ids of its rows, counted."""
    named = list(dict.fromkeys(one.name.split(" · ")[0] for one in changed.rows))
    names = [one for one in named if ":" not in one] or named  # reports say more than their records
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"data: {shown or 'references'}"


def save_version(workspace: Workspace, message: str) -> None:
    """Commit the tables and imports, and nothing else; the reader is its author, the hooks look at it.

    Raises
    ------
    FileError
        With what git says, where it refuses.
    """
    paths = [f"data/curated/{table.name}.csv" for table in CURATED]
    paths = [one for one in (*paths, _SOURCES, _IMPORTS) if (workspace.root / one).exists()]
    reader = workspace.reader
    with writing(workspace.root):
        _must(workspace, "add", "--", *paths)
        author = f"{reader} <{reader}@readers.invalid>"
        _must(workspace, "commit", "--quiet", "--author", author, "--message", message, "--", *paths)


def _must(workspace: Workspace, *words: str) -> None:
    # Where nobody has told git who commits, the reader does.
    known = git.answer(workspace.root, "config", "user.email") is not None
    done = git.run(workspace.root, *words, also={} if known else _named(workspace.reader or "reader"))
    if done is None or done.returncode:
        said = "git" if done is None else (done.stderr or done.stdout).decode(errors="replace").strip()
        raise FileError(workspace.words("git_refuses", said=said))


def _named(reader: str) -> dict[str, str]:
    return {"GIT_COMMITTER_NAME": reader, "GIT_COMMITTER_EMAIL": f"{reader}@readers.invalid"}
