"""Write the table that the PRISMA2020 web tool reads."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import atomic, store
from casepool.flow.prisma_web import prisma_web

prisma = prisma_web(store.read_table("prisma_counts", snakemake.input.flow))
atomic.write_text(snakemake.output.prisma, prisma.to_csv(index=False, lineterminator="\n"))
job.finish()
