"""Write the table that the PRISMA2020 web tool reads."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool.files import atomic, store
from casepool.flow.prisma_web import prisma_web

prisma = prisma_web(store.read_table("prisma_counts", snakemake.input.flow))
atomic.write_text(snakemake.output.prisma, prisma.to_csv(index=False, lineterminator="\n"))
