"""Draw bias and coverage of the estimators in the simulation in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.figures.simulation import simulation_figure

simulation = store.read_table("simulation", snakemake.input.simulation)
synthetic = load_protocol(snakemake.input.protocol).synthetic
for language, path in zip(snakemake.params.languages, snakemake.output.simulation_svg, strict=True):
    figure = simulation_figure(simulation, language, level=snakemake.params.level, synthetic=synthetic)
    save_figure(figure, path.removesuffix(".svg"), language)
job.finish()
