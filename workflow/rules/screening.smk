"""Screening: the state of every record, what waits for a human decision, and how far reviewers agree.

Inputs: records, data/curated/{screening,reports,retraction_overrides}.csv. Outputs: results/screening/to_screen.csv,
results/tables/{screening_state,screening_agreement,notices,search_recall,registered_trials}.csv,
results/review/{screening_conflicts,citation_pairs}.csv. Config: protocol, pubmed, pooling.
"""


rule screen_records:
    input:
        protocol=config["protocol"],
        records="results/tables/records.csv",
        screening=curated_file("screening"),
        reports=curated_file("reports"),
        retraction_overrides=curated_file("retraction_overrides"),
        corrections=curated_file("corrections"),
        code=code_of("screen_records"),
    output:
        state="results/tables/screening_state.csv",
        notices="results/tables/notices.csv",
        to_screen="results/screening/to_screen.csv",
    log:
        "results/logs/screen_records.log",
    conda:
        "../../environment.yml"
    message:
        "Derive the screening state of every record and list what waits"
    script:
        "../scripts/screen_records.py"


rule review_screening:
    input:
        protocol=config["protocol"],
        records="results/tables/records.csv",
        descriptions=search_descriptions(),
        entries="results/search/entries.csv",
        faults="results/search/raw_faults.csv",
        screening=curated_file("screening"),
        reports=curated_file("reports"),
        corrections=curated_file("corrections"),
        code=code_of("review_screening"),
    output:
        agreement="results/tables/screening_agreement.csv",
        recall="results/tables/search_recall.csv",
        conflicts="results/review/screening_conflicts.csv",
        pairs="results/review/citation_pairs.csv",
    log:
        "results/logs/review_screening.log",
    conda:
        "../../environment.yml"
    params:
        snapshot=lookup(dpath="pubmed/snapshot", within=config),
        level=lookup(dpath="pooling/level", within=config),
        duplicates=CONFIGURATION.duplicates.model_dump(),
    message:
        "Compare reviewers, citations that look alike, and the search with the included reports"
    script:
        "../scripts/review_screening.py"


rule list_trials:
    input:
        protocol=config["protocol"],
        trials="results/search/trial_facts.csv",
        records="results/tables/records.csv",
        state="results/tables/screening_state.csv",
        reports=curated_file("reports"),
        corrections=curated_file("corrections"),
        code=code_of("list_trials"),
    output:
        trials="results/tables/registered_trials.csv",
    log:
        "results/logs/list_trials.log",
    conda:
        "../../environment.yml"
    message:
        "List the registered trials, whether each has ended, and what was published of it"
    script:
        "../scripts/list_trials.py"
