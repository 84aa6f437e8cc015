"""Draw bias and coverage of the estimators in the simulation in one language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.figures.simulation import simulation_figure

simulation = store.read_table("simulation", snakemake.input.simulation)
synthetic = load_protocol(snakemake.input.protocol).synthetic
figure = simulation_figure(simulation, snakemake.wildcards.language, level=snakemake.params.level, synthetic=synthetic)
save_figure(figure, snakemake.output.simulation_svg.removesuffix(".svg"), snakemake.wildcards.language)
job.finish()
