"""Describe the patients and what happened to them."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.description.characteristics import characteristics
from casepool.description.moderators import moderators
from casepool.description.safety import safety
from casepool.description.times import times
from casepool.model.protocol import load_protocol

protocol = load_protocol(snakemake.input.protocol)
unique = store.read_table("unique_patients", snakemake.input.unique)
store.write_table("characteristics", characteristics(unique, protocol), snakemake.output.characteristics)
level = snakemake.params.level
store.write_table("moderators", moderators(unique, level), snakemake.output.moderators)
store.write_table("times", times(unique, level), snakemake.output.times)
store.write_table("safety", safety(unique, protocol, level), snakemake.output.safety)
job.finish()
