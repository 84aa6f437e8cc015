"""Compare reviewers, citations that look alike, and the search with the included reports."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.flow.recall import search_recall
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol
from casepool.screening.agreement import screening_agreement, screening_conflicts
from casepool.search.pairs import citation_pairs
from casepool.search.publications.pairs import Listed
from casepool.search.raw import Raw
from casepool.search.records import found_by_search
from casepool.search.strategy import search_strategy

curated = read_tables({name: snakemake.input[name] for name in ("screening", "reports", "corrections")})
records = store.read_table("records", snakemake.input.records)
told = store.read_table("entries", snakemake.input.entries), store.read_table("raw_faults", snakemake.input.faults)
screening, found = curated["screening"], found_by_search(Raw(*told), ".", snakemake.params.snapshot)
agreement = screening_agreement(screening, snakemake.params.level)
store.write_table("screening_agreement", agreement, snakemake.output.agreement)
strategy = search_strategy(load_protocol(snakemake.input.protocol))
recall = search_recall(curated["reports"], records, found, strategy)
store.write_table("search_recall", recall, snakemake.output.recall)
store.write_table("screening_conflicts", screening_conflicts(records, screening), snakemake.output.conflicts)
pairs = citation_pairs(records, screening, Listed(**snakemake.params.duplicates))
store.write_table("citation_pairs", pairs, snakemake.output.pairs)
job.finish()
