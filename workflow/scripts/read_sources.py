"""Read the raw files, once: every entry, and what is wrong with a file."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool.files import sheets, store
from casepool.search.raw import read_raw

raw = read_raw(sheets.read_table("sources", snakemake.input.sources), ".", snakemake.params.snapshot)
store.write_table("entries", raw.entries, snakemake.output.entries)
store.write_table("raw_faults", raw.faults, snakemake.output.faults)
