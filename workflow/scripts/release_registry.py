"""Let registry patients out as totals that nobody can be recognised in."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.model.configuration import Disclosure
from casepool.registry.release import published
from casepool.registry.release.public import release
from casepool.registry.release.rule import rule_of
from casepool.privacy.withheld import details_withheld

with details_withheld():
    literature = store.read_table("cases", snakemake.input.literature)
    unique, all_same = (store.read_table("unique_patients", snakemake.input[key]) for key in ("unique", "all_same"))
    disclosure = Disclosure.model_validate(snakemake.params.disclosure)
    ledger = published.read_ledger(snakemake.input.published)
    released = release(literature, unique, all_same, rule_of(disclosure), ledger)
    store.write_table("cases", released.cases, snakemake.output.cases)
    store.write_table("registry_links", released.links, snakemake.output.links)
    store.write_table("registry_linkage", released.linkage, snakemake.output.linkage)
    store.write_table("registry_withheld", released.withheld, snakemake.output.withheld)
    published.write(released.published, snakemake.output.release)
job.finish()
