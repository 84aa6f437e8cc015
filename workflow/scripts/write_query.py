"""Write the PubMed query that the protocol yields."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool.files import atomic
from casepool.model.protocol import load_protocol
from casepool.search.strategy import pubmed_query

query = pubmed_query(load_protocol(snakemake.input.protocol))
atomic.write_text(snakemake.output.query, query + "\n")
