"""Write the report for readers in one language."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

import casepool
from casepool import tables
from casepool.configuration import Configuration
from casepool.extraction.curated import read_tables
from casepool.protocol import load_protocol
from casepool.reporting.naming import named_by_content
from casepool.reporting.page import write_report

stages = ("results", "origins", "study_counts", "characteristics", "safety", "cases", "unique_patients", "counts")
checks = ("sensitivity", "diagnostics", "moderators", "times", "open_questions", "simulation")
CURATED = ("reports", "reading_list", "cumulative_incidences", "context", "corrections")
frames = {name: tables.read_table(name, snakemake.input[name]) for name in (*stages, *checks)}
frames["prisma_counts"] = tables.read_table("prisma_counts", snakemake.input.flow)
frames |= {
    name: tables.read_table(name, snakemake.input[name]) for name in ("registry_linkage", "quarantine", "filed_under")
}
curated = read_tables({name: snakemake.input[name] for name in CURATED})
write_report(
    snakemake.output.page,
    frames={**frames, **curated},
    forest_pages=snakemake.input.forest_pages,
    figures=snakemake.input.figures,
    search=snakemake.input.search,
    protocol=named_by_content(load_protocol(snakemake.input.protocol), frames["origins"]),
    configuration=Configuration.model_validate(snakemake.params.configuration),
    version=casepool.__version__,
    language=snakemake.wildcards.language,
)
