"""A job of the workflow from its first line to its receipt: where it prints, what it read, what it tells who waits.

Imports nothing heavy: this runs before the log is open.
"""

from __future__ import annotations

import os
import platform
import stat
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from casepool.provenance.code import unfolded
from casepool.provenance.digests import digest, environment, files_in, stat_of
from casepool.provenance.receipts import Receipt, as_checksum, keep_what_is_left

# Who runs the build, as "machine pid": set by the workflow, inherited by its jobs.
BUILD = "CASEPOOL_BUILD"
# Read once, before the scripts fork: to look a version up takes longer than many a script.
_ENVIRONMENT = environment()
TICK = 1_000_000  # nanoseconds: what Snakemake, which counts seconds as floats, surely sees as later
STAMP = ".snakemake_timestamp"  # Snakemake dates a folder by this file in it


class Job:
    """A job that has begun; ``finish`` ends it.

    Attributes
    ----------
    given : the object ``snakemake`` of a script, with ``rule``, ``wildcards``, ``input``, ``output``, ``params`` and
        ``log``.
    """

    def __init__(self, given: Any) -> None:
        self.given = given
        paths = unfolded(map(str, given.input))
        pull_back(paths)
        self._stats = {path: _stat(path) for path in paths}
        self._read = {path: digest(path) for path in paths}

    def finish(self) -> None:
        """Keep a receipt of what was read and written.

        Raises
        ------
        FileError
            If an input was changed while the job ran: what was made may be of either content.
        """
        self._refuse_changed()
        written = {path: digest(path) for path in sorted({str(path) for path in self.given.output})}
        name = job_name(self.given)
        keep_what_is_left(name, written)
        params = as_checksum(self.given.params)
        Receipt(self.given.rule, name, self._read, written, _ENVIRONMENT, params).write()

    def _refuse_changed(self) -> None:
        touched = [path for path, before in self._stats.items() if _stat(path) != before]
        changed = [path for path in touched if digest(path) != self._read[path]]
        if changed:
            from casepool.model.errors import FileError
            from casepool.model.message import Message

            raise FileError(Message("changed_while_read", files=tuple(changed)))


def job_name(given: Any) -> str:
    """Return the rule of a job with the values of its wildcards."""
    return ".".join([given.rule, *map(str, given.wildcards)])


def begin(given: Any) -> Job:
    """Begin a job: what it prints goes to its log, what stops it is said in one sentence on the terminal as well.

    A job whose build was killed ends too, so that it cannot write over what the next build makes.
    """
    terminal = sys.stderr
    log = Path(given.log[0])
    sys.stderr = sys.stdout = log.open("w", buffering=1, encoding="utf-8")
    sys.excepthook = lambda kind, error, trace: _tell(kind, error, trace, terminal, log)
    threading.Thread(target=_end_with_build, args=(os.environ.get(BUILD, ""),), daemon=True).start()
    return Job(given)


def _tell(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None, terminal: TextIO, log: Path
) -> None:
    """Write the traceback to the log and why the job stopped to the terminal."""
    from casepool.provenance.reasons import reason, said

    sys.__excepthook__(kind, error, trace)  # sys.stderr is the log
    terminal.write(f"\n{said(reason(error, log))}\n\n")
    terminal.flush()


def _end_with_build(build: str) -> None:
    machine, _, pid = build.partition(" ")
    while machine == platform.node() and pid:
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            os._exit(1)
        time.sleep(0.5)


def _stat(path: str) -> list[tuple[int, ...]]:
    whole = stat_of(path)
    is_folder = whole is not None and stat.S_ISDIR(whole.st_mode)
    found = map(stat_of, files_in(path)) if is_folder else [whole]
    return [(one.st_ino, one.st_size, one.st_mtime_ns, one.st_ctime_ns) for one in found if one is not None]


def newest(paths: Iterable[str]) -> int:
    """Return the latest date of files and folders, in nanoseconds; 0 where there is none."""
    return max((found.st_mtime_ns for path in paths if (found := stat_of(path)) is not None), default=0)


def set_date(path: str, date: int) -> None:
    """Give a result a date, in nanoseconds; a folder has two places for it."""
    for place in (Path(path), Path(path) / STAMP):
        if place.exists():
            os.utime(place, ns=(date, date))


def pull_back(paths: Iterable[str]) -> None:
    """Date files from the future to now: Snakemake refuses a result that is older than what it was made of.

    A clock that was set back leaves such files, also between two jobs of one build.
    """
    now = time.time_ns()
    for path in paths:
        if newest([path]) > now:
            with suppress(OSError):  # of somebody else: Snakemake will say so
                set_date(path, now)
