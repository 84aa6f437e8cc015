"""Parse the raw files into the table of records."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool import tables
from casepool.search.records import build_records

sources = tables.read_table("sources", snakemake.input.sources)
records = build_records(sources, ".", snakemake.params.snapshot)
tables.write_table("records", records, snakemake.output.records)
