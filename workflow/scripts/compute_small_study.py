"""Compute the conventional small-study tools of the annex."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.pooling.small_study import small_study
from casepool.model.protocol import load_protocol

studies = store.read_table("study_counts", snakemake.input.studies)
found = small_study(studies, load_protocol(snakemake.input.protocol), snakemake.params.level)
store.write_table("small_study", found, snakemake.output.table)
job.finish()
