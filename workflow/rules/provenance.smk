"""Provenance: what the build was made of, and the summary shown at its end.

Inputs: everything. Outputs: results/provenance/manifest.json,
results/ro-crate-metadata.json, results/summary.txt. Config: all.
"""

if PROTOCOL.synthetic:

    rule mark_synthetic:
        input:
            protocol=config["protocol"],
            code=code_of("mark_synthetic"),
        output:
            mark="results/SYNTHETIC.txt",
        log:
            "results/logs/mark_synthetic.log",
        conda:
            "../../environment.yml"
        params:
            languages=config["language"],
        message:
            "Say beside the tables that the data are invented"
        script:
            "../scripts/mark_synthetic.py"


rule write_manifest:
    input:
        protocol=config["protocol"],
        curated=curated().values(),
        raw=["data/raw/sources.csv", *raw_files()],
        outputs=promised(private=False),
        workflow=workflow_files(),
        code=code_of("write_manifest"),
    output:
        manifest="results/provenance/manifest.json",
    log:
        "results/logs/write_manifest.log",
    conda:
        "../../environment.yml"
    params:
        configuration=config,
        commit=commit_of(workflow.basedir),
    message:
        "Write what the build was made of and the checksum of what it made"
    script:
        "../scripts/write_manifest.py"


rule write_crate:
    input:
        protocol=config["protocol"],
        manifest="results/provenance/manifest.json",
        code=code_of("write_crate"),
    output:
        crate="results/ro-crate-metadata.json",
    log:
        "results/logs/write_crate.log",
    conda:
        "../../environment.yml"
    params:
        language=lookup(dpath="language/0", within=config),
    message:
        "Describe the results as a research object (RO-Crate)"
    script:
        "../scripts/write_crate.py"


rule write_summary:
    input:
        protocol=config["protocol"],
        manifest="results/provenance/manifest.json",
        flow="results/tables/prisma_counts.csv",
        to_screen="results/screening/to_screen.csv",
        pairs="results/review/candidate_pairs.csv",
        questions="results/review/open_questions.csv",
        reading_list=curated_file("reading_list"),
        code=code_of("write_summary"),
    output:
        summary="results/summary.txt",
    log:
        "results/logs/write_summary.log",
    conda:
        "../../environment.yml"
    params:
        language=lookup(dpath="language/0", within=config),
    message:
        "Write the summary that is shown when a build ends"
    script:
        "../scripts/write_summary.py"
