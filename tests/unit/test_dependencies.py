"""What a script runs or reads is found from its text alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import invented
import pytest

from casepool.dependencies import files_behind

SOURCE = invented.ROOT / "src"


def package(folder: Path, **files: str) -> Path:
    """Write a package `casepool` of these modules; a double underscore stands for a folder."""
    for name, text in files.items():
        path = folder / "casepool" / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")
    (folder / "casepool" / "__init__.py").touch()
    return folder


def behind(folder: Path, text: str) -> list[str]:
    """Return what a script of this text reaches, as names below the package."""
    script = folder / "script.py"
    script.write_text(text, encoding="utf-8")
    return [path.relative_to(folder / "casepool").as_posix() for path in files_behind(script, folder)]


def test_imports_are_followed_in_functions_too(tmp_path):
    """A lazy import runs as surely as one at the top; what nobody imports is left out."""
    lazy = "def f():\n    from casepool import c\n"
    package(tmp_path, a="from casepool.b import x", b=lazy, c="", unused="")
    assert behind(tmp_path, "from casepool.a import y") == ["__init__.py", "a.py", "b.py", "c.py"]


def test_a_module_that_names_a_package_reads_its_data(tmp_path):
    """Texts beside the code count, those of a package that nobody names do not."""
    package(tmp_path, words__load='from importlib.resources import files\nfiles("casepool.words")', other__x="")
    (tmp_path / "casepool" / "words" / "texts").mkdir()
    for name in ("words/en.yaml", "words/texts/fr.yaml", "other/no.yaml"):
        (tmp_path / "casepool" / name).touch()
    found = behind(tmp_path, "import casepool.words.load")
    assert found == ["__init__.py", "words/__init__.py", "words/en.yaml", "words/load.py", "words/texts/fr.yaml"]


def test_two_modules_that_import_each_other_end(tmp_path):
    """A circle is walked once."""
    package(tmp_path, a="import casepool.b", b="import casepool.a")
    assert behind(tmp_path, "import casepool.a") == ["__init__.py", "a.py", "b.py"]


@pytest.mark.parametrize("rule", ["search_pubmed", "read_registry", "assess_sensitivity", "write_report"])
def test_what_a_script_loads_when_it_starts_is_among_what_it_reaches(rule):
    """The import system is the judge: nothing that runs is overlooked."""
    script = invented.ROOT / "workflow" / "scripts" / f"{rule}.py"
    tree = ast.parse(script.read_text(encoding="utf-8"))
    imports = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    show = "import sys; print(*(m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'casepool'))"
    command = [sys.executable, "-c", "\n".join([*imports, show])]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert loaded
    assert {Path(path) for path in loaded} <= set(files_behind(script, SOURCE))
