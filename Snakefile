"""casepool: from search and curated extractions to corrected response rates, tables, figures, report."""

import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.17")
sys.path.insert(0, str(Path(workflow.basedir) / "src"))


configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/terminal.smk"
include: "workflow/rules/common.smk"
include: "workflow/rules/check.smk"
include: "workflow/rules/search.smk"
include: "workflow/rules/screening.smk"
include: "workflow/rules/registry.smk"
include: "workflow/rules/cases.smk"
include: "workflow/rules/analysis.smk"
include: "workflow/rules/simulation.smk"
include: "workflow/rules/annex.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/manuscript.smk"
include: "workflow/rules/provenance.smk"


keep_here()
open_build()


rule all:
    default_target: True
    input:
        promised(private=True),


onstart:
    wait_quietly()


onsuccess:
    close_build()
