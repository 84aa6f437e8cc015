"""The PRISMA flow diagram: its boxes, its drawing."""
