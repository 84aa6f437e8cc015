"""Pool again under other data, priors and assumptions, and diagnose the correction."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.pooling.diagnostics import diagnostics
from casepool.pooling.registry_diagnostics import published_in
from casepool.sensitivity.analyses import sensitivity
from casepool.sensitivity.variants import Material
from casepool.model.configuration import Pooling
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol

names = ("identity_decisions", "cumulative_incidences", "reading_list", "corrections")
curated = read_tables({name: snakemake.input[name] for name in names})
stages = {"cases": "cases", "unique_patients": "unique", "registry_links": "links", "registry_linkage": "linkage"}
cases, unique, links, linkage = (store.read_table(name, snakemake.input[key]) for name, key in stages.items())
protocol = load_protocol(snakemake.input.protocol)
pooling, country = Pooling.model_validate(snakemake.params.pooling), snakemake.params.country
decisions = store.stack("identity_decisions", curated["identity_decisions"], links)
others = (curated["cumulative_incidences"], curated["reading_list"], linkage, protocol.outcomes[0].id)
material = Material(cases, decisions, *others, pooling.level)
parts = (store.read_table("sensitivity", path) for path in snakemake.input.left_out)
found = sensitivity(material, protocol, pooling, store.stack("sensitivity", *parts))
store.write_table("sensitivity", found, snakemake.output.sensitivity)
checks = diagnostics(material.counts(unique), protocol, pooling, found, published_in(country, unique))
store.write_table("diagnostics", checks, snakemake.output.diagnostics)
job.finish()
