"""Annex: conventional small-study tools, made only where the configuration asks for them.

Inputs: study counts. Outputs: results/tables/small_study.csv. Config: annex, pooling, protocol.
"""

if CONFIGURATION.annex.small_study:

    rule compute_small_study:
        input:
            protocol=config["protocol"],
            studies="results/tables/study_counts.csv",
            code=code_of("compute_small_study"),
        output:
            table=report(
                "results/tables/small_study.csv",
                caption="../report/small_study.rst",
                category="Annex",
            ),
        log:
            "results/logs/compute_small_study.log",
        conda:
            "../../environment.yml"
        params:
            level=lookup(dpath="pooling/level", within=config),
        message:
            "Compute the conventional small-study tools of the annex"
        script:
            "../scripts/compute_small_study.py"
