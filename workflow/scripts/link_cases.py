"""Find patients told twice and keep each once."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.extraction.curated import read_tables
from casepool.identity.ledger import link

names = ("identity_decisions", "corrections")
curated = read_tables({name: snakemake.input[name] for name in names})["identity_decisions"]
links = store.read_table("registry_links", snakemake.input.links)
cases = store.read_table("cases", snakemake.input.cases)
linked = link(cases, store.stack("identity_decisions", curated, links))
store.write_table("unique_patients", linked.unique, snakemake.output.unique)
store.write_table("candidate_pairs", linked.pairs, snakemake.output.pairs)
job.finish()
