"""A project on the way of being mutated: its tables as text cells, its protocol as plain data."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from casepool.contract import TABLES

T = TypeVar("T")
Cells = dict[str, str]


def pick(rng: random.Random, values: Sequence[T]) -> T:
    """Return one of the values."""
    return values[rng.randrange(len(values))]


@dataclass
class Draft:
    """Tables and protocol that may be changed.

    Attributes
    ----------
    records : report → the record that its decisions are about.
    told : kind and description of each change so far.
    forms : table → the form of its file, where it is not the usual one.
    tidy : mend what the check lists as a person would, and try again.
    thorough : a number of 1,000 that decides which costly stages run.
    """

    tables: dict[str, list[Cells]]
    protocol: dict[str, Any]
    records: dict[str, str]
    told: list[tuple[str, str]] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)
    tidy: bool = False
    thorough: int = 0

    def words(self) -> str:
        """Return what was changed, in words."""
        return "; ".join(f"{kind}: {text}" for kind, text in self.told)

    def reports(self) -> list[str]:
        """Return the ids of the reports."""
        return [row["report_id"] for row in self.tables["reports"]]

    def cases(self) -> list[str]:
        """Return the ids of all patients and strata."""
        return [f"{row['report_id']}/{row[label]}" for label, row in self.case_rows()]

    def case_rows(self) -> Iterator[tuple[str, Cells]]:
        """Yield the column of the label and the row of every patient and stratum."""
        for name, label in (("patients", "patient_label"), ("cohorts", "stratum")):
            yield from ((label, row) for row in self.tables[name])

    def diseases(self) -> list[str]:
        """Return the ids of the diseases of the protocol."""
        return [disease["id"] for disease in self.protocol["diseases"]]

    def decide(self, report: str, decision: str, reason: str) -> None:
        """Give a report and the screening of its record the same decision."""
        for row in self.tables["reports"]:
            if row["report_id"] == report:
                row |= {"decision": decision, "exclusion_reason": reason}
        for row in self.tables["screening"]:
            if row["record_id"] == self.records.get(report) and row["stage"] == "full_text":
                row |= {"decision": decision, "exclusion_reason": reason}

    def blank(self, name: str, **told: str) -> Cells:
        """Return a row of a table, empty but for what is told."""
        return dict.fromkeys(TABLES[name].names, "") | told

    def write(self, root: Path) -> None:
        """Write the tables as CSV under a folder."""
        folder = root / "data" / "curated"
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.tables.items():
            (folder / f"{name}.csv").write_bytes(self._content(name, rows))

    def _content(self, name: str, rows: list[Cells]) -> bytes:
        form = self.forms.get(name, "")
        names = TABLES[name].names
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=";" if form == "semicolons" else ",", lineterminator="\n")
        writer.writerow(names)
        writer.writerows([row.get(column, "") for column in names] for row in rows)
        encoding = {"byte order mark": "utf-8-sig", "Windows-1252": "cp1252"}.get(form, "utf-8")
        return buffer.getvalue().encode(encoding, errors="replace")
