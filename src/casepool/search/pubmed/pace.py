"""One stream of requests at the permitted rate, for every process of a user on the machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from casepool.model.errors import FileError

# Permitted by NCBI: 3 requests a second, 10 with a key. A little less, since arrivals jitter.
WITHOUT_KEY = 0.36
WITH_KEY = 0.11
_LOOK = 0.01  # seconds between two looks at a lock that another process holds
_LONGEST = 3600.0  # a later time in the file comes from a clock that was wrong


def shared_path() -> Path:
    """Return the file that all processes of the user share."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "casepool" / "ncbi_requests"


@dataclass(frozen=True)
class Pace:
    """The rhythm of requests.

    Attributes
    ----------
    interval : seconds between the starts of two requests.
    path : holds the time of the next permitted request; a lock beside it is held during a request.
    """

    interval: float
    path: Path

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Wait for the turn of this request and keep it while the block runs."""
        lock = FileLock(f"{self.path}.lock", poll_interval=_LOOK)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
            self.path.touch()
        except OSError as error:
            lock.release()
            message = f"{self.path}: cannot be written ({error.strerror}); set XDG_CACHE_HOME to a folder that can."
            raise FileError(message) from error
        try:
            turn = Turn(self.path)
            time.sleep(turn.wait())
            turn.postpone(self.interval)
            yield turn
        finally:
            lock.release()


@dataclass(frozen=True)
class Turn:
    """The right to send one request; the next one may be postponed for all."""

    _path: Path

    def wait(self) -> float:
        """Return the seconds until the permitted time."""
        try:
            left = float(self._path.read_text(encoding="ascii") or 0) - time.time()
        except ValueError:  # a process died while it wrote
            return 0.0
        return min(max(left, 0.0), _LONGEST) if left < _LONGEST else 0.0

    def postpone(self, seconds: float) -> None:
        """Permit the next request of any process only after these seconds."""
        self._path.write_text(f"{time.time() + seconds:.6f}", encoding="ascii")
