"""Write what the build was made of and the checksum of what it made."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

import casepool
from casepool.files import atomic
from casepool.report.provenance import manifest

inputs = [snakemake.input.protocol, *snakemake.input.curated, *snakemake.input.raw]
params = snakemake.params
content = manifest(inputs, snakemake.input.outputs, params.configuration, casepool.__version__, params.commit)
atomic.write_text(snakemake.output.manifest, content)
