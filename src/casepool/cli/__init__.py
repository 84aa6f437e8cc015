"""The command line: ``casepool …``."""

import gc

# What the start of a command makes lives to its end: to look through it for garbage again and again takes a twelfth
# of a short command.
gc.set_threshold(500_000)
