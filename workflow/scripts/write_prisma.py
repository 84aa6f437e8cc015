"""Write the table that the PRISMA2020 web tool reads."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool import tables
from casepool.analysis.prisma_web import prisma_web

state = tables.read_table("screening_state", snakemake.input.state)
merges = tables.read_table("merges", snakemake.input.merges)
new_records = tables.read_table("new_records", snakemake.input.new_records)
updated = len(tables.read_table("search_update", snakemake.input.search_update)) > 0
prisma = prisma_web(state, merges, new_records, update=updated)
tables.write_text(snakemake.output.prisma, prisma.to_csv(index=False, lineterminator="\n"))
