"""Add up the chunks of the simulation."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.simulation.table import combine_chunks

sums = [store.read_table("simulation_sums", path) for path in snakemake.input.sums]
store.write_table("simulation", combine_chunks(sums), snakemake.output.table)
job.finish()
