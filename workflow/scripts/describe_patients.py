"""Describe the patients and what happened to them."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool import tables
from casepool.analysis.describe import characteristics
from casepool.analysis.safety import safety
from casepool.protocol import load_protocol

protocol = load_protocol(snakemake.input.protocol)
unique = tables.read_table("unique_patients", snakemake.input.unique)
tables.write_table("characteristics", characteristics(unique, protocol), snakemake.output.characteristics)
tables.write_table("safety", safety(unique, protocol, snakemake.params.level), snakemake.output.safety)
