"""Screening: the state of every record, and what waits for a human decision.

Inputs: records, data/curated/{screening,reports}.csv. Outputs: results/tables/screening_state.csv,
results/screening/to_screen.csv.
"""


rule screen_records:
    input:
        records="results/tables/records.csv",
        screening="data/curated/screening.csv",
        reports="data/curated/reports.csv",
        corrections="data/curated/corrections.csv",
        code=src_modules(
            "screening/state", "screening/waiting", "extraction/curated", "tables"
        ),
    output:
        state="results/tables/screening_state.csv",
        to_screen="results/screening/to_screen.csv",
    log:
        "results/logs/screen_records.log",
    conda:
        "../../environment.yml"
    message:
        "Derive the screening state of every record and list what waits"
    script:
        "../scripts/screen_records.py"
