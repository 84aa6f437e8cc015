"""Draw the forest plot in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.extraction.curated import read_tables
from casepool.model.configuration import Forest
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure, save_pages
from casepool.report.figures.forest.layout import forest_layout
from casepool.report.figures.forest.pages import forest_figures
from casepool.report.words.naming import named_by_content
from casepool.report.page.facts import cited

given, made, chosen = snakemake.input, snakemake.output, Forest(**snakemake.params.forest)
results, studies, origins, unique = (
    store.read_table(name, given[name]) for name in ("results", "study_counts", "origins", "unique_patients")
)
curated = read_tables({name: given[name] for name in ("appraisal", "reports", "corrections")})
protocol, reports = named_by_content(load_protocol(given.protocol), origins), curated["reports"]
for language, path, folder in zip(snakemake.params.languages, made.forest_svg, made.pages, strict=True):
    layout = forest_layout(chosen, unique, curated["appraisal"], language)
    more = {"level": snakemake.params.level, "origins": origins, "layout": layout}
    tables = (results, cited(studies, reports, language), reports)
    whole, pages = forest_figures(*tables, protocol, language, chosen.rows_per_page, **more)
    save_figure(whole, path.removesuffix(".svg"), language)
    save_pages(pages, folder, "forest", language)
job.finish()
