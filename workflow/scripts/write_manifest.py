"""Write what the build was made of and the checksum of what it made."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import atomic
from casepool.provenance.manifest import as_text, manifest

given, params = snakemake.input, snakemake.params
content = manifest(given.outputs, given.workflow, params.configuration, params.commit)
atomic.write_text(snakemake.output.manifest, as_text(content))
job.finish()
