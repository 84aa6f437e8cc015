"""Count the boxes of the PRISMA flow."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool import tables
from casepool.analysis.flow import prisma_counts

state = tables.read_table("screening_state", snakemake.input.state)
cases = tables.read_table("cases", snakemake.input.cases)
unique = tables.read_table("unique_patients", snakemake.input.unique)
tables.write_table("prisma_counts", prisma_counts(state, cases, unique), snakemake.output.flow)
