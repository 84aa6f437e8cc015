"""Derive the screening state of every record and list what waits."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import atomic, store
from casepool.files.formulas import frame_as_csv
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol
from casepool.screening.notices import notices
from casepool.screening.state import screening_state
from casepool.screening.waiting import to_screen

names = ("screening", "reports", "retraction_overrides", "corrections")
curated = read_tables({name: snakemake.input[name] for name in names})
records = store.read_table("records", snakemake.input.records)
state = screening_state(records, curated["screening"], curated["reports"])
waiting = to_screen(records, state, load_protocol(snakemake.input.protocol))
store.write_table("screening_state", state, snakemake.output.state)
store.write_table("notices", notices(records, state, curated["retraction_overrides"]), snakemake.output.notices)
atomic.write_text(snakemake.output.to_screen, frame_as_csv(waiting))
job.finish()
