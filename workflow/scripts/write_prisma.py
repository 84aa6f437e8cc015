"""Write the table that the PRISMA2020 web tool reads."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import atomic, store
from casepool.files.formulas import frame_as_csv
from casepool.flow.prisma_web import prisma_web

prisma = prisma_web(store.read_table("prisma_counts", snakemake.input.flow))
atomic.write_text(snakemake.output.prisma, frame_as_csv(prisma))
job.finish()
