"""Cases: curated patients and cohorts become cases with a verdict, then unique patients.

Inputs: data/curated. Outputs: results/tables/{cases,unique_patients}.csv, results/review. Config: protocol.
"""


rule build_cases:
    input:
        check=ancient("results/check/check.json"),
        protocol=config["protocol"],
        reports="data/curated/reports.csv",
        patients="data/curated/patients.csv",
        cohorts="data/curated/cohorts.csv",
        appraisal="data/curated/appraisal.csv",
        corrections="data/curated/corrections.csv",
        code=src_modules("extraction/cases", "extraction/curated", "tables"),
    output:
        cases="results/tables/cases.csv",
    log:
        "results/logs/build_cases.log",
    conda:
        "../../environment.yml"
    script:
        "../scripts/build_cases.py"


rule link_cases:
    input:
        cases="results/tables/cases.csv",
        identity_decisions="data/curated/identity_decisions.csv",
        corrections="data/curated/corrections.csv",
        code=src_modules("linkage/identity", "linkage/candidates", "extraction/curated", "tables"),
    output:
        unique="results/tables/unique_patients.csv",
        pairs="results/review/candidate_pairs.csv",
    log:
        "results/logs/link_cases.log",
    conda:
        "../../environment.yml"
    script:
        "../scripts/link_cases.py"
