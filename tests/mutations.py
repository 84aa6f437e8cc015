"""Random changes of curated tables and protocol, each told in words and repeated by its seed.

What a change may touch comes from the schemas: a column that is added later is mutated too. A change never
asks whether the result makes sense; that is the question put to the check.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mutation_cells as cells
import mutation_scenes as scenes
from mutation_draft import Draft, pick

from casepool.contract import CURATED

__all__ = ["KINDS", "Base", "Draft", "mutate", "read_base"]

Change = Callable[[Draft, random.Random], str]

# Name of a kind → its change and how often it is drawn. Names stand in the summary of a run.
KINDS: dict[str, tuple[Change, float]] = {
    "legal cell": (cells.legal_cell, 10),
    "illegal cell": (cells.illegal_cell, 3),
    "reference": (cells.reference, 3),
    "row deleted": (cells.delete_row, 1.5),
    "row doubled": (cells.double_row, 0.5),
    "row moved": (cells.move_row, 2),
    "row added": (cells.add_row, 3),
    "column emptied": (cells.empty_column, 1),
    "column of one value": (cells.level_column, 1),
    "empty table": (cells.empty_table, 0.5),
    "file form": (cells.change_form, 1),
    "correction": (cells.correct, 2),
    "report decision": (scenes.flip_decision, 2),
    "report excluded": (scenes.exclude_report, 2),
    "all reports excluded": (scenes.exclude_all, 0.7),
    "report renamed": (scenes.rename_report, 2),
    "label clash": (scenes.clash_labels, 0.7),
    "disease of a report": (scenes.change_disease, 2),
    "one disease": (scenes.single_disease, 1),
    "cohort counts": (scenes.cohort_counts, 5),
    "responses": (scenes.all_responses, 3),
    "ascertainment": (scenes.all_ascertainment, 3),
    "appraisal": (scenes.double_appraisal, 1),
    "identity": (scenes.identity, 3),
    "includes case": (scenes.includes_case, 2),
    "chain": (scenes.chain, 2),
    "same patient": (scenes.same_patient, 2),
    "reading list": (scenes.reading_list, 5),
    "cumulative incidence": (scenes.incidence, 4),
    "screening": (scenes.screening, 2),
    "protocol": (scenes.protocol, 5),
}


@dataclass(frozen=True)
class Base:
    """What mutants start from: tables as text, the protocol as plain data, where the records come from.

    Attributes
    ----------
    root : folder with ``data/raw``.
    records : report → the record that its decisions are about.
    """

    name: str
    root: Path
    snapshot: str
    tables: dict[str, list[dict[str, str]]]
    protocol: dict[str, Any]
    records: dict[str, str] = field(default_factory=dict)


def read_base(name: str, root: Path, snapshot: str, protocol: dict[str, Any], records: dict[str, str]) -> Base:
    """Return a base from the curated tables under a folder."""
    tables = {table.name: list(_rows(root / "data" / "curated" / f"{table.name}.csv")) for table in CURATED}
    return Base(name, root, snapshot, tables, protocol, records)


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def mutate(base: Base, seed: int) -> Draft:
    """Return the base after one to four changes; the same seed gives the same draft."""
    rng = random.Random(seed)
    draft = Draft(deepcopy(base.tables), deepcopy(base.protocol), base.records)
    names, weights = list(KINDS), [weight for _, weight in KINDS.values()]
    for _ in range(rng.choices((1, 2, 3, 4), (3, 3, 2, 1.5))[0]):
        kind = rng.choices(names, weights)[0]
        draft.told.append((kind, KINDS[kind][0](draft, rng)))
    draft.tidy = rng.random() < 0.7
    draft.thorough = pick(rng, range(1_000))
    return draft
