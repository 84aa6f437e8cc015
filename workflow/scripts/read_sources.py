"""Read the raw files, once: every entry, and what is wrong with a file."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import sheets, store
from casepool.search.raw import read_raw

raw = read_raw(sheets.read_table("sources", snakemake.input.sources), ".", snakemake.params.snapshot)
store.write_table("entries", raw.entries, snakemake.output.entries)
store.write_table("raw_faults", raw.faults, snakemake.output.faults)
store.write_table("trial_facts", raw.trials, snakemake.output.trials)
job.finish()
