"""docs/stages.md: what each rule of the workflow reads, writes and calls, read from the rules and their scripts.

The rules are the declaration of the stages. snakefmt keeps their form, so their sections are found by indentation; a
test of the workflow holds the page against what Snakemake itself says of the rules.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from casepool.contract import CURATED
from casepool.report import material
from casepool.report.files import FOREST_PAGES, figure_files, inlined_files

_RULE = re.compile(r"^( *)rule (\w+):\n((?:\1 +.*\n|\n)+)", re.MULTILINE)
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NAMED = re.compile(r"\b(tables|curated)\(((?:[^()]|\n)*)\)")
_FOLDERS = {"tables": "results/tables", "curated": "data/curated"}
_CALLS = {
    'config["protocol"]': '"config/protocol.yaml"',
    "raw_files()": '"data/raw/…"',
    "search_descriptions()": '"data/raw/pubmed/{snapshot}/search.json"',
    "promised(private=False)": '"results/…"',
    "{config['pubmed']['snapshot']}": "{snapshot}",
    "{{language}}": "{language}",
    "FOREST_PAGES": f'"{FOREST_PAGES}"',
    "inlined_files()": ", ".join(f'"{path}"' for path in inlined_files()),
}
_MATERIAL = re.compile(r"\*\*material\((\w+)\)")
_FIGURES = re.compile(r"\*\*figures\(((?:[^()]|\n)*)\)")
# Passing files is no work of a stage: what these offer is not named on the page.
_PLUMBING = (
    "casepool.files",
    "casepool.model",
    "casepool.contract",
    "casepool.privacy.withheld",
    "casepool.provenance.job",
)
_PLUMBING_CALLS = {"read_tables"}


@dataclass(frozen=True)
class Stage:
    """A rule: its name, what it says when it runs, files read and written, functions called."""

    name: str
    message: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    calls: tuple[str, ...]


def stages_of(rules: Path, scripts: Path) -> list[Stage]:
    """Return the stages of one file of rules, in its order."""
    return [_stage(match[2], match[3], scripts) for match in _RULE.finditer(rules.read_text(encoding="utf-8"))]


def _stage(name: str, body: str, scripts: Path) -> Stage:
    message = re.sub(r"(?: in)? \(?\{wildcards\.\w+\}\)?", "", _TEXT.findall(_section(body, "message"))[0])
    reads, writes = (_paths(_section(body, section)) for section in ("input", "output"))
    return Stage(name, message, reads, writes, functions_called(scripts / f"{name}.py"))


def _section(body: str, name: str) -> str:
    """Return what stands under a keyword of a rule."""
    found = re.search(rf"^( +){name}:(.*\n(?:\1 +.*\n|\n)*)", body, re.MULTILINE)
    return found[2] if found else ""


def _paths(section: str) -> tuple[str, ...]:
    """Return the files that a section names, in order; helpers that stand for many are written out."""
    section = re.sub(r"code=code_of\([^)]*\),?", "", section)
    section = re.sub(r'curated_file\("(\w+)"\)', r'"data/curated/\1.csv"', section)
    section = _NAMED.sub(lambda match: _written_out(match[1], match[2]), section)
    for call, files in _CALLS.items():
        section = section.replace(call, files)
    section = _FIGURES.sub(lambda match: _quoted(figure_files(*_TEXT.findall(match[1])).values()), section)
    section = _MATERIAL.sub(lambda match: _quoted(_material(match[1])), section)
    found = [text for text in _TEXT.findall(section) if "/" in text and not text.startswith("../")]
    return tuple(dict.fromkeys(found))


def _quoted(paths: Iterable[str]) -> str:
    return ", ".join(f'"{path}"' for path in paths)


def _material(kind: str) -> list[str]:
    named: type[material.Material] = getattr(material, kind)
    stages = {name: f"results/tables/{name}.csv" for name in named.STAGES}
    stages["open_questions"] = "results/review/open_questions.csv"
    return [*stages.values(), *(f"data/curated/{name}.csv" for name in (*named.CURATED, "corrections"))]


def _written_out(helper: str, names: str) -> str:
    chosen = _TEXT.findall(names) or [table.name for table in CURATED]
    return ", ".join(f'"{_FOLDERS[helper]}/{name}.csv"' for name in chosen)


def functions_called(script: Path) -> tuple[str, ...]:
    """Return the functions of the package that a script calls for its work, as module.function, in order."""
    tree = ast.parse(script.read_text(encoding="utf-8"))
    homes = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("casepool")
        for alias in node.names
        if not node.module.startswith(_PLUMBING) and alias.name not in _PLUMBING_CALLS and alias.name.islower()
    }
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = sorted((call.lineno, call.col_offset, call.id) for call in calls if isinstance(call, ast.Name))
    return tuple(dict.fromkeys(homes[name].removeprefix("casepool.") for _, _, name in named if name in homes))


def stages_page(root: Path) -> str:
    """Return docs/stages.md."""
    workflow = root / "workflow"
    included = re.findall(r'^include: "workflow/rules/(\w+)\.smk"', (root / "Snakefile").read_text(), re.MULTILINE)
    lines = [_INTRODUCTION, ""]
    for name in included:
        path = workflow / "rules" / f"{name}.smk"
        if stages := stages_of(path, workflow / "scripts"):
            lines += [f"## {_title(path)}\n", *(line for stage in stages for line in _lines(stage))]
    return "\n".join(lines).rstrip() + "\n"


def _title(path: Path) -> str:
    """Return the first sentence of a file of rules."""
    return path.read_text(encoding="utf-8").split('"""')[1].split("\n")[0].rstrip(".")


def _lines(stage: Stage) -> list[str]:
    entries = {"reads": stage.reads, "writes": stage.writes, "calls": stage.calls}
    lists = [f"- {verb} {', '.join(f'`{one}`' for one in named)}" for verb, named in entries.items() if named]
    return [f"### {stage.name}\n", f"{stage.message}.\n", *lists, ""]


_INTRODUCTION = """# The stages

Generated from `workflow/rules` and `workflow/scripts` by `make generated`; do not edit.

A stage is a rule: it says what is read and what is written, and nothing else says it again. Its script,
`workflow/scripts/<stage>.py`, passes these files to the functions of `src/casepool` named here. Whatever a rule writes
under `results` is a target of `snakemake`, and what is not private stands with its checksum in the manifest. The code
that a stage depends on follows from the imports of its script; the protocol is behind every stage. Tables in
`results/tables` are described in `src/casepool/contract`. There is a job for each `{ratio}`, `{chunk}` and `{part}`;
what stands under `{language}` is made by one job in all languages of the project; `{snapshot}` is the search in use.
Three stages run only where they are needed: `mark_synthetic` (invented patients), `analyse_registry` (returns of a
registry), `compute_small_study` (asked for in the configuration)."""
