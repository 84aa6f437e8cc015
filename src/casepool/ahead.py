"""Files read ahead: the process behind the jobs parses once what several of them read.

A job that parsed a file, or wrote one, says so; the process that the jobs are forks of parses it before the next fork,
which takes the result where the file still holds the same. Outside such a process nothing is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_Read = tuple[str, ...]  # a reader and what it is called with: names, and paths as text

_readers: dict[str, Callable[..., object]] = {}
_held: dict[_Read, tuple[bytes, object]] = {}
_wished: list[_Read] | None = None


def reader(function: Callable[..., T]) -> Callable[..., T]:
    """Let a function be called ahead: one whose result follows from its names and the files that its paths name."""
    _readers[_name(function)] = function
    return function


def taken(function: Callable[..., T], *given: object, frozen: bool = False) -> T | None:
    """Return what a reader gave when it was called ahead, where its files have not changed; else None.

    It is handed out once, so that who takes it may change it, unless it is `frozen`.
    """
    call = _as_read(function, given)
    content, result = _held.get(call, (b"", None))
    if not frozen:
        _held.pop(call, None)
    if result is not None and content == contents(map(str, given)):
        return result  # type: ignore[return-value]  # of the reader of this name
    wish(function, *given)
    return None


def fetched(function: Callable[..., T], *given: object, frozen: bool = False) -> T:
    """Return what a reader gave when it was called ahead, as `taken` does, or call it now."""
    result = taken(function, *given, frozen=frozen)
    return function(*given) if result is None else result


def wish(function: Callable[..., object], *given: object) -> None:
    """Say that the result of a reader will be asked for; heard only in a fork."""
    if _wished is not None:
        _wished.append(_as_read(function, given))


def listen() -> list[_Read]:
    """Begin to collect what is wished, in a fork; return the list that it goes into."""
    global _wished
    _wished = []
    return _wished


def read(name: str, given: Sequence[str]) -> None:
    """Call a reader ahead, in the process behind; what fails is left to the job that asks for it."""
    call = (name, *given)
    before = contents(given)
    if name not in _readers or (call in _held and _held[call][0] == before):
        return
    result = _readers[name](*given)
    if contents(given) == before:  # else it is of either content
        _held[call] = before, result


def contents(words: Iterable[str]) -> bytes:
    """Return the checksums of the files among some words."""
    files = (Path(one) for one in words)
    return b"".join(hashlib.sha256(one.read_bytes()).digest() for one in files if one.is_file())


def _as_read(function: Callable[..., object], given: Sequence[object]) -> _Read:
    return (_name(function), *map(str, given))


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
