"""Search PubMed and store the snapshot."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.model.protocol import load_protocol
from casepool.search.pubmed.eutils import Access
from casepool.search.pubmed.running import as_text, printed
from casepool.search.pubmed.snapshot import search_pubmed
from casepool.search.strategy import pubmed_query

query = pubmed_query(load_protocol(snakemake.input.protocol))
client = Access(snakemake.params.base_url, snakemake.params.email).client()
done = search_pubmed(".", query, client, snakemake.wildcards.snapshot, None, printed)
print(as_text(done))
job.finish()
