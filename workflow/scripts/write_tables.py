"""Write the tables of the manuscript in one language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol
from casepool.report.material import TableMaterial
from casepool.report.tables.manuscript import display_tables
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.naming import named_by_content
from casepool.report.tables.writers import write_display_tables

given = snakemake.input
frames = {name: store.read_table(name, given[name]) for name in TableMaterial.STAGES}
curated = read_tables({name: given[name] for name in (*TableMaterial.CURATED, "corrections")})
catalogue = load_catalogue(snakemake.wildcards.language)
protocol = named_by_content(load_protocol(given.protocol), frames["origins"])
shown = display_tables(TableMaterial({**frames, **curated}), protocol, catalogue, level=snakemake.params.level)
write_display_tables(shown, snakemake.output.tables, snakemake.wildcards.language)
job.finish()
