"""Rows that people enter: one is saved and every other byte of its file stays; several files change in one step."""
