"""How the released totals of the registry are told: a row of the plot, a sentence of the page."""

from __future__ import annotations

import invented
import pandas as pd
import pytest

from casepool.report.figures.forest.rows import forest_results
from casepool.report.page.registry import registry
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.citations import citations


def total(disease: str, n_response: int, n: int) -> dict[str, object]:
    """Return a released total among the counts by source."""
    row = {"disease": disease, "report_id": "registry_complete", "study_id": "registry_complete", "cases": "x"}
    row |= {"report_type": "registry_call", "ascertainment": "complete", "ci_lower": 0.1, "ci_upper": 0.9}
    return row | {
        "n_treated": n,
        "n_evaluable": n,
        "n_response": n_response,
        "n_complete": 0,
        "n_complete_at_most": n_response,
    }


def with_totals(study_counts: pd.DataFrame, *rows: dict[str, object]) -> pd.DataFrame:
    added = pd.DataFrame([row | {"year": pd.NA} for row in rows], columns=study_counts.columns)
    return pd.concat([study_counts, added.astype(study_counts.dtypes.to_dict())], ignore_index=True)


@pytest.mark.parametrize(
    ("language", "several", "name"),
    [
        ("en", "Several diseases (registry)", "Registry, all patients of the centre"),
        ("fr", "Plusieurs maladies (registre)", "Registre, tous les patients du centre"),
    ],
)
def test_several_diseases_are_a_block_without_a_rate(results, study_counts, reports, protocol, language, several, name):
    rows = with_totals(study_counts, total("several_diseases", 8, 14), total("itp", 9, 18))
    rows["citation"] = rows["report_id"].map(citations(reports, language))
    pages = forest_results(results, rows, reports, protocol, load_catalogue(language), 52)
    lines = [line for page in pages for line in page.lines]
    place = next(index for index, line in enumerate(lines) if line.label == several)
    assert (lines[place].kind, lines[place].estimate.n_evaluable) == ("header", 14)
    assert (lines[place + 1].kind, lines[place + 1].label, lines[place + 1].ascertainment) == (
        "study",
        name,
        "complete",
    )
    assert lines[place + 2].kind == "gap"
    assert [line.estimate.n_evaluable for line in lines if line.label == name] == [18, 14]


def told(language: str, *rows: dict[str, object], linkage: pd.DataFrame | None = None) -> list[str]:
    checks = {} if linkage is None else {"registry_linkage": linkage}
    counts = invented.frame("study_counts", *rows)
    return registry(counts, checks, invented.protocol(), load_catalogue(language))


def test_without_totals_nothing_is_said_of_the_registry():
    assert told("en") == []


def test_totals_and_publication_by_response_are_told_with_their_numbers():
    row = {"outcome": "any_response", "n_response": 9, "n_response_published": 5, "n_none": 9, "n_none_published": 1}
    rows = [row | {"disease": "itp", "n_none": 5}, row | {"n_response": 0, "n_response_published": 0, "n_none": 4}]
    rows[1]["n_none_published"] = 0
    (text,) = told("en", total("itp", 9, 18), linkage=invented.frame("registry_linkage", *rows))
    assert "18 evaluable patients (responders: 9, 50%)" in text
    assert "5/9 (56%) of the responders and 1/9 (11%) of the others were published" in text
