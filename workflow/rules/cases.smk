"""Cases: curated patients and cohorts become cases with a verdict; with the registry's totals, unique patients.

Inputs: data/curated, released totals of the registry. Outputs: results/tables/{literature_cases,unique_patients,
extraction_agreement}.csv, results/review. Config: protocol, pooling.
"""


rule build_cases:
    input:
        protocol=config["protocol"],
        reports=curated_file("reports"),
        patients=curated_file("patients"),
        cohorts=curated_file("cohorts"),
        appraisal=curated_file("appraisal"),
        corrections=curated_file("corrections"),
        code=code_of("build_cases"),
    output:
        cases="results/tables/literature_cases.csv",
    log:
        "results/logs/build_cases.log",
    conda:
        "../../environment.yml"
    message:
        "Build the cases: one row for each patient and cohort stratum, with eligibility and ascertainment"
    script:
        "../scripts/build_cases.py"


rule link_cases:
    input:
        cases="results/tables/cases.csv",
        links="results/tables/registry_links.csv",
        identity_decisions=curated_file("identity_decisions"),
        corrections=curated_file("corrections"),
        code=code_of("link_cases"),
    output:
        unique="results/tables/unique_patients.csv",
        pairs="results/review/candidate_pairs.csv",
    log:
        "results/logs/link_cases.log",
    conda:
        "../../environment.yml"
    message:
        "Find patients reported twice and keep each once"
    script:
        "../scripts/link_cases.py"


rule compare_readings:
    input:
        protocol=config["protocol"],
        readings=reading_files(),
        code=code_of("compare_readings"),
    output:
        agreement="results/tables/extraction_agreement.csv",
        conflicts="results/review/reading_conflicts.csv",
    log:
        "results/logs/compare_readings.log",
    conda:
        "../../environment.yml"
    params:
        level=lookup(dpath="pooling/level", within=config),
    message:
        "Compare what two readers extracted from the same reports"
    script:
        "../scripts/compare_readings.py"


rule list_questions:
    input:
        unique="results/tables/unique_patients.csv",
        reports=curated_file("reports"),
        reading_list=curated_file("reading_list"),
        recall="results/tables/search_recall.csv",
        notices="results/tables/notices.csv",
        appraisal=curated_file("appraisal"),
        readings=reading_files(),
        conflicts="results/review/reading_conflicts.csv",
        corrections=curated_file("corrections"),
        code=code_of("list_questions"),
    output:
        questions="results/review/open_questions.csv",
    log:
        "results/logs/list_questions.log",
    conda:
        "../../environment.yml"
    message:
        "List what could not be settled from the sources read so far"
    script:
        "../scripts/list_questions.py"
