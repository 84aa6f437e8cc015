"""A whole build at a scale that no thesis reaches: time and memory by stage, and how they grow.

``python benchmarks/scale.py 1000 10000`` builds the shipped project with so many further SYNTHETIC patients, told in
reports of one to seven, on one core, and prints for each stage its seconds of CPU time (other work on the machine
does not count) and the most memory that its process held, beside the exponent with which its time grows between the
last two sizes. A stage that grows as n log n has one of about 1.1 from 1,000 to 10,000.

``--tables 1000 10000`` makes the same tables in one process, without figures and pages, and prints what each costs.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "tests"))

from copied import Project, copy_of_the_project  # noqa: E402 - beside this folder

MARK = "SYNTHETIC"
DISEASES = ("itp", "waiha", "sle", "prca", "sjogren", "myositis")
COUNTRIES = ("France", "Germany", "Italy", "Spain", "China", "Japan", "United States", "Canada")
SIZES = (1, 1, 1, 1, 2, 3, 5, 7)
DAY = "2026-01-20"
IMPORT = "data/raw/imports/synthetic.ris"
READER = "synthetic_reader"

Row = dict[str, str]


def invented_rows(n: int) -> dict[str, list[Row]]:
    """Return the rows of every table for ``n`` SYNTHETIC patients: the same for the same number."""
    draw = random.Random(n)  # noqa: S311 - invented patients
    made: dict[str, list[Row]] = {name: [] for name in ("reports", "patients", "screening", "appraisal")}
    left, number = n, 0
    while left:
        number += 1
        key, size = f"synthetic{number}", min(left, draw.choice(SIZES))
        left -= size
        seen = {"reader": READER, "date": DAY}
        title = f"{MARK} {' '.join(draw.sample(WORDS, 6))} {number}"
        made["reports"].append(
            {"report_id": key, "study_id": key, "title": title, "authors": f"Invented {number}", "language": "en",
             "year": str(draw.randint(2016, 2025)), "journal": f"{MARK} journal", "decision": "include",
             "report_type": "case_report" if size == 1 else "case_series", "note": MARK}
        )  # fmt: skip
        made["screening"] += [
            {"record_id": f"ris:{key}", "stage": stage, "reviewer": READER, "decision": "include", "date": DAY}
            for stage in ("title_abstract", "full_text")
        ]
        complete = "yes" if size > 2 and draw.random() < 0.2 else "no"
        made["appraisal"].append(
            {"report_id": key, "murad_1": complete, "jbi_4": "not_applicable", "jbi_5": "not_applicable",
             "basis": "full_text", "source_locator": MARK, **seen}
        )  # fmt: skip
        country = draw.choice(COUNTRIES)
        made["patients"] += [_patient(draw, key, label, country) | seen for label in range(1, size + 1)]
    return made


WORDS = (
    *("refractory", "relapse", "antibody", "treatment", "response", "plasma", "cell", "cohort", "experience", "letter"),
    *("single", "adult", "severe", "rescue", "chronic", "steroid", "transplant", "platelet", "marrow", "clinic"),
    *("outcome", "infusion", "course", "remission", "monitoring", "salvage"),
)
NOT_ASKED = ("prior_rituximab", "prior_bortezomib", "monotherapy", "relapse", "death", "serious_infection",
             "hypogammaglobulinaemia", "infusion_reaction")  # fmt: skip


def _patient(draw: random.Random, key: str, label: int, country: str) -> Row:
    return {
        "report_id": key,
        "patient_label": f"p{label}",
        "age_years": str(draw.randint(18, 90)),
        "sex": draw.choice(("female", "male")),
        "country": country,
        "treatment_year": str(draw.randint(2014, 2024)),
        "population": "adult",
        "disease": (disease := draw.choice(DISEASES)),
        "disease_as_reported": TERMS[disease],
        "autoimmune": "yes",
        "n_prior_lines": str(draw.randint(1, 8)),
        "n_doses": str(draw.choice((4, 8, 12))),
        "response": draw.choice(("complete", "partial", "none", "response_ungraded")),
        "basis": "full_text",
        "source_locator": MARK,
        "note": MARK,
    } | dict.fromkeys(NOT_ASKED, "not_reported")


TERMS = {
    "itp": "immune thrombocytopenia",
    "waiha": "warm autoimmune haemolytic anaemia",
    "sle": "systemic lupus erythematosus",
    "prca": "pure red cell aplasia",
    "sjogren": "Sjogren disease",
    "myositis": "dermatomyositis",
}


def project_of(folder: Path, n: int) -> Project:
    """Return a copy of the shipped project with ``n`` further SYNTHETIC patients."""
    project = copy_of_the_project(folder)
    rows = invented_rows(n)
    for name, further in rows.items():
        _append(folder / "data" / "curated" / f"{name}.csv", further)
    records = "".join(
        f"TY  - JOUR\nID  - {row['report_id']}\nAU  - {row['authors']}\nTI  - {row['title']}\nT2  - {row['journal']}\n"
        f"PY  - {row['year']}\nLA  - en\nN1  - {MARK}\nER  - \n\n"
        for row in rows["reports"]
    ).encode()
    (folder / IMPORT).write_bytes(records)
    source = {"path": IMPORT, "origin": "website", "query_or_release": MARK, "accessed_on": DAY, "note": MARK,
              "licence": MARK, "sha256": hashlib.sha256(records).hexdigest(),
              "n_records": str(len(rows["reports"]))}  # fmt: skip
    _append(folder / "data" / "raw" / "sources.csv", [source])
    return project


def _append(path: Path, further: list[Row]) -> None:
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, *further])


class Watch(threading.Thread):
    """What the processes of a build hold, and which job runs, read from the system ten times a second."""

    def __init__(self, build: subprocess.Popen[str]) -> None:
        super().__init__(daemon=True)
        self.build = build
        self.rule = "start"
        self.most: dict[str, float] = {}
        self.seconds: dict[str, float] = {}

    def read(self) -> None:
        """Follow the log of the build: a job begins where its message stands, and ends where the next one begins."""
        began = 0.0
        for line in self.build.stdout or ():
            if found := re.match(r"^Job \d+: (.*?)(?: \(part \d+\)| at a reporting ratio.*|: .*)?$", line):
                now = sum(map(_seconds, [self.build.pid, *_below(self.build.pid)]))
                self.seconds[self.rule] = self.seconds.get(self.rule, 0.0) + now - began
                self.rule, began = _without_numbers(found[1]), now

    def run(self) -> None:
        """Note the largest process beside Snakemake itself."""
        while self.build.poll() is None:
            held = [_megabytes(pid) for pid in _below(self.build.pid)]
            self.most[self.rule] = max([self.most.get(self.rule, 0.0), *held])
            time.sleep(0.1)


def _without_numbers(message: str) -> str:
    return re.sub(r" \d+", "", message)


def _below(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(one) for one in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *_below(child)]
    return found


def _seconds(pid: int) -> float:
    """Return the CPU time of a process and of those below it that have ended."""
    try:
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    except OSError:
        return 0.0
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, IndexError):
        return 0.0


def build(project: Project) -> Watch:
    """Build a project on one core and return what was seen of it; a build that fails ends the benchmark."""
    started = subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--cores", "1", "--nocolor"],
        cwd=project.root, env=os.environ | {"OMP_NUM_THREADS": "1"}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    watch = Watch(started)
    watch.start()
    watch.read()
    watch.join()
    if started.wait():
        sys.exit(f"The build in {project.root} failed; its logs: results/logs")
    return watch


def tables(folder: Path) -> dict[str, float]:
    """Return table → seconds of CPU time until it was made, from the search to the results, in one process."""
    from stage_runner import STAGES, Build, run

    from casepool.model.configuration import load_configuration
    from casepool.model.protocol import load_protocol
    from casepool.model.study import use

    protocol = load_protocol(folder / "config" / "protocol.yaml")
    use(protocol)
    seconds: dict[str, float] = {}

    class Timed(Build):
        began = time.process_time()

        def keep(self, name: str, frame: Any, key: str = "") -> Any:
            kept, now = super().keep(name, frame, key), time.process_time()
            seconds[key or name] = seconds.get(key or name, 0.0) + now - self.began
            print(f"{key or name}: {now - self.began:.1f} s", file=sys.stderr, flush=True)
            self.began = now
            return kept

    run(Timed(folder, protocol, load_configuration(folder / "config" / "config.yaml")), STAGES)
    return seconds


def table_times(sizes: list[int]) -> None:
    """Print what each table of the stages costs at each size."""
    with tempfile.TemporaryDirectory() as folder:
        seen = [tables(project_of(_made(Path(folder, str(n))), n).root) for n in sizes]
    print(f"| table | {' | '.join(f'{n:,}: s' for n in sizes)} | exponent |\n|{' --- |' * (len(sizes) + 2)}")
    for name in sorted(seen[-1], key=lambda one: -seen[-1][one]):
        each = [one.get(name, 0) for one in seen]
        print(f"| {name} | {' | '.join(f'{one:.1f}' for one in each)} | {_exponent(sizes, each)} |")


def main() -> int:
    """Build each size and print the table."""
    if sys.argv[1] == "--tables":
        table_times([int(one) for one in sys.argv[2:]])
        return 0
    sizes = [int(one) for one in sys.argv[1:]]
    seen: list[Watch] = []
    with tempfile.TemporaryDirectory() as folder:
        for n in sizes:
            project = project_of(_made(Path(folder, str(n))), n)
            seen.append(build(project))
            pages = sorted((project.root / "results").rglob("report*.html"))
            print(f"{n:,} patients:", ", ".join(f"{one.name} {one.stat().st_size / 2**20:.1f} MiB" for one in pages))
    heads = [f"{n:,}: s | MiB" for n in sizes]
    print(f"\n| stage | {' | '.join(heads)} | exponent |\n|{' --- |' * (2 * len(sizes) + 2)}")
    for rule in sorted(seen[-1].seconds, key=lambda one: -seen[-1].seconds[one]):
        cells = [f"{one.seconds.get(rule, 0):.1f} | {one.most.get(rule, 0):.0f}" for one in seen]
        print(f"| {rule} | {' | '.join(cells)} | {_exponent(sizes, [one.seconds.get(rule, 0) for one in seen])} |")
    return 0


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _exponent(sizes: list[int], seconds: list[float]) -> str:
    if len(sizes) < 2 or min(seconds[-2:]) < 0.5:
        return "–"
    return f"{math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2]):.2f}"


if __name__ == "__main__":
    sys.exit(main())
