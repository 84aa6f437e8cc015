"""The rules are wired as they say: one script, one log, and every module that the script reaches."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import textwrap
from collections.abc import Iterable
from types import ModuleType

import invented
import pytest
from copied import copy_of_the_project

from casepool import contract

ROOT = invented.ROOT
SOURCE = ROOT / "src"
RULE_FILES = sorted((ROOT / "workflow" / "rules").glob("*.smk"))
SCRIPTS = sorted((ROOT / "workflow" / "scripts").glob("*.py"))


def rules() -> dict[str, str]:
    """Return rule → its text, of all files."""
    found: dict[str, str] = {}
    for path in RULE_FILES:
        parts = re.split(r"^ *(?:rule|checkpoint) (\w+):\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            assert name not in found, f"rule {name} stands twice"
            found[name] = textwrap.indent(textwrap.dedent(text.partition("\nif ")[0]), "    ")
    return found


RULES = rules()


def test_there_are_rules_and_the_parser_finds_them_all():
    """As many as the word stands at the start of a line."""
    texts = "".join(path.read_text(encoding="utf-8") for path in RULE_FILES)
    assert len(RULES) == len(re.findall(r"^ *(?:rule|checkpoint) ", texts, flags=re.MULTILINE)) >= 10


def test_every_script_belongs_to_a_rule():
    """No dead script."""
    assert {path.stem for path in SCRIPTS} == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_script_and_log_are_named_as_the_rule(rule):
    """Who sees one finds the others."""
    text = RULES[rule]
    assert f'"../scripts/{rule}.py"' in text
    (log,) = re.findall(r"^    log:\n        \"results/logs/([^\"]+)\"", text, flags=re.MULTILINE)
    assert re.fullmatch(rf"{rule}(?:/[^/]*\{{\w+\}}[^/]*)?\.log", log)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_its_environment(rule):
    """Users of conda get the pinned packages."""
    assert 'conda:\n        "../../environment.yml"' in RULES[rule]


@pytest.mark.parametrize("rule", RULES)
def test_the_code_of_a_rule_is_that_of_its_script(rule):
    """An edit in any module that the script uses reruns the rule, and no other edit does."""
    assert f'code=code_of("{rule}")' in RULES[rule]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_a_short_wrapper(path):
    """At most 30 lines, a docstring, no branch; its one loop is that over the languages."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 30
    assert ast.get_docstring(tree)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.If | ast.IfExp | ast.While | ast.FunctionDef)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_a_job_from_its_first_line_to_its_last(path):
    """An error of an import must stand in the log, not get lost; without a receipt nobody vouches for the results."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert [ast.unparse(node) for node in body[1:3]] == [
        "from casepool.provenance.job import begin",
        "job = begin(snakemake)",
    ]
    assert ast.unparse(body[-1]) == "job.finish()"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_reads_no_configuration_past_its_rule(path):
    """What a script reads past its inputs and parameters does not trigger a rerun."""
    text = path.read_text(encoding="utf-8")
    assert "snakemake.config" not in text
    assert "import snakemake" not in text


def test_no_rule_runs_python_of_its_own():
    """Logic lives in the package, where it is tested."""
    for path in [ROOT / "Snakefile", *RULE_FILES]:
        assert not re.search(r"^    (?:run|shell):", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_a_file_of_rules_says_what_goes_in_and_out(path):
    """The docstring opens the file."""
    text = path.read_text(encoding="utf-8")
    assert text.startswith('"""')
    if path.stem != "common":
        assert "Inputs:" in text.split('"""')[1]
        assert "Outputs:" in text.split('"""')[1]


def test_functions_of_the_workflow_live_in_one_file():
    """Rules hold no functions."""
    holders = [path.stem for path in RULE_FILES if re.search(r"^def ", path.read_text(), flags=re.MULTILINE)]
    assert holders == ["common"]


def test_the_snakefile_has_at_most_60_lines():
    """It includes and names the targets, no more."""
    assert len((ROOT / "Snakefile").read_text(encoding="utf-8").splitlines()) <= 60


def _of_sockets(call: ast.Call) -> bool:
    of = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(of, ast.Name) and of.id == "socket"


def test_only_the_search_touches_the_network():
    """A build works offline. Scripts are asked over sockets without an address; the desk is of this machine alone."""
    warm = ast.parse((SOURCE / "casepool" / "project" / "warm.py").read_text(encoding="utf-8"))
    asked = {node.func.attr for node in ast.walk(warm) if isinstance(node, ast.Call) and _of_sockets(node)}
    assert asked == {"socketpair", "socket", "send_fds", "recv_fds"}
    network = {"requests", "urllib", "urllib.request", "http.client", "socket", "httpx", "aiohttp"}
    for path in SOURCE.rglob("*.py"):
        imported = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
        local = path.parts[-2:] in {("project", "warm.py"), ("web", "serving.py")}
        assert "search" in path.parts or local or not imported & network, path
        assert "snakemake" not in {name.split(".")[0] for name in imported}, path


PRIVATE_RULES = {"read_registry", "link_registry", "release_registry", "analyse_registry"}


@pytest.mark.parametrize("rule", sorted(set(RULES) - PRIVATE_RULES))
def test_no_public_rule_reads_the_private_side(rule):
    """What the public rules do not read they cannot tell."""
    assert "results/private" not in RULES[rule]
    assert "registry/dir" not in RULES[rule]
    assert "key_file" not in RULES[rule]


def test_what_travels_to_a_cluster_is_public_and_all_else_stays():
    """The rules named for it, none of which reads the private side or what was received."""
    common = (ROOT / "workflow" / "rules" / "common.smk").read_text(encoding="utf-8")
    travelling = set(ast.literal_eval(re.search(r"^TRAVELLING = (\{.*\})$", common, flags=re.MULTILINE)[1]))
    assert travelling
    assert travelling <= set(RULES) - PRIVATE_RULES
    assert not [rule for rule in travelling if re.search("results/private|data/raw|raw_files", RULES[rule])]
    profile = (ROOT / "profiles" / "slurm" / "config.yaml").read_text(encoding="utf-8")
    arrays = re.search(r'^slurm-array-jobs: "(.*)"$', profile, flags=re.MULTILINE)[1]
    assert set(arrays.split(",")) == travelling | {"simulate"}  # the last one is of benchmarks/simulation.smk


def test_registry_patients_have_one_way_out():
    """Of the rules that see them, one writes tables for others; its script writes what `release` returns."""
    leaving = {rule for rule in PRIVATE_RULES if re.search(r'"results/tables/', RULES[rule].split("output:")[1])}
    assert leaving == {"release_registry"}
    script = (ROOT / "workflow" / "scripts" / "release_registry.py").read_text(encoding="utf-8")
    written = re.findall(r'write_table\("\w+", (\w+)', script)
    assert set(written) == {"released"}


def page_of_stages() -> ModuleType:
    """Return the module that writes docs/stages.md."""
    spec = importlib.util.spec_from_file_location("stages_page", ROOT / ".ci" / "stages_page.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["stages_page"] = module  # its dataclass looks there
    spec.loader.exec_module(module)
    return module


# Stages that run only where a project asks for them, or has what they need.
CONDITIONAL = {"mark_synthetic", "analyse_registry", "compute_small_study", "search_pubmed"}
STAGES = {
    stage.name: stage
    for path in RULE_FILES
    for stage in page_of_stages().stages_of(path, ROOT / "workflow" / "scripts")
}
# The values of the shipped configuration, as the page writes them.
WILDCARDS = (
    (r"/manuscript/(?:fr|en)/", "/manuscript/{language}/"),
    (r"/ratio_[0-9.]+/", "/ratio_{ratio}/"),
    (r"/chunk_\d+", "/chunk_{chunk}"),
    (r"/left_out_\d+", "/left_out_{part}"),
    (r"/pubmed/[0-9-]+/", "/pubmed/{snapshot}/"),
    (r"\{(\w+),[^}]*\}", r"{\1}"),
)


def as_on_the_page(path: str) -> str:
    """Return a file that Snakemake names with its wildcards."""
    for found, named in WILDCARDS:
        path = re.sub(found, named, path)
    return path


@pytest.fixture(scope="module")
def files_of(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return rule → the files it reads and writes, as Snakemake says it of a project that was never built."""
    project = copy_of_the_project(tmp_path_factory.mktemp("graph"))
    nodes = re.split(r"\n(?=\d+ \[)", project.build("--filegraph"))[1:]
    named = {re.search(r'point-size="18">(\w+)<', node)[1]: re.findall(r'monospace">([^<]*)<', node) for node in nodes}
    return {name: {as_on_the_page(path) for path in paths} for name, paths in named.items()}


def results(paths: Iterable[str]) -> set[str]:
    """Return those of the files that a build makes."""
    return {path for path in paths if path.startswith("results/")}


def promised() -> set[str]:
    """Return what the stages write that a project without registry and invented patients needs."""
    return {path for name, stage in STAGES.items() if name not in CONDITIONAL for path in results(stage.writes)}


def test_the_page_of_stages_knows_every_rule():
    """A rule that its reader does not find would be missing on the page."""
    assert set(STAGES) == set(RULES)
    assert [stage.name for stage in STAGES.values() if not (stage.message and stage.writes and stage.calls)] == []


@pytest.mark.parametrize("name", sorted(set(RULES) - CONDITIONAL - {"write_manifest"}))
def test_the_page_of_stages_names_what_snakemake_reads_and_writes(files_of, name):
    """The code and the raw files left aside, and the protocol: it is behind every stage."""
    aside = (".snakemake/code/", "data/raw/", "config/protocol.yaml")
    found = {path for path in files_of[name] if not path.startswith(aside)}
    stage = STAGES[name]
    assert found == {path for path in (*stage.reads, *stage.writes) if not path.startswith(aside)}


def test_every_output_of_every_rule_is_a_target(files_of):
    """What a rule promises is built by `snakemake` without further words."""
    assert files_of["all"] == promised()


def test_the_manifest_names_every_public_result_and_no_private_file(files_of):
    """A checksum of a private file tells when it changed."""
    public = {path for path in promised() if not path.startswith("results/private/")}
    assert results(files_of["write_manifest"]) == public - {"results/summary.txt", "results/ro-crate-metadata.json"}


def test_every_table_of_the_contract_is_written_by_a_stage():
    """A table that no stage writes is described for nobody; the form is written by people."""
    texts = [path.read_text(encoding="utf-8") for path in SCRIPTS]
    written = {name for text in texts for name in re.findall(r'write_table\(\s*"(\w+)"', text)}
    assert written - {"identity_decisions"} == {table.name for table in contract.STAGES} - {"registry_form"}
