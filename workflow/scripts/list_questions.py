"""List what could not be settled from the sources read so far."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.flow.questions import open_questions
from casepool.extraction.curated import read_tables

curated = read_tables({name: snakemake.input[name] for name in ("reports", "reading_list", "corrections")})
unique = store.read_table("unique_patients", snakemake.input.unique)
recall = store.read_table("search_recall", snakemake.input.recall)
notices = store.read_table("notices", snakemake.input.notices)
questions = open_questions(unique, curated["reports"], curated["reading_list"], recall, notices)
store.write_table("open_questions", questions, snakemake.output.questions)
job.finish()
