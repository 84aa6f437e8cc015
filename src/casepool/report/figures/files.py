"""Which figures there are, and the files of each in a folder of figures."""

from __future__ import annotations

# Name of the files → what the report of Snakemake calls it.
FIGURES = {
    "forest": "Forest plot",
    "flow": "PRISMA flow",
    "identity": "Which sources report whom",
    "steps": "What moved each rate",
    "sensitivity": "Sensitivity analyses",
    "ratio_sweep": "Rates by reporting ratio",
    "by_year": "Rates by year",
    "size": "Response and size of the report",
    "plan": "Which centre to call next",
    "simulation": "Simulation",
    "appraisal": "Appraisal of the sources",
    "swimmer": "Course of single patients",
    "prior": "Response by earlier treatments",
}
FOLDER = "results/manuscript/{language}/figures"
# How the names end: the figure, the same without title and notes, and its words.
_ENDS = tuple(f"{end}.{kind}" for end in ("", "_untitled") for kind in ("svg", "pdf", "png"))
_WORDS = ("_caption.txt", "_alt.txt")


def figure_files(*names: str) -> dict[str, str]:
    """Return the files of figures by a name for each: ``forest_svg``, ``forest_untitled_pdf``, ``forest_alt_txt``."""
    return {f"{name}{end}".replace(".", "_"): f"{FOLDER}/{name}{end}" for name in names for end in (*_ENDS, *_WORDS)}


def inlined_files() -> list[str]:
    """Return the files of the figures that stand in the page, but for the pages of the forest plot."""
    return [f"{FOLDER}/{name}{end}" for name in FIGURES if name != "forest" for end in (".svg", "_alt.txt")]
