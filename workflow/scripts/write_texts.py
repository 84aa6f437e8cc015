"""Write methods, results and abstract in one language."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

import casepool
from casepool.extraction.curated import read_tables
from casepool.files import store
from casepool.model.configuration import Configuration
from casepool.model.protocol import load_protocol
from casepool.provenance.digests import environment
from casepool.report.material import ProseMaterial
from casepool.report.prose.texts import texts_of
from casepool.report.prose.writers import write_texts
from casepool.report.references.works import works
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.citations import citations
from casepool.report.words.naming import named_by_content
from casepool.search.pubmed.chain import search_described

given, language = snakemake.input, snakemake.wildcards.language
stages = {name: store.read_table(name, given[name]) for name in ProseMaterial.STAGES}
curated = read_tables({name: given[name] for name in (*ProseMaterial.CURATED, "corrections")})
frames = ProseMaterial({**stages, **curated})
protocol = load_protocol(given.protocol)
texts = texts_of(
    frames,
    named_by_content(protocol, frames["origins"]),
    Configuration.model_validate(snakemake.params.configuration),
    casepool.__version__,
    language,
    str(search_described(given.search).get("origin", "")),
    environment(),
)
cited = works(frames["reports"], frames["records"], load_catalogue(language), synthetic=protocol.synthetic)
write_texts(texts, cited, citations(frames["reports"], language), snakemake.output.texts)
job.finish()
