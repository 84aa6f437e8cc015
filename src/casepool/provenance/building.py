"""The begin and the end of a build, around what Snakemake does: one at a time, what is made again, the proof."""

from __future__ import annotations

import os
import platform
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from casepool.files import atomic
from casepool.model.errors import CasepoolError, FileError, PrivacyError
from casepool.model.message import Message
from casepool.privacy.pseudonym import KEY_VARIABLE
from casepool.provenance.digests import digest, files_in
from casepool.provenance.job import BUILD, STAMP
from casepool.provenance.lock import hold
from casepool.provenance.reasons import language, said
from casepool.provenance.receipts import RECEIPTS, read_receipts
from casepool.provenance.settling import settle, state
from casepool.provenance.sparing import forget, keep


class NotVerifiedError(CasepoolError):
    """What a build has made does not belong together."""


def begin_build(promised: Collection[str], inputs: Iterable[str], *, elsewhere: bool = False) -> list[str]:
    """Hold the current folder and date its results by their contents; return what is to be said of them.

    Parameters
    ----------
    promised : every result of the rules.
    inputs : files that people put there and that must be there.
    elsewhere : whether jobs run on other machines.

    Raises
    ------
    BuildRunningError
        If another build is at work.
    FileError
        If nothing can be built in this folder, or an input is not there.
    PrivacyError
        If the key of the registry would travel with the jobs.
    """
    if elsewhere and os.environ.get(KEY_VARIABLE):
        raise PrivacyError(Message("key_would_travel", variable=KEY_VARIABLE))
    folder = Path.cwd()
    if {"{", "}"} & set(str(folder)):
        raise FileError(Message("folder_with_braces", folder=str(folder)))
    for place in (".snakemake", "results"):
        _require_writable(folder / place)
        atomic.require_room(folder / place)
    gone = tuple(path for path in sorted(inputs) if not Path(path).is_file())
    if gone:
        raise FileError(Message("inputs_missing", files=gone))
    told = hold()
    os.environ[BUILD] = f"{platform.node()} {os.getpid()}"
    _remove_half_written(folder / "results")
    found = state(promised)
    settle(found)
    keep(found.fresh)
    return [said(one) for one in (*told, *found.messages)]


def end_build(promised: Collection[str], configuration: Mapping[str, Any]) -> list[str]:
    """Return what is to be said at the end of a build: that its results are proven, or that some wait.

    Parameters
    ----------
    promised : the results of the configuration.
    configuration : as the build had it, with what was given at the command line.

    Raises
    ------
    NotVerifiedError
        With everything that does not belong together.
    """
    # The check of tables comes with these; a build that begins needs none of it.
    from casepool.provenance.manifest import MANIFEST
    from casepool.provenance.verifying import verify

    forget()
    told = _remove_leftovers(promised)
    if MANIFEST.as_posix() not in {path for one in state(promised).fresh for path in one.outputs}:
        return [*told, said(Message("build_partial"))]
    found = verify(asked=configuration)
    if found.problems:
        raise NotVerifiedError(found.text(language()))
    return [*told, found.text(language())]


def _require_writable(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
        writable = os.access(folder, os.W_OK) and not _is_read_only(folder)
    except OSError:
        writable = False
    if not writable:
        raise FileError(Message("folder_not_writable", folder=str(folder)))


def _is_read_only(folder: Path) -> bool:
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _remove_half_written(results: Path) -> None:
    """Remove what a killed job had begun to write beside a result, under a hidden name of its own."""
    for file in results.rglob(".*"):
        if atomic.TEMPORARY.fullmatch(file.name):
            file.unlink()


def _remove_leftovers(promised: Collection[str]) -> list[str]:
    """Remove results that a job of this folder wrote and that no configuration or program asks for any more."""
    told = []
    for one in read_receipts():
        left = [path for path in one.outputs if path.startswith("results/")]
        if left and not set(left) & set(promised):
            for path in (path for path in left if digest(path) == one.outputs[path]):
                for file in files_in(path):
                    file.unlink()
                if Path(path).is_dir():
                    (Path(path) / STAMP).unlink(missing_ok=True)
                    with suppress(OSError):  # something hidden lies there that no job made
                        Path(path).rmdir()
                told.append(said(Message("result_left", file=path)))
            (RECEIPTS / f"{one.name}.json").unlink()
    return told
