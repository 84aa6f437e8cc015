"""Write every estimate as JSON."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

import casepool
from casepool.files import store
from casepool.model.configuration import Configuration
from casepool.model.protocol import load_protocol
from casepool.report.results_json import build_meta, results_document, write_results

configuration = Configuration.model_validate(snakemake.params.configuration)
protocol = load_protocol(snakemake.input.protocol)
chosen = {"synthetic": protocol.synthetic, "commit": snakemake.params.commit}
meta = build_meta(configuration, protocol.id, casepool.__version__, **chosen)
results = store.read_table("results", snakemake.input.results)
counts = store.read_table("counts", snakemake.input.counts)
unique = store.read_table("unique_patients", snakemake.input.unique)
write_results(results_document(results, counts, unique, meta), snakemake.output.json)
job.finish()
