"""Draw what moved the rate of each disease in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.figures.steps import steps_figure
from casepool.report.words.naming import named_by_content

steps = store.read_table("steps", snakemake.input.steps)
origins = store.read_table("origins", snakemake.input.origins)
protocol = named_by_content(load_protocol(snakemake.input.protocol), origins)
for language, path in zip(snakemake.params.languages, snakemake.output.steps_svg, strict=True):
    figure = steps_figure(steps, protocol, language, level=snakemake.params.level)
    save_figure(figure, path.removesuffix(".svg"), language)
job.finish()
