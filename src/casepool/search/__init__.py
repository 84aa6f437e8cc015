"""Bibliographic records: the search strategy, and the parsers of what a search returns."""
