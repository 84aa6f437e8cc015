"""Pool again under other data, priors and assumptions, and diagnose the correction."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.model.configuration import Pooling
from casepool.model.protocol import load_protocol
from casepool.pooling.diagnostics import diagnostics
from casepool.pooling.registry_diagnostics import published_in
from casepool.sensitivity.analyses import sensitivity
from casepool.sensitivity.reading import read_material

protocol = load_protocol(snakemake.input.protocol)
pooling, country = Pooling.model_validate(snakemake.params.pooling), snakemake.params.country
material = read_material(snakemake.input, protocol, pooling)
unique = store.read_table("unique_patients", snakemake.input.unique)
parts = (store.read_table("sensitivity", path) for path in snakemake.input.left_out)
found = sensitivity(material, protocol, pooling, store.stack("sensitivity", *parts))
store.write_table("sensitivity", found, snakemake.output.sensitivity)
checks = diagnostics(material.counts(unique), protocol, pooling, found, published_in(country, unique))
store.write_table("diagnostics", checks, snakemake.output.diagnostics)
job.finish()
