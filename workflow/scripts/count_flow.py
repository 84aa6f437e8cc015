"""Count the boxes of the PRISMA flow, and who is told where."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.flow.boxes import prisma_counts
from casepool.flow.told_where import told_where

state = store.read_table("screening_state", snakemake.input.state)
cases = store.read_table("cases", snakemake.input.cases)
unique = store.read_table("unique_patients", snakemake.input.unique)
merges = store.read_table("merges", snakemake.input.merges)
update = store.read_table("search_update", snakemake.input.search_update)
new = store.read_table("new_records", snakemake.input.new_records)
store.write_table("prisma_counts", prisma_counts(state, cases, unique, merges, update, new), snakemake.output.flow)
store.write_table("told_where", told_where(unique), snakemake.output.told_where)
job.finish()
