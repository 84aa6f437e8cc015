"""Search PubMed and store the snapshot."""

import sys

sys.stdout = open(snakemake.log[0], "w", buffering=1)  # an error goes to the terminal too

from casepool.model.protocol import load_protocol
from casepool.search.pubmed.eutils import Access
from casepool.search.pubmed.running import as_text, printed
from casepool.search.pubmed.snapshot import search_pubmed
from casepool.search.strategy import pubmed_query

query = pubmed_query(load_protocol(snakemake.input.protocol))
client = Access(snakemake.params.base_url, snakemake.params.email).client()
done = search_pubmed(".", query, client, snakemake.wildcards.snapshot, None, printed)
print(as_text(done))
