"""Find registry patients who are told in publications too (private)."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool.files import tables
from casepool.extraction.curated import read_tables
from casepool.identity.ledger import link
from casepool.privacy.withheld import details_withheld

with details_withheld():
    names = ("identity_decisions", "corrections")
    curated = read_tables({name: snakemake.input[name] for name in names})["identity_decisions"]
    private = tables.read_table("identity_decisions", snakemake.input.registry_decisions)
    literature = tables.read_table("cases", snakemake.input.literature)
    registry = tables.read_table("cases", snakemake.input.registry)
    cases = tables.stack("cases", literature, registry)
    linked = link(cases, tables.stack("identity_decisions", curated, private))
    tables.write_table("unique_patients", linked.unique, snakemake.output.unique)
    tables.write_table("unique_patients", linked.all_same, snakemake.output.all_same)
    tables.write_table("candidate_pairs", linked.pairs, snakemake.output.pairs)
