"""Draw the PRISMA flow in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.report.figures.canvas.saving import save_figure
from casepool.report.figures.flow.diagram import flow_diagram
from casepool.search.pubmed.chain import search_described

flow = store.read_table("prisma_counts", snakemake.input.flow)
synthetic = load_protocol(snakemake.input.protocol).synthetic
search = search_described(snakemake.input.search)
for language, path in zip(snakemake.params.languages, snakemake.output.flow_svg, strict=True):
    figure = flow_diagram(flow, language, search=search, synthetic=synthetic)
    save_figure(figure, path.removesuffix(".svg"), language)
job.finish()
