"""``casepool pull thesis.docx``: fill the controls of a document anew, and lose nothing that its author typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casepool.files.atomic import read_bytes
from casepool.manuscript.build import Build
from casepool.manuscript.offer import Change, Since, missing, number_of, paragraphs_of
from casepool.manuscript.pulled import Pulled
from casepool.manuscript.word.controls import Control, controls_in, same, secure, strange_tags
from casepool.manuscript.word.figures import checksum, image_print, write_figure
from casepool.manuscript.word.memory import Memory, remember, remembered
from casepool.manuscript.word.package import Package
from casepool.manuscript.word.tables import MadeTable, write_table
from casepool.manuscript.word.writing import write_texts
from casepool.model.message import Message

_LONG = 60


def pull_word(path: Path, build: Build, *, force: bool = False) -> Pulled:
    """Return a document with its controls filled from a build; nothing is written.

    Parameters
    ----------
    force : replace what the author typed inside a control, too.

    Raises
    ------
    FileError
        If it is no Word file.
    """
    before = read_bytes(path)
    package = Package(before, path.name)
    controls = list(controls_in(package))
    found = (missing(one.kind, one.name, one.form, build) for one in controls)
    problems = [Message("tag_unknown", tag=tag) for tag in strange_tags(package)]
    problems += list(dict.fromkeys(one for one in found if one is not None))
    memory = remembered(package)
    gone = tuple(sorted(set(memory.written) - {one.tag for one in controls}))
    lost = [Message("controls_gone", n=len(gone), controls=gone)] if gone else []
    if not controls and not problems:
        problems += [Message("no_controls", file=path.name), *lost]
    if problems:
        return Pulled(problems=tuple(problems))
    filling = _Filling(package, build, memory, Since.of(build, memory.data), force)
    outcomes = [filling.fill(one) for one in controls]
    for one in controls:
        if secure(one):
            package.touch(one.part)
    now = Memory(_written(controls, outcomes, memory), build.language, build.data)
    if now != memory:
        remember(package, now)
    changes = tuple(one.change for one in outcomes if one.change)
    return Pulled(
        {path: package.content()} if changes or now != memory else {},
        before if changes else None,
        changes=changes,
        notes=(*lost, *dict.fromkeys(note for one in outcomes for note in one.notes)),
        n_places=len(controls),
        n_kept=sum(one.now is None for one in outcomes),
    )


@dataclass(frozen=True)
class _Outcome:
    """What became of a control: what it holds of ours now (None where the author's text stayed), the change, notes."""

    now: str | None
    change: Change | None = None
    notes: tuple[Message, ...] = ()


def _written(controls: list[Control], outcomes: list[_Outcome], memory: Memory) -> dict[str, str]:
    """Return what the controls hold of ours now; where the author's text stayed, what was ours before."""
    written = {one.tag: memory.written[one.tag] for one in controls if one.tag in memory.written}
    return written | {one.tag: out.now for one, out in zip(controls, outcomes, strict=True) if out.now is not None}


@dataclass(frozen=True)
class _Filling:
    package: Package
    build: Build
    memory: Memory
    since: Since
    force: bool

    def fill(self, control: Control) -> _Outcome:
        """Fill a control, unless it is up to date or holds what its author typed."""
        wanted, held = self._wanted(control), self._held(control)
        notes = self._withheld(control)
        if same(held, wanted):
            return _Outcome(wanted, notes=notes)
        kept = self._reason_to_keep(control, held, wanted)
        if kept is not None:
            return _Outcome(None, notes=(*notes, kept))
        self._write(control, wanted)
        self.package.touch(control.part)
        texts = ("", "") if control.kind in {"table", "figure"} else (held, wanted)
        cause = self.since.cause(control.kind, control.name) if held else ""
        return _Outcome(wanted, Change(control.tag, *texts, cause), notes)

    def _reason_to_keep(self, control: Control, held: str, wanted: str) -> Message | None:
        """Return why what a control holds stays: it is the author's, or the control is not what it was."""
        ours = self.memory.written.get(control.tag)
        if control.kind == "table" and not control.is_block and not (control.is_alone and not held):
            return Message("control_in_line", control=control.tag)
        if ours is not None and _is_rest(held, ours, control.kind):
            return None if self.force and control.kind != "table" else Message("control_shrunk", control=control.tag)
        is_ours = not held or (ours is not None and same(held, ours) and not control.has_foreign)
        if is_ours or self.force:
            return None
        if control.kind == "figure":
            return Message("picture_kept", control=control.tag)
        return Message("text_kept", control=control.tag, held=_short(held), wanted=_short(wanted))

    def _wanted(self, control: Control) -> str:
        if control.kind == "number":
            return number_of(control.name, self.build)["forms"][control.form or "value"]
        if control.kind == "sentence":
            return "\n".join(paragraphs_of(control.name, self.build))
        if control.kind == "table":
            return self._table(control).text
        return checksum(self._image(control))

    def _held(self, control: Control) -> str:
        return image_print(self.package, control) if control.kind == "figure" else control.text

    def _write(self, control: Control, wanted: str) -> None:
        if control.kind == "table":
            if not control.is_block:
                control.lift()
            write_table(control, self._table(control), self.package)
        elif control.kind == "figure":
            write_figure(control, self._image(control), self._description(control), self.package)
        else:
            write_texts(control, wanted.split("\n"))

    def _table(self, control: Control) -> MadeTable:
        path = self.build.table_file(control.name, ".docx")
        return MadeTable(Package(path.read_bytes(), path.name))

    def _image(self, control: Control) -> bytes:
        return self.build.figure_file(control.name, ".png").read_bytes()

    def _description(self, control: Control) -> str:
        """Return what is read aloud in place of a figure: the text beside it, else its name."""
        return self.build.figure_words(control.name, "alt") or control.name

    def _withheld(self, control: Control) -> tuple[Message, ...]:
        """Return the note that a number has no value now: the words around it must fit."""
        number: Mapping[str, object] = number_of(control.name, self.build) if control.kind == "number" else {}
        if not number.get("withheld"):
            return ()
        return (Message("number_withheld", control=control.tag, why=str(number["withheld"])),)


def _is_rest(held: str, ours: str, kind: str) -> bool:
    """Return whether a control holds only the beginning of what was written into it, or its picture is beside it."""
    if kind == "figure":
        return not held
    rest, whole = " ".join(held.split()), " ".join(ours.split())
    return kind != "number" and bool(rest) and len(rest) < len(whole) and whole.startswith(rest)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONG else f"{line[:_LONG]}…"
