"""Screening: the state of every record, and the list of what waits for a decision."""
