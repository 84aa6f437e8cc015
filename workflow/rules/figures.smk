"""Figures: forest plot, PRISMA flow, sensitivity and size, in each language, as PDF, SVG and PNG, with their words.

Inputs: results/tables, search.json of the snapshot. Outputs: results/manuscript/{language}/figures.
Config: protocol, pooling, forest, pubmed.
"""


rule draw_forest:
    input:
        **tables("results", "study_counts", "origins", "unique_patients"),
        **curated("appraisal", "reports", "corrections"),
        protocol=config["protocol"],
        code=code_of("draw_forest"),
    output:
        **figures("forest"),
        pages=directory(in_each_language(FOREST_PAGES)),
    log:
        "results/logs/draw_forest.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
        forest=CONFIGURATION.forest.model_dump(),
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Draw the forest plot"
    script:
        "../scripts/draw_forest.py"


rule draw_flow:
    input:
        protocol=config["protocol"],
        flow="results/tables/prisma_counts.csv",
        search=search_description(),
        code=code_of("draw_flow"),
    output:
        **figures("flow"),
    log:
        "results/logs/draw_flow.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
    message:
        "Draw the PRISMA flow"
    script:
        "../scripts/draw_flow.py"


rule draw_identity:
    input:
        protocol=config["protocol"],
        told_where="results/tables/told_where.csv",
        code=code_of("draw_identity"),
    output:
        **figures("identity"),
    log:
        "results/logs/draw_identity.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
        threshold=lookup(dpath="disclosure/threshold", within=config),
    message:
        "Draw who is reported where"
    script:
        "../scripts/draw_identity.py"


rule draw_sensitivity:
    input:
        protocol=config["protocol"],
        sensitivity="results/tables/sensitivity.csv",
        results="results/tables/results.csv",
        origins="results/tables/origins.csv",
        reports=curated_file("reports"),
        corrections=curated_file("corrections"),
        code=code_of("draw_sensitivity"),
    output:
        **figures("sensitivity", "ratio_sweep", "by_year"),
    log:
        "results/logs/draw_sensitivity.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
        level=lookup(dpath="pooling/level", within=config),
        thresholds=lookup(dpath="pooling/thresholds", within=config),
    message:
        "Draw the sensitivity analyses"
    script:
        "../scripts/draw_sensitivity.py"


rule draw_steps:
    input:
        protocol=config["protocol"],
        steps="results/tables/steps.csv",
        origins="results/tables/origins.csv",
        code=code_of("draw_steps"),
    output:
        **figures("steps"),
    log:
        "results/logs/draw_steps.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Draw what moved the rate of each disease"
    script:
        "../scripts/draw_steps.py"


rule draw_size:
    input:
        protocol=config["protocol"],
        studies="results/tables/study_counts.csv",
        code=code_of("draw_size"),
    output:
        **figures("size"),
    log:
        "results/logs/draw_size.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Draw response against size of the report"
    script:
        "../scripts/draw_size.py"


rule draw_plan:
    input:
        protocol=config["protocol"],
        plan="results/tables/plan.csv",
        code=code_of("draw_plan"),
    output:
        **figures("plan"),
    log:
        "results/logs/draw_plan.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
    message:
        "Draw which centre to call next"
    script:
        "../scripts/draw_plan.py"


rule draw_simulation:
    input:
        protocol=config["protocol"],
        simulation="results/tables/simulation.csv",
        code=code_of("draw_simulation"),
    output:
        **figures("simulation"),
    log:
        "results/logs/draw_simulation.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Draw bias and coverage of the simulation"
    script:
        "../scripts/draw_simulation.py"


rule draw_appraisal:
    input:
        **curated("appraisal", "reports", "corrections"),
        protocol=config["protocol"],
        studies="results/tables/study_counts.csv",
        code=code_of("draw_appraisal"),
    output:
        **figures("appraisal"),
    log:
        "results/logs/draw_appraisal.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
    message:
        "Draw the appraisal of the sources"
    script:
        "../scripts/draw_appraisal.py"


rule draw_courses:
    input:
        **curated("reports", "corrections"),
        protocol=config["protocol"],
        unique="results/tables/unique_patients.csv",
        code=code_of("draw_courses"),
    output:
        **figures("swimmer", "prior"),
    log:
        "results/logs/draw_courses.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
    message:
        "Draw single patients: course and earlier treatments"
    script:
        "../scripts/draw_courses.py"
