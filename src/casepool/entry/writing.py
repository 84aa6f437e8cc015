"""One writer of a project at a time, none while git works, and what a killed one left is finished first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from casepool.entry.git_at_work import git_at_work
from casepool.entry.journal import refusal, settle
from casepool.files.holding import held
from casepool.model.errors import FileError
from casepool.model.message import Message


@contextmanager
def writing(root: str | Path) -> Iterator[tuple[Message, ...]]:
    """Hold a project for writing; yield what is to be told of a step that was finished or taken back.

    Two processes, or two threads, wait for each other. Not reentrant: who holds it calls no function that takes it.

    Raises
    ------
    FileError
        If git is at work in the folder, another writer keeps it for longer than it should, or a step that was cut short
        can neither be finished nor taken back. Nothing was written.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(held(root))
        except OSError as error:
            raise FileError(Message("nothing_written", why=refusal(error, str(root)))) from error
        if busy := git_at_work(root):
            raise FileError(Message("nothing_written", why=busy))
        yield settle(root)
