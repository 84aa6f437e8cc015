"""Write the report for readers in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

import casepool
from casepool.model.configuration import Configuration
from casepool.model.protocol import load_protocol
from casepool.report.words.naming import named_by_content
from casepool.report.material import PageMaterial
from casepool.report.page.page import write_report

given = snakemake.input
frames = PageMaterial.read(given)
facts = {
    "frames": frames,
    "search": given.search,
    "protocol": named_by_content(load_protocol(given.protocol), frames["origins"]),
    "configuration": Configuration.model_validate(snakemake.params.configuration),
    "version": casepool.__version__,
    **{name: snakemake.params[name] for name in ("commit", "files")},
}
for language, page, pages in zip(snakemake.params.languages, snakemake.output.page, given.forest_pages, strict=True):
    figures = [path for path in given.figures if f"/{language}/" in path]
    write_report(page, **facts, forest_pages=pages, figures=figures, language=language)
job.finish()
