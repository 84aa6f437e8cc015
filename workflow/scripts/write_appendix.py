"""Write the appendix on the search (PRISMA-S) in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from pathlib import Path

from casepool.files import atomic, sheets, store
from casepool.model.protocol import load_protocol
from casepool.search.appendix import search_appendix
from casepool.search.pubmed.chain import read_description

stages = {name: store.read_table(name, snakemake.input[name]) for name in ("merges", "search_recall", "search_update")}
stages["sources"] = sheets.read_table("sources", snakemake.input.sources)
query = Path(snakemake.input.query).read_text(encoding="utf-8").strip()
snapshot, synthetic = snakemake.params.snapshot, load_protocol(snakemake.input.protocol).synthetic
described = read_description(".", snapshot)
for language, path in zip(snakemake.params.languages, snakemake.output.appendix, strict=True):
    text = search_appendix(query, described, stages, snapshot, language, synthetic=synthetic)
    atomic.write_text(path, text)
job.finish()
