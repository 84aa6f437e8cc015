"""Pool again without each of a part of the reports in turn."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.sensitivity.analyses import left_out
from casepool.sensitivity.variants import Material
from casepool.model.configuration import Pooling
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol

names = ("identity_decisions", "cumulative_incidences", "reading_list", "corrections")
curated = read_tables({name: snakemake.input[name] for name in names})
stages = {"cases": "cases", "unique_patients": "unique", "registry_links": "links", "registry_linkage": "linkage"}
cases, unique, links, linkage = (store.read_table(name, snakemake.input[key]) for name, key in stages.items())
protocol = load_protocol(snakemake.input.protocol)
pooling = Pooling.model_validate(snakemake.params.pooling)
decisions = store.stack("identity_decisions", curated["identity_decisions"], links)
others = (curated["cumulative_incidences"], curated["reading_list"], linkage, protocol.outcomes[0].id)
material = Material(cases, decisions, *others, pooling.level)
part, parts = int(snakemake.wildcards.part), snakemake.params.parts
store.write_table("sensitivity", left_out(material, protocol, pooling, part, parts), snakemake.output.left_out)
job.finish()
