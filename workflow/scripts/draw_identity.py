"""Draw who is told where, in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.figures.identity import draw_identity

cells = store.read_table("told_where", snakemake.input.told_where)
choices = {"threshold": snakemake.params.threshold, "synthetic": load_protocol(snakemake.input.protocol).synthetic}
for language, path in zip(snakemake.params.languages, snakemake.output.identity_svg, strict=True):
    figure = draw_identity(cells, language, **choices)
    save_figure(figure, path.removesuffix(".svg"), language)
job.finish()
