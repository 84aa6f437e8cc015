"""Draw the sensitivity analyses, the rates by reporting ratio and by year in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol
from casepool.report.words.citations import citations
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.words.naming import named_by_content
from casepool.report.figures.ratio import ratio_figure
from casepool.report.figures.sensitivity import by_year_figure, sensitivity_figure

sensitivity = store.read_table("sensitivity", snakemake.input.sensitivity)
results = store.read_table("results", snakemake.input.results)
reports = read_tables({name: snakemake.input[name] for name in ("reports", "corrections")})["reports"]
origins = store.read_table("origins", snakemake.input.origins)
protocol = named_by_content(load_protocol(snakemake.input.protocol), origins)
level, thresholds = snakemake.params.level, snakemake.params.thresholds
for place, language in enumerate(snakemake.params.languages):
    figures = {
        "sensitivity": sensitivity_figure(sensitivity, citations(reports, language), protocol, language, level=level),
        "ratio_sweep": ratio_figure(sensitivity, results, protocol, language, level=level, thresholds=thresholds),
        "by_year": by_year_figure(sensitivity, protocol, language, level=level),
    }
    for name, figure in figures.items():
        save_figure(figure, snakemake.output[f"{name}_svg"][place].removesuffix(".svg"), language)
job.finish()
