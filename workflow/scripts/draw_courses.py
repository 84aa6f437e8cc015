"""Draw single patients in each language: their course, and their earlier treatments."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.extraction.curated import read_tables
from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.figures.courses import prior_figure, swimmer_figure
from casepool.report.words.citations import citations

given, made = snakemake.input, snakemake.output
reports = read_tables({name: given[name] for name in ("reports", "corrections")})["reports"]
unique, protocol = store.read_table("unique_patients", given.unique), load_protocol(given.protocol)
for language, swimmer, prior in zip(snakemake.params.languages, made.swimmer_svg, made.prior_svg, strict=True):
    names = citations(reports, language)
    courses, earlier = swimmer_figure(unique, names, protocol, language), prior_figure(unique, protocol, language)
    save_figure(courses, swimmer.removesuffix(".svg"), language)
    save_figure(earlier, prior.removesuffix(".svg"), language)
job.finish()
