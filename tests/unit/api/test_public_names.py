"""``import casepool``: what it offers, and that it costs nothing."""

from __future__ import annotations

import ast
import doctest
import inspect
import subprocess
import sys
from importlib import import_module

import invented
import pytest

import casepool
from casepool.model.errors import CasepoolError

PACKAGE = invented.ROOT / "src" / "casepool"


def run(code: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter that has the standard library and the package, and nothing else."""
    program = f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); {code}"
    return subprocess.run(
        [sys.executable, "-I", "-S", *options, "-c", program], capture_output=True, text=True, check=True
    )


def test_the_package_is_imported_without_any_library():
    """The guard of git needs it before anything is installed."""
    code = "import casepool; print(casepool.__version__, len(casepool.__all__))"
    assert run(code).stdout.split() == [casepool.__version__, str(len(casepool.__all__))]


def test_importing_the_package_loads_nothing_of_it():
    """A name is loaded when it is used."""
    code = "import casepool; print([name for name in sys.modules if name.startswith('casepool.')])"
    assert run(code).stdout.strip() == "[]"


@pytest.mark.parametrize("name", casepool.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name):
    """With a docstring of its own."""
    found = getattr(casepool, name)
    assert name == "__version__" or inspect.getdoc(found)


def test_a_public_function_documents_every_parameter():
    """Numpydoc: each name of the signature stands at the head of a line."""
    functions = [value for name in casepool.__all__ if inspect.isfunction(value := getattr(casepool, name))]
    assert len(functions) >= 5
    for function in functions:
        heads = inspect.getdoc(function).splitlines()
        for parameter in inspect.signature(function).parameters:
            assert any(parameter in line.split(" : ")[0].replace("*", "").split(", ") for line in heads), parameter


def test_every_error_that_a_user_may_meet_is_public():
    """A caller can catch one kind alone."""
    kinds = {kind.__name__ for kind in CasepoolError.__subclasses__()}
    assert kinds <= set(casepool.__all__)


def test_editors_are_shown_the_names_that_the_package_offers():
    """The stub names the same, from the same modules."""
    tree = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    shown = {
        alias.asname: f".{node.module.removeprefix('casepool.')}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert shown == casepool._MODULE_OF
    listed = next(node.value for node in tree.body if isinstance(node, ast.Assign))
    assert sorted(ast.literal_eval(listed)) == sorted(casepool.__all__)


def test_an_unknown_name_is_refused_with_what_there_is():
    """As for any module, but with the list."""
    with pytest.raises(AttributeError, match=r"has no attribute .meta.; it offers .*pool"):
        _ = casepool.meta
    assert set(casepool.__all__) <= set(dir(casepool))


@pytest.mark.parametrize("module", ["casepool", *sorted(set(casepool._MODULE_OF.values()))])
def test_the_examples_in_the_docstrings_are_true(module):
    """Each is run."""
    assert doctest.testmod(import_module(module, "casepool")).failed == 0
