"""Whether git is in the middle of something: then no table is written, for git would write over it or mix it in."""

from __future__ import annotations

from pathlib import Path

from casepool.model.message import Message

# What stands in the folder of git while it works, and what a person does about it.
_SIGNS = {
    "index.lock": Message("git_is_writing"),
    "MERGE_HEAD": Message("git_merges"),
    "rebase-merge": Message("git_rebases"),
    "rebase-apply": Message("git_rebases"),
    "CHERRY_PICK_HEAD": Message("git_picks"),
    "REVERT_HEAD": Message("git_picks"),
}


def git_folder(root: str | Path) -> Path | None:
    """Return the folder in which git keeps the state of a work tree, or None outside any."""
    here = Path(root).resolve()
    for folder in (here, *here.parents):
        found = folder / ".git"
        if found.is_dir():
            return found
        if found.is_file():  # a further work tree of one repository names its own folder there
            named = found.read_text(encoding="utf-8").partition("gitdir:")[2].strip()
            return folder / named
    return None


def git_at_work(root: str | Path) -> Message | None:
    """Return what git is in the middle of, or None."""
    folder = git_folder(root)
    if folder is None:
        return None
    return next((said for sign, said in _SIGNS.items() if (folder / sign).exists()), None)
