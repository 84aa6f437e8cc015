"""The guard: registry rows enter git in no format and under no name; the form, code and documents do."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import docx
import invented
import openpyxl
import pandas as pd
import pytest

from casepool.contract import CURATED, TABLES
from casepool.contract.cases import CASES
from casepool.contract.registry import FORM, REGISTRY
from casepool.privacy.guard.guard import OWN_COLUMNS, carries_registry_rows, known_headers
from casepool.registry.form.forms import forms
from casepool.registry.form.redcap import dictionary_csv
from casepool.registry.form.sheet import form_xlsx
from casepool.registry.form.texts import column_of_header, form_texts

ROOT = invented.ROOT
KEY = "0f" * 32
# Nobody is meant: a case of an invented centre.
ANSWERS = {
    "centre": "Centre imaginaire", "country": "France", "filled_on": "2026-02-10", "centre_n_treated": "2",
    "centre_n_reported": "2", "patient_code": "P1", "objection_checked": "yes", "age_years": "47", "sex": "female",
    "treatment_year": "2023", "disease": "itp", "response": "none", "published": "no",
}  # fmt: skip


@cache
def frame(language: str | None = None) -> pd.DataFrame:
    """Return two rows of the form, under column names or the labels of a language."""
    rows = [{name: (ANSWERS | {"patient_code": code}).get(name, "") for name in FORM.names} for code in ("P1", "P2")]
    labels = form_texts(language, invented.protocol()).labels if language else {}
    return pd.DataFrame(rows).rename(columns=labels)


@cache
def filled_xlsx() -> bytes:
    """Return the French form with one line filled in."""
    book = openpyxl.load_workbook(io.BytesIO(form_xlsx(invented.protocol(), "fr")))
    for column, name in enumerate(FORM.names, start=1):
        if name in ANSWERS:
            book.worksheets[0].cell(2, column, ANSWERS[name])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def filled_docx() -> bytes:
    """Return a Word file with the first columns of a return in a table."""
    document = docx.Document()
    table = document.add_table(rows=0, cols=9)
    for row in (list(frame("en")), list(frame("en").iloc[0])):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    """Return an archive with one file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def table_text(separator: str, language: str | None = None, *, header: bool = True, first: int = 0) -> bytes:
    """Return the rows as lines, from a column on."""
    part = frame(language).iloc[:, first:]
    return part.to_csv(sep=separator, index=False, header=header).encode()


def lines_of(*pairs: str) -> bytes:
    """Return lines of name and value for one patient."""
    return "\n".join(pairs).encode()


CARRIERS = {
    "comma.csv": table_text(","),
    "labels.csv": table_text(";", "fr"),
    "windows.csv": table_text(";", "fr").decode().encode("cp1252"),
    "tab.tsv": table_text("\t", "en"),
    "renamed.txt": table_text(","),
    "renamed.py": table_text(","),
    "renamed.md": table_text("|"),
    "no_header.csv": table_text(",", header=False),
    "no_centre.csv": table_text(",", first=5),
    "patients_only.csv": table_text(",", first=7),
    "unicode.txt": table_text("\t").decode().encode("utf-16"),
    "unicode_without_mark.txt": table_text("\t").decode().encode("utf-16-le"),
    "with_mark.csv": b"\xef\xbb\xbf" + table_text(","),
    "string.py": b'"""\n' + table_text(",") + b'"""\n',
    "filled.xlsx": filled_xlsx(),
    "renamed_workbook.dat": filled_xlsx(),
    "filled.docx": filled_docx(),
    "packed.csv.gz": gzip.compress(table_text(",")),
    "packed.zip": zipped("inside.csv", table_text(",")),
    "twice.zip": zipped("inside.zip", zipped("inside.xlsx", filled_xlsx())),
    "records.json": frame().to_json(orient="records").encode(),
    "columns.json": frame("fr").to_json(orient="columns").encode(),
    "lists.json": json.dumps(frame("fr").to_dict(orient="list")).encode(),
    "split.json": frame("en").to_json(orient="split").encode(),
    "values.json": frame().to_json(orient="values").encode(),
    "lines.jsonl": frame().to_json(orient="records", lines=True).encode(),
    "page.html": frame("fr").to_html().encode(),
    "notebook.ipynb": json.dumps({"cells": [{"outputs": [{"text": table_text(",").decode()}]}]}).encode(),
    "sheet.xml": frame().to_xml(parser="etree").encode(),
    "upright.txt": lines_of(*(f"{name}: {value}" for name, value in ANSWERS.items())),
    "dump.csv": lines_of(*(f"17,{name},{value}" for name, value in ANSWERS.items())),
    "insert.sql": f"INSERT INTO r ({', '.join(ANSWERS)}) VALUES ({str(tuple(ANSWERS.values()))[1:-1]});".encode(),
    "redcap.csv": table_text(",").replace(b"prior_rituximab", b"prior_treatments___rituximab"),
}


@pytest.mark.parametrize("name", CARRIERS)
def test_registry_rows_are_refused_in_any_format_and_under_any_name(name):
    reason = carries_registry_rows(f"src/casepool/{name}", CARRIERS[name])
    assert reason
    assert "registry form" in reason
    assert "imaginaire" not in reason


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("data/raw/registry/centre.csv", b"", "data/raw/registry"),
        ("Data/Raw/Registry/centre.csv", b"", "data/raw/registry"),
        ("copy/data/raw/registry/centre.csv", b"", "data/raw/registry"),
        ("data/raw/registry/identity_decisions.csv", b"case_a,case_b\n", "data/raw/registry"),
        ("results/private/registry.csv", b"", "private"),
        ("old/results/private/registry.csv", b"", "private"),
        ("results/tables/rates.csv", b"", "results"),
        ("data/raw/registry/.key", KEY.encode(), "registry"),
        ("docs/registry.key", b"anything", "key file"),
        ("docs/secret.txt", f"{KEY}\n".encode(), "key of the pseudonyms"),
        (".env", f"CASEPOOL_REGISTRY_KEY={KEY}".encode(), "sets the key"),
        ("docs/run.md", f"export CASEPOOL_REGISTRY_KEY='{KEY}'".encode(), "sets the key"),
        ("data/curated/identity_decisions.csv", b"case_a,case_b\nalpha2020/p1,registry/0123456789ab\n", "pseudonyms"),
        ("notes.txt", b"see return-0123abcd", "pseudonyms"),
        ("tables.json", b'{"report": "registry-0a1b2c"}', "pseudonyms"),
        ("src/photo.png", b"\x89PNG\r\n\x1a\n", "picture"),
        ("scan.pdf", b"%PDF-1.7", "picture"),
        ("old.xls", b"\xd0\xcf\x11\xe0\x00\x00\x00", "binary"),
        ("table.parquet", b"PAR1\x00\x15PAR1", "binary"),
        ("broken.xlsx", b"PK\x03\x04 and no more", "damaged"),
        ("broken.csv.gz", b"\x1f\x8b\x08\x00broken", "damaged"),
        ("data/raw/registry/README.md", CARRIERS["comma.csv"], "registry form"),
    ],
)  # fmt: skip
def test_private_places_keys_pseudonyms_and_what_cannot_be_looked_into_are_refused(path, content, reason):
    assert reason in str(carries_registry_rows(path, content))


def test_what_unpacks_without_end_is_refused():
    large = zipped("a.txt", b"0" * (65 * 1024 * 1024))
    deep = CARRIERS["packed.zip"]
    for _ in range(4):
        deep = zipped("a.zip", deep)
    assert "64 MB" in str(carries_registry_rows("a.zip", large))
    assert "64 MB" in str(carries_registry_rows("a.csv.gz", gzip.compress(b"0" * (65 * 1024 * 1024))))
    assert "in an archive" in str(carries_registry_rows("a.zip", deep))


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("data/raw/registry/README.md", b"# Registry returns\n"),
        ("results/README.md", b"# results\n"),
        ("docs/form.csv", table_text(",", "fr").splitlines()[0]),
        ("docs/form.md", table_text("|").splitlines()[0] + b"\n|---|---|---|---|---|---|\n"),
        ("docs/picture.png", b"\x89PNG\r\n\x1a\n"),
        ("docs/data.md", b"| `patient_code` | a serial number: P1 |\n| `age_years` | a number from 0 to 120 |\n"),
        ("tests/unit/test_x.py", b"ROWS = '''" + table_text(",") + b"'''\nLABEL = 'return-0123abcd'\n"),
        ("docs/registry.md", b"A case is `registry/0123456789ab`; set CASEPOOL_REGISTRY_KEY=<64 digits>.\n"),
        ("requirements.lock", f"package==1.0 --hash=sha256:{KEY}\n".encode()),
        ("docs/words.txt", b"a registry-facade and a registry-based study"),
        ("empty.txt", b""),
    ],
)  # fmt: skip
def test_templates_code_and_documents_pass(path, content):
    assert carries_registry_rows(path, content) is None


def test_the_forms_themselves_pass():
    for language in ("fr", "en"):
        for name, content in forms(invented.protocol(), language).items():
            assert carries_registry_rows(f"docs/{name}", content) is None, name
        assert carries_registry_rows("dictionary.csv", dictionary_csv(invented.protocol(), language).encode()) is None


def test_the_curated_tables_and_the_cases_of_the_literature_pass():
    header = ",".join(CASES.names)
    row = ",".join("yes" for _ in CASES.names)
    assert carries_registry_rows("data/cases.csv", f"{header}\n{row}\n".encode()) is None


def test_the_guard_knows_every_header_of_the_form_without_a_parser_of_its_texts():
    assert column_of_header().items() <= known_headers().items()


def test_the_columns_that_tell_the_registry_stand_in_no_table_of_the_literature():
    registry = set(REGISTRY.names)
    literature = {name for table in (*CURATED, CASES) for name in table.names}
    assert registry >= OWN_COLUMNS
    assert not literature & OWN_COLUMNS
    assert registry - literature - {"row"} == OWN_COLUMNS
    assert "cases" in TABLES


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a small repository with the guard, its hook turned on, and one commit."""
    needed = [
        ".ci/guard.py",
        ".githooks/pre-commit",
        ".githooks/pre-merge-commit",
        ".gitignore",
        "data/raw/registry/README.md",
    ]
    package = "src/casepool"
    modules = ("__init__", "model/__init__", "model/folding", "model/labels")
    modules += tuple(f"privacy/{name}" for name in ("__init__", "guard/__init__", "guard/guard", "guard/readers"))
    needed += [f"{package}/{name}.py" for name in modules]
    needed += [f"{package}/registry/form/texts/{one}.yaml" for one in ("fr", "en")]
    for name in needed:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "core.hooksPath", ".githooks")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "start")
    return tmp_path


def git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run git in a folder, as an invented person and with this Python first on the path."""
    told = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    told |= {
        f"GIT_{who}_{what}": "nobody@example.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    told |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=check, capture_output=True, text=True, env=told)


def plant(repository: Path, path: str, content: bytes) -> Path:
    """Write a file and stage it, ignored or not."""
    file = repository / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    git(repository, "add", "--force", path)
    return file


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("data/raw/registry/centre.csv", CARRIERS["comma.csv"]),
        ("notes/centre.xlsx", CARRIERS["filled.xlsx"]),
        ("notes/list.txt", CARRIERS["labels.csv"]),
        ("results/private/registry.csv", b"pseudonym\n"),
        ("data/raw/registry/.key", KEY.encode()),
        ("scan.bin", b"\x00\x01\x02"),
        ("name with spaces é.csv", CARRIERS["comma.csv"]),
    ],
)  # fmt: skip
def test_the_hook_refuses_the_commit_and_tells_no_content(repository, path, content):
    plant(repository, path, content)
    refused = git(repository, "commit", "--message", "rows", check=False)
    assert refused.returncode != 0
    assert f"{path}: it" in refused.stderr
    assert "imaginaire" not in refused.stderr
    assert git(repository, "rev-list", "--count", "HEAD").stdout.strip() == "1"


def test_the_hook_reads_what_is_staged_not_what_lies_in_the_folder(repository):
    file = plant(repository, "notes/list.txt", CARRIERS["labels.csv"])
    file.write_text("harmless")
    assert git(repository, "commit", "--message", "rows", check=False).returncode != 0
    git(repository, "add", "notes/list.txt")
    file.write_bytes(CARRIERS["labels.csv"])
    assert git(repository, "commit", "--message", "text", check=False).returncode == 0


def test_the_hook_sees_what_commit_takes_in_by_itself(repository):
    file = plant(repository, "notes/list.txt", b"harmless")
    git(repository, "commit", "--message", "text")
    file.write_bytes(CARRIERS["labels.csv"])
    assert git(repository, "commit", "--all", "--message", "rows", check=False).returncode != 0
    assert git(repository, "commit", "--message", "rows", "--", "notes/list.txt", check=False).returncode != 0


def test_a_deleted_or_renamed_file_is_judged_by_what_stays(repository):
    plant(repository, "notes/list.csv", CARRIERS["comma.csv"])
    git(repository, "commit", "--no-verify", "--message", "past the hook")
    git(repository, "mv", "notes/list.csv", "notes/other.csv")
    assert "notes/other.csv" in git(repository, "commit", "--message", "move", check=False).stderr
    git(repository, "rm", "--quiet", "--force", "notes/other.csv")
    assert git(repository, "commit", "--message", "delete", check=False).returncode == 0


def test_a_merge_that_brings_rows_in_is_refused(repository):
    git(repository, "checkout", "--quiet", "-b", "other")
    plant(repository, "notes/list.csv", CARRIERS["comma.csv"])
    git(repository, "commit", "--no-verify", "--message", "past the hook")
    git(repository, "checkout", "--quiet", "-")
    merged = git(repository, "merge", "--no-ff", "--message", "merge", "other", check=False)
    assert merged.returncode != 0
    assert "notes/list.csv: it holds" in merged.stderr


def test_a_copy_or_a_namesake_of_a_private_file_is_refused(repository):
    returns = repository / "data/raw/registry"
    (returns / "letter.txt").write_text("Dear colleague, nothing of the form stands here.")
    (returns / "identity_decisions.csv").write_text("case_a,case_b\n")
    plant(repository, "docs/copied.txt", (returns / "letter.txt").read_bytes())
    plant(repository, "notes/letter.txt", b"another text")
    plant(repository, "data/curated/identity_decisions.csv", b"case_a,case_b,decision\n")
    refused = git(repository, "commit", "--message", "copies", check=False).stderr
    assert "docs/copied.txt: it is a copy of a private file" in refused
    assert "notes/letter.txt: it is named like a registry return" in refused
    assert "curated" not in refused


def test_a_link_to_a_private_file_is_refused(repository):
    (repository / "shortcut").symlink_to("data/raw/registry/centre.csv")
    (repository / "other").symlink_to("src/casepool")
    git(repository, "add", "shortcut", "other")
    refused = git(repository, "commit", "--message", "links", check=False).stderr
    assert "shortcut: it links to a private file" in refused
    assert "other:" not in refused


def guard(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the guard without any installed package."""
    command = [sys.executable, "-I", "-S", str(repository / ".ci/guard.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_check_of_what_is_tracked_finds_what_came_past_the_hook(repository):
    assert guard(repository, "--tracked").returncode == 0
    plant(repository, "notes/centre.xlsx", CARRIERS["filled.xlsx"])
    assert guard(repository, "--tracked").returncode == 0  # staged, not committed
    git(repository, "commit", "--no-verify", "--message", "past the hook")
    found = guard(repository, "--tracked")
    assert found.returncode == 1
    assert found.stderr.startswith("notes/centre.xlsx: it holds a table with rows of the registry form\n")


def test_the_guard_says_how_it_is_called(repository):
    for arguments in ((), ("--all",), ("--staged", "--tracked")):
        wrong = guard(repository, *arguments)
        assert (wrong.returncode, wrong.stderr) == (2, "usage: guard.py --staged | --tracked\n")


def test_the_hook_commits_nothing_where_the_guard_cannot_run(repository):
    plant(repository, "notes.txt", b"harmless")
    (repository / "bin").mkdir()
    (repository / "bin/python3").write_text("#!/bin/sh\nexit 1\n")
    (repository / "bin/python3").chmod(0o755)
    hook = ["sh", str(repository / ".githooks/pre-commit")]
    path = f"{repository / 'bin'}{os.pathsep}{os.environ['PATH']}"
    refused = subprocess.run(hook, cwd=repository, env={"PATH": path}, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "needs Python 3.11" in refused.stderr


def test_no_tracked_file_of_the_project_carries_registry_rows():
    if not (ROOT / ".git").exists():  # an unpacked copy: what it holds was checked where it was made
        assert carries_registry_rows("README.md", (ROOT / "README.md").read_bytes()) is None
        return
    checked = guard(ROOT, "--tracked")
    assert (checked.returncode, checked.stderr) == (0, "")
