"""Draw the forest plot in one language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_pages
from casepool.report.figures.forest.pages import forest_pages
from casepool.report.words.naming import named_by_content
from casepool.report.page.facts import cited

curated = read_tables({name: snakemake.input[name] for name in ("reports", "corrections")})
origins = store.read_table("origins", snakemake.input.origins)
pages = forest_pages(
    store.read_table("results", snakemake.input.results),
    cited(store.read_table("study_counts", snakemake.input.studies), curated["reports"], snakemake.wildcards.language),
    curated["reports"],
    named_by_content(load_protocol(snakemake.input.protocol), origins),
    snakemake.wildcards.language,
    snakemake.params.rows_per_page,
    origins=origins,
)
save_pages(pages, snakemake.output.pdf.removesuffix(".pdf"), folder=snakemake.output.pages)
job.finish()
