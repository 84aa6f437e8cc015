"""Checks of what the rates assume: what the data can contradict, and how far a rate leans on one assumption."""
