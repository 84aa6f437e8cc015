"""Draw the forest plot in one language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure, save_pages
from casepool.report.figures.forest.layout import forest_layout
from casepool.report.figures.forest.pages import forest_figures
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.naming import named_by_content
from casepool.report.page.facts import cited

given, chosen, language = snakemake.input, snakemake.params.forest, snakemake.wildcards.language
curated = read_tables({name: given[name] for name in ("appraisal", "reports", "corrections")})
origins = store.read_table("origins", given.origins)
added = (store.read_table("unique_patients", given.unique), curated["appraisal"], load_catalogue(language))
whole, pages = forest_figures(
    store.read_table("results", given.results),
    cited(store.read_table("study_counts", given.studies), curated["reports"], language),
    curated["reports"],
    named_by_content(load_protocol(given.protocol), origins),
    language,
    chosen["rows_per_page"],
    level=snakemake.params.level,
    origins=origins,
    layout=forest_layout(chosen["columns"], chosen["order"], *added),
)
save_figure(whole, snakemake.output.forest_svg.removesuffix(".svg"), language)
save_pages(pages, snakemake.output.pages, "forest", language)
job.finish()
