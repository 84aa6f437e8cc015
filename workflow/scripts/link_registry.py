"""Find registry patients who are told in publications too (private)."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.extraction.curated import read_tables
from casepool.identity.ledger import link
from casepool.privacy.withheld import details_withheld

with details_withheld():
    names = ("identity_decisions", "corrections")
    curated = read_tables({name: snakemake.input[name] for name in names})["identity_decisions"]
    private = store.read_table("identity_decisions", snakemake.input.registry_decisions)
    literature = store.read_table("cases", snakemake.input.literature)
    registry = store.read_table("cases", snakemake.input.registry)
    cases = store.stack("cases", literature, registry)
    linked = link(cases, store.stack("identity_decisions", curated, private))
    store.write_table("unique_patients", linked.unique, snakemake.output.unique)
    store.write_table("unique_patients", linked.all_same, snakemake.output.all_same)
    store.write_table("candidate_pairs", linked.pairs, snakemake.output.pairs)
job.finish()
