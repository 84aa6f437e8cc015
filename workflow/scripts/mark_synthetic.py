"""Say beside the tables that the data are invented."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import atomic
from casepool.report.words.catalogue import load_catalogue

marks = [load_catalogue(language).text("synthetic") for language in snakemake.params.languages]
atomic.write_text(snakemake.output.mark, "\n".join(marks) + "\n")
job.finish()
