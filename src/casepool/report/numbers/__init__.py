"""Numbers by name: what a manuscript quotes, formatted in each language."""
