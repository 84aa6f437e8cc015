"""List the registered trials, whether each has ended, and what was published of it."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.extraction.curated import read_tables
from casepool.flow.trials import registered_trials
from casepool.model.protocol import load_protocol

curated = read_tables({name: snakemake.input[name] for name in ("reports", "corrections")})
trials = registered_trials(
    store.read_table("trial_facts", snakemake.input.trials),
    store.read_table("records", snakemake.input.records),
    store.read_table("screening_state", snakemake.input.state),
    curated["reports"],
    load_protocol(snakemake.input.protocol),
)
store.write_table("registered_trials", trials, snakemake.output.trials)
job.finish()
