"""What `casepool build` and `make` show of a build: a line a job; the log of Snakemake keeps everything.

Inputs: what Snakemake says. Outputs: none.
"""

import logging
import os

from snakemake.logging import ColorizingTextHandler, DefaultFormatter, logger
from snakemake_interface_logger_plugins.common import LogEvent

# Said without an event, and wanted all the same.
WANTED = ("Nothing to be done", "Complete log")


class ShortFormatter(DefaultFormatter):
    """A job by its message, behind the share of the steps that are done."""

    def __init__(self):
        super().__init__(show_failed_logs=False)
        self.done = 0.0

    def format_job_info(self, msg):
        """Return the one line of a job."""
        return f"{self.done:4.0%}  {msg['rule_msg']}"

    def is_wanted(self, record):
        """Return whether a record is for the terminal; one of progress is only kept in mind."""
        event = getattr(record, "event", None)
        if event == LogEvent.PROGRESS:
            self.done = record.done / record.total
        if event == LogEvent.JOB_INFO:
            return bool(record.rule_msg)
        return record.levelno >= logging.WARNING or f"{record.msg}".startswith(WANTED)


if os.environ.get("CASEPOOL_SHORT") and workflow.is_main_process:
    for handler in logger.handlers:
        if isinstance(handler, ColorizingTextHandler):
            short = ShortFormatter()
            handler.setFormatter(short)
            handler.addFilter(short.is_wanted)
