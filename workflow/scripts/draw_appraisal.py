"""Draw the appraisal of the sources in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.extraction.curated import read_tables
from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.appraisal import appraisal_figure
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.words.citations import citations

given = snakemake.input
curated = read_tables({name: given[name] for name in ("appraisal", "reports", "corrections")})
studies, synthetic = store.read_table("study_counts", given.studies), load_protocol(given.protocol).synthetic
for language, path in zip(snakemake.params.languages, snakemake.output.appraisal_svg, strict=True):
    names = citations(curated["reports"], language)
    figure = appraisal_figure(studies, curated["appraisal"], names, language, synthetic=synthetic)
    save_figure(figure, path.removesuffix(".svg"), language)
job.finish()
