"""Write the references of the manuscript in one language."""

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
catalogue = load_catalogue(snakemake.wildcards.language)
synthetic = load_protocol(given.protocol).synthetic
cited = works(reports, store.read_table("records", given.records), catalogue, synthetic=synthetic)
for path, text in ((made.bibtex, bibtex(cited)), (made.ris, ris(cited)), (made.csl, csl_json(cited))):
    atomic.write_text(path, text)
job.finish()
