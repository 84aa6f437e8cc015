"""Draw the response against the size of each report in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.pooling.size_limits import size_limits
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.figures.size import size_figure

studies = store.read_table("study_counts", snakemake.input.studies)
level, synthetic = snakemake.params.level, load_protocol(snakemake.input.protocol).synthetic
limits = size_limits(studies, level)
for language, path in zip(snakemake.params.languages, snakemake.output.size_svg, strict=True):
    figure = size_figure(studies, limits, language, level=level, synthetic=synthetic)
    save_figure(figure, path.removesuffix(".svg"), language)
job.finish()
