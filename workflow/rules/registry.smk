"""Registry: returns of the call become cases, on the private side; only totals come out of it.

Inputs: the folder of returns (registry.dir). Outputs: results/private (never leaves the machine), and of
it results/tables/{cases,registry_links,registry_linkage}.csv.
Config: protocol, registry, disclosure.

The returns are a parameter, not an input: Snakemake would write their file names into its log.
"""

note_returns()


rule read_registry:
    input:
        protocol=config["protocol"],
        code=code_of("read_registry"),
    output:
        registry="results/private/registry.csv",
        waiting="results/private/waiting.csv",
        receipts="results/private/receipts.csv",
        changes="results/private/changes.csv",
        centres="results/private/centre_status.csv",
        cases="results/private/registry_cases.csv",
        decisions="results/private/identity_decisions.csv",
        quarantine="results/private/quarantine.csv",
        published="results/private/published.json",
    log:
        "results/logs/read_registry.log",
    conda:
        "../../environment.yml"
    params:
        registry=CONFIGURATION.registry.model_dump(),
        fingerprint=registry_fingerprint(),
    message:
        "Read what came back from the call for observations; set bad rows aside"
    script:
        "../scripts/read_registry.py"


rule link_registry:
    input:
        literature="results/tables/literature_cases.csv",
        registry="results/private/registry_cases.csv",
        registry_decisions="results/private/identity_decisions.csv",
        identity_decisions=curated_file("identity_decisions"),
        corrections=curated_file("corrections"),
        code=code_of("link_registry"),
    output:
        unique="results/private/unique_patients.csv",
        all_same="results/private/unique_patients_all_same.csv",
        pairs="results/private/candidate_pairs.csv",
    log:
        "results/logs/link_registry.log",
    conda:
        "../../environment.yml"
    message:
        "Find registry patients who are reported in publications too (private)"
    script:
        "../scripts/link_registry.py"


rule release_registry:
    input:
        literature="results/tables/literature_cases.csv",
        unique="results/private/unique_patients.csv",
        all_same="results/private/unique_patients_all_same.csv",
        published="results/private/published.json",
        code=code_of("release_registry"),
    output:
        cases="results/tables/cases.csv",
        links="results/tables/registry_links.csv",
        linkage="results/tables/registry_linkage.csv",
        withheld="results/private/withheld.csv",
        release="results/private/release.json",
    log:
        "results/logs/release_registry.log",
    conda:
        "../../environment.yml"
    params:
        disclosure=lookup(dpath="disclosure", within=config),
    message:
        "Let registry patients out as totals that nobody can be recognised in"
    script:
        "../scripts/release_registry.py"


if registry_files():

    rule analyse_registry:
        input:
            protocol=config["protocol"],
            registry="results/private/registry.csv",
            unique="results/private/unique_patients.csv",
            all_same="results/private/unique_patients_all_same.csv",
            code=code_of("analyse_registry"),
        output:
            listing="results/private/line_listing.csv",
            studies="results/private/study_counts.csv",
            counts="results/private/counts.csv",
            linkage="results/private/registry_linkage.csv",
            results="results/private/results.csv",
            doubtful="results/private/results_doubtful_same.csv",
            characteristics="results/private/characteristics.csv",
            safety="results/private/safety.csv",
        log:
            "results/logs/analyse_registry.log",
        conda:
            "../../environment.yml"
        params:
            pooling=lookup(dpath="pooling", within=config),
        message:
            "Pool with every registry patient by disease and centre (private)"
        script:
            "../scripts/analyse_registry.py"
