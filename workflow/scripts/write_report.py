"""Write the report for readers in one language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

import casepool
from casepool.files import store
from casepool.model.configuration import Configuration
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol
from casepool.report.words.naming import named_by_content
from casepool.report.material import PageMaterial
from casepool.report.page.page import write_report

given = snakemake.input
frames = {name: store.read_table(name, given[name]) for name in PageMaterial.STAGES}
curated = read_tables({name: given[name] for name in (*PageMaterial.CURATED, "corrections")})
write_report(
    snakemake.output.page,
    frames=PageMaterial({**frames, **curated}),
    **{name: given[name] for name in ("forest_pages", "figures", "search")},
    protocol=named_by_content(load_protocol(given.protocol), frames["origins"]),
    configuration=Configuration.model_validate(snakemake.params.configuration),
    version=casepool.__version__,
    language=snakemake.wildcards.language,
    **{name: snakemake.params[name] for name in ("commit", "files")},
)
job.finish()
