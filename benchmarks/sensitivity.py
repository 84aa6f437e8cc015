"""CPU time of the sensitivity stage beside an earlier commit, and how far its table lies from the one of then.

`python benchmarks/sensitivity.py` prints the lines for docs/benchmarks.md. Each commit builds what the stage reads
from its own shipped data; then the script of the stage runs in turns, each time in a process of its own.
"""

from __future__ import annotations

import csv
import subprocess
from contextlib import ExitStack
from pathlib import Path

from earlier import BASE, PROJECT, cpu_seconds, environment, python_of, unpacked

TABLE = "results/tables/sensitivity.csv"
BUILD = ("-m", "snakemake", "--cores", "1", "--quiet", "all", "--")
SCRIPTS = ("leave_out", "assess_sensitivity")  # the first is younger
# The script as it stands, with what Snakemake hands to it; what keeps the books of a build is left out.
PROGRAM = """
import ast, os, sys, time, types, yaml
class Named(dict):
    __getattr__ = dict.__getitem__
configuration = yaml.safe_load(open("config/config.yaml"))
os.environ["CASEPOOL_PROTOCOL"] = os.path.abspath(configuration["protocol"])
curated = ("identity_decisions", "cumulative_incidences", "reading_list", "corrections")
stages = {"cases": "cases", "unique": "unique_patients", "links": "registry_links", "linkage": "registry_linkage"}
snakemake = types.SimpleNamespace(
    input=Named(
        {name: f"data/curated/{name}.csv" for name in curated}
        | {key: f"results/tables/{name}.csv" for key, name in stages.items()}
        | {"protocol": configuration["protocol"], "left_out": ["results/sensitivity/left_out_0.csv"]}
    ),
    wildcards=Named(part="0"),
    output=Named(
        left_out="results/sensitivity/left_out_0.csv",
        sensitivity="results/tables/sensitivity.csv", diagnostics="results/tables/diagnostics.csv"),
    params=Named(pooling=configuration["pooling"], country=configuration["registry"]["country"], parts=1),
)
body = [
    one for one in ast.parse(open(sys.argv[1]).read()).body
    if not any(word in ast.unparse(one) for word in ("job", "snakemake.log", "import sys"))
]
imports = [one for one in body if isinstance(one, ast.ImportFrom)]
names = {"snakemake": snakemake}
def run(part):
    exec(compile(ast.Module(part, []), sys.argv[1], "exec"), names)
run(imports)
start = time.process_time()
run([one for one in body if one not in imports])
print(time.process_time() - start)
"""
REPETITIONS = 3
KEY, FIGURES = ("analysis", "variant", "disease"), ("value", "ci_lower", "ci_upper")
MEAN = "overall"

Table = dict[tuple[str, ...], dict[str, str]]


def stage_seconds(folder: Path, python: str) -> float:
    """Return the CPU seconds of the scripts of the stage, each in a process of its own, without its imports."""
    scripts = [folder / "workflow" / "scripts" / f"{name}.py" for name in SCRIPTS]
    seconds = 0.0
    for script in (one for one in scripts if one.exists()):
        done = subprocess.run(  # noqa: S603  (our own command)
            [python, "-c", PROGRAM, str(script)],
            cwd=folder, env=environment(folder / "src"), check=True, capture_output=True, text=True,
        )  # fmt: skip
        seconds += float(done.stdout)
    return seconds


def table(folder: Path) -> Table:
    """Return the rows that the stage wrote."""
    with (folder / TABLE).open(encoding="utf-8", newline="") as handle:
        return {tuple(row[name] for name in KEY): row for row in csv.DictReader(handle)}


def apart(one: Table, other: Table, *, mean: bool) -> float:
    """Return the largest difference of a figure that stands in both tables with the same counts."""
    keys = [key for key in one if key in other and (key[-1] == MEAN) is mean and key[-1] != "all"]
    pairs = [
        (one[key][name], other[key][name])
        for key in keys
        for name in FIGURES
        if all(one[key][n] == other[key][n] for n in ("n_response", "n_evaluable"))
    ]
    return max(abs(float(a) - float(b)) for a, b in pairs if a and b)


def lines() -> list[str]:
    """Return the lines of the page."""
    with ExitStack() as stack:
        before, now = (stack.enter_context(unpacked(commit, *PROJECT)) for commit in (BASE, "HEAD"))
        sides = [(before, python_of(BASE)), (now, python_of("HEAD"))]
        for folder, python in sides:
            cpu_seconds([python, *BUILD, TABLE], folder / "src", folder)
        turns = [[stage_seconds(*side) for side in sides] for _ in range(REPETITIONS)]
        seconds = [min(times) for times in zip(*turns, strict=True)]
        tables = table(before), table(now)
    return [
        f"The script of the sensitivity stage, without its imports: {seconds[0]:.1f} s of CPU time at {BASE}, "
        f"{seconds[1]:.1f} s now, {seconds[0] / seconds[1]:.1f} times faster. "
        f"Largest difference of a rate of a disease or of its limits "
        f"{apart(*tables, mean=False):.1e}, of the mean of the diseases {apart(*tables, mean=True):.1e}; "
        f"{len(tables[0])} rows before, {len(tables[1])} now.",
    ]


if __name__ == "__main__":
    print("\n".join(lines()))
