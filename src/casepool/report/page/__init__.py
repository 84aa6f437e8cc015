"""The report as one page: its sentences and its frame."""
