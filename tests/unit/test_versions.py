"""One version, one list of promised Pythons, one account of what has changed."""

from __future__ import annotations

import re
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
