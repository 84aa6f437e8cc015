"""Plan: what further patients of each disease are expected to bring."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.planning.build import plan_of_build
from casepool.planning.plan import Question
from casepool.model.configuration import Planning, Pooling
from casepool.model.protocol import load_protocol

studies = store.read_table("study_counts", snakemake.input.studies)
linkage = store.read_table("registry_linkage", snakemake.input.linkage)
pooling = Pooling.model_validate(snakemake.params.pooling)
question = Question.of(pooling, Planning.model_validate(snakemake.params.planning))
found = plan_of_build(studies, linkage, load_protocol(snakemake.input.protocol), question)
store.write_table("plan", found, snakemake.output.plan)
job.finish()
