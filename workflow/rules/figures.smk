"""Figures: forest plot, PRISMA flow, sensitivity and size, in each language, as PDF, SVG and PNG.

Inputs: results/tables, search.json of the snapshot. Outputs: results/manuscript/{language}/figures.
Config: protocol, pooling, forest, pubmed.
"""


rule draw_forest:
    input:
        protocol=config["protocol"],
        results="results/tables/results.csv",
        studies="results/tables/study_counts.csv",
        origins="results/tables/origins.csv",
        reports="data/curated/reports.csv",
        corrections="data/curated/corrections.csv",
        code=code_of("draw_forest"),
    output:
        pdf="results/manuscript/{language}/figures/forest.pdf",
        svg="results/manuscript/{language}/figures/forest.svg",
        png=report(
            "results/manuscript/{language}/figures/forest.png",
            caption="../report/forest.rst",
            category="Figures",
        ),
        pages=directory("results/manuscript/{language}/figures/forest_pages"),
    log:
        "results/logs/draw_forest/{language}.log",
    conda:
        "../../environment.yml"
    params:
        rows_per_page=lookup(dpath="forest/rows_per_page", within=config),
    message:
        "Draw the forest plot ({wildcards.language})"
    script:
        "../scripts/draw_forest.py"


rule draw_flow:
    input:
        protocol=config["protocol"],
        flow="results/tables/prisma_counts.csv",
        search=search_description(),
        code=code_of("draw_flow"),
    output:
        pdf="results/manuscript/{language}/figures/flow.pdf",
        svg="results/manuscript/{language}/figures/flow.svg",
        png=report(
            "results/manuscript/{language}/figures/flow.png",
            caption="../report/flow.rst",
            category="Figures",
        ),
    log:
        "results/logs/draw_flow/{language}.log",
    conda:
        "../../environment.yml"
    message:
        "Draw the PRISMA flow ({wildcards.language})"
    script:
        "../scripts/draw_flow.py"


rule draw_identity:
    input:
        protocol=config["protocol"],
        told_where="results/tables/told_where.csv",
        code=code_of("draw_identity"),
    output:
        pdf="results/manuscript/{language}/figures/identity.pdf",
        svg="results/manuscript/{language}/figures/identity.svg",
        png=report(
            "results/manuscript/{language}/figures/identity.png",
            caption="../report/identity.rst",
            category="Figures",
        ),
    log:
        "results/logs/draw_identity/{language}.log",
    conda:
        "../../environment.yml"
    params:
        threshold=lookup(dpath="disclosure/threshold", within=config),
    message:
        "Draw who is reported where ({wildcards.language})"
    script:
        "../scripts/draw_identity.py"


rule draw_sensitivity:
    input:
        protocol=config["protocol"],
        sensitivity="results/tables/sensitivity.csv",
        results="results/tables/results.csv",
        origins="results/tables/origins.csv",
        reports="data/curated/reports.csv",
        corrections="data/curated/corrections.csv",
        code=code_of("draw_sensitivity"),
    output:
        sensitivity_pdf="results/manuscript/{language}/figures/sensitivity.pdf",
        sensitivity_svg="results/manuscript/{language}/figures/sensitivity.svg",
        sensitivity_png=report(
            "results/manuscript/{language}/figures/sensitivity.png",
            caption="../report/sensitivity.rst",
            category="Figures",
        ),
        ratio_sweep_pdf="results/manuscript/{language}/figures/ratio_sweep.pdf",
        ratio_sweep_svg="results/manuscript/{language}/figures/ratio_sweep.svg",
        ratio_sweep_png=report(
            "results/manuscript/{language}/figures/ratio_sweep.png",
            caption="../report/ratio_sweep.rst",
            category="Figures",
        ),
        by_year_pdf="results/manuscript/{language}/figures/by_year.pdf",
        by_year_svg="results/manuscript/{language}/figures/by_year.svg",
        by_year_png=report(
            "results/manuscript/{language}/figures/by_year.png",
            caption="../report/by_year.rst",
            category="Figures",
        ),
    log:
        "results/logs/draw_sensitivity/{language}.log",
    conda:
        "../../environment.yml"
    params:
        level=lookup(dpath="pooling/level", within=config),
        thresholds=lookup(dpath="pooling/thresholds", within=config),
    message:
        "Draw the sensitivity analyses ({wildcards.language})"
    script:
        "../scripts/draw_sensitivity.py"


rule draw_steps:
    input:
        protocol=config["protocol"],
        steps="results/tables/steps.csv",
        origins="results/tables/origins.csv",
        code=code_of("draw_steps"),
    output:
        pdf="results/manuscript/{language}/figures/steps.pdf",
        svg="results/manuscript/{language}/figures/steps.svg",
        png=report(
            "results/manuscript/{language}/figures/steps.png",
            caption="../report/steps.rst",
            category="Figures",
        ),
    log:
        "results/logs/draw_steps/{language}.log",
    conda:
        "../../environment.yml"
    params:
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Draw what moved the rate of each disease ({wildcards.language})"
    script:
        "../scripts/draw_steps.py"


rule draw_size:
    input:
        protocol=config["protocol"],
        studies="results/tables/study_counts.csv",
        code=code_of("draw_size"),
    output:
        pdf="results/manuscript/{language}/figures/size.pdf",
        svg="results/manuscript/{language}/figures/size.svg",
        png=report(
            "results/manuscript/{language}/figures/size.png",
            caption="../report/size.rst",
            category="Figures",
        ),
    log:
        "results/logs/draw_size/{language}.log",
    conda:
        "../../environment.yml"
    params:
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Draw response against size of the report ({wildcards.language})"
    script:
        "../scripts/draw_size.py"


rule draw_plan:
    input:
        protocol=config["protocol"],
        plan="results/tables/plan.csv",
        code=code_of("draw_plan"),
    output:
        pdf="results/manuscript/{language}/figures/plan.pdf",
        svg="results/manuscript/{language}/figures/plan.svg",
        png=report(
            "results/manuscript/{language}/figures/plan.png",
            caption="../report/plan_figure.rst",
            category="Figures",
        ),
    log:
        "results/logs/draw_plan/{language}.log",
    conda:
        "../../environment.yml"
    message:
        "Draw which centre to call next ({wildcards.language})"
    script:
        "../scripts/draw_plan.py"


rule draw_simulation:
    input:
        protocol=config["protocol"],
        simulation="results/tables/simulation.csv",
        code=code_of("draw_simulation"),
    output:
        pdf="results/manuscript/{language}/figures/simulation.pdf",
        svg="results/manuscript/{language}/figures/simulation.svg",
        png=report(
            "results/manuscript/{language}/figures/simulation.png",
            caption="../report/simulation_figure.rst",
            category="Figures",
        ),
    log:
        "results/logs/draw_simulation/{language}.log",
    conda:
        "../../environment.yml"
    params:
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Draw bias and coverage of the simulation ({wildcards.language})"
    script:
        "../scripts/draw_simulation.py"
