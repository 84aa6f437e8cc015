"""Write the report for readers in one language."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

import casepool
from casepool.files import store
from casepool.model.configuration import Configuration
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol
from casepool.report.words.naming import named_by_content
from casepool.report.page.page import write_report

given, stages = snakemake.input, ("results", "origins", "study_counts", "characteristics", "safety", "filed_under")
counts = ("cases", "unique_patients", "counts", "prisma_counts", "registry_linkage", "quarantine")
checks = ("sensitivity", "diagnostics", "moderators", "times", "open_questions", "simulation")
frames = {name: store.read_table(name, given[name]) for name in (*stages, *counts, *checks)}
curated = ("reports", "reading_list", "cumulative_incidences", "context", "corrections")
write_report(
    snakemake.output.page,
    frames={**frames, **read_tables({name: given[name] for name in curated})},
    forest_pages=given.forest_pages,
    figures=given.figures,
    search=given.search,
    protocol=named_by_content(load_protocol(given.protocol), frames["origins"]),
    configuration=Configuration.model_validate(snakemake.params.configuration),
    version=casepool.__version__,
    language=snakemake.wildcards.language,
)
