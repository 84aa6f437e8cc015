"""What several stages need: the judged configuration, wildcards, targets, the code and raw files behind a rule."""

import atexit
import gc
import hashlib
import os
import re
import subprocess
import sys
from datetime import datetime
from functools import partial
from types import SimpleNamespace

from snakemake.exceptions import WorkflowError
from snakemake.io import strip_wildcard_constraints
from snakemake.script import PythonScript

import casepool
from casepool.contract import CURATED
from casepool.contract.question import load_question
from casepool.dependencies import files_behind
from casepool.files.places import table_path
from casepool.model.configuration import configuration_of
from casepool.model.errors import CasepoolError, ConfigError
from casepool.model.judge import read_yaml
from casepool.project import warm
from casepool.provenance.building import begin_build, end_build
from casepool.provenance.code import code_list, write_lists
from casepool.provenance.commits import MADE_OF, commit_of
from casepool.provenance.reasons import language, said
from casepool.provenance.sparing import put_back
from casepool.report.files import (
    FIGURES,
    FOREST_PAGES,
    figure_files,
    inlined_files,
)
from casepool.report.material import PageMaterial, ProseMaterial, TableMaterial
from casepool.search.described import described_paths

# What the rules are read into lives to the end: nothing of it is garbage, and the search for it takes a while, also at the end.
gc.set_threshold(500_000)
atexit.register(gc.freeze)

try:
    # Refuses a key that stands twice: Snakemake takes the last one.
    read_yaml("config/config.yaml")
    CONFIGURATION = configuration_of(config)
    PROTOCOL = load_question(CONFIGURATION)
except ConfigError as error:
    raise WorkflowError(str(error)) from None


# One job makes what it makes in each of them: what it reads is read once.
LANGUAGES = CONFIGURATION.language
# What a wildcard of a rule stands for; targets are made of the rules' own outputs.
WILDCARDS = {
    "part": [*range(CONFIGURATION.sensitivity.jobs)],
    "ratio": [f"{ratio:g}" for ratio in CONFIGURATION.simulation.ratios],
    "chunk": [
        *range(
            -(-CONFIGURATION.simulation.replicates // CONFIGURATION.simulation.chunk)
        )
    ],
}


wildcard_constraints:
    **{
        name: "|".join(re.escape(f"{one}") for one in values)
        for name, values in WILDCARDS.items()
    },


# What an executor of a cluster is given: many jobs or slow ones, on public counts. All others stay on the machine
# of the build: the rows and the key of a registry do not travel, and a job of a second does not wait in a queue.
TRAVELLING = {"leave_out", "simulate_chunk"}
# Beside this Snakefile in a checkout, where packages are installed otherwise.
SOURCE_ROOT = Path(casepool.__file__).resolve().parents[1]
# As seen from the project folder, which may be another one (snakemake --directory).
SOURCE_FOLDER = Path(os.path.relpath(SOURCE_ROOT))
# Scripts use the same copy of the package, even where another one is installed.
os.environ.update(PYTHONPATH=str(SOURCE_ROOT))
# The data contract holds what the protocol declares: every script reads and writes tables under it.
os.environ.update(CASEPOOL_PROTOCOL=str(Path(config["protocol"]).resolve()))
# What stops a job is said in the first language of the project, where the user has set no other.
os.environ.setdefault("CASEPOOL_LANG", CONFIGURATION.language[0])

WARM = warm.WarmProcess()
atexit.register(WARM.close)
IN_A_NEW_PROCESS = PythonScript.execute_script


def in_a_fork(script, path, edit=False):
    """Run the script of a job in a fork; in a new process as Snakemake does where that cannot be; not at all if spared."""
    given = SimpleNamespace(**{**vars(script), "rule": script.rulename})
    if not asked_for() and put_back(given):
        return
    elsewhere = script.conda_env or script.container_img or script.env_modules
    if elsewhere or script.bench_record or not warm.AVAILABLE:
        IN_A_NEW_PROCESS(script, path, edit)
    elif code := WARM.run(path):
        raise subprocess.CalledProcessError(code, [sys.executable, path])


PythonScript.execute_script = in_a_fork


def asked_for():
    """Return whether somebody asked for jobs to run whatever they read."""
    asked = workflow.dag_settings
    return asked.forceall or asked.forcerun or asked.forcetargets


# The script of each rule, the files of src/ that it runs or reads, and the protocol: an edit in one of them reruns it.
CODE = {}


def code_of(rule):
    """Return the list of the files behind a rule."""
    script = Path(workflow.basedir) / "workflow" / "scripts" / f"{rule}.py"
    code = [
        f"{SOURCE_FOLDER}/{path.relative_to(SOURCE_ROOT)}"
        for path in files_behind(script, SOURCE_ROOT)
    ]
    CODE[rule] = [*code, os.path.relpath(script), config["protocol"]]
    return code_list(rule)


def described_files():
    """Return the raw files that data/raw/sources.csv describes."""
    try:
        return set(described_paths("data/raw/sources.csv"))
    except CasepoolError as error:
        raise WorkflowError(said(error)) from None


def snapshot_files():
    """Return the files of the snapshot that a live search makes (none unless pubmed.mode is live)."""
    folder = f"data/raw/pubmed/{CONFIGURATION.pubmed.snapshot}"
    live = CONFIGURATION.pubmed.mode == "live"
    return {f"{folder}/records.xml.gz", f"{folder}/search.json"} if live else set()


def raw_files():
    """Return the raw files that are described, or will be once a live search has run."""
    return sorted(described_files() | snapshot_files())


def search_descriptions():
    """Return those of the raw files that describe a search, and so say which search it continues."""
    return [path for path in raw_files() if Path(path).name == "search.json"]


def search_description():
    """Return the description of the snapshot; nothing where PubMed was not searched."""
    path = f"data/raw/pubmed/{config['pubmed']['snapshot']}/search.json"
    return [path] if search_descriptions() else []


def snapshot_to_search():
    """Return the pattern of the snapshot to search for: one that is there already matches nothing."""
    missing = snapshot_files() - described_files()
    return CONFIGURATION.pubmed.snapshot if missing else "(?!)"


def registry_files():
    """Return what lies in the folder of registry returns (private, never committed)."""
    folder = Path(CONFIGURATION.registry.dir)
    return sorted(path for path in folder.glob("[!.]*") if path.name != "README.md")


def note_returns():
    """Note which returns came, and when: a row cannot have been filled in after its file came."""
    folder = Path(CONFIGURATION.registry.dir)
    if workflow.is_main_process and registry_files():
        from casepool.registry.intake.arrivals import note_arrivals
        from casepool.registry.intake.reading import returned_files

        try:
            note_arrivals(folder, returned_files(folder), datetime.now().date())
        except CasepoolError as error:
            raise WorkflowError(said(error)) from None
        except OSError:
            pass  # nothing can be written there: the file counts as one of today, in each build anew


def registry_fingerprint():
    """Return a checksum of the returns and the key: a change in either reads the returns again."""
    told = hashlib.sha256(os.environ.get("CASEPOOL_REGISTRY_KEY", "").encode())
    for path in (Path(CONFIGURATION.registry.key_file), *registry_files()):
        told.update(path.name.encode())
        told.update(path.read_bytes() if path.is_file() else b"")
    return told.hexdigest()[:16]


def tables(*names):
    """Return stage tables by name, as inputs of a rule that reads many of them."""
    return {name: f"results/tables/{name}.csv" for name in names}


def material(kind):
    """Return what a part of the report is made of, as inputs: `casepool.report.material` names it."""
    stages = tables(*kind.STAGES) | {
        "open_questions": "results/review/open_questions.csv"
    }
    return stages | curated(*kind.CURATED, "corrections")


def curated(*names):
    """Return curated tables by name, of the whole data contract where none is named."""
    names = names or [table.name for table in CURATED]
    return {name: curated_file(name) for name in names}


def curated_file(name):
    """Return the file of a curated table: a CSV or, where there is none, a workbook."""
    return str(table_path("data/curated", name))


def in_each_language(*patterns):
    """Return files in each language, all of one language after all of another."""
    return [one.format(language=code) for code in LANGUAGES for one in patterns]


def shown_in_each_language(pattern, labels, **shown):
    """Return a result in each language as outputs that stand in the report of Snakemake, their language among the labels."""
    marked = partial(report, **shown)
    return [
        marked(pattern.format(language=code), labels={**labels, "language": code})
        for code in LANGUAGES
    ]


def figures(*names):
    """Return the files of figures as outputs; the pictures with their titles stand in the report of Snakemake."""
    files = figure_files(*names)
    shown = {
        f"{name}_png": shown_in_each_language(
            files[f"{name}_png"],
            {"figure": FIGURES[name]},
            caption=f"../report/{name}.rst",
            category="Figures",
        )
        for name in names
    }
    return {key: in_each_language(path) for key, path in files.items()} | shown


def reading_files():
    """Return the files of finished readings and what stands beside them; none where nothing is read twice."""
    folder = Path("data/curated/readings")
    patterns = ("[!.~]*.csv", "[!.]*/[!.~]*.csv", "[!.]*/[!.~]*.xlsx")
    return sorted(path.as_posix() for one in patterns for path in folder.glob(one))


def promised(*, private):
    """Return the results that the rules read so far promise, for each value of their wildcards."""
    outputs = (output for rule in workflow.rules for output in rule.output)
    patterns = {strip_wildcard_constraints(output) for output in outputs}
    results = sorted(one for one in patterns if one.startswith("results/"))
    return [
        path
        for pattern in results
        if private or not pattern.startswith("results/private/")
        for path in sorted(set(expand(pattern, **WILDCARDS)))
    ]


def chunk_replicates(wildcards):
    """Return the replicates of a chunk: the last one takes what is left."""
    wanted = CONFIGURATION.simulation
    return min(wanted.chunk, wanted.replicates - int(wildcards.chunk) * wanted.chunk)


def workflow_files():
    """Return the files of the rules themselves."""
    folder = Path(workflow.basedir)
    return [
        folder / "Snakefile",
        *sorted((folder / "workflow" / "rules").glob("*.smk")),
    ]


def keep_here():
    """Run on the machine of the build whatever is not made to travel."""
    workflow.localrules(*{rule.name for rule in workflow.rules} - TRAVELLING)


def wait_quietly():
    """Wait for jobs of this machine without a limit of jobs a second: Snakemake looks up each second for each that ended."""
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None


def open_build():
    """Begin a build: one at a time, and what is made again is decided by contents (jobs on other machines are part of it)."""
    if not workflow.is_main_process:
        return
    given = {
        *curated().values(),
        *reading_files(),
        *described_files(),
        "data/raw/sources.csv",
    }
    try:
        told = begin_build(
            promised(private=True),
            given - snapshot_files(),
            elsewhere=workflow.non_local_exec,
        )
    except CasepoolError as error:
        raise WorkflowError(said(error)) from None
    write_lists(CODE)
    print(*told, sep="\n", end="\n" if told else "", file=sys.stderr)


def close_build():
    """End a build: its results are proven, and its summary is shown (a partial one has none)."""
    try:
        told = end_build(promised(private=True), config)
    except CasepoolError as error:
        raise WorkflowError(said(error)) from None
    summary = Path("results/summary.txt")
    if summary.exists():
        print(summary.read_text(encoding="utf-8"))
    # What is kept of earlier builds is of this machine: it stands beside the results, never among them.
    from casepool.manuscript.kept import keep
    from casepool.manuscript.moved import in_short

    if Path("results/results.json").exists():
        told += in_short(Path(), language())
        keep()
    print(*told, sep="\n")
