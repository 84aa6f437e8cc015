"""The plan in words: its sentences, which hold for every build, and its table for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from casepool.contract.estimates import PLAN
from casepool.contract.results import plain_cell
from casepool.model.estimate import NEW_DISEASE, OK
from casepool.model.message import plural_form
from casepool.model.vocabulary import FurtherEvidence
from casepool.report.words.catalogue import Catalogue
from casepool.rows import rows_of
from casepool.typing import Row

_HARDLY = 0.05  # a probability below is not worth a sentence of its own


@dataclass(frozen=True)
class Planned:
    """A row of the table ``plan``; what cannot be had has no gain."""

    disease: str
    evidence: str
    n: int
    n_known: int
    level: float
    threshold: float
    width_now: float
    excludes_now: float
    width: float | None
    excludes: float | None
    status: str

    @property
    def gain(self) -> float:
        """By how much the interval is expected to shorten (as a share, 0 where nothing can be had)."""
        return 0.0 if self.width is None else self.width_now - self.width

    @property
    def after(self) -> float:
        """The width that is then to be expected; that of today where nothing can be had."""
        return self.width_now - self.gain


@dataclass(frozen=True)
class Plan:
    """The table ``plan``, ready to be spoken of."""

    rows: tuple[Planned, ...]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Plan:
        """Return the rows of the table."""
        return cls(tuple(_planned(row) for row in rows_of(frame)))

    def kind(self, evidence: FurtherEvidence, n: int | None = None) -> list[Planned]:
        """Return the rows of a kind of evidence that can be had (of n patients), the largest gains first."""
        found = [one for one in self.rows if one.evidence == evidence and one.width is not None and n in (None, one.n)]
        return sorted(found, key=_rank)

    @property
    def sizes(self) -> list[int]:
        """The numbers of patients asked for."""
        return sorted({one.n for one in self.kind(FurtherEvidence.REGISTRY)})

    @property
    def some(self) -> int:
        """The number of registry patients that is spoken of: the middle of those asked for, the smaller of two."""
        return self.sizes[(len(self.sizes) - 1) // 2]

    @property
    def many(self) -> int:
        """The largest number of patients asked for."""
        return self.sizes[-1]


def _rank(one: Planned) -> tuple[bool, float, str]:
    """Return the sorting key: the largest gains first, diseases without patients last."""
    return one.disease == NEW_DISEASE, -one.gain, one.disease


def _planned(row: Row) -> Planned:
    cells: dict[str, Any] = {column.name: plain_cell(row[column.name], column.kind) for column in PLAN.columns}
    return Planned(**cells)


@dataclass(frozen=True)
class PlanWords:
    """Makes sentences of a plan.

    Attributes
    ----------
    name : how a disease is called in the middle of a sentence.
    """

    plan: Plan
    catalogue: Catalogue
    name: Callable[[str], str]

    def sentences(self) -> list[str]:
        """Return what a coordinator should know, each number from the rows."""
        some = [one for one in self.plan.kind(FurtherEvidence.REGISTRY, self.plan.some) if one.disease != NEW_DISEASE]
        if not some:
            (new,) = self.plan.kind(FurtherEvidence.REGISTRY, self.plan.some)
            return [self._text("plan_nobody", new)]
        sentences = [self._text("plan_best", some[0]), self._reports(some[0])]
        if len(some) > 1:
            sentences.append(self._text("plan_least", some[-1]))
        return [*sentences, self._one_side(some), self._lookup()]

    def _reports(self, best: Planned) -> str:
        """Return whether the most case reports do less than the registry patients who do most."""
        told = [one for one in self.plan.kind(FurtherEvidence.REPORTS, self.plan.many) if one.disease != NEW_DISEASE]
        most = told[0]
        return self._text("plan_more" if most.gain < best.gain else "plan_not_more", most)

    def _one_side(self, some: Sequence[Planned]) -> str:
        undecided = [one for one in some if not one.excludes_now]
        if not undecided:
            return self._text("plan_excludes_already", some[0])
        likely = max(undecided, key=lambda one: (one.excludes or 0.0, one.disease))
        if (likely.excludes or 0.0) < _HARDLY:
            return self._text("plan_excludes_hardly", likely, probability=self.catalogue.numbers.percent(_HARDLY))
        return self._text("plan_excludes", likely)

    def _lookup(self) -> str:
        found = self.plan.kind(FurtherEvidence.LOOKUP)
        return self._text("plan_lookup", found[0]) if found else self.catalogue.text("plan_no_lookup")

    def _text(self, key: str, row: Planned, **values: str) -> str:
        numbers = self.catalogue.numbers
        told = {
            "n": numbers.integer(row.n),
            "disease": self.name(row.disease),
            "points": self.points(row.gain),
            "before": self.points(row.width_now),
            "after": self.points(row.width),
            "threshold": numbers.percent(row.threshold),
            "probability": numbers.percent(row.excludes),
        }
        return self.catalogue.text(key, **(told | values))

    def points(self, share: float | None) -> str:
        """Return a share of the width in points."""
        shown = self.catalogue.numbers.decimal(None if share is None else 100 * share)
        plural = plural_form(int(100 * abs(share or 0.0)), self.catalogue.language)
        return self.catalogue.text(f"plan_points_{plural}", n=shown)


def plan_text(frame: pd.DataFrame, catalogue: Catalogue, name: Callable[[str], str]) -> str:
    """Return the plan for a terminal: a block for each kind of evidence, then the sentences.

    Parameters
    ----------
    frame : table ``plan``, or some of its kinds of evidence.
    name : how a disease is called.
    """
    plan = Plan.of(frame)
    words = PlanWords(plan, catalogue, name)
    lines: list[str] = []
    for evidence in FurtherEvidence:
        rows = [one for one in plan.rows if one.evidence == evidence]
        if any(one.width is not None for one in rows):
            lines += [catalogue.label(evidence), *_block(rows, words), ""]
    first = plan.rows[0]
    level, threshold = catalogue.numbers.percent(first.level), catalogue.numbers.percent(first.threshold)
    reading = catalogue.text("plan_text_reading", level=level, threshold=threshold)
    return "\n".join([*lines, reading, "", *words.sentences()])


def _block(rows: Sequence[Planned], words: PlanWords) -> list[str]:
    """Return the rows of one kind of evidence as an aligned table, the largest gains first."""
    catalogue = words.catalogue
    sizes = sorted({one.n for one in rows if one.width is not None})
    blocks: dict[str, list[Planned]] = {}
    for one in rows:
        blocks.setdefault(one.disease, []).append(one)
    order = sorted(blocks.values(), key=lambda of_it: _rank(max(of_it, key=lambda one: one.gain)))
    header = [catalogue.text(f"plan_{key}") for key in ("disease", "known", "width_now")]
    table = [[*header, *(catalogue.numbers.integer(n) for n in sizes)]]
    for of_it in order:
        row = of_it[0]
        told = [catalogue.numbers.integer(row.n_known), catalogue.numbers.decimal(100 * row.width_now)]
        table.append([words.name(row.disease), *told, *_cells(of_it, sizes, catalogue)])
    widths = [max(len(line[index]) for line in table) for index in range(len(table[0]))]
    padded = [[line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])] for line in table]
    return ["  ".join(line).rstrip() for line in padded]


def _cell(row: Planned, catalogue: Catalogue) -> str:
    numbers = catalogue.numbers
    probability = numbers.percent(row.excludes)
    return catalogue.text("plan_text_cell", points=numbers.decimal(-100 * row.gain), probability=probability)


def _cells(of_it: Sequence[Planned], sizes: Sequence[int], catalogue: Catalogue) -> list[str]:
    """Return the cells of a disease, or why there are none."""
    if of_it[0].status != OK:
        return [catalogue.text(f"plan_{of_it[0].status}"), *[""] * (len(sizes) - 1)]
    told = {one.n: _cell(one, catalogue) for one in of_it}
    return [told.get(n, "") for n in sizes]
