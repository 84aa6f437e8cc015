"""Build the cases: one row for each patient and cohort stratum, with eligibility and ascertainment."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.extraction.cases import build_cases
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol

names = ("reports", "patients", "cohorts", "appraisal", "corrections")
curated = read_tables({name: snakemake.input[name] for name in names})
cases = build_cases(curated, load_protocol(snakemake.input.protocol))
store.write_table("cases", cases, snakemake.output.cases)
job.finish()
