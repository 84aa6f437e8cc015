"""Who and what went where: the boxes of the PRISMA flow, the kinds of source, the questions left open."""
