"""Pool again under other data, priors and assumptions, and diagnose the correction."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool import tables
from casepool.analysis.diagnostics import diagnostics
from casepool.analysis.sensitivity import sensitivity
from casepool.analysis.variants import Material
from casepool.configuration import Pooling
from casepool.extraction.curated import read_tables
from casepool.protocol import load_protocol

names = ("identity_decisions", "cumulative_incidences", "reading_list", "corrections")
curated = read_tables({name: snakemake.input[name] for name in names})
cases = tables.read_table("cases", snakemake.input.cases)
protocol = load_protocol(snakemake.input.protocol)
pooling = Pooling.model_validate(snakemake.params.pooling)
material = Material(cases, *(curated[name] for name in names[:3]), protocol.outcomes[0].id, pooling.level)
primary = material.counts(material.unique())
found = sensitivity(material, protocol, pooling)
tables.write_table("sensitivity", found, snakemake.output.sensitivity)
tables.write_table("diagnostics", diagnostics(primary, protocol, pooling, found), snakemake.output.diagnostics)
