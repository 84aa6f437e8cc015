"""Read what came back from the call for observations; set bad rows aside."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

import os
from datetime import date
from pathlib import Path

from casepool.files import store
from casepool.model.protocol import load_protocol
from casepool.registry.intake.cases import registry_cases
from casepool.registry.intake.decisions import read_decisions
from casepool.registry.intake.reading import key_of_returns, read_registry
from casepool.registry.intake.rules import reading_rules
from casepool.registry.release import published
from casepool.privacy.withheld import details_withheld

with details_withheld():
    folder, key_file = Path(snakemake.params.folder), Path(snakemake.params.key_file)
    protocol = load_protocol(snakemake.input.protocol)
    key, last_day = key_of_returns(folder, os.environ, key_file), date.fromisoformat(snakemake.params.last_day)
    rules = reading_rules(*snakemake.params.rules)
    intake = read_registry(folder, key, protocol, rules, last_day=last_day, **snakemake.params.asked)
    cases = registry_cases(intake.registry, protocol)
    store.write_table("registry", intake.registry, snakemake.output.registry)
    store.write_table("registry_waiting", intake.waiting, snakemake.output.waiting)
    store.write_table("registry_receipts", intake.receipts, snakemake.output.receipts)
    store.write_table("centre_status", intake.centres, snakemake.output.centres)
    store.write_table("registry_changes", intake.changes, snakemake.output.changes)
    store.write_table("quarantine", intake.quarantine, snakemake.output.quarantine)
    store.write_table("cases", cases, snakemake.output.cases)
    published.write(published.read_ledger(published.ledger_file(folder)), snakemake.output.published)
    store.write_table("identity_decisions", read_decisions(folder), snakemake.output.decisions)
job.finish()
