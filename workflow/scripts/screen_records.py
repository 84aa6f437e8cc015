"""Derive the screening state of every record and list what waits."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool import tables
from casepool.extraction.curated import read_tables
from casepool.screening.state import screening_state
from casepool.screening.waiting import to_screen

names = ("screening", "reports", "corrections")
curated = read_tables({name: snakemake.input[name] for name in names})
records = tables.read_table("records", snakemake.input.records)
state = screening_state(records, curated["screening"], curated["reports"])
tables.write_table("screening_state", state, snakemake.output.state)
tables.write_text(snakemake.output.to_screen, to_screen(records, state).to_csv(index=False))
