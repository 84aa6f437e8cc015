"""Search: the raw files of the search snapshot and of other sources become the table of records.

Inputs: data/raw. Outputs: results/search/{entries,raw_faults,trial_facts}.csv, results/tables/{records,search_update}.csv,
results/screening/{merges,new_records}.csv, results/screening/query.txt,
results/manuscript/{language}/search_appendix.md. Config: protocol, pubmed.

Only search_pubmed touches the network: in mode live, for a snapshot that is not there yet.
"""


rule search_pubmed:
    input:
        protocol=config["protocol"],
        code=code_of("search_pubmed"),
    output:
        records=ensure("data/raw/pubmed/{snapshot}/records.xml.gz", non_empty=True),
        description="data/raw/pubmed/{snapshot}/search.json",
    log:
        "results/logs/search_pubmed/{snapshot}.log",
    wildcard_constraints:
        snapshot=snapshot_to_search(),
    retries: 2
    conda:
        "../../environment.yml"
    resources:
        ncbi=1,
    params:
        base_url=lookup(dpath="pubmed/base_url", within=config),
        email=lookup(dpath="pubmed/email", within=config),
    message:
        "Search PubMed and store the snapshot {wildcards.snapshot}"
    script:
        "../scripts/search_pubmed.py"


rule read_sources:
    input:
        sources="data/raw/sources.csv",
        raw=raw_files(),
        code=code_of("read_sources"),
    output:
        entries="results/search/entries.csv",
        faults="results/search/raw_faults.csv",
        trials="results/search/trial_facts.csv",
    log:
        "results/logs/read_sources.log",
    priority: 100
    conda:
        "../../environment.yml"
    threads: workflow.cores  # alone: nothing starts before the check, which needs it
    params:
        snapshot=lookup(dpath="pubmed/snapshot", within=config),
    message:
        "Read the raw files, once: every entry, and what is wrong with a file"
    script:
        "../scripts/read_sources.py"


rule build_records:
    input:
        sources="data/raw/sources.csv",
        descriptions=search_descriptions(),
        entries="results/search/entries.csv",
        faults="results/search/raw_faults.csv",
        screening=curated_file("screening"),
        corrections=curated_file("corrections"),
        code=code_of("build_records"),
    output:
        records="results/tables/records.csv",
        merges="results/screening/merges.csv",
        search_update="results/tables/search_update.csv",
        new_records="results/screening/new_records.csv",
    log:
        "results/logs/build_records.log",
    conda:
        "../../environment.yml"
    params:
        snapshot=lookup(dpath="pubmed/snapshot", within=config),
    message:
        "Make the table of records, each publication once"
    script:
        "../scripts/build_records.py"


rule write_query:
    input:
        protocol=config["protocol"],
        code=code_of("write_query"),
    output:
        query="results/screening/query.txt",
    log:
        "results/logs/write_query.log",
    conda:
        "../../environment.yml"
    message:
        "Write the PubMed query that the protocol yields"
    script:
        "../scripts/write_query.py"


rule write_appendix:
    input:
        protocol=config["protocol"],
        sources="data/raw/sources.csv",
        descriptions=search_descriptions(),
        query="results/screening/query.txt",
        merges="results/screening/merges.csv",
        search_recall="results/tables/search_recall.csv",
        search_update="results/tables/search_update.csv",
        code=code_of("write_appendix"),
    output:
        appendix=in_each_language("results/manuscript/{language}/search_appendix.md"),
    log:
        "results/logs/write_appendix.log",
    conda:
        "../../environment.yml"
    params:
        languages=LANGUAGES,
        snapshot=lookup(dpath="pubmed/snapshot", within=config),
    message:
        "Write the appendix on the search, PRISMA-S"
    script:
        "../scripts/write_appendix.py"
