"""Simulate right and wrong worlds and write docs/simulation.md; `make simulation` calls it.

`own`, `pooled`, `reference` or `calibration` as arguments repeat these parts alone (`pooled=100`: so many replicates),
`page` none. The others are taken from results/simulation/, where each part leaves its numbers.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from simulation_page import page

from casepool.model.configuration import load_configuration
from casepool.pooling.pooled import settings_of
from casepool.simulation.chunk import ESTIMATORS as CHOICES
from casepool.simulation.run import Run, read_layout, run_all
from casepool.stats.joint.settings import Settings
from casepool.stats.simulation.calibration import places, uniformity
from casepool.stats.simulation.layout import Layout
from casepool.stats.simulation.violations import NONE, VIOLATIONS

ROOT = Path(__file__).resolve().parent.parent
COUNTS = ROOT / "results" / "tables" / "study_counts.csv"
FOUND = ROOT / "results" / "simulation"
REGISTRY = 40
# Replicates of a cell, by part.
REPLICATES = {"own": 500, "pooled": 500, "reference": 600, "calibration": 3000}
ESTIMATORS = {"own": ("own", "naive"), "pooled": ("joint",)}
RATIOS = (1.0, 2.0, 4.0, 8.0)


def layouts() -> dict[str, Layout]:
    """Return the layout of the counts at hand, without and with a registry."""
    today = read_layout(COUNTS)
    return {"today": today, "registry": today.with_registry(REGISTRY)}


def worlds(estimators: tuple[str, ...], replicates: int, settings: Settings, seed: int, cores: int) -> pd.DataFrame:
    """Return how estimators do in every world, right and wrong, that a layout can have."""
    cells = [
        (name, layout, wrong)
        for name, layout in layouts().items()
        for wrong in (NONE, *VIOLATIONS.values())
        if layout.has_registry or not wrong.needs_registry
    ]
    runs = [
        (layout, Run(wrong.ratios, replicates, seed, 1, settings, (), wrong, estimators)) for _, layout, wrong in cells
    ]
    found = run_all(runs, cores)
    return pd.concat(
        one.assign(layout=name, violation=wrong.name) for (name, _, wrong), one in zip(cells, found, strict=True)
    )


def calibration(draws: int, seed: int) -> pd.DataFrame:
    """Return coverage and uniformity where the truth is drawn from the priors of the own model."""
    rows = []
    for name, layout in layouts().items():
        for anchored, found in places(layout, draws, seed).items():
            covered = float(np.mean((found >= 0.025) & (found <= 0.975)))
            rows.append((name, "anchored" if anchored else "literature_only", draws, covered, uniformity(found)))
    return pd.DataFrame(rows, columns=["layout", "target", "n_replicates", "coverage", "p"])


def simulate(part: str, replicates: int, settings: Settings, seed: int) -> pd.DataFrame:
    """Return the numbers of one part."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if part == "calibration":
        return calibration(replicates, seed)
    if part == "reference":
        wanted = Run(RATIOS, replicates, seed, 1, settings, (), NONE, tuple(CHOICES))
        return run_all([(None, wanted)], cores)[0]
    return worlds(ESTIMATORS[part], replicates, settings, seed, cores)


def main(arguments: list[str]) -> None:
    """Simulate the parts asked for, all by default, and write the page."""
    if not COUNTS.is_file():
        sys.exit(f"{COUNTS}: no such file; run make first")
    configuration = load_configuration(ROOT / "config" / "config.yaml")
    settings, seed = settings_of(configuration.pooling, "simulation"), configuration.seed
    FOUND.mkdir(parents=True, exist_ok=True)
    for part, _, replicates in (one.partition("=") for one in arguments or REPLICATES):
        if part != "page":
            found = simulate(part, int(replicates or REPLICATES[part]), settings, seed)
            found.to_csv(FOUND / f"{part}.csv", index=False)
    parts = {part: pd.read_csv(FOUND / f"{part}.csv") for part in REPLICATES}
    (ROOT / "docs" / "simulation.md").write_text(page(parts, layouts(), seed), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
