"""Read what came back from the call for observations; set bad rows aside."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.checks.registry import take_in
from casepool.files import store
from casepool.model.configuration import Registry
from casepool.model.protocol import load_protocol
from casepool.privacy.withheld import details_withheld
from casepool.registry.intake.cases import registry_cases
from casepool.registry.intake.decisions import read_decisions
from casepool.registry.release import published

with details_withheld():
    protocol, registry = load_protocol(snakemake.input.protocol), Registry(**snakemake.params.registry)
    intake = take_in(".", registry, protocol)
    store.write_table("registry", intake.registry, snakemake.output.registry)
    store.write_table("registry_waiting", intake.waiting, snakemake.output.waiting)
    store.write_table("registry_receipts", intake.receipts, snakemake.output.receipts)
    store.write_table("centre_status", intake.centres, snakemake.output.centres)
    store.write_table("registry_changes", intake.changes, snakemake.output.changes)
    store.write_table("quarantine", intake.quarantine, snakemake.output.quarantine)
    store.write_table("cases", registry_cases(intake.registry, protocol), snakemake.output.cases)
    published.write(published.read_ledger(published.ledger_file(registry.dir)), snakemake.output.published)
    store.write_table("identity_decisions", read_decisions(registry.dir), snakemake.output.decisions)
job.finish()
