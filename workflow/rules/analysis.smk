"""Analysis: counts, raw, own and pooled rates, characteristics, safety, flow.

Inputs: unique patients, screening state. Outputs: results/tables. Config: protocol, pooling.
"""


rule count_responses:
    input:
        protocol=config["protocol"],
        unique="results/tables/unique_patients.csv",
        code=code_of("count_responses"),
    output:
        studies="results/tables/study_counts.csv",
        sources="results/tables/source_counts.csv",
        counts=report(
            "results/tables/counts.csv",
            caption="../report/counts.rst",
            category="Counts",
        ),
        origins="results/tables/origins.csv",
        filed_under="results/tables/filed_under.csv",
    log:
        "results/logs/count_responses.log",
    conda:
        "../../environment.yml"
    params:
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Count responses by source and by disease × ascertainment"
    script:
        "../scripts/count_responses.py"


rule pool_outcomes:
    input:
        protocol=config["protocol"],
        studies="results/tables/study_counts.csv",
        unique="results/tables/unique_patients.csv",
        linkage="results/tables/registry_linkage.csv",
        code=code_of("pool_outcomes"),
    output:
        results=report(
            "results/tables/results.csv",
            caption="../report/results.rst",
            category="Response rates",
        ),
        steps="results/tables/steps.csv",
        ratio_rates="results/tables/ratio_rates.csv",
    log:
        "results/logs/pool_outcomes.log",
    conda:
        "../../environment.yml"
    params:
        pooling=lookup(dpath="pooling", within=config),
    message:
        "Pool every outcome: exact, GLMM, own and pooled rates of every disease"
    script:
        "../scripts/pool_outcomes.py"


rule leave_out:
    input:
        protocol=config["protocol"],
        cases="results/tables/cases.csv",
        links="results/tables/registry_links.csv",
        linkage="results/tables/registry_linkage.csv",
        identity_decisions=curated_file("identity_decisions"),
        cumulative_incidences=curated_file("cumulative_incidences"),
        reading_list=curated_file("reading_list"),
        corrections=curated_file("corrections"),
        code=code_of("leave_out"),
    output:
        left_out="results/sensitivity/left_out_{part}.csv",
    log:
        "results/logs/leave_out/part_{part}.log",
    conda:
        "../../environment.yml"
    params:
        pooling=lookup(dpath="pooling", within=config),
        parts=CONFIGURATION.sensitivity.jobs,
    message:
        "Pool again without each report in turn (part {wildcards.part})"
    script:
        "../scripts/leave_out.py"


rule assess_sensitivity:
    input:
        protocol=config["protocol"],
        cases="results/tables/cases.csv",
        unique="results/tables/unique_patients.csv",
        links="results/tables/registry_links.csv",
        linkage="results/tables/registry_linkage.csv",
        identity_decisions=curated_file("identity_decisions"),
        cumulative_incidences=curated_file("cumulative_incidences"),
        reading_list=curated_file("reading_list"),
        corrections=curated_file("corrections"),
        left_out=expand("results/sensitivity/left_out_{part}.csv", **WILDCARDS),
        code=code_of("assess_sensitivity"),
    output:
        sensitivity="results/tables/sensitivity.csv",
        diagnostics="results/tables/diagnostics.csv",
    log:
        "results/logs/assess_sensitivity.log",
    conda:
        "../../environment.yml"
    params:
        pooling=lookup(dpath="pooling", within=config),
        country=lookup(dpath="registry/country", within=config),
    message:
        "Pool again under other data, priors and assumptions, and diagnose the correction"
    script:
        "../scripts/assess_sensitivity.py"


rule plan_evidence:
    input:
        protocol=config["protocol"],
        studies="results/tables/study_counts.csv",
        linkage="results/tables/registry_linkage.csv",
        code=code_of("plan_evidence"),
    output:
        plan=report(
            "results/tables/plan.csv",
            caption="../report/plan_table.rst",
            category="Response rates",
        ),
    log:
        "results/logs/plan_evidence.log",
    conda:
        "../../environment.yml"
    params:
        pooling=lookup(dpath="pooling", within=config),
        planning=CONFIGURATION.planning.model_dump(),
    message:
        "Plan which centre to call next: what further patients would bring"
    script:
        "../scripts/plan_evidence.py"


rule describe_patients:
    input:
        protocol=config["protocol"],
        unique="results/tables/unique_patients.csv",
        code=code_of("describe_patients"),
    output:
        characteristics="results/tables/characteristics.csv",
        safety="results/tables/safety.csv",
        moderators="results/tables/moderators.csv",
        times="results/tables/times.csv",
    log:
        "results/logs/describe_patients.log",
    conda:
        "../../environment.yml"
    params:
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Describe the patients and what happened to them"
    script:
        "../scripts/describe_patients.py"


rule count_flow:
    input:
        state="results/tables/screening_state.csv",
        cases="results/tables/cases.csv",
        unique="results/tables/unique_patients.csv",
        merges="results/screening/merges.csv",
        search_update="results/tables/search_update.csv",
        new_records="results/screening/new_records.csv",
        code=code_of("count_flow"),
    output:
        flow="results/tables/prisma_counts.csv",
        told_where="results/tables/told_where.csv",
    log:
        "results/logs/count_flow.log",
    conda:
        "../../environment.yml"
    message:
        "Count the boxes of the PRISMA flow, and who is reported where"
    script:
        "../scripts/count_flow.py"


rule write_prisma:
    input:
        flow="results/tables/prisma_counts.csv",
        code=code_of("write_prisma"),
    output:
        prisma="results/screening/PRISMA.csv",
    log:
        "results/logs/write_prisma.log",
    conda:
        "../../environment.yml"
    message:
        "Write the table that the PRISMA2020 web tool reads"
    script:
        "../scripts/write_prisma.py"
