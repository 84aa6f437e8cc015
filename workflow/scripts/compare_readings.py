"""Compare what two readers extracted from the same reports, before anybody adjudicated."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.readings.agreement import extraction_agreement, reading_conflicts
from casepool.readings.judging import sound_comparisons

compared = sound_comparisons()
agreement = extraction_agreement(compared, snakemake.params.level)
store.write_table("extraction_agreement", agreement, snakemake.output.agreement)
store.write_table("reading_conflicts", reading_conflicts(compared), snakemake.output.conflicts)
job.finish()
