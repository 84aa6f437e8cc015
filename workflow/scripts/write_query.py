"""Write the PubMed query that the protocol yields."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import atomic
from casepool.model.protocol import load_protocol
from casepool.search.strategy import pubmed_query

query = pubmed_query(load_protocol(snakemake.input.protocol))
atomic.write_text(snakemake.output.query, query + "\n")
job.finish()
