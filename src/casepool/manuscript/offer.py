"""What a build has under a name, for any kind of document: its text, its files; or the nearest names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from casepool.manuscript.build import Build, nearest
from casepool.manuscript.kept import State, current, found
from casepool.manuscript.records import Record, cause_of, changed_records, changed_settings
from casepool.model.errors import FileError
from casepool.model.estimate import ALL
from casepool.model.message import Message


@dataclass(frozen=True)
class Change:
    """What a document says otherwise than before.

    Attributes
    ----------
    place : tag of the control, or name in the source.
    before, after : texts; of a table or figure empty.
    cause : the records that did it, in words; empty where it is not known.
    """

    place: str
    before: str
    after: str
    cause: str


def missing(kind: str, name: str, form: str, build: Build) -> Message | None:
    """Return what is wrong with a reference: no such name (the nearest are named) or form; None where it is fine."""
    known = [*build.names(kind), *_words_beside(build)] if kind == "sentence" else build.names(kind)
    if kind == "number":
        known += [number["tag"].removeprefix("casepool:number:") for number in build.numbers.values()]
    place = ":".join(one for one in (kind, name, form) if one)
    if name not in known:
        near = nearest(name, known)
        if near:
            return Message("reference_unknown", place=place, nearest=near)
        return Message("reference_unknown_far", place=place)
    if kind == "number" and (form or "value") not in number_of(name, build)["forms"]:
        return Message("form_unknown", place=place, forms=tuple(number_of(name, build)["forms"]))
    return None


def number_of(name: str, build: Build) -> dict[str, dict[str, str]]:
    """Return a number by its name, or by the short one that stands in a tag."""
    by_tag = (one for one in build.numbers.values() if one["tag"] == f"casepool:number:{name}")
    return dict(build.numbers[name] if name in build.numbers else next(by_tag))


def paragraphs_of(name: str, build: Build) -> list[str]:
    """Return the paragraphs of a sentence; captions and notes of tables and figures are sentences too."""
    return list(build.sentences[name] if name in build.sentences else _beside(name, build))


def _beside(name: str, build: Build) -> list[str]:
    """Return the words of ``table.response.caption``, ``figure.forest.caption``, ``figure.forest.notes``."""
    from casepool.manuscript.word.package import Package
    from casepool.manuscript.word.tables import MadeTable

    kind, _, rest = name.partition(".")
    where, _, what = rest.rpartition(".")
    if kind == "figure":
        lines = build.figure_words(where, "caption").splitlines()
        return lines[:1] if what == "caption" else lines[1:]
    path = build.table_file(where, ".docx")
    return [MadeTable(Package(path.read_bytes(), path.name)).caption]


def _words_beside(build: Build) -> list[str]:
    """Return the names of what stands above tables and below figures."""
    lines = {one: build.figure_words(one, "caption").splitlines() for one in build.names("figure")}
    captions = [f"figure.{one}.caption" for one, words in lines.items() if words]
    notes = [f"figure.{one}.notes" for one, words in lines.items() if len(words) > 1]
    return [*(f"table.{one}.caption" for one in build.names("table")), *captions, *notes]


@dataclass(frozen=True)
class Since:
    """What differs since the build that a document was filled from, to name what moved a number.

    Attributes
    ----------
    state : that build; None where it is not kept any more, or the document was never filled.
    """

    build: Build
    state: State | None

    @classmethod
    def of(cls, build: Build, data: str) -> Since:
        """Return what differs since the build with this checksum of data."""
        try:
            return cls(build, found(data, build.folder) if data else None)
        except FileError:
            return cls(build, None)

    def cause(self, kind: str, name: str) -> str:
        """Return in words which records moved what a document holds; empty where that cannot be said."""
        if self.state is None:
            return ""
        records, settings = self._differing
        return cause_of(self._disease(kind, name), records, settings).text(self.build.language)

    @cached_property
    def _differing(self) -> tuple[tuple[Record, ...], tuple[str, ...]]:
        """The records and settings that differ, read once for all places of a document."""
        assert self.state is not None
        now = current(self.build.folder)
        return changed_records(self.state, now), changed_settings(self.state, now)

    def _disease(self, kind: str, name: str) -> str:
        """Return the disease that a number or sentence is of; of all where it is of none alone."""
        diseases = {row["disease"] for row in self.build.results["results"]}
        if kind not in {"number", "sentence"}:
            return ALL
        return next((part for part in name.split(".") if part in diseases), ALL)
