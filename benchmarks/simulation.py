"""Run the large simulation and write docs/simulation.md; `make simulation` calls it (about five minutes)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pandas as pd

from casepool.model.configuration import load_configuration
from casepool.pooling.pooled import settings_of
from casepool.simulation.run import Run, read_layout, run
from casepool.stats.simulation.operating import DISEASE, LITERATURE_ONLY, OVERALL

ROOT = Path(__file__).resolve().parent.parent
COUNTS = ROOT / "results" / "tables" / "study_counts.csv"
RATIOS = (1.0, 2.0, 4.0, 8.0)
REPLICATES = 600
TARGETS = (OVERALL, LITERATURE_ONLY, DISEASE)
NAMES = {
    "joint": "joint model",
    "complete_only": "complete sources only",
    "naive": "raw rate",
    "glmm": "raw rate, mixed model",
    "trim_and_fill": "trim and fill",
}
TITLES = {OVERALL: "Mean of the diseases", LITERATURE_ONLY: "Diseases known by selected cases only"}
NAIVE_BIAS = {1.0: 0.0, 2.0: 8.0, 4.0: 15.0, 8.0: 20.0}


def cell(row: pd.Series) -> str:
    """Return bias, RMSE, coverage and width of one estimator in percentage points."""
    return (
        f"{100 * row['bias']:+.1f} / {100 * row['rmse']:.1f} / {100 * row['coverage']:.0f} / {100 * row['width']:.0f}"
    )


def table(found: pd.DataFrame, target: str, unit: str) -> list[str]:
    """Return one table: estimators down, true ratios across."""
    rows = found[found["target"] == target].set_index(["estimator", "ratio"])
    lines = [f"| {TITLES[target]} | " + " | ".join(f"{unit} {ratio:g}" for ratio in RATIOS) + " |"]
    lines.append("| --- " * (len(RATIOS) + 1) + "|")
    told = [name for name in NAMES if (name, RATIOS[0]) in rows.index]
    return lines + [
        f"| {NAMES[name]} | " + " | ".join(cell(rows.loc[(name, ratio)]) for ratio in RATIOS) + " |" for name in told
    ]


def checks(found: pd.DataFrame) -> list[str]:
    """Return the targets set beforehand, what was found, and whether they are met."""
    rows = found.set_index(["estimator", "target", "ratio"]).astype({"bias": float, "coverage": float})

    def span(estimator: str, target: str, measure: str, ratios: tuple[float, ...] = RATIOS) -> tuple[float, float]:
        values = [100 * float(rows.loc[(estimator, target, ratio), measure]) for ratio in ratios]
        return min(values), max(values)

    def line(what: str, low: float, high: float, least: float, most: float) -> str:
        met = "yes" if least <= low and high <= most else "**no**"
        return f"| {what} | {least:g} to {most:g} | {low:.1f} to {high:.1f} | {met} |"

    lines = ["| target | wanted | found | met |", "| --- | --- | --- | --- |"]
    lines.append(line("bias, odds ratio 1 to 4", *span("joint", OVERALL, "bias", RATIOS[:3]), -3, 3))
    lines.append(line("bias, odds ratio 8", *span("joint", OVERALL, "bias", RATIOS[3:]), -4, 4))
    lines.append(line("coverage, mean of the diseases", *span("joint", OVERALL, "coverage"), 93, 99))
    lines.append(line("coverage, each disease", *span("joint", DISEASE, "coverage"), 92.5, 97.5))
    lines.append(line("coverage, literature-only diseases", *span("joint", LITERATURE_ONLY, "coverage"), 92.5, 97.5))
    lines.append(line("width, mean of the diseases", *span("joint", OVERALL, "width"), 0, 38))
    lines.append(line("replicates with an estimate", *span("joint", OVERALL, "estimable"), 100, 100))
    for ratio, bias in NAIVE_BIAS.items():
        found_bias = span("naive", OVERALL, "bias", (ratio,))
        lines.append(
            line(f"negative control: bias of the raw rate, odds ratio {ratio:g}", *found_bias, bias - 2, bias + 2)
        )
    lines.append(
        line("negative control: its coverage, odds ratio 4", *span("naive", OVERALL, "coverage", (4.0,)), 0, 30)
    )
    return lines


def page(reference: pd.DataFrame, current: pd.DataFrame, seed: int, layout: str) -> str:
    """Return docs/simulation.md."""
    head = (ROOT / "benchmarks" / "simulation_head.md").read_text(encoding="utf-8")
    head = head.format(replicates=REPLICATES, seed=seed, layout=layout)
    lines = [head, "## The general mechanism", "", *table(reference, OVERALL, "odds ratio"), ""]
    lines += [*table(reference, LITERATURE_ONLY, "odds ratio"), "", "### Targets set beforehand", ""]
    lines += [*checks(reference), "", "## The layout of the current counts", ""]
    lines += [*table(current, OVERALL, "ratio"), "", *table(current, LITERATURE_ONLY, "ratio"), ""]
    return "\n".join(lines)


def main() -> None:
    """Simulate both layouts and write the page."""
    if not COUNTS.is_file():
        sys.exit(f"{COUNTS.relative_to(ROOT)}: no such file; run make first")
    configuration = load_configuration(ROOT / "config" / "config.yaml")
    settings, seed = settings_of(configuration.pooling, "simulation"), configuration.seed
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = Run(RATIOS, REPLICATES, seed, cores, settings, TARGETS)
    layout = read_layout(COUNTS)
    told = zip(layout.diseases, layout.complete_n, layout.selective_n, strict=True)
    sizes = "; ".join(f"{name} {complete} + {selective}" for name, complete, selective in told)
    text = page(run(None, wanted), run(layout, wanted), seed, sizes)
    (ROOT / "docs" / "simulation.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
