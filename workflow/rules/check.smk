"""Check: all curated tables and raw files, every problem at once, before anything is built.

Inputs: data/curated with its readings, what stands in data/raw. Outputs: results/check. Config: protocol, pubmed.

Once the raw files are read the check runs first and alone (priority, all cores), and a failure stops the build. It is no input of
the stages, so that an edit reruns only the stages that read the edited table.
"""


rule check_data:
    input:
        protocol=config["protocol"],
        sources="data/raw/sources.csv",
        curated=curated().values(),
        readings=reading_files(),
        descriptions=search_descriptions(),
        entries="results/search/entries.csv",
        faults="results/search/raw_faults.csv",
        code=code_of("check_data"),
    output:
        check="results/check/check.json",
    log:
        "results/logs/check_data.log",
    priority: 100
    conda:
        "../../environment.yml"
    threads: workflow.cores
    params:
        snapshot=lookup(dpath="pubmed/snapshot", within=config),
    message:
        "Check every curated table and raw file; stop the build with all problems listed"
    script:
        "../scripts/check_data.py"
