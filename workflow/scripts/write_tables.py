"""Write the tables of the manuscript in one language."""

import sys

sys.stderr = sys.stdout = open(snakemake.log[0], "w", buffering=1)

from casepool.files import store
from casepool.extraction.curated import read_tables
from casepool.model.protocol import load_protocol
from casepool.report.material import TableMaterial
from casepool.report.tables.manuscript import display_tables
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.naming import named_by_content
from casepool.report.tables.writers import write_display_tables

stages = ("results", "origins", "study_counts", "characteristics", "safety", "cases", "unique_patients")
checks = ("sensitivity", "diagnostics", "moderators", "times", "open_questions", "simulation")
CURATED = ("reports", "reading_list", "cumulative_incidences", "corrections")
frames = {name: store.read_table(name, snakemake.input[name]) for name in (*stages, *checks)}
curated = read_tables({name: snakemake.input[name] for name in CURATED})
catalogue = load_catalogue(snakemake.wildcards.language)
choices = {"level": snakemake.params.level, "headline_gain": snakemake.params.headline_gain}
protocol = named_by_content(load_protocol(snakemake.input.protocol), frames["origins"])
shown = display_tables(TableMaterial({**frames, **curated}), protocol, catalogue, **choices)
write_display_tables(shown, snakemake.output.tables, snakemake.wildcards.language)
