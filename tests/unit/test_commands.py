"""Every command that a page shows is run: here, by a test that is named, or as a target of make."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casepool.cli.main import app

ROOT = Path(__file__).resolve().parents[2]

PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")]
    if path.name != "CHANGELOG.md" and "decisions" not in path.parts
)
FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+?)(?:\s{2,}#.*)?$", re.MULTILINE)
# Languages of fences that hold no command; {toctree} is a directive of the site.
SILENT = {"text", "yaml", "python", "{toctree}"}
# Commands that need a network, a long build or a file from elsewhere → the test that runs them or what they call.
RUN_ELSEWHERE = {
    r"casepool pull --start thesis\.docx --lang fr": (
        "tests/unit/manuscript/test_word.py::test_a_second_pull_leaves_every_byte"
    ),
    r"casepool (template report|merge) .*bertone2025\.xlsx.*": (
        "tests/unit/test_generated_files.py::test_a_generated_file_is_up_to_date"
    ),
    r"casepool (template report|merge) .*dupont2026\.xlsx.*": (
        "tests/unit/entry/test_filling.py::test_the_command_shows_first_and_writes_with_yes"
    ),
    r"casepool plan( --lang fr)?": "tests/unit/cli/test_cli.py::test_a_plan_of_a_built_project_names_its_diseases",
    r"casepool search( --since \S+)?": (
        "tests/unit/search/test_search_page.py::test_the_page_on_the_search_shows_what_is_printed"
    ),
    r"casepool import embase\.csv .*": (
        "tests/unit/search/test_importing.py::test_the_page_on_the_search_shows_what_an_import_prints"
    ),
    r"casepool screening (export|import) \S+ --\w+ \w+": (
        "tests/unit/screening/test_exchange.py::test_what_waits_goes_out_and_comes_back"
    ),
    r"casepool registry status --folder demo/build( --lang fr)?": (
        "tests/unit/registry/test_status_cli.py::test_rows_that_wait_end_with_1_and_are_named_without_their_values"
    ),
    r"casepool registry forget \"[^\"]+\" P\d( --yes)?": (
        "tests/unit/registry/test_status_cli.py::test_forgetting_shows_first_and_then_does_it"
    ),
    r"casepool registry publish": (
        "tests/unit/registry/test_publish_cli.py::test_a_release_is_written_down_once_for_its_owner_alone"
    ),
    r"(casepool registry (centres|forget) .*--folder demo/build|cat letters/)\S*( .*)?": (
        "tests/unit/registry/test_coordinator_page.py::test_the_page_shows_a_day_as_the_terminal_does"
    ),
    r"casepool pool counts\.csv( --model joint)?": (
        "tests/unit/test_tutorial.py::test_the_tutorial_prints_what_it_shows"
    ),
    r"export NCBI_API_KEY=…": (
        "tests/unit/search/test_eutils.py::test_the_key_is_sent_from_the_environment_and_only_then"
    ),
    r"(casepool readings|cp examples/two_readers/).*": (
        "tests/unit/readings/test_readings_page.py::test_the_page_shows_two_readers_as_the_terminal_does"
    ),
    r"python demo/generate.py": "tests/workflow/test_demo_data.py::test_two_calls_give_the_same_bytes",
    r"snakemake --directory demo/build --cores 4": (
        "tests/workflow/test_demo_build.py::test_the_real_project_is_untouched"
    ),
}


def shown_commands() -> list[tuple[str, str]]:
    """Return page and command of every console block."""
    found = []
    for path in PAGES:
        for language, content in FENCE.findall(path.read_text(encoding="utf-8")):
            if language == "console":
                found += [(str(path.relative_to(ROOT)), command) for command in COMMAND.findall(content)]
    return found


COMMANDS = list(dict.fromkeys(command for _, command in shown_commands()))
ELSEWHERE = {one: test for one in COMMANDS for pattern, test in RUN_ELSEWHERE.items() if re.fullmatch(pattern, one)}
SHOWN = re.compile(r"```console\n\$ (casepool (?!search).*)\n((?:[^$`].*\n|\n)+)```")
PRINTED = {one for path in PAGES for one in SHOWN.findall(path.read_text(encoding="utf-8"))}
OUTPUTS = sorted((command, shown) for command, shown in PRINTED if command not in ELSEWHERE)
COMPARED = {command for command, _ in OUTPUTS}
HERE = [one for one in COMMANDS if one.startswith("casepool ") and one not in {*ELSEWHERE, *COMPARED}]
MADE = [one for one in COMMANDS if one.split()[0] == "make"]
FINDINGS = [one for one in COMMANDS if one.startswith("bash findings/")]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what the commands read: configuration, data, examples."""
    folder = tmp_path_factory.mktemp("project")
    for part in ("config", "data", "docs/examples"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("registry"))
    (folder / "data" / "raw" / "registry").mkdir()
    return folder


def test_the_pages_show_commands_to_run() -> None:
    """The tests below cannot pass by finding nothing."""
    assert len(PAGES) > 20
    assert len(HERE) >= 8
    assert len(MADE) >= 4


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_fence_says_what_it_holds_and_commands_stand_in_console_fences(path: Path) -> None:
    """So that no command hides from the tests."""
    for language, content in FENCE.findall(path.read_text(encoding="utf-8")):
        assert language in {*SILENT, "console"}, f"{path.name}: a fence of {language or 'no language'}: {content[:60]}"
        if path.name != "cli.md" and language == "text":
            assert not re.search(r"^(\$ |make|snakemake|python |casepool )", content, re.MULTILINE), content


def test_python_stands_on_pages_whose_python_is_run() -> None:
    """By tests/unit/test_tutorial.py and tests/unit/test_documentation.py; the page of the names only imports."""
    speak = {path.name for path in PAGES for kind, _ in FENCE.findall(path.read_text("utf-8")) if kind == "python"}
    assert speak == {"api.md", "pool.md", "tutorial.md"}


def test_every_command_is_run_by_somebody() -> None:
    """Here, in another test that is named, or as a target of make or a script of findings."""
    known = {*ELSEWHERE, *COMPARED, *HERE, *MADE, *FINDINGS}
    assert [one for one in shown_commands() if one[1] not in known] == []
    unused = [pattern for pattern in RUN_ELSEWHERE if not any(re.fullmatch(pattern, one) for one in COMMANDS)]
    assert unused == []


@pytest.mark.parametrize("place", sorted(set(RUN_ELSEWHERE.values())))
def test_the_test_that_runs_a_command_elsewhere_exists(place: str) -> None:
    """A renamed test would leave the command alone."""
    file, _, name = place.partition("::")
    assert f"\ndef {name}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", HERE)
def test_a_command_of_the_pages_ends_well(command: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a copy of the project, one after the other as the pages have them; a build only says what it would do."""
    monkeypatch.chdir(project)
    monkeypatch.delenv("CASEPOOL_LANG", raising=False)
    dry = ["--", "--dry-run", "--quiet"] if command.startswith("casepool build") else []
    done = CliRunner().invoke(app, [*shlex.split(command)[1:], *dry])
    assert done.exit_code == 0, done.output or done.exception


@pytest.mark.parametrize(("command", "shown"), OUTPUTS, ids=[command for command, _ in OUTPUTS])
def test_what_a_page_shows_below_a_command_is_what_it_prints(
    command: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outputs of docs/search.md and docs/tutorial.md are compared by tests of their own."""
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("CASEPOOL_LANG", raising=False)
    done = CliRunner().invoke(app, shlex.split(command)[1:])
    assert done.stdout.rstrip("\n") == shown.rstrip("\n")


@pytest.mark.parametrize("command", MADE)
def test_a_target_of_make_that_a_page_names_can_be_made(command: str) -> None:
    """Without doing it: `.ci/run` does."""
    done = subprocess.run([*shlex.split(command), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", FINDINGS)
def test_a_finding_that_a_page_names_is_a_script(command: str) -> None:
    """It needs the network to run; here its grammar is checked."""
    assert subprocess.run(["bash", "-n", ROOT / command.split()[1]], check=False).returncode == 0
