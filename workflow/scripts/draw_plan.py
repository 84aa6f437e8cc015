"""Draw what further patients of each disease are expected to bring, in one language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.figures.plan import plan_figure

plan, protocol = store.read_table("plan", snakemake.input.plan), load_protocol(snakemake.input.protocol)
figure = plan_figure(plan, protocol, snakemake.wildcards.language)
save_figure(figure, snakemake.output.plan_svg.removesuffix(".svg"), snakemake.wildcards.language)
job.finish()
