"""What the desk keeps beside the tables, outside git: settings, drafts, session. Readable by its owner alone."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casepool.files import atomic
from casepool.files.private import private_folder

_MODE = 0o600
_FOLDER_MODE = 0o700
# A session outlives a restart, so that a page left open can still be saved, but not the day.
_SESSION_SECONDS = 12 * 3600


@dataclass(frozen=True)
class Private:
    """The private folder of a project.

    Attributes
    ----------
    root : the project folder.
    """

    root: Path

    @property
    def folder(self) -> Path:
        """The folder of the desk, made where it is not there."""
        made = private_folder(self.root) / "desk"
        made.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        return made

    def session(self) -> str:
        """Return the token of the session: that of the last start where it is less than twelve hours old."""
        path = self.folder / "session"
        if path.exists() and time.time() - path.stat().st_mtime < _SESSION_SECONDS:
            return path.read_text(encoding="ascii")
        token = secrets.token_urlsafe(32)
        atomic.write_bytes(path, token.encode("ascii"), _MODE)
        return token

    def new_ticket(self) -> str:
        """Return the token of a start address; it opens one session, and the one before it none any more."""
        ticket = secrets.token_urlsafe(24)
        atomic.write_bytes(self.folder / "ticket", ticket.encode("ascii"), _MODE)
        return ticket

    def use_ticket(self, shown: str) -> bool:
        """Return whether a start address is the last one made and not used yet; it is used then."""
        path = self.folder / "ticket"
        if not path.exists() or not hmac.compare_digest(path.read_bytes(), shown.encode()):
            return False
        path.unlink()
        return True

    def settings(self) -> dict[str, Any]:
        """Return what was chosen: language, reader, port; empty where nothing was, or where it cannot be read."""
        return self._read(self.folder / "settings.json")

    def set(self, **chosen: object) -> None:
        """Keep choices."""
        self._write(self.folder / "settings.json", self.settings() | chosen)

    def draft(self, table: str, key: str) -> dict[str, Any]:
        """Return the draft of a form, or nothing."""
        return self._read(self._draft(table, key))

    def keep_draft(self, table: str, key: str, draft: Mapping[str, Any]) -> None:
        """Keep what stands in a form that is not saved yet."""
        self._write(self._draft(table, key), draft)

    def drop_draft(self, table: str, key: str) -> None:
        """Forget a draft: what stood in it was saved, or given up."""
        self._draft(table, key).unlink(missing_ok=True)

    def drafts(self) -> list[dict[str, Any]]:
        """Return every draft."""
        found = (self._read(path) for path in sorted(self.folder.glob("drafts/*.json")))
        return [one for one in found if one]

    def _draft(self, table: str, key: str) -> Path:
        name = hashlib.sha256(f"{table}\0{key}".encode()).hexdigest()[:32]
        return self.folder / "drafts" / f"{name}.json"

    @staticmethod
    def _read(path: Path) -> dict[str, Any]:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    @staticmethod
    def _write(path: Path, content: Mapping[str, Any]) -> None:
        path.parent.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        atomic.write_bytes(path, json.dumps(content, ensure_ascii=False).encode("utf-8"), _MODE)
