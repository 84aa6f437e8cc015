"""Check every curated table and raw file; stop the build with all problems listed."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import atomic, store
from casepool.checks.data import as_json, check_data, require_valid
from casepool.model.protocol import load_protocol
from casepool.search.raw import Raw

entries = store.read_table("entries", snakemake.input.entries)
raw = Raw(entries, store.read_table("raw_faults", snakemake.input.faults))
report = check_data(".", load_protocol(snakemake.input.protocol), snakemake.params.snapshot, raw)
print(as_json(report))
require_valid(report)
atomic.write_text(snakemake.output.check, as_json(report))
job.finish()
