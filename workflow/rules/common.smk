"""What several stages need: validated configuration, wildcards, the code and raw files behind a rule."""

import csv
import hashlib
import os
import re
import shutil
import subprocess

from snakemake.exceptions import WorkflowError

import casepool
from casepool.dependencies import files_behind
from casepool.model.configuration import configuration_of
from casepool.model.errors import ConfigError
from casepool.model.protocol import load_protocol

try:
    CONFIGURATION = configuration_of(config)
    PROTOCOL = load_protocol(CONFIGURATION.protocol)
except ConfigError as error:
    raise WorkflowError(str(error)) from None


wildcard_constraints:
    language="|".join(config["language"]),
    ratio="|".join(re.escape(f"{ratio:g}") for ratio in config["simulation"]["ratios"]),
    chunk="[0-9]+",


CURATED = [
    "screening",
    "reports",
    "patients",
    "cohorts",
    "cumulative_incidences",
    "appraisal",
    "disease_terms",
    "identity_decisions",
    "corrections",
    "reading_list",
    "context",
    "retraction_overrides",
]
STAGES = [
    "records",
    "search_update",
    "search_recall",
    "screening_state",
    "screening_agreement",
    "notices",
    "prisma_counts",
    "literature_cases",
    "cases",
    "unique_patients",
    "registry_links",
    "registry_linkage",
    "told_where",
    "study_counts",
    "counts",
    "origins",
    "filed_under",
    "results",
    "characteristics",
    "safety",
    "sensitivity",
    "diagnostics",
    "moderators",
    "times",
    "simulation",
]
# The annex is a target only where the configuration asks for it.
STAGES += ["small_study"] if config["annex"]["small_study"] else []
# What the search and the screening leave beside the tables.
SCREENING_FILES = [
    "results/screening/PRISMA.csv",
    "results/screening/merges.csv",
    "results/screening/new_records.csv",
    "results/review/screening_conflicts.csv",
    "results/review/citation_pairs.csv",
    *expand(
        "results/manuscript/{language}/search_appendix.md",
        language=config["language"],
    ),
]
# Beside this Snakefile in a checkout, where packages are installed otherwise.
SOURCE_ROOT = Path(casepool.__file__).resolve().parents[1]
# As seen from the project folder, which may be another one (snakemake --directory).
SOURCE_FOLDER = Path(os.path.relpath(SOURCE_ROOT))
# Scripts use the same copy of the package, even where another one is installed.
os.environ.update(PYTHONPATH=str(SOURCE_ROOT))


def code_of(rule):
    """Return the files of src/ that the script of a rule runs or reads: an edit in one reruns the rule."""
    script = Path(workflow.basedir) / "workflow" / "scripts" / f"{rule}.py"
    return [
        f"{SOURCE_FOLDER}/{path.relative_to(SOURCE_ROOT)}"
        for path in files_behind(script, SOURCE_ROOT)
    ]


def described_files():
    """Return the raw files that data/raw/sources.csv describes."""
    with open("data/raw/sources.csv", encoding="utf-8", newline="") as handle:
        return {row["path"] for row in csv.DictReader(handle)}


def snapshot_files():
    """Return the files of the snapshot that a live search makes (none unless pubmed.mode is live)."""
    folder = f"data/raw/pubmed/{config['pubmed']['snapshot']}"
    live = config["pubmed"]["mode"] == "live"
    return {f"{folder}/records.xml.gz", f"{folder}/search.json"} if live else set()


def raw_files():
    """Return the raw files that are described, or will be once a live search has run."""
    return sorted(described_files() | snapshot_files())


def snapshot_to_search():
    """Return the pattern of the snapshot to search for: one that is there already matches nothing."""
    return (
        config["pubmed"]["snapshot"] if snapshot_files() - described_files() else "(?!)"
    )


def registry_files():
    """Return what lies in the folder of registry returns (private, never committed)."""
    folder = Path(config["registry"]["dir"])
    return sorted(path for path in folder.glob("[!.]*") if path.name != "README.md")


def registry_fingerprint():
    """Return a checksum of the returns and the key: a change in either reads the returns again."""
    told = hashlib.sha256(os.environ.get("CASEPOOL_REGISTRY_KEY", "").encode())
    for path in (Path(config["registry"]["key_file"]), *registry_files()):
        told.update(path.name.encode())
        told.update(path.read_bytes() if path.is_file() else b"")
    return told.hexdigest()[:16]


def further_results():
    """Return targets that not every project has: the private analysis of a registry, the mark of invented data."""
    private = ["results/private/line_listing.csv"] if registry_files() else []
    return private + (["results/SYNTHETIC.txt"] if PROTOCOL.synthetic else [])


def simulation_chunks():
    """Return the numbers of the chunks of a simulation, from 0 on."""
    wanted = config["simulation"]
    return range(-(-wanted["replicates"] // wanted["chunk"]))


def chunk_replicates(wildcards):
    """Return the replicates of a chunk: the last one takes what is left."""
    wanted = config["simulation"]
    done = int(wildcards.chunk) * wanted["chunk"]
    return min(wanted["chunk"], wanted["replicates"] - done)


def commit():
    """Return the commit that is checked out, or an empty text outside git (an installed package is no checkout)."""
    if not (Path(workflow.basedir) / ".git").exists() or shutil.which("git") is None:
        return ""
    command = ["git", "rev-parse", "HEAD"]
    done = subprocess.run(
        command, cwd=workflow.basedir, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def show_summary():
    """Print the summary of a complete build (a partial one has none)."""
    summary = Path("results/summary.txt")
    if summary.exists():
        print(summary.read_text(encoding="utf-8"))
