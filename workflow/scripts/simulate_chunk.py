"""Simulate one chunk of replicates at one reporting ratio."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.simulation.chunk import Chunk, simulate_layout
from casepool.model.configuration import Pooling
from casepool.model.protocol import load_protocol

protocol = load_protocol(snakemake.input.protocol)
pooling = Pooling.model_validate(snakemake.params.pooling)
studies = store.read_table("study_counts", snakemake.input.studies)
ratio, index = float(snakemake.wildcards.ratio), int(snakemake.wildcards.chunk)
chunk = Chunk(ratio, index, snakemake.params.replicates, snakemake.params.seed)
sums = simulate_layout(studies, protocol.eligible_ids, protocol.outcomes[0].id, chunk, pooling)
store.write_table("simulation_sums", sums, snakemake.output.sums)
job.finish()
