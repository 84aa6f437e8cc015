"""What is optional says which extra brings it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import invented
import pytest

from casepool.extras import OPTIONAL, MissingPackageError, missing_package

PROJECT = tomllib.loads((invented.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Import names of what is always there.
CORE = {"babel", "ftfy", "matplotlib", "numpy", "pandas", "pydantic", "rich", "scipy", "typer", "yaml"}
SOURCES = sorted((invented.ROOT / "src").rglob("*.py"))
# A finder that hides packages, as if they were not installed.
HIDE = """
import importlib.abc, sys
class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)
sys.meta_path.insert(0, Hidden())
"""


def imports(path: Path) -> set[str]:
    """Return the first names of what a module imports, in its functions too."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    return {name.partition(".")[0] for name in names}


def packages(extra: str) -> set[str]:
    """Return the names of the packages of an extra."""
    return {re.match(r"[\w-]+", line)[0] for line in PROJECT["optional-dependencies"][extra]}


def without(hidden: set[str], code: str) -> subprocess.CompletedProcess[str]:
    """Run code where some packages cannot be imported."""
    command = [sys.executable, "-c", HIDE.replace("{hidden!r}", repr(hidden)) + code]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=invented.ROOT)


def hidden_without(extra: str) -> set[str]:
    """Return the import names that are missing where one extra is installed."""
    return {module for module, (package, _) in OPTIONAL.items() if package not in packages(extra)}


def test_everything_that_is_imported_is_of_the_core_or_of_an_extra():
    """A package cannot be used without being named in both places."""
    found = {name for path in SOURCES for name in imports(path)}
    # Snakemake is run, not imported.
    assert found - set(sys.stdlib_module_names) - {"casepool"} - CORE | {"snakemake"} == set(OPTIONAL)


@pytest.mark.parametrize(("package", "extra"), sorted(OPTIONAL.values()))
def test_an_extra_brings_the_package_for_which_it_is_named(package, extra):
    """The advice helps."""
    assert package in packages(extra)


def test_counts_are_pooled_and_drawn_with_the_core_alone():
    """No package of an extra is imported, for the command neither."""
    code = """
import casepool as cp
result = cp.pool("docs/examples/daratumumab_2026_sources.csv", clustering=0.1)
result.forest().savefig("/dev/null", format="svg")
print(result._repr_html_()[:6], cp.binomial_interval(1, 2)[0])
sys.argv = ["casepool", "pool", "docs/examples/pritz1997.csv", "--model", "glmm"]
from casepool.cli.main import main
main()
"""
    done = without(set(OPTIONAL), code)
    assert done.returncode == 0, done.stderr
    assert "<table" in done.stdout
    assert "14 studies: estimated" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (["check", "."], "workflow"),
        (["build", "--folder", "."], "workflow"),
        (["search", "."], "search"),
        (["form", "--out", "nowhere"], "forms"),
    ],
)
def test_a_command_without_its_packages_names_the_extra(arguments, extra):
    """One sentence and no traceback."""
    code = f"sys.argv = {['casepool', *arguments]!r}\nfrom casepool.cli.main import main\nmain()"
    done = without(set(OPTIONAL), code)
    assert done.returncode == 1
    assert f"pip install 'casepool[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_public_name_without_its_packages_names_the_extra():
    """In Python it is an ImportError."""
    done = without(set(OPTIONAL), "import casepool as cp\ncp.check('.')")
    assert "MissingPackageError: This needs the package" in done.stderr


@pytest.mark.parametrize(
    ("extra", "modules"),
    [
        ("forms", ["casepool.registry.form.forms", "casepool.extraction.template", "casepool.registry.form.pdf"]),
        ("search", ["casepool.search.pubmed.running", "casepool.screening.handover", "casepool.search.appendix"]),
    ],
)
def test_an_extra_is_enough_for_its_commands(extra, modules):
    """What they import when they start."""
    done = without(hidden_without(extra), "\n".join(f"import {name}" for name in modules))
    assert done.returncode == 0, done.stderr


def test_a_spreadsheet_of_counts_needs_the_extra_of_the_forms(tmp_path):
    """The message is that of the extra, not of Python."""
    (tmp_path / "counts.xlsx").touch()
    done = without(set(OPTIONAL), f"import casepool as cp\ncp.pool({str(tmp_path / 'counts.xlsx')!r})")
    assert "pip install 'casepool[forms]'" in done.stderr


@pytest.mark.parametrize(("module", "package", "extra"), [(name, *told) for name, told in OPTIONAL.items()])
def test_a_missing_package_is_named_with_its_extra(module, package, extra):
    """Also where a part of it was imported."""
    found = missing_package(ModuleNotFoundError(name=f"{module}.part"))
    assert isinstance(found, MissingPackageError)
    assert package in str(found)
    assert f"pip install 'casepool[{extra}]'" in str(found)


def test_another_missing_module_is_no_matter_of_extras():
    """A fault of the program stays one."""
    assert missing_package(ModuleNotFoundError(name="casepool.nowhere")) is None
    assert missing_package(ModuleNotFoundError()) is None
