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
        tables=directory(
            shown_in_each_language(
                "results/manuscript/{language}/tables",
                {"table": "{name}"},
                patterns=["{name}.html"],
                caption="../report/tables.rst",
                category="Tables",
            )
        ),
        style=in_each_language("results/manuscript/{language}/casepool.sty"),
    log:
        "results/logs/write_tables.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Write the tables of the manuscript"
    script:
        "../scripts/write_tables.py"


rule write_numbers:
    input:
        **material(PageMaterial),
        protocol=config["protocol"],
        search=search_description(),
        code=code_of("write_numbers"),
    output:
        json=in_each_language("results/manuscript/{language}/numbers.json"),
        tex=in_each_language("results/manuscript/{language}/numbers.tex"),
        quarto=in_each_language("results/manuscript/{language}/numbers.yml"),
    log:
        "results/logs/write_numbers.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
        configuration=config,
    message:
        "Write every number by its name"
    script:
        "../scripts/write_numbers.py"


rule write_references:
    input:
        **tables("records"),
        **curated("reports", "corrections"),
        protocol=config["protocol"],
        code=code_of("write_references"),
    output:
        bibtex=in_each_language("results/manuscript/{language}/references.bib"),
        ris=in_each_language("results/manuscript/{language}/references.ris"),
        csl=in_each_language("results/manuscript/{language}/references.json"),
    log:
        "results/logs/write_references.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
    message:
        "Write the references"
    script:
        "../scripts/write_references.py"


rule write_texts:
    input:
        **material(ProseMaterial),
        protocol=config["protocol"],
        search=search_description(),
        code=code_of("write_texts"),
    output:
        texts=directory(in_each_language("results/manuscript/{language}/text")),
    log:
        "results/logs/write_texts.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
        configuration=config,
    message:
        "Write methods, results and abstract"
    script:
        "../scripts/write_texts.py"


rule write_report:
    input:
        **material(PageMaterial),
        protocol=config["protocol"],
        search=search_description(),
        forest_pages=in_each_language(FOREST_PAGES),
        figures=in_each_language(*inlined_files()),
        code=code_of("write_report"),
    output:
        page=shown_in_each_language(
            "results/manuscript/{language}/report.html",
            {"page": "Report for readers"},
            caption="../report/page.rst",
            category="Report",
        ),
        pdf=in_each_language("results/manuscript/{language}/report.pdf"),
        index=in_each_language("results/manuscript/{language}/index.html"),
    log:
        "results/logs/write_report.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
        configuration=config,
        commit=commit_of(workflow.basedir, MADE_OF),
        files=lambda wildcards: promised(private=False),
    message:
        "Write the report for readers"
    script:
        "../scripts/write_report.py"
