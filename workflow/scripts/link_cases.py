"""Find patients told twice and keep each once."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool import tables
from casepool.extraction.curated import read_tables
from casepool.linkage.candidates import candidate_pairs
from casepool.linkage.identity import unique_patients

names = ("identity_decisions", "corrections")
decisions = read_tables({name: snakemake.input[name] for name in names})["identity_decisions"]
cases = tables.read_table("cases", snakemake.input.cases)
tables.write_table("unique_patients", unique_patients(cases, decisions), snakemake.output.unique)
tables.write_table("candidate_pairs", candidate_pairs(cases, decisions), snakemake.output.pairs)
