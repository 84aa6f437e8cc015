"""Draw what further patients of each disease are expected to bring, in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.figures.plan import plan_figure

plan, protocol = store.read_table("plan", snakemake.input.plan), load_protocol(snakemake.input.protocol)
for language, path in zip(snakemake.params.languages, snakemake.output.plan_svg, strict=True):
    figure = plan_figure(plan, protocol, language)
    save_figure(figure, path.removesuffix(".svg"), language)
job.finish()
