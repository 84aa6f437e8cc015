"""Why a job or a build stopped, in one sentence for who waits for it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from casepool.model.errors import CasepoolError, CuratedDataError
from casepool.model.message import Message, text

_LANGUAGE = "CASEPOOL_LANG"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}


def reason(error: BaseException, log: str | Path) -> Message | str | CasepoolError:
    """Return what stopped a job.

    Parameters
    ----------
    log : the file that holds the traceback.
    """
    if isinstance(error, CasepoolError):
        return error
    if isinstance(error, OSError) and error.errno in _FULL:
        return Message("disk_full")
    if isinstance(error, OSError) and error.errno in _FORBIDDEN:
        return Message("cannot_be_written", file=str(error.filename or "?"))
    if isinstance(error, MemoryError):
        return Message("memory_full")
    return Message("fault_of_the_program", kind=type(error).__name__, error=str(error), log=str(log))


def said(what: Message | str | CasepoolError) -> str:
    """Return what is said in the language of the build."""
    if isinstance(what, CuratedDataError):
        return f"{what.text(language())}\n{text(Message('check_again'), language())}"
    return what.text(language()) if isinstance(what, CasepoolError) else text(what, language())


def language() -> str:
    """Return the language of the build: CASEPOOL_LANG, which the workflow sets to the first of the project."""
    return os.environ.get(_LANGUAGE, "en")
