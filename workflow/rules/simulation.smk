"""Simulation: the estimators under a known truth, on the layout of the current counts.

Inputs: study counts. Outputs: results/simulation, results/tables/simulation.csv.
Config: simulation, pooling, seed, protocol.
"""


rule simulate_chunk:
    input:
        protocol=config["protocol"],
        studies="results/tables/study_counts.csv",
        code=code_of("simulate_chunk"),
    output:
        sums="results/simulation/ratio_{ratio}/chunk_{chunk}.csv",
    log:
        "results/logs/simulate_chunk/ratio_{ratio}_chunk_{chunk}.log",
    conda:
        "../../environment.yml"
    params:
        pooling=lookup(dpath="pooling", within=config),
        replicates=chunk_replicates,
        seed=lookup(dpath="seed", within=config),
    message:
        "Simulate chunk {wildcards.chunk} at a reporting ratio of {wildcards.ratio}"
    script:
        "../scripts/simulate_chunk.py"


rule combine_simulation:
    input:
        sums=expand(
            "results/simulation/ratio_{ratio}/chunk_{chunk}.csv",
            **WILDCARDS,
        ),
        code=code_of("combine_simulation"),
    output:
        table=report(
            "results/tables/simulation.csv",
            caption="../report/simulation_table.rst",
            category="Simulation",
        ),
    log:
        "results/logs/combine_simulation.log",
    conda:
        "../../environment.yml"
    message:
        "Add up the simulation: bias, error, coverage and width of every estimator"
    script:
        "../scripts/combine_simulation.py"
