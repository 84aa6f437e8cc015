"""English that readers see says "reported" and "not reported": patients are reported, stories are told."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import casepool
from casepool.contract import TABLES
from casepool.model.labels import FORMER_LABELS, LABELS

PACKAGE = Path(casepool.__file__).parent
TOLD = re.compile(r"\b(?:told|untold|tells)\b", re.IGNORECASE)
SHEETS = [
    *sorted(PACKAGE.glob("report/words/en*.yaml")),
    *sorted(PACKAGE.glob("registry/form/texts/*en.yaml")),
    PACKAGE / "office" / "texts" / "en.yaml",
]
TEMPLATES = sorted(PACKAGE.glob("search/texts/*_en*"))
# Literals that no reader sees, or that only read what is out; each with its reason.
NOT_SHOWN = {
    ("sensitivity/variants.py", "/told"): "ends the id of a case that is counted for a sensitivity analysis",
    ("model/labels.py", "response, degree not told"): "an answer in the lists of earlier forms, still read",
    ("model/labels.py", "Patient told, no objection"): "a label of earlier forms, still read",
}


def texts_in(content: Any) -> Iterator[str]:
    """Yield every text of a YAML file, its keys left out."""
    if isinstance(content, dict | list):
        for one in content.values() if isinstance(content, dict) else content:
            yield from texts_in(one)
    elif isinstance(content, str):
        yield re.sub(r"\{\w*\}", "", content)


def literals_in(path: Path) -> Iterator[str]:
    """Yield the string literals of a module, its docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, owners) and node.body]
    silent = {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_texts_for_readers_report_and_do_not_tell(path: Path) -> None:
    """Catalogues of the page, the form and the sheets."""
    texts = list(texts_in(yaml.safe_load(path.read_text(encoding="utf-8"))))
    assert texts
    assert [text for text in texts if TOLD.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_for_readers_report_and_do_not_tell(path: Path) -> None:
    """The appendix of the search; what is computed in it left out."""
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert TOLD.findall(text) == []


def test_labels_and_expectations_report_and_do_not_tell() -> None:
    """The vocabulary, and what the checks expect of a column or row."""
    labels = [english for english, _ in LABELS.values()]
    expected = [str(column.expectation()) for table in TABLES.values() for column in table.columns]
    expected += [str(rule.expected) for table in TABLES.values() for rule in table.rules]
    assert [text for text in (*labels, *expected) if TOLD.search(text)] == []


def test_no_message_of_the_program_tells() -> None:
    """Every literal of the package but those that no reader sees; an exception that is gone is taken off the list."""
    found = {
        (path.relative_to(PACKAGE).as_posix(), text)
        for path in PACKAGE.rglob("*.py")
        for text in literals_in(path)
        if TOLD.search(text)
    }
    assert found == set(NOT_SHOWN)


def test_commands_explain_themselves_without_telling() -> None:
    """The help of a command is its docstring."""
    docs = [ast.get_docstring(node) or "" for path in PACKAGE.glob("cli/*.py") for node in functions(path)]
    assert docs
    assert [text for text in docs if TOLD.search(text)] == []


def functions(path: Path) -> list[ast.FunctionDef]:
    """Return the public functions of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def test_former_labels_are_not_those_in_use() -> None:
    """A label that is in use again needs no second place."""
    form = yaml.safe_load((PACKAGE / "registry" / "form" / "texts" / "en.yaml").read_text(encoding="utf-8"))["columns"]
    assert not set(FORMER_LABELS) & {column["label"] for column in form.values()}
    assert set(FORMER_LABELS.values()) <= set(form)


def test_there_are_texts_to_read() -> None:
    """A folder that moved would pass unread."""
    assert len(SHEETS) >= 4
    assert TEMPLATES
