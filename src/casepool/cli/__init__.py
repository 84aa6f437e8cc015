"""The command line: ``casepool …``."""
