"""The joint model of complete and selectively reported evidence."""
