"""Figures: forest plot and PRISMA flow, in each language, as PDF, SVG and PNG.

Inputs: results/tables. Outputs: results/manuscript/{language}/figures. Config: protocol, forest.
"""


rule draw_forest:
    input:
        protocol=config["protocol"],
        results="results/tables/results.csv",
        studies="results/tables/study_counts.csv",
        reports="data/curated/reports.csv",
        corrections="data/curated/corrections.csv",
        texts=package_files("reporting/language"),
        code=src_modules(
            "reporting/forest",
            "reporting/figures",
            "reporting/prose",
            "extraction/curated",
            "tables",
        ),
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
        texts=package_files("reporting/language"),
        code=src_modules(
            "reporting/flow_diagram", "reporting/figures", "protocol", "tables"
        ),
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
