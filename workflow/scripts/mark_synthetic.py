"""Say beside the tables that the data are invented."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool.files import atomic
from casepool.report.words.catalogue import load_catalogue

marks = [load_catalogue(language).text("synthetic") for language in snakemake.params.languages]
atomic.write_text(snakemake.output.mark, "\n".join(marks) + "\n")
