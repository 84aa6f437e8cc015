"""Count responses by source and by disease × ascertainment."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.counting.counts import disease_counts, filed_under, origin_counts, source_counts, study_counts
from casepool.model.protocol import load_protocol

unique = store.read_table("unique_patients", snakemake.input.unique)
protocol, level = load_protocol(snakemake.input.protocol), snakemake.params.level
studies = study_counts(unique, level)
counts = disease_counts(studies, protocol)
store.write_table("study_counts", studies, snakemake.output.studies)
store.write_table("source_counts", source_counts(studies, protocol), snakemake.output.sources)
store.write_table("counts", counts, snakemake.output.counts)
store.write_table("origins", origin_counts(unique, protocol, level), snakemake.output.origins)
store.write_table("filed_under", filed_under(unique), snakemake.output.filed_under)
job.finish()
