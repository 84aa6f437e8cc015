"""Right and wrong worlds, and truth drawn from the priors, in jobs; `make simulation` makes a page of them.

`benchmarks/simulation.smk` calls it: `job COUNTS PART NUMBER JOBS REPLICATES FILE` simulates every JOBS-th chunk of a
part, from the NUMBER-th on; `part COUNTS PART REPLICATES FILE FILE…` adds up its jobs; `page COUNTS FILE…` writes
docs/simulation.md. The bytes do not depend on how many jobs there are, nor on where they run.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from simulation_page import page

from casepool.contract.estimates import SIMULATION_SUMS
from casepool.files import atomic
from casepool.model.configuration import load_configuration
from casepool.model.protocol import load_protocol
from casepool.model.study import use
from casepool.pooling.pooled import settings_of
from casepool.simulation.chunk import ESTIMATORS as CHOICES
from casepool.simulation.run import Cell, Run, combined, one_chunk, read_layout, tasks_of
from casepool.stats.simulation.calibration import places, uniformity
from casepool.stats.simulation.layout import Layout
from casepool.stats.simulation.violations import NONE, VIOLATIONS, Violation
from casepool.stats.simulation.worlds import n_chunks

ROOT = Path(__file__).resolve().parent.parent
REGISTRY = 40
ESTIMATORS = {"own": ("own", "naive"), "pooled": ("joint",)}
RATIOS = (1.0, 2.0, 4.0, 8.0)
CONFIGURATION = load_configuration(ROOT / "config" / "config.yaml")
use(load_protocol(ROOT / CONFIGURATION.protocol))

Layouts = Mapping[str, Layout]


def layouts_of(counts: str) -> Layouts:
    """Return the layout of a table of counts, without and with a registry."""
    today = read_layout(Path(counts))
    return {"today": today, "registry": today.with_registry(REGISTRY)}


def worlds(layouts: Layouts) -> list[tuple[str, Layout, Violation]]:
    """Return every world, right and wrong, that a layout can have, with the name of the layout."""
    return [
        (name, layout, wrong)
        for name, layout in layouts.items()
        for wrong in (NONE, *VIOLATIONS.values())
        if layout.has_registry or not wrong.needs_registry
    ]


def cells(part: str, layouts: Layouts, replicates: int) -> list[Cell]:
    """Return the runs of a part."""
    settings, seed = settings_of(CONFIGURATION.pooling, "simulation"), CONFIGURATION.seed
    if part == "reference":
        return [(None, Run(RATIOS, replicates, seed, 1, settings, (), NONE, tuple(CHOICES)))]
    return [
        (layout, Run(wrong.ratios, replicates, seed, 1, settings, (), wrong, ESTIMATORS[part]))
        for _, layout, wrong in worlds(layouts)
    ]


def job(part: str, layouts: Layouts, number: int, jobs: int, replicates: int) -> pd.DataFrame:
    """Return what one of the jobs of a part finds: sums by chunk, or places of the truth in its posterior."""
    if part == "calibration":
        return pd.concat(_places(name, layout, number, jobs, replicates) for name, layout in layouts.items())
    tasks = list(enumerate(tasks_of(cells(part, layouts, replicates))))[number::jobs]
    return pd.concat(one_chunk(task).assign(task=which) for which, task in tasks)


def _places(name: str, layout: Layout, number: int, jobs: int, draws: int) -> pd.DataFrame:
    chunks = range(number, n_chunks(draws), jobs)
    found = places(layout, draws, CONFIGURATION.seed, chunks=chunks)
    targets = {"anchored": found[True], "literature_only": found[False]}
    return pd.concat(pd.DataFrame({"layout": name, "target": key, "place": of}) for key, of in targets.items())


def added_up(part: str, layouts: Layouts, replicates: int, files: list[str]) -> pd.DataFrame:
    """Return the numbers of a part from its jobs."""
    found = pd.concat(pd.read_csv(file, float_precision="round_trip") for file in files)
    if part == "calibration":
        return pd.DataFrame(
            {
                "layout": layout,
                "target": target,
                "n_replicates": replicates,
                "coverage": _covered(of),
                "p": uniformity(of),
            }
            for (layout, target), of in found.groupby(["layout", "target"], sort=False)["place"]
        )
    of_task = dict(iter(found.astype(SIMULATION_SUMS.dtypes).groupby("task")))
    runs = combined(
        cells(part, layouts, replicates), (of_task[which].drop(columns="task") for which in sorted(of_task))
    )
    if part == "reference":
        return runs[0]
    return pd.concat(
        one.assign(layout=name, violation=wrong.name)
        for (name, _, wrong), one in zip(worlds(layouts), runs, strict=True)
    )


def _covered(of: pd.Series) -> float:
    return float(np.mean((of >= 0.025) & (of <= 0.975)))


def main(command: str, counts: str, *arguments: str) -> None:
    """Run one of the commands."""
    layouts = layouts_of(counts)
    if command == "page":
        parts = {Path(file).stem: pd.read_csv(file) for file in arguments}
        atomic.write_text("docs/simulation.md", page(parts, layouts, CONFIGURATION.seed))
        return
    if command == "job":
        part, number, jobs, replicates, out = arguments
        found = job(part, layouts, int(number), int(jobs), int(replicates))
    else:
        part, replicates, out, *files = arguments
        found = added_up(part, layouts, int(replicates), files)
    atomic.write_text(out, found.to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    main(*sys.argv[1:])
