"""Draw who is told where, in one language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.figures.identity import draw_identity

cells = store.read_table("told_where", snakemake.input.told_where)
choices = {"threshold": snakemake.params.threshold, "synthetic": load_protocol(snakemake.input.protocol).synthetic}
figure = draw_identity(cells, snakemake.wildcards.language, **choices)
save_figure(figure, snakemake.output.identity_svg.removesuffix(".svg"), snakemake.wildcards.language)
job.finish()
