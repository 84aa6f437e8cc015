"""Two readers of one report: their readings, how far they agree, and what is decided where they do not."""
