"""Draw the appraisal of the sources in one language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.extraction.curated import read_tables
from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.appraisal import appraisal_figure
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.words.citations import citations

given, language = snakemake.input, snakemake.wildcards.language
curated = read_tables({name: given[name] for name in ("appraisal", "reports", "corrections")})
studies, names = store.read_table("study_counts", given.studies), citations(curated["reports"], language)
synthetic = load_protocol(given.protocol).synthetic
figure = appraisal_figure(studies, curated["appraisal"], names, language, synthetic=synthetic)
save_figure(figure, snakemake.output.appraisal_svg.removesuffix(".svg"), language)
job.finish()
