"""The PRISMA 2020 flow diagram, from identification to patients: two arms where there are records of other methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from casepool.model.vocabulary import NOT_SEARCHED, TRANSCRIBED, Arm
from casepool.report.figures.flow.drawing import ARMS, FULL, HALVES, Box, Column, Row, drawn, wrapped
from casepool.report.words.catalogue import Catalogue, load_catalogue
from casepool.report.words.numbers import is_missing

if TYPE_CHECKING:
    from casepool.report.figures.canvas.drawn import Drawn

_SOURCES = ("records_database", "records_register", "records_website")
_PARTS = ("previous_records", "new_records", "new_reports", "new_studies")  # of the box above them
_STAGES = ("identification", "screening", "included", "patients")


class FlowCounts:
    """The counts of the PRISMA boxes, in total or of one arm."""

    def __init__(self, prisma_counts: pd.DataFrame, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._rows = [
            (str(row["box"]), _text(row.get("arm")), _text(row["detail"]), int(row["n"]))
            for row in prisma_counts.to_dict("records")
        ]

    def total(self, box: str, arm: str = "") -> int:
        """Return the total of a box (0 where the stage table has no such row)."""
        if box == "records_identified":
            return sum(self.total(source) for source in _SOURCES)
        return sum(n for name, of_arm, detail, n in self._rows if (name, of_arm, detail) == (box, arm, ""))

    @property
    def is_update(self) -> bool:
        """Whether an earlier search was there (PRISMA 2020, flow for updated reviews)."""
        return any(name == "previous_records" for name, *_ in self._rows)

    def details(self, box: str, arm: str = "") -> list[tuple[str, int]]:
        """Return the breakdown of a box, largest first."""
        found = [(detail, n) for name, of_arm, detail, n in self._rows if (name, of_arm) == (box, arm) and detail]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def box(
        self, names: Sequence[str], column: Column, arm: str = "", *, face: str = "plain", beside: Column | None = None
    ) -> Box:
        """Return the box with a line for each named count and its details, wrapped to its column."""
        lines: list[tuple[str, bool]] = []
        for name in names:
            # The records of a source belong to one arm and are counted once.
            total = self.total(name, "" if name in _SOURCES else arm)
            text = self._counted(self.catalogue.text(f"prisma_{name}"), total)
            lines += wrapped(text, column, bold=name not in _PARTS)
            for detail, n in self.details(name, arm):
                lines += wrapped(self._counted(self.catalogue.label(detail, "detail"), n), column, bold=False)
        return Box(column, tuple(lines), face, beside)

    def _counted(self, text: str, n: int) -> str:
        return f"{text} (n\u00a0=\u00a0{self.catalogue.numbers.integer(n)})"


def flow_diagram(
    prisma_counts: pd.DataFrame,
    language: str = "en",
    *,
    search: Mapping[str, Any] | None = None,
    synthetic: bool = False,
) -> Drawn:
    """Return the PRISMA 2020 flow diagram as a figure.

    Parameters
    ----------
    prisma_counts : stage table (box, arm, detail, unit, n); empty arms and details are totals.
    language : "en" or "fr".
    search : description of the stored search (``search.json``): its date, and whether it is a transcript.
    synthetic : write the warning that the data are invented.
    """
    catalogue = load_catalogue(language)
    counts = FlowCounts(prisma_counts, catalogue)
    rows = [*_search_rows(search, catalogue), *_record_rows(counts), *_patient_rows(counts)]
    stages = {stage: catalogue.text(f"stage_{stage}") for stage in _STAGES}
    figure = drawn(rows, stages, catalogue.text("synthetic") if synthetic else "")
    figure.heading = catalogue.text("section_flow")
    return figure


def _search_rows(search: Mapping[str, Any] | None, catalogue: Catalogue) -> list[Row]:
    """Return the line on the search: its date, or that what is shown is no search."""
    if not search:
        return []
    if search["origin"] == NOT_SEARCHED:
        warning = wrapped(catalogue.text("flow_not_searched"), FULL)
        return [Row("search", (Box(FULL, tuple(warning), "warning"),))]
    date = catalogue.numbers.date(search["date"])
    if search["origin"] != TRANSCRIBED:
        return [
            Row("search", (Box(FULL, tuple(wrapped(catalogue.text("flow_search", date=date), FULL))),), heading=True)
        ]
    warning = wrapped(catalogue.text("flow_no_search"), FULL)
    warning += wrapped(catalogue.text("flow_transcript", date=date), FULL, bold=False)
    return [Row("search", (Box(FULL, tuple(warning), "warning"),))]


def _record_rows(counts: FlowCounts) -> list[Row]:
    """Return identification and screening: an arm for each way in, or one arm over the whole width."""
    two = counts.total("records_website") > 0
    arms = dict(zip(Arm, ARMS, strict=True)) if two else {Arm.DATABASES: HALVES}
    rows = [Row("identification", (counts.box(_UPDATE, FULL),))] if counts.is_update else []
    headings = [_heading(arm, main, side, counts.catalogue) for arm, (main, side) in arms.items()]
    rows.append(Row("identification", tuple(headings), heading=True))
    for stage, main, side in _LEVELS:
        boxes = [box for arm, columns in arms.items() for box in _pair(counts, arm, columns, main, side)]
        rows.append(Row(stage, tuple(boxes)))
    return rows


# Stage, main box, what stands beside it; the same levels in both arms.
_LEVELS = (
    ("identification", "records", ("duplicates_removed",)),
    ("screening", "records_screened", ("records_excluded", "records_to_screen")),
    ("screening", "reports_sought", ("reports_not_retrieved",)),
    ("screening", "reports_assessed", ("reports_excluded",)),
)
_UPDATE = ("records_identified", "previous_records", "new_records")
# Shown only where there is something to show: the template has no such box (there for other methods).
_RARE = {("records_to_screen", Arm.DATABASES), ("records_to_screen", Arm.OTHER), ("duplicates_removed", Arm.OTHER)}


def _heading(arm: Arm, main: Column, side: Column, catalogue: Catalogue) -> Box:
    column = Column(main.x, side.end - main.x)
    text = catalogue.text("flow_databases" if arm is Arm.DATABASES else "flow_beside")
    return Box(column, tuple(wrapped(text, column)))


def _pair(counts: FlowCounts, arm: Arm, columns: tuple[Column, Column], name: str, beside: Sequence[str]) -> list[Box]:
    """Return a main box of an arm, and the box beside it where it has one."""
    left, right = columns
    sources = _SOURCES[:2] if arm is Arm.DATABASES else _SOURCES[2:]
    boxes = [counts.box(sources if name == "records" else (name,), left, arm)]
    shown = [box for box in beside if counts.total(box, arm) or (box, arm) not in _RARE]
    return [*boxes, counts.box(shown, right, arm, beside=left)] if shown else boxes


def _patient_rows(counts: FlowCounts) -> list[Row]:
    left, right = HALVES
    registry = ("patients_registry",) if counts.total("patients_registry") else ()
    results = ("reports_included", "new_reports", "studies_included", "new_studies")
    shown = [name for name in results if counts.is_update or name not in _PARTS]
    levels = (
        (("patients_told", *registry), ("patients_excluded", "patients_duplicate")),
        (("patients_included",), ("patients_not_evaluable",)),
    )
    included = counts.box(shown, FULL, face="result")
    return [
        Row("included", (included,)),
        *(Row("patients", (counts.box(main, left), counts.box(side, right, beside=left))) for main, side in levels),
        Row("patients", (counts.box(("patients_evaluable",), left, face="result"),)),
    ]


def _text(cell: object) -> str:
    return "" if is_missing(cell) else str(cell)
