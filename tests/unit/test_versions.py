"""One version, one list of promised Pythons, one account of what has changed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib

import invented

import casepool

ROOT = invented.ROOT
TOOL = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROMISED = TOOL["project"]["requires-python"]


def minors() -> list[int]:
    """Return the minor versions of Python 3 that are promised."""
    low, high = (int(part) for part in re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROMISED).groups())
    return list(range(low, high))


def test_each_promised_python_is_named_to_those_who_look_for_a_package():
    """The classifiers follow requires-python."""
    shown = re.findall(r"Python :: 3\.(\d+)", "\n".join(TOOL["project"]["classifiers"]))
    assert [int(one) for one in shown] == minors()


def test_make_accepts_the_promised_pythons():
    """The first line that a new user sees agrees with the metadata."""
    low, high = minors()[0], minors()[-1] + 1
    assert f"(3, {low}) <= v < (3, {high})" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_newest_heading_of_the_changelog_is_no_newer_than_the_version():
    """Until `make changelog` has run the version has fragments only; afterwards it has a heading."""
    headings = re.findall(r"^## (\d+)\.(\d+)\.(\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    version = tuple(int(part) for part in casepool.__version__.split("."))
    assert all(tuple(int(part) for part in heading) <= version for heading in headings)


def test_every_fragment_of_the_changelog_will_be_collected():
    """A file of another name would be left out in silence."""
    kinds = {one["directory"] for one in TOOL["tool"]["towncrier"]["type"]}
    names = [path.name for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]
    assert not [name for name in names if not re.fullmatch(rf"(\+[\w-]+|\d+)\.({'|'.join(kinds)})\.md", name)]


def test_the_place_where_fragments_are_collected_is_in_the_changelog():
    """Once, else nothing or the wrong thing is written."""
    marker = TOOL["tool"]["towncrier"]["start_string"].strip()
    assert (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").count(marker) == 1


def test_the_citation_has_the_version_and_the_licence_of_the_package():
    """It is generated; this says what from."""
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {casepool.__version__}\n" in cited
    assert f"license: {TOOL['project']['license']}\n" in cited
    assert "MIT License" in (ROOT / TOOL["project"]["license-files"][0]).read_text(encoding="utf-8")


def test_make_names_the_pythons_it_can_use_where_the_one_it_found_is_too_new(tmp_path):
    """A newer Python than was tried has other packages; the sentence says what to type, and nothing is made."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(invented.ROOT / name, tmp_path)
    newer = tmp_path / "python3.14"
    newer.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'import sys; sys.version_info = (3, 14, 0); exec(sys.argv[1])' \"$2\"\n"
    )
    newer.chmod(0o755)
    done = subprocess.run(
        ["make", f"PYTHON={newer}", "environment"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "casepool needs Python 3.11, 3.12 or 3.13 (found 3.14); call make PYTHON=python3.12" in done.stderr
    assert done.returncode
    assert not (tmp_path / ".venv").exists()
