"""Compare the speed of the joint model with that of commit 94ee1ff, the last one before the small lattice.

`python benchmarks/joint_speed.py` prints the section of docs/benchmarks.md. Both versions run in processes of their
own, one thread each, in turn, so that the load of the machine falls on both; figures are the least of several times
of CPU, and ratios of those. `results/tables/study_counts.csv` (the counts of a build) must be there.
"""

from __future__ import annotations

import importlib
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from earlier import BASE, ROOT, environment, unpacked

TURNS, REPETITIONS, SETS = 3, 3, 500
# Diseases and patients of all of them together, from which growth is read.
SIZES = ((13, 130), (50, 500), (200, 2_000), (13, 10_000), (200, 1_000_000))
MEMORY = "200 diseases, 1,000,000 patients"

Case = dict[str, Any]


def invented(diseases: int, patients: int) -> Case:
    """Return invented counts: complete sources in every third disease."""
    generator = np.random.default_rng(1)
    theta = generator.normal(0.4, 0.9, diseases)
    size = np.maximum(1, generator.multinomial(patients, np.full(diseases, 1 / diseases)))
    complete = np.where(np.arange(diseases) % 3 == 0, size // 2, 0)
    selective = size - complete
    rates = 1 / (1 + np.exp(-theta)), 1 / (1 + np.exp(-theta - math.log(3)))
    x, y = generator.binomial(complete, rates[0]), generator.binomial(selective, rates[1])
    return {"columns": [column.tolist() for column in (x, complete, y, selective)], "sources": [], "clustering": 0.0}


def build() -> tuple[Any, list[str], Any]:
    """Return the counts of the build, their diseases, and how they are pooled."""
    from casepool.counting.outcomes import outcome_counts
    from casepool.files import sheets
    from casepool.model.configuration import load_configuration
    from casepool.model.protocol import load_protocol
    from casepool.model.study import use

    configuration = load_configuration(ROOT / "config" / "config.yaml")
    protocol = load_protocol(ROOT / configuration.protocol)
    use(protocol)
    studies = sheets.read_table("study_counts", ROOT / "results" / "tables" / "study_counts.csv")
    counts = outcome_counts(studies, protocol.outcomes[0].id)
    return counts, [d for d in protocol.eligible_ids if counts.of(d).total[1]], configuration.pooling


def shipped() -> Case:
    """Return the counts of the build with their sources, as they are pooled."""
    from casepool.pooling.pooled import joint_data

    counts, diseases, pooling = build()
    data = joint_data(counts, diseases)
    columns = (data.complete_events, data.complete_n, data.selective_events, data.selective_n)
    sources = [(s.disease, s.complete, s.events, s.n) for s in data.sources]
    return {"columns": columns, "sources": sources, "clustering": pooling.clustering}


def cases() -> dict[str, Case]:
    """Return what is fitted, by name."""
    sized = {f"{d} diseases, {n:,} patients": invented(d, n) for d, n in SIZES}
    return {"counts of the build, with sources": shipped(), **sized}


def measure(given: dict[str, Any]) -> dict[str, Any]:
    """Return the CPU seconds of each case and of a simulation, and the figures found, with the package on the path."""
    joint = module("joint.fit", "joint")
    found: dict[str, Any] = {}
    for name, case in given["cases"].items():
        data = joint.JointData(*case["columns"], None, tuple(joint.Source(*one) for one in case["sources"]))

        def fit(data: Any = data, case: Case = case) -> Any:
            return joint.fit_joint(data, clustering=case["clustering"])

        rates = [[rate.mean, *rate.ci] for rate in fit().diseases]
        found[name] = {"seconds": cpu(fit, 1 if "1,000,000" in name else REPETITIONS), "rates": rates}
    if given["simulate"]:
        found["simulation"] = {"seconds": simulated(given["cases"]["counts of the build, with sources"])}
        found["own"] = {"seconds": own()} if given["own"] else {}
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def own() -> float:
    """Return the CPU seconds of the own rates of the counts of the build, which the older version did not have."""
    from casepool.pooling.own import allowances_of, own_data
    from casepool.stats.own.fit import fit_own

    counts, diseases, pooling = build()
    data, allowances = own_data(counts, diseases), allowances_of(pooling)
    return cpu(lambda: [rate.interval(0.95) for rate in fit_own(data, allowances).rates if rate], 3 * REPETITIONS)


def module(now: str, before: str) -> Any:
    """Return a module of the statistics by the name that it has in this version or had in the older one."""
    try:
        return importlib.import_module(f"casepool.stats.{now}")
    except ImportError:
        return importlib.import_module(f"casepool.stats.{before}")


def cpu(work: Callable[[], object], repetitions: int) -> float:
    """Return the least CPU time of a call."""
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def simulated(case: Case) -> float:
    """Return the CPU seconds of a data set on the layout of the build, drawn, fitted and tallied."""
    operating = module("simulation.operating", "operating")
    sizes, settings = module("simulation.layout", "layout"), module("joint.settings", "joint_settings")
    worlds = module("simulation.worlds", "worlds")
    several = [sizes.SourceSize(d, complete, n) for d, complete, _, n in case["sources"]]
    left = {(d, k): case["columns"][2 * (not k) + 1][d] for d in range(len(case["columns"][0])) for k in (True, False)}
    for source in several:
        left[source.disease, source.complete] -= source.n
    single = [sizes.SourceSize(d, kind, 1) for (d, kind), n in left.items() for _ in range(n)]
    truths = module("simulation.truth", "layout")
    truth = truths.LayoutTruth(sizes.Layout(tuple(map(str, range(len(case["columns"][0])))), (*several, *single)), 4.0)
    chosen = settings.Settings(clustering=case["clustering"], thresholds=(), grid="simulation")
    estimators = {"joint": operating.ESTIMATORS["joint"]}
    drawn = list(worlds.draw_worlds(truth, SETS, 1))
    start = time.process_time()
    operating.tally(drawn, estimators, chosen)
    return (time.process_time() - start) / SETS


def run(source: Path, given: dict[str, Any]) -> dict[str, Any]:
    """Return what `measure` finds with the package under a folder."""
    command = [sys.executable, __file__, "measure"]
    done = subprocess.run(  # noqa: S603  (our own command)
        command, input=json.dumps(given), capture_output=True, text=True, check=True, env=environment(source)
    )
    return dict(json.loads(done.stdout))


def section() -> list[str]:
    """Return the lines of the page."""
    given = {"cases": cases(), "simulate": True, "own": False}
    with unpacked(BASE, "src") as folder:
        turns = [(run(folder / "src", given), run(ROOT / "src", given | {"own": True})) for _ in range(TURNS)]
        biggest = {"cases": {MEMORY: given["cases"][MEMORY]}, "simulate": False}
        memory = [run(path, biggest)["memory"] for path in (folder / "src", ROOT / "src")]
    lines = [
        f"Milliseconds of CPU time, one thread, beside commit {BASE}: a fit with all intervals; a simulated data set.",
        "",
        "| job | before | now | times faster | largest difference of a rate or limit |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name in (*given["cases"], "simulation"):
        before, now = (min(turn[i][name]["seconds"] for turn in turns) for i in (0, 1))
        rates = [np.array(turns[0][i][name]["rates"]) for i in (0, 1)] if name != "simulation" else []
        apart = f"{float(np.abs(rates[0] - rates[1]).max()):.1e}" if rates else "–"
        lines.append(f"| {name} | {1000 * before:.1f} | {1000 * now:.2f} | {before / now:.1f} | {apart} |")
    alone = 1000 * min(turn[1]["own"]["seconds"] for turn in turns)
    lines += ["", f"Own rates of the counts of the build, with their limits: {alone:.1f} ms."]
    lines += ["", f"Memory of the process, {MEMORY}: {memory[0]:.0f} MiB before, {memory[1]:.0f} MiB now."]
    return lines


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        print(json.dumps(measure(json.load(sys.stdin))))
    else:
        print("\n".join(section()))
