"""A small project that two people read; every report, patient and reader in it is SYNTHETIC."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import invented
import pandas as pd

from casepool.contract import CURATED
from casepool.entry.reading_steps import write_step
from casepool.files import store
from casepool.model.vocabulary import ReadingMode
from casepool.readings.judging import reading_hints, reading_problems
from casepool.readings.steps import ReadingStep
from casepool.readings.work import Work, work_on

Row = Mapping[str, Any]
REPORT = "alpha2020"
DAY = "2026-03-01"


# Label of the first reader, column, what the second one reads.
PLANTED = (
    ("p1", "age_years", 43),
    ("p1", "response", "partial"),
    ("p2", "sex", "female"),
    ("p2", "n_doses", 7),
    ("p2", "relapse", "yes"),
    ("p3", "follow_up_months", None),
    ("p3", "setting", "secondary"),
    ("p4", "dose", "+16 mg/kg"),
    ("p4", "country", "France"),
    ("p5", "monotherapy", "yes"),
    ("p6", "death", "no"),
    ("p6", "disease_as_reported", "chronic ITP"),
)
SAYS_THE_SAME = {"disease_as_reported": "Refractory  itp", "source_locator": "page 3", "note": "seen twice"}


@dataclass(frozen=True)
class Scene:
    """A project in a folder, and what the commands do in it."""

    root: Path

    @property
    def work(self) -> Work:
        """What stands there now."""
        return work_on(self.root, invented.protocol(), DAY)

    @property
    def folder(self) -> Path:
        """The folder of the readings."""
        return self.root / "data" / "curated" / "readings"

    def do(self, step: ReadingStep) -> ReadingStep:
        """Write a step."""
        write_step(self.root, step)
        return step

    def put(self, name: str, *rows: Row, reader: str = "", working: bool = True) -> None:
        """Write a curated table, or one of a reader."""
        folder = self.folder / reader if reader else self.folder.parent
        place = folder / "open" if reader and working else folder
        place.mkdir(parents=True, exist_ok=True)
        store.write_table(name, invented.frame(name, *rows), place / f"{name}.csv")

    def read(
        self, reader: str, *patients: Row, report: str = REPORT, cohorts: Iterable[Row] = (), **answers: Any
    ) -> None:
        """Begin a reading, fill it in and close it."""
        self.do(self.work.begin(reader, report, ReadingMode.BLIND))
        own = {"reader": reader, "report_id": report}
        self.put("patients", *({**one, **own} for one in patients), reader=reader)
        self.put("cohorts", *({**one, **own} for one in cohorts), reader=reader)
        self.put("appraisal", invented.appraisal(report, reader, **answers), reader=reader)
        self.do(self.work.close(reader, report))

    def confirm(self, by: str = "carla") -> None:
        """Confirm the proposed pairs."""
        self.do(self.work.confirm(self.work.compared(), by))

    def table(self, name: str) -> pd.DataFrame:
        """Return a curated table."""
        return store.read_table(name, self.folder.parent / f"{name}.csv")

    def problems(self) -> list[str]:
        """Return what a check says of the readings."""
        curated = self.work.curated
        return [str(one) for one in reading_problems(self.work.kept, curated.typed, curated.frames)]

    def hints(self) -> list[str]:
        """Return what a check asks a person to look at."""
        curated = self.work.curated
        return [str(one) for one in reading_hints(self.work.kept, curated.typed, curated.frames)]


def series(n: int = 6) -> list[dict[str, Any]]:
    """Return SYNTHETIC patients of one report who differ in what reports tell of patients."""
    told = zip(
        (34, 52, 67, 45, 29, 71),
        ("female", "male", "female", "male", "female", "male"),
        ("complete", "partial", "none", "complete", "partial", "none"),
        (4, 6, 3, 8, 2, 12),
        (12, 6, 24, 18, 9, 30),
        ("16 mg/kg", "1800 mg", "16 mg/kg", "1800 mg", "8 mg/kg", "16 mg/kg"),
        strict=True,
    )
    names = ("age_years", "sex", "response", "n_doses", "follow_up_months", "dose")
    made = [
        invented.patient(REPORT, f"p{number}", **dict(zip(names, one, strict=True)), relapse="not_reported")
        for number, one in enumerate(told, start=1)
    ]
    return made[:n]


def project_in(folder: Path) -> Scene:
    """Return a project in a folder: one report, nothing extracted."""
    made = Scene(folder)
    tables = invented.curated(patients=[], appraisal=[])
    made.folder.parent.mkdir(parents=True, exist_ok=True)
    for table in CURATED:
        store.write_table(table.name, tables[table.name], made.folder.parent / f"{table.name}.csv")
    return made


def second_reading(*planted: tuple[str, str, object], n: int = 6) -> list[dict[str, object]]:
    """Return what the second reader wrote: other labels, another order, other words that say the same."""
    rows = [{**one, **SAYS_THE_SAME} for one in series(n)]
    for label, column, value in planted:
        next(one for one in rows if one["patient_label"] == label)[column] = value
    random.Random(7).shuffle(rows)
    return [{**one, "patient_label": f"case{number}"} for number, one in enumerate(rows, start=1)]
