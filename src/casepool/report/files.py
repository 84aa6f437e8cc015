"""Which figures and tables a build writes, in reading order, and the files of each: the one place of their numbers."""

from __future__ import annotations

import re

# In the order of the report, what it does not show last. Name → what the report of Snakemake calls it.
FIGURES = {
    "flow": "PRISMA flow",
    "forest": "Forest plot",
    "steps": "What moved each rate",
    "ratio_sweep": "Rates by reporting ratio",
    "sensitivity": "Sensitivity analyses",
    "by_year": "Rates by year",
    "size": "Response and size of the report",
    "simulation": "Simulation",
    "identity": "Which sources report whom",
    "plan": "Which centre to call next",
    "swimmer": "Course of single patients",
    "prior": "Response by earlier treatments",
    "appraisal": "Appraisal of the sources",
}
TABLES = (
    *("response", "characteristics", "other_outcomes", "safety"),
    *("steps", "at_ratios", "what_if", "ratio_sweep", "bounds", "sensitivity", "leave_one_out", "diagnostics"),
    *("simulation", "characteristics_overall", "safety_by_disease", "moderators", "times", "included_sources"),
    *("excluded_reports", "excluded_cases", "registered_trials", "extraction_agreement", "open_questions"),
    *("summary_of_findings", "appraisal", "source_details", "reading_list"),
    *("prisma2020", "prisma_s", "data_dictionary"),
)
FOLDER = "results/manuscript/{language}/figures"
BARE = "_untitled"  # the end of the names of a figure without title and notes
# How the names end: the figure, the same without title and notes, and its words.
_ENDS = tuple(f"{end}.{kind}" for end in ("", BARE) for kind in ("svg", "pdf", "png"))
_WORDS = ("_caption.txt", "_alt.txt")


def figure_stem(name: str) -> str:
    """Return how the names of the files of a figure begin: ``02_forest``."""
    return _numbered(name, tuple(FIGURES))


def table_stem(key: str) -> str:
    """Return how the files of a table are named: ``01_response``."""
    return _numbered(key, TABLES)


def name_of(stem: str) -> str:
    """Return the name of a figure or table by which a manuscript takes it in, from the stem of a file of it."""
    return re.sub(r"^\d+_", "", stem)


def _numbered(name: str, order: tuple[str, ...]) -> str:
    """Return a name behind its place in the order; a name of no place as it is."""
    return f"{order.index(name) + 1:02}_{name}" if name in order else name


def figure_files(*names: str) -> dict[str, str]:
    """Return the files of figures by a name for each: ``forest_svg``, ``forest_untitled_pdf``, ``forest_alt_txt``."""
    return {
        f"{name}{end}".replace(".", "_"): f"{FOLDER}/{figure_stem(name)}{end}"
        for name in names
        for end in (*_ENDS, *_WORDS)
    }


def inlined_files() -> list[str]:
    """Return the files of the figures that stand in the page, but for the pages of the forest plot."""
    return [
        f"{FOLDER}/{figure_stem(name)}{end}" for name in FIGURES if name != "forest" for end in (".svg", "_alt.txt")
    ]


FOREST_PAGES = f"{FOLDER}/{figure_stem('forest')}_pages"
