"""Draw single patients in one language: their course, and their earlier treatments."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.extraction.curated import read_tables
from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.figures.courses import prior_figure, swimmer_figure
from casepool.report.words.citations import citations

given, language = snakemake.input, snakemake.wildcards.language
names = citations(read_tables({name: given[name] for name in ("reports", "corrections")})["reports"], language)
unique, protocol = store.read_table("unique_patients", given.unique), load_protocol(given.protocol)
swimmer, prior = swimmer_figure(unique, names, protocol, language), prior_figure(unique, protocol, language)
save_figure(swimmer, snakemake.output.swimmer_svg.removesuffix(".svg"), language)
save_figure(prior, snakemake.output.prior_svg.removesuffix(".svg"), language)
job.finish()
