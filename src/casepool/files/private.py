"""The private folder of a project, ``.casepool/``: what one person's work leaves beside the record; never in git."""

from __future__ import annotations

from pathlib import Path

PRIVATE_FOLDER = ".casepool"


def private_folder(root: str | Path) -> Path:
    """Return the private folder of a project, made where it is not there; only its owner may look into it."""
    folder = Path(root) / PRIVATE_FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    # So that git leaves it alone in a project whose .gitignore does not name it.
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return folder
