"""Pool with every registry patient by disease and centre (private)."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.pooling.private import private_results
from casepool.model.configuration import Pooling
from casepool.model.protocol import load_protocol
from casepool.registry.release.line_listing import line_listing
from casepool.privacy.withheld import details_withheld

with details_withheld():
    unique, all_same = (store.read_table("unique_patients", snakemake.input[key]) for key in ("unique", "all_same"))
    registry = store.read_table("registry", snakemake.input.registry)
    protocol = load_protocol(snakemake.input.protocol)
    found = private_results(unique, all_same, protocol, Pooling.model_validate(snakemake.params.pooling))
    store.write_table("registry_line_listing", line_listing(registry, unique), snakemake.output.listing)
    store.write_table("study_counts", found.studies, snakemake.output.studies)
    store.write_table("counts", found.counts, snakemake.output.counts)
    store.write_table("registry_linkage", found.linkage, snakemake.output.linkage)
    store.write_table("results", found.results, snakemake.output.results)
    store.write_table("results", found.doubtful_same, snakemake.output.doubtful)
    store.write_table("characteristics", found.characteristics, snakemake.output.characteristics)
    store.write_table("safety", found.safety, snakemake.output.safety)
job.finish()
