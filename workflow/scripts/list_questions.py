"""List what could not be settled from the sources read so far."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.flow.questions import open_questions
from casepool.extraction.curated import read_tables
from casepool.readings.agreement import appraisals_read
from casepool.readings.judging import sound_comparisons

names = ("reports", "reading_list", "appraisal", "corrections")
curated = read_tables({name: snakemake.input[name] for name in names})
unique = store.read_table("unique_patients", snakemake.input.unique)
recall = store.read_table("search_recall", snakemake.input.recall)
notices = store.read_table("notices", snakemake.input.notices)
appraisal = appraisals_read(curated["appraisal"], sound_comparisons())
conflicts = store.read_table("reading_conflicts", snakemake.input.conflicts)
given = curated["reports"], curated["reading_list"], recall, notices
questions = open_questions(unique, *given, appraisal, conflicts)
store.write_table("open_questions", questions, snakemake.output.questions)
job.finish()
