"""Pool every outcome: exact, GLMM, own and pooled rates of every disease."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.pooling.assumed import ratio_rates
from casepool.pooling.pool import pool_outcomes
from casepool.model.configuration import Pooling
from casepool.model.protocol import load_protocol

studies = store.read_table("study_counts", snakemake.input.studies)
unique = store.read_table("unique_patients", snakemake.input.unique)
pooling = Pooling.model_validate(snakemake.params.pooling)
linkage = store.read_table("registry_linkage", snakemake.input.linkage)
protocol = load_protocol(snakemake.input.protocol)
tables = pool_outcomes(studies, unique, linkage, protocol, pooling)
store.write_table("results", tables.results, snakemake.output.results)
store.write_table("steps", tables.steps, snakemake.output.steps)
store.write_table("ratio_rates", ratio_rates(studies, protocol, pooling), snakemake.output.ratio_rates)
job.finish()
