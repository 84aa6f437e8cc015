"""Compare reviewers, citations that look alike, and the search with the included reports."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool import tables
from casepool.extraction.curated import read_tables
from casepool.screening.agreement import screening_agreement, screening_conflicts
from casepool.screening.recall import search_recall
from casepool.search.chain import snapshot_pmids
from casepool.search.merging import citation_pairs

curated = read_tables({name: snakemake.input[name] for name in ("screening", "reports", "corrections")})
records = tables.read_table("records", snakemake.input.records)
screening, found = curated["screening"], snapshot_pmids(".", snakemake.params.snapshot)
agreement = screening_agreement(screening, snakemake.params.level)
tables.write_table("screening_agreement", agreement, snakemake.output.agreement)
tables.write_table("search_recall", search_recall(curated["reports"], found), snakemake.output.recall)
tables.write_table("screening_conflicts", screening_conflicts(records, screening), snakemake.output.conflicts)
tables.write_table("citation_pairs", citation_pairs(records, screening), snakemake.output.pairs)
