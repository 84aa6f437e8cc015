"""Coverage and speed of the mixed model: two sections of docs/benchmarks.md.

``python benchmarks/mixed.py`` rewrites them alone: some minutes on one core, with R, lme4 and jsonlite, and git for the
code of the commit compared with. Times are CPU seconds of one thread, medians, all in one run.
"""

from __future__ import annotations

import json
import math
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from earlier import BASE, ROOT, environment, unpacked
from scipy import special

from casepool.stats.glmm.fit import GlmmFit, fit_glmm
from casepool.stats.quadrature import logistic_normal_mean

PAGE = ROOT / "docs" / "benchmarks.md"
TITLES = ("## Mixed model: coverage", "## Mixed model: speed")
REPLICATES = 300
STUDIES = (5, 10, 30, 100, 1000, 10_000)


@dataclass(frozen=True)
class Cell:
    """Studies k of n patients each; mean and standard deviation of their logits."""

    k: int
    n: int
    mu: float
    tau: float


CELLS = (
    Cell(3, 20, 0.8, 0.5),
    Cell(5, 12, 0.8, 0.8),
    Cell(5, 12, 2.2, 0.8),
    Cell(8, 6, 0.8, 0.8),
    Cell(8, 6, 0.8, 1.5),
    Cell(20, 2, 0.8, 1.2),
)


def measures(cell: Cell, fit: GlmmFit) -> dict[str, float | None]:
    """Return what of the truth each interval of a fit covers, and how wide it is; None where there is none.

    A prediction interval covers a share of new studies, which is known exactly.
    """
    found: dict[str, float | None] = {"pi_z": None, "pi": None, "pi_width": None}
    marginal = logistic_normal_mean(cell.mu, cell.tau)
    if fit.ci is None or fit.proportion_ci is None or fit.proportion_marginal_ci is None:
        return {}
    low, high = fit.proportion_ci
    found |= {"z": float(fit.ci[0] <= cell.mu <= fit.ci[1]), "ci": float(low <= special.expit(cell.mu) <= high)}
    found |= {"width": high - low}
    low, high = fit.proportion_marginal_ci
    found |= {"marginal": float(low <= marginal <= high), "boundary": float(fit.status == "boundary_tau2")}
    if fit.pi is not None and fit.proportion_pi is not None:
        low, high = fit.proportion_pi
        found |= {"pi_z": _share(cell, *fit.pi), "pi_width": high - low}
        found |= {"pi": _share(cell, float(special.logit(low)), float(special.logit(high)))}
    return found


def _share(cell: Cell, low: float, high: float) -> float:
    return float(special.ndtr((high - cell.mu) / cell.tau) - special.ndtr((low - cell.mu) / cell.tau))


def covered(cell: Cell, replicates: int, seed: int) -> dict[str, float]:
    """Return the mean of each measure over simulated sets with a finite fit, and the share of those without one."""
    generator = np.random.default_rng([seed, cell.k, cell.n])
    rows = []
    for _ in range(replicates):
        events = generator.binomial(cell.n, special.expit(generator.normal(cell.mu, cell.tau, cell.k)))
        rows.append(measures(cell, fit_glmm(events, [cell.n] * cell.k)))
    fitted = [row for row in rows if row]
    known = {name: [row[name] for row in fitted if row[name] is not None] for name in fitted[0]}
    means = {name: math.fsum(values) / len(values) for name, values in known.items()}  # type: ignore[arg-type]
    return means | {"none": 1.0 - len(fitted) / replicates}


def coverage_lines() -> list[str]:
    """Return the table of coverage."""
    lines = [
        f"{REPLICATES} simulated sets a cell: k studies of n patients, logits normal with this mean and tau. Percent;",
        "widths in points. *z* is `mu ± z·se` and `mu ± z·√(tau2 + se²)`, as other programs print them; *shown* is",
        "what casepool shows. Prediction intervals are given where tau2 is above 0 and judged by their share of new",
        "studies there.",
        "",
        "| k, n, mean, tau | tau2 at 0 | no fit | z | shown | width | mean over studies "
        "| prediction z | shown | width |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    names = ("boundary", "none", "z", "ci", "width", "marginal", "pi_z", "pi", "pi_width")
    for cell in CELLS:
        means = covered(cell, REPLICATES, 2026)
        shown = " | ".join(f"{100 * means[name]:.0f}" for name in names)
        lines.append(f"| {cell.k}, {cell.n}, {cell.mu:g}, {cell.tau:g} | {shown} |")
    return lines


def counts(k: int) -> tuple[list[int], list[int]]:
    """Return the events and patients of k invented studies."""
    generator = np.random.default_rng(k)
    n = generator.integers(1, 30, k)
    events = generator.binomial(n, special.expit(generator.normal(0.5, 0.8, k)))
    return events.tolist(), n.tolist()


def cpu_seconds(work: Callable[[], object], repetitions: int) -> float:
    """Return the median CPU time of a call after a first one."""
    work()
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


# The same in the code of the commit compared with, which needs a process of its own: its package has our name.
_OLD = """
import json, statistics, sys, time
from casepool.stats.glmm import fit_glmm
work, times = json.load(sys.stdin), []
for _ in range(3):
    start = time.process_time(); fit = fit_glmm(*work); times.append(time.process_time() - start)
print(json.dumps([statistics.median(times[1:]), fit.ci_profile, fit.ci_profile_t, fit.tau2_ci_profile]))
"""


def _run(command: Sequence[str], source: Path, text: str = "") -> str:
    done = subprocess.run(  # noqa: S603  (our own)
        command, input=text, capture_output=True, text=True, check=True, env=environment(source)
    )
    return done.stdout


def speed_lines() -> list[str]:
    """Return the table of times: this code, that of the commit compared with, and glmer."""
    lines = []
    with unpacked(BASE, "src") as folder:
        for k in STUDIES:
            row, versions = _speed_row(k, folder)
            lines.append(row)
    return [
        "CPU milliseconds for one fit with all its intervals (profile limits of the mean with z and t, and of tau2);",
        f"glmer with profile `confint`, 7 nodes, where casepool has 40. *Before* is commit {BASE}. {versions}.",
        "",
        "| k | casepool | before | before / casepool | largest difference of a limit | glmer | glmer / casepool |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *lines,
    ]


def _speed_row(k: int, folder: Path) -> tuple[str, str]:
    events, n = counts(k)
    path = folder / "counts.csv"
    rows = "\n".join(f"{i},{x},{size}" for i, (x, size) in enumerate(zip(events, n, strict=True)))
    path.write_text(f"study,xi,ni\n{rows}\n", encoding="utf-8")
    fit = fit_glmm(events, n)
    old = json.loads(_run([sys.executable, "-c", _OLD], folder / "src", json.dumps([events, n])))
    now = cpu_seconds(lambda: fit_glmm(events, n), 7)
    pairs = zip((fit.ci_profile, fit.ci_profile_t, fit.tau2_ci_profile), old[1:], strict=True)
    apart = max(abs(a - b) for new, before in pairs for a, b in zip(new or (), before, strict=True))
    repetitions = "3" if k <= 100 else "1"
    r = json.loads(_run(["Rscript", str(ROOT / "benchmarks" / "glmm.R"), str(path), repetitions], folder / "src"))
    glmer = statistics.median(np.atleast_1d(r["glmer_profile"]).tolist())
    versions = ", ".join(f"{name} {version}" for name, version in r["versions"].items())
    row = f"| {k} | {1000 * now:.1f} | {1000 * old[0]:.0f} | {old[0] / now:.0f} | {apart:.0e} "
    return row + f"| {1000 * glmer:.0f} | {glmer / now:.0f} |", versions


def require_r() -> None:
    """Stop where R is missing."""
    if shutil.which("Rscript") is None:
        sys.exit("Rscript is not on the path; install R with the packages lme4 and jsonlite")


def sections() -> list[str]:
    """Return both sections of the page."""
    return [TITLES[0], "", *coverage_lines(), "", TITLES[1], "", *speed_lines(), ""]


def main() -> None:
    """Put both sections in place of those of the page, behind its head."""
    require_r()
    head, *rest = PAGE.read_text(encoding="utf-8").split("\n## ")
    kept = [f"## {one}" for one in rest if not f"## {one}".startswith(TITLES)]
    PAGE.write_text("\n".join([head, *sections(), *kept]).rstrip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
