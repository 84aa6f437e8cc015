"""Many chunks of the simulation on several processes: the back end of ``casepool simulate``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from casepool.contract.cases import STUDY_COUNTS
from casepool.counting.outcomes import outcome_counts
from casepool.counts_file.read import read_counts
from casepool.files import sheets
from casepool.files.cells import read_cells
from casepool.model.configuration import load_configuration
from casepool.model.protocol import load_protocol
from casepool.model.study import Study, study, study_if_any, use
from casepool.rows import missing, rows_of
from casepool.simulation.chunk import (
    CURRENT,
    ESTIMATORS,
    REFERENCE,
    TARGETS,
    Chunk,
    layout_of,
    simulate_chunk,
)
from casepool.simulation.table import combine_chunks
from casepool.stats.joint.settings import Settings
from casepool.stats.simulation.layout import Layout, SourceSize
from casepool.stats.simulation.literature import Mechanism
from casepool.stats.simulation.truth import LayoutTruth
from casepool.stats.simulation.violations import NONE, Violation
from casepool.stats.simulation.worlds import Truth

SIZE = 50


@dataclass(frozen=True)
class Run:
    """What to simulate: true ratios, replicates of each, root seed, processes, fitted model, targets, what is wrong.

    Without targets, each disease is one. Estimators are named as in ``ESTIMATORS``.
    """

    ratios: tuple[float, ...]
    replicates: int
    seed: int
    cores: int = 1
    settings: Settings = field(default_factory=lambda: Settings(thresholds=(), grid="simulation"))
    targets: tuple[str, ...] = TARGETS
    violation: Violation = NONE
    estimators: tuple[str, ...] = tuple(ESTIMATORS)

    def chunks(self) -> list[Chunk]:
        """Return the chunks of every ratio; a longer run extends a shorter one by chunks."""
        starts = range(0, self.replicates, SIZE)
        sizes = [min(SIZE, self.replicates - start) for start in starts]
        return [Chunk(ratio, i, size, self.seed) for ratio in self.ratios for i, size in enumerate(sizes)]


def read_layout(path: Path, outcome: str = "") -> Layout:
    """Return the layout of the table ``study_counts`` of a build, or of a counts file of the joint model.

    A counts file with one row for each disease tells no sources: its complete patients of a disease are taken as
    one source and its selective ones as told one by one.
    """
    found, _ = read_cells(path) if path.is_file() else ([], None)
    header = {cell.strip() for cell in found[0]} if found else set()
    if set(STUDY_COUNTS.key) <= header:
        declared = _study_of(path)
        counts = outcome_counts(sheets.read_table("study_counts", path), outcome or declared.protocol.outcomes[0].id)
        return layout_of(counts, sorted(set(counts.disease.tolist())))
    frame = read_counts(path, "joint")
    if "source" in frame.columns:
        return _layout_of_sources(frame[frame["n"] > 0])
    rows = list(zip(frame["disease"], frame["complete_n"], frame["selective_n"], strict=True))
    used = [row for row in rows if row[1] + row[2]]
    sources = [SourceSize(d, True, int(n)) for d, (_, n, _) in enumerate(used) if n]
    sources += [SourceSize(d, False, 1) for d, (_, _, n) in enumerate(used) for _ in range(int(n))]
    return Layout(tuple(str(name) for name, _, _ in used), tuple(sources))


def _layout_of_sources(frame: pd.DataFrame) -> Layout:
    names = list(dict.fromkeys(frame["disease"]))
    rows = zip(frame["disease"], frame["ascertainment"], frame["n"], strict=True)
    sources = tuple(SourceSize(names.index(name), kind != "selective", int(n)) for name, kind, n in rows)
    return Layout(tuple(str(name) for name in names), sources)


def _study_of(path: Path) -> Study:
    """Return the study of the project whose build wrote the table, where no protocol is in force yet."""
    root = path.resolve().parents[2]  # the table lies in results/tables
    if study_if_any() is None and (root / "config" / "config.yaml").is_file():
        use(load_protocol(root / load_configuration(root / "config" / "config.yaml").protocol))
    return study()


Task = tuple[Layout | None, Run, Chunk]
Cell = tuple[Layout | None, Run]


def truth_of(layout: Layout | None, ratio: float, violation: Violation = NONE) -> Truth:
    """Return what a run draws from: the general mechanism without a layout, in which nothing is wrong."""
    if layout is not None:
        return LayoutTruth(layout, ratio, violation)
    if violation != NONE:
        message = f"violation {violation.name}: found no layout; expected one"
        raise ValueError(message)
    return Mechanism(odds_ratio=ratio)


def run(layout: Layout | None, wanted: Run) -> pd.DataFrame:
    """Return the table ``simulation`` on a layout, or of the general mechanism where none is given.

    Raises
    ------
    ValueError
        Where the layout cannot have what is to be wrong.
    """
    tasks = tasks_of([(layout, wanted)])
    sums = map(one_chunk, tasks) if wanted.cores == 1 else _together(tasks, wanted.cores)
    return combined([(layout, wanted)], sums)[0]


def tasks_of(cells: Iterable[Cell]) -> list[Task]:
    """Return the chunks of runs, which ``one_chunk`` simulates in any order and anywhere."""
    return [(layout, wanted, chunk) for layout, wanted in cells for chunk in wanted.chunks()]


def combined(cells: Iterable[Cell], sums: Iterable[pd.DataFrame]) -> list[pd.DataFrame]:
    """Return the table ``simulation`` of each run from the sums of ``tasks_of``, in its order."""
    each = iter(sums)
    return [combine_chunks(islice(each, len(wanted.chunks()))) for _, wanted in cells]


def _together(tasks: Sequence[Task], cores: int) -> Iterator[pd.DataFrame]:
    with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
        return iter(list(pool.map(one_chunk, tasks)))


def one_chunk(task: Task) -> pd.DataFrame:
    """Return the table ``simulation_sums`` of one chunk of a run."""
    layout, wanted, chunk = task
    truth, estimators = truth_of(layout, chunk.ratio, wanted.violation), wanted.estimators
    chosen = {name: ESTIMATORS[name] for name in estimators}
    name = REFERENCE if layout is None else CURRENT
    return simulate_chunk(name, truth, chunk, wanted.settings, wanted.targets, chosen)


_PERCENT = ("bias", "rmse", "coverage", "width", "estimable")
HEADER = ("true ratio", "target", "estimator", *_PERCENT)


def cells(simulation: pd.DataFrame) -> list[list[str]]:
    """Return the rows of the table ``simulation`` as text, numbers in percentage points."""
    rows = []
    ordered = simulation.sort_values(["target", "ratio", "estimator"], ascending=[False, True, True])
    for row in rows_of(ordered):
        numbers = ["-" if missing(row[name]) else f"{100 * row[name]:.1f}" for name in _PERCENT]
        rows.append([f"{row['ratio']:g}", str(row["target"]), str(row["estimator"]), *numbers])
    return rows


def as_text(simulation: pd.DataFrame) -> str:
    """Return the table for a terminal."""
    rows = [list(HEADER), *cells(simulation)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADER))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
