"""Search: the raw files of the search snapshot and of other sources become the table of records.

Inputs: data/raw. Outputs: results/tables/records.csv, results/screening/query.txt. Config: protocol, pubmed.
"""


rule build_records:
    input:
        sources="data/raw/sources.csv",
        raw=raw_files(),
        code=src_modules("search/records", "tables"),
    output:
        records="results/tables/records.csv",
    log:
        "results/logs/build_records.log",
    conda:
        "../../environment.yml"
    params:
        snapshot=lookup(dpath="pubmed/snapshot", within=config),
    message:
        "Parse the raw files into the table of records"
    script:
        "../scripts/build_records.py"


rule write_query:
    input:
        protocol=config["protocol"],
        code=src_modules("search/strategy", "protocol", "tables"),
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
