"""A number explained by its name; all records are SYNTHETIC."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from casepool.cli.main import app


def run(root, *arguments):
    """Return the result of ``casepool explain``."""
    return CliRunner().invoke(app, ["explain", *arguments, "--folder", str(root)])


@pytest.mark.parametrize("name", ["any_response.itp.raw", "any_response.itp.raw.exact"])
def test_a_number_is_explained_by_its_name_or_that_of_results(built, name):
    """Value, forms, sources with their cases, build."""
    done = run(built(), name)
    assert done.exit_code == 0
    for told in ("52% (95% CI: 32–71)", "count = 14/27", "synthetic2020 (1), synthetic2021 (1)", "commit c0ffeec0ffee"):
        assert told in done.output.replace("\u00a0", " ")


def test_an_unknown_name_ends_with_2_and_names_the_nearest(built):
    """Wrong use, not a fault of the data."""
    done = run(built(), "any_response.ipt.raw", "--lang", "fr")
    assert done.exit_code == 2
    assert "any_response.itp.raw" in done.stderr


def test_a_number_that_is_withheld_says_why(built):
    """In the language that is asked for."""
    done = run(built(), "any_response.sle.own", "--lang", "fr")
    assert "aucune source ne rapporte tous ses patients" in done.output


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ([], {"any_response.itp.raw", "any_response.overall.raw", "any_response.sle.own", "any_response.sle.raw"}),
        (["*.sle.*"], {"any_response.sle.own", "any_response.sle.raw"}),
        (["--find", "ITP meaning"], {"any_response.itp.raw"}),
    ],
)
def test_names_are_listed_by_pattern_or_words(built, arguments, names):
    """A name a line."""
    lines = run(built(), *arguments).output.splitlines()
    assert {line.partition("\t")[0] for line in lines} == names


def test_without_a_build_it_is_said_what_to_do(built):
    """Nothing to explain yet."""
    root = built()
    (root / "results" / "manuscript" / "en" / "numbers.json").unlink()
    done = run(root, "any_response.itp.raw")
    assert done.exit_code == 1
    assert "casepool build" in str(done.exception)
