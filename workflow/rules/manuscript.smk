"""Manuscript: tables, numbers by name and the report in each language, and every estimate as JSON.

Inputs: results/tables, figures. Outputs: results/manuscript/{language}, results/results.json. Config: all.
"""


rule write_results:
    input:
        protocol=config["protocol"],
        results="results/tables/results.csv",
        counts="results/tables/counts.csv",
        unique="results/tables/unique_patients.csv",
        code=code_of("write_results"),
    output:
        json="results/results.json",
    log:
        "results/logs/write_results.log",
    conda:
        "../../environment.yml"
    params:
        configuration=config,
        commit=commit_of(workflow.basedir, MADE_OF),
    message:
        "Write every estimate as JSON"
    script:
        "../scripts/write_results.py"


rule write_tables:
    input:
        **material(TableMaterial),
        protocol=config["protocol"],
        search=search_description(),
        code=code_of("write_tables"),
    output:
        tables=report(
            directory("results/manuscript/{language}/tables"),
            patterns=["{name}.html"],
            caption="../report/tables.rst",
            category="Tables",
            labels={"table": "{name}", "language": "{language}"},
        ),
        style="results/manuscript/{language}/casepool.sty",
    log:
        "results/logs/write_tables/{language}.log",
    conda:
        "../../environment.yml"
    params:
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Write the tables of the manuscript ({wildcards.language})"
    script:
        "../scripts/write_tables.py"


rule write_numbers:
    input:
        **material(PageMaterial),
        protocol=config["protocol"],
        search=search_description(),
        code=code_of("write_numbers"),
    output:
        json="results/manuscript/{language}/numbers.json",
        tex="results/manuscript/{language}/numbers.tex",
        quarto="results/manuscript/{language}/numbers.yml",
    log:
        "results/logs/write_numbers/{language}.log",
    conda:
        "../../environment.yml"
    params:
        configuration=config,
    message:
        "Write every number by its name ({wildcards.language})"
    script:
        "../scripts/write_numbers.py"


rule write_references:
    input:
        **tables("records"),
        **curated("reports", "corrections"),
        protocol=config["protocol"],
        code=code_of("write_references"),
    output:
        bibtex="results/manuscript/{language}/references.bib",
        ris="results/manuscript/{language}/references.ris",
        csl="results/manuscript/{language}/references.json",
    log:
        "results/logs/write_references/{language}.log",
    conda:
        "../../environment.yml"
    message:
        "Write the references ({wildcards.language})"
    script:
        "../scripts/write_references.py"


rule write_texts:
    input:
        **material(ProseMaterial),
        protocol=config["protocol"],
        search=search_description(),
        code=code_of("write_texts"),
    output:
        texts=directory("results/manuscript/{language}/text"),
    log:
        "results/logs/write_texts/{language}.log",
    conda:
        "../../environment.yml"
    params:
        configuration=config,
    message:
        "Write methods, results and abstract ({wildcards.language})"
    script:
        "../scripts/write_texts.py"


rule write_report:
    input:
        **material(PageMaterial),
        protocol=config["protocol"],
        search=search_description(),
        forest_pages=FOREST_PAGES,
        figures=inlined_files(),
        code=code_of("write_report"),
    output:
        page=report(
            "results/manuscript/{language}/report.html",
            caption="../report/page.rst",
            category="Report",
            labels={"page": "Report for readers", "language": "{language}"},
        ),
        pdf="results/manuscript/{language}/report.pdf",
        index="results/manuscript/{language}/index.html",
    log:
        "results/logs/write_report/{language}.log",
    conda:
        "../../environment.yml"
    params:
        configuration=config,
        commit=commit_of(workflow.basedir, MADE_OF),
        files=lambda wildcards: promised(private=False),
    message:
        "Write the report for readers ({wildcards.language})"
    script:
        "../scripts/write_report.py"
