"""Write methods, results and abstract in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

import casepool
from casepool.model.configuration import Configuration
from casepool.model.protocol import load_protocol
from casepool.provenance.digests import environment
from casepool.report.material import ProseMaterial
from casepool.report.prose.writers import write_prose

given = snakemake.input
facts = (
    ProseMaterial.read(given),
    load_protocol(given.protocol),
    Configuration.model_validate(snakemake.params.configuration),
    casepool.__version__,
)
for language, folder in zip(snakemake.params.languages, snakemake.output.texts, strict=True):
    write_prose(*facts, language, given.search, environment(), folder)
job.finish()
