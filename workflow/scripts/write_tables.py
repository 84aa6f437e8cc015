"""Write the tables of the manuscript in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.model.protocol import load_protocol
from casepool.report.material import TableMaterial
from casepool.model.vocabulary import NOT_SEARCHED, TRANSCRIBED
from casepool.report.tables.checklists import standing_tables
from casepool.report.tables.display import TableStyle
from casepool.report.tables.manuscript import display_tables
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.naming import named_by_content
from casepool.search.pubmed.chain import search_described
from casepool.report.tables.writers import write_display_tables

given = snakemake.input
frames = TableMaterial.read(given)
protocol = named_by_content(load_protocol(given.protocol), frames["origins"])
searched = search_described(given.search)["origin"] not in (NOT_SEARCHED, TRANSCRIBED)
for language, folder in zip(snakemake.params.languages, snakemake.output.tables, strict=True):
    catalogue = load_catalogue(language)
    shown = display_tables(frames, protocol, catalogue, level=snakemake.params.level)
    shown |= standing_tables(TableStyle(protocol, catalogue), searched=searched)
    write_display_tables(shown, folder, language)
job.finish()
