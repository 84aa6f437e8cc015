"""Compute the conventional small-study tools of the annex."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool.files import store
from casepool.pooling.small_study import small_study
from casepool.model.protocol import load_protocol

studies = store.read_table("study_counts", snakemake.input.studies)
found = small_study(studies, load_protocol(snakemake.input.protocol), snakemake.params.level)
store.write_table("small_study", found, snakemake.output.table)
