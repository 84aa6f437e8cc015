"""Parse the raw files into the table of records, each publication once."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import sheets, store
from casepool.extraction.curated import read_tables
from casepool.search.raw import Raw
from casepool.search.records import merged_records, search_update

sources = sheets.read_table("sources", snakemake.input.sources)
curated = read_tables({name: snakemake.input[name] for name in ("screening", "corrections")})
decided = set(curated["screening"]["record_id"])
entries = store.read_table("entries", snakemake.input.entries)
raw = Raw(entries, store.read_table("raw_faults", snakemake.input.faults))
merged = merged_records(raw, sources, ".", snakemake.params.snapshot, decided)
update = search_update(sources, raw, ".", snakemake.params.snapshot, merged.records, decided)
store.write_table("records", merged.records, snakemake.output.records)
store.write_table("merges", merged.merges, snakemake.output.merges)
store.write_table("search_update", update.counts, snakemake.output.search_update)
store.write_table("new_records", update.records, snakemake.output.new_records)
job.finish()
