"""Compute the conventional small-study tools of the annex."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool.files import tables
from casepool.pooling.small_study import small_study
from casepool.model.protocol import load_protocol

studies = tables.read_table("study_counts", snakemake.input.studies)
found = small_study(studies, load_protocol(snakemake.input.protocol), snakemake.params.level)
tables.write_table("small_study", found, snakemake.output.table)
