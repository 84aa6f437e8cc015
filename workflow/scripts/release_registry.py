"""Let registry patients out as totals that nobody can be recognised in."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.registry.release.public import release
from casepool.privacy.withheld import details_withheld

with details_withheld():
    literature = store.read_table("cases", snakemake.input.literature)
    unique, all_same = (store.read_table("unique_patients", snakemake.input[key]) for key in ("unique", "all_same"))
    released = release(literature, unique, all_same, snakemake.params.threshold)
    store.write_table("cases", released.cases, snakemake.output.cases)
    store.write_table("registry_links", released.links, snakemake.output.links)
    store.write_table("registry_linkage", released.linkage, snakemake.output.linkage)
job.finish()
