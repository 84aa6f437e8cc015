"""Count responses by source and by disease × ascertainment."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool import tables
from casepool.analysis.counts import disease_counts, study_counts
from casepool.protocol import load_protocol

unique = tables.read_table("unique_patients", snakemake.input.unique)
studies = study_counts(unique, snakemake.params.level)
counts = disease_counts(studies, load_protocol(snakemake.input.protocol))
tables.write_table("study_counts", studies, snakemake.output.studies)
tables.write_table("counts", counts, snakemake.output.counts)
