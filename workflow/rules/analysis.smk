"""Analysis: counts, pooled and corrected rates, characteristics, safety, flow.

Inputs: unique patients, screening state. Outputs: results/tables. Config: protocol, pooling.
"""


rule count_responses:
    input:
        protocol=config["protocol"],
        unique="results/tables/unique_patients.csv",
        code=src_modules("analysis/counts", "tables"),
    output:
        studies="results/tables/study_counts.csv",
        counts=report("results/tables/counts.csv", caption="../report/counts.rst", category="Counts"),
    log:
        "results/logs/count_responses.log",
    params:
        level=lookup(dpath="pooling/level", within=config),
    conda:
        "../../environment.yml"
    script:
        "../scripts/count_responses.py"


rule pool_responses:
    input:
        protocol=config["protocol"],
        studies="results/tables/study_counts.csv",
        code=src_modules("analysis/pool", "configuration", "tables"),
    output:
        results=report("results/tables/results.csv", caption="../report/results.rst", category="Response rates"),
    log:
        "results/logs/pool_responses.log",
    params:
        pooling=lookup(dpath="pooling", within=config),
    conda:
        "../../environment.yml"
    script:
        "../scripts/pool_responses.py"


rule describe_patients:
    input:
        protocol=config["protocol"],
        unique="results/tables/unique_patients.csv",
        code=src_modules("analysis/describe", "analysis/safety", "tables"),
    output:
        characteristics="results/tables/characteristics.csv",
        safety="results/tables/safety.csv",
    log:
        "results/logs/describe_patients.log",
    params:
        level=lookup(dpath="pooling/level", within=config),
    conda:
        "../../environment.yml"
    script:
        "../scripts/describe_patients.py"


rule count_flow:
    input:
        state="results/tables/screening_state.csv",
        cases="results/tables/cases.csv",
        unique="results/tables/unique_patients.csv",
        code=src_modules("analysis/flow", "tables"),
    output:
        flow="results/tables/prisma_counts.csv",
    log:
        "results/logs/count_flow.log",
    conda:
        "../../environment.yml"
    script:
        "../scripts/count_flow.py"
