"""Add up the chunks of the simulation."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool.files import store
from casepool.simulation.table import combine_chunks

sums = [store.read_table("simulation_sums", path) for path in snakemake.input.sums]
store.write_table("simulation", combine_chunks(sums), snakemake.output.table)
