"""The simulation study and the calibration behind docs/simulation.md; `make simulation` runs it on this machine.

    snakemake --snakefile benchmarks/simulation.smk --cores 4
    snakemake --snakefile benchmarks/simulation.smk --profile profiles/slurm --config jobs=100

from the project folder, after a build. `--config own=100` takes so many replicates of a part, `jobs=100` so many jobs
of each part; benchmarks/study/PART.csv as target makes this part alone.
"""

import sys

# Replicates of a cell, by part.
REPLICATES = {"own": 500, "pooled": 500, "reference": 600, "calibration": 3000}
REPLICATES |= {part: int(config[part]) for part in REPLICATES if part in config}
JOBS = int(config.get("jobs", 8))
COUNTS = "results/tables/study_counts.csv"
PROGRAM = f"{sys.executable} benchmarks/simulation.py"


localrules:
    all,
    add_up,


wildcard_constraints:
    part="|".join(REPLICATES),
    number=r"\d+",


rule all:
    input:
        counts=COUNTS,
        parts=expand("benchmarks/study/{part}.csv", part=REPLICATES),
    log:
        "benchmarks/study/page.log",
    shell:
        "{PROGRAM} page {input.counts} {input.parts} 2> {log}"


rule add_up:
    input:
        counts=COUNTS,
        jobs=lambda wildcards: expand(
            "benchmarks/study/{part}/{number}_of_{jobs}.csv",
            part=wildcards.part,
            number=range(JOBS),
            jobs=JOBS,
        ),
    output:
        "benchmarks/study/{part}.csv",
    log:
        "benchmarks/study/{part}.log",
    params:
        replicates=lambda wildcards: REPLICATES[wildcards.part],
    shell:
        "{PROGRAM} part {input.counts} {wildcards.part} {params.replicates} {output} {input.jobs} 2> {log}"


rule simulate:
    input:
        counts=COUNTS,
    output:
        "benchmarks/study/{part}/{number}_of_{jobs}.csv",
    log:
        "benchmarks/study/{part}/{number}_of_{jobs}.log",
    params:
        replicates=lambda wildcards: REPLICATES[wildcards.part],
    shell:
        "{PROGRAM} job {input.counts} {wildcards.part} {wildcards.number} {wildcards.jobs} {params.replicates} {output}"
        " 2> {log}"
