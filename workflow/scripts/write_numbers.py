"""Write every number by its name in each language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from pathlib import Path

import casepool
from casepool.model.configuration import Configuration
from casepool.model.protocol import load_protocol
from casepool.report.words.naming import named_by_content
from casepool.report.material import PageMaterial
from casepool.report.numbers.document import write_numbers

given = snakemake.input
frames = PageMaterial.read(given)
facts = {
    "frames": frames,
    "search": given.search,
    "protocol": named_by_content(load_protocol(given.protocol), frames["origins"]),
    "configuration": Configuration.model_validate(snakemake.params.configuration),
    "version": casepool.__version__,
}
for language, path in zip(snakemake.params.languages, snakemake.output.json, strict=True):
    write_numbers(Path(path).parent, **facts, language=language)
job.finish()
