"""A patient with Evans syndrome is filed under the cytopenia whose response was measured."""

from __future__ import annotations

import invented
import pytest

from casepool.extraction.curated import Curated
from casepool.extraction.underlying import underlying_problems
from casepool.model.message import text


def problems(*patients, cohorts=()):
    """Return the problems of these rows."""
    tables = invented.curated(patients=list(patients), cohorts=list(cohorts))
    return list(underlying_problems(Curated(tables, (), ()), invented.protocol()))


@pytest.mark.parametrize(
    ("disease", "underlying"),
    [("itp", "evans"), ("waiha", "evans"), ("evans", ""), ("itp", "sle"), ("evans", "sle"), ("itp", "")],
)
def test_a_cytopenia_of_evans_syndrome_and_evans_syndrome_itself_are_fine(disease, underlying):
    """So is a disease without components, as lupus, under any other."""
    assert problems(invented.patient(disease=disease, underlying_disease=underlying or None)) == []


@pytest.mark.parametrize(
    ("disease", "underlying", "expected", "french"),
    [
        ("itp", "gout", "a disease id of the protocol", "protocole"),
        ("itp", "itp", "another disease than that of the row, or empty", "une autre maladie"),
        ("prca", "evans", "a disease that evans is made of: itp, waiha", "dont evans se compose : itp, waiha"),
    ],
)
def test_another_underlying_disease_is_a_problem(disease, underlying, expected, french):
    """The message says what fits, in both languages."""
    (problem,) = problems(invented.patient(disease=disease, underlying_disease=underlying))
    assert (problem.file, problem.row, problem.column, problem.found) == (
        "patients.csv", 2, "underlying_disease", underlying,
    )  # fmt: skip
    assert str(problem.expected).endswith(expected)
    assert french in text(problem.expected, "fr")


def test_strata_are_checked_too_and_a_misspelt_disease_is_offered():
    """Evens is one letter from Evans."""
    row = invented.cohort(underlying_disease="evens", n_underlying=4)
    (problem,) = problems(invented.patient(), cohorts=[row])
    assert (problem.file, problem.nearest) == ("cohorts.csv", "evans")
