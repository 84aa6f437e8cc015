"""Write the references of the manuscript in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.extraction.curated import read_tables
from casepool.files import atomic, store
from casepool.model.protocol import load_protocol
from casepool.report.references.formats import bibtex, csl_json, ris
from casepool.report.references.works import works
from casepool.report.words.catalogue import load_catalogue

given, made = snakemake.input, snakemake.output
reports = read_tables({name: given[name] for name in ("reports", "corrections")})["reports"]
records, synthetic = store.read_table("records", given.records), load_protocol(given.protocol).synthetic
for language, *paths in zip(snakemake.params.languages, made.bibtex, made.ris, made.csl, strict=True):
    cited = works(reports, records, load_catalogue(language), synthetic=synthetic)
    for path, text in zip(paths, (bibtex(cited), ris(cited), csl_json(cited)), strict=True):
        atomic.write_text(path, text)
job.finish()
