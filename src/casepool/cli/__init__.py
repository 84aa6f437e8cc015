"""The command line: ``casepool …``."""

import atexit
import gc

# What the start of a command makes lives to its end: to look through it for garbage again and again, and once more at
# the end, takes a sixth of a short command.
gc.set_threshold(500_000)
atexit.register(gc.freeze)
