"""What bringing a document up to date did, and writing it: the former file is kept, and what changed is listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from casepool.files.atomic import write_bytes
from casepool.files.formulas import rows_as_csv
from casepool.manuscript.moved import HEAD
from casepool.manuscript.offer import Change
from casepool.model.errors import FileError
from casepool.model.message import Message, text

_SHORT = 60
_COLUMNS = ("number", "from", "to", "cause")


@dataclass(frozen=True)
class Pulled:
    """What is to be written, and what is to be said of it.

    Attributes
    ----------
    files : path → content of the files that are otherwise now.
    former : the document as it was, kept beside the new one; None where it is not changed itself.
    problems : why nothing is to be written; empty where nothing is wrong.
    changes : what reads otherwise now.
    notes : what the author must know: a text that was kept, a number that has no value.
    n_places, n_kept : places that are filled, and those that stay as the author has them.
    """

    files: Mapping[Path, bytes] = field(default_factory=dict)
    former: bytes | None = None
    problems: tuple[Message, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[Message, ...] = ()
    n_places: int = 0
    n_kept: int = 0

    def lines(self, language: str) -> list[str]:
        """Return what is to be said of it, one thing a line."""
        if self.problems:
            return [*(text(one, language) for one in self.problems), text(Message("nothing_pulled"), language)]
        told = [_line(one, language) for one in self.changes]
        told += [text(one, language) for one in self.notes]
        counts = {"changed": str(len(self.changes)), "kept": str(self.n_kept)}
        return [*told, text(Message("pulled_counts", n=self.n_places, **counts), language)]

    def write(self, document: Path, language: str) -> list[Path]:
        """Write the files, keep the former document beside the new one, and list what changed; return what was written.

        Raises
        ------
        FileError
            If a file may not be written: a word processor holds it.
        """
        written = dict(self.files)
        if self.former is not None:
            written = {document.with_name(f"{document.stem}.before{document.suffix}"): self.former, **written}
        if self.files and self.changes:
            written[document.with_name(f"{document.stem}.changes.csv")] = self._list(language)
        try:
            for path, content in written.items():
                write_bytes(path, content)
        except PermissionError as error:
            raise FileError(Message("document_open", file=document.name)) from error
        return list(written)

    def _list(self, language: str) -> bytes:
        head = [text(HEAD[name], language) for name in _COLUMNS]
        rows = [[one.place, one.before, one.after, one.cause] for one in self.changes]
        return ("\ufeff" + rows_as_csv([head, *rows])).encode()


def _line(change: Change, language: str) -> str:
    before, after = _differing(change.before, change.after)
    if after or before:
        moved = Message("moved_line", name=change.place, before=before or "–", after=after or "–")
    else:
        moved = Message("renewed", name=change.place)
    return "  ".join(part for part in (text(moved, language), change.cause) if part)


def _differing(before: str, after: str) -> tuple[str, str]:
    """Return what differs of two texts, for one line: short ones whole, of long ones the words that changed."""
    old, new = before.split(" "), after.split(" ")
    if max(len(before), len(after)) <= _SHORT:
        return before, after
    if not before:
        return "", ""
    parts = [one for one in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if one[0] != "equal"]
    shown = [(" ".join(old[a:b]), " ".join(new[c:d])) for _, a, b, c, d in parts]
    was, now = (_cut(" … ".join(" ".join(one.split()) for one in side)) for side in zip(*shown, strict=True))
    return was, now


def _cut(line: str) -> str:
    return line if len(line) <= 2 * _SHORT else f"{line[: 2 * _SHORT]}…"


def refuse_if_open(path: Path) -> None:
    """Raise FileError where a word processor has the document open: saving there would undo what is written here."""
    marks = (
        path.with_name(f"~${path.name[2:]}"),
        path.with_name(f"~${path.name}"),
        path.with_name(f".~lock.{path.name}#"),
    )
    if any(one.exists() for one in marks):
        raise FileError(Message("document_open", file=path.name))
