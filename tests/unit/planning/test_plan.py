"""The plan of a project or of a table of counts."""

from __future__ import annotations

import pytest

from casepool.counts_file.data import diseases_of, own_data
from casepool.counts_file.read import read_file
from casepool.files import store
from casepool.model.configuration import LARGEST
from casepool.model.estimate import NEW_DISEASE
from casepool.planning.plan import Question, plan
from casepool.stats.joint.data import Linkage
from casepool.stats.own.data import Kind, OwnData, OwnSource
from casepool.stats.own.preposterior import Aim, Prospects

DATA = OwnData(
    4,
    [
        OwnSource(0, Kind.REGISTRY, 3, 5),
        OwnSource(1, Kind.SELECTIVE, 2, 2),
        OwnSource(3, Kind.REGISTRY, 2, 4),
    ],
    [(3, Linkage(2, 1, 2, 0))],
)
QUESTION = Question(patients=(8, 3, 3), level=0.9, threshold=0.4)


@pytest.fixture(scope="module")
def table():
    return plan(DATA, ["a", "b", "nobody", "d"], QUESTION)


def test_the_plan_keeps_its_contract(table, tmp_path):
    store.write_table("plan", table, tmp_path / "plan.csv")
    stored = store.read_table("plan", tmp_path / "plan.csv")
    assert len(stored) == len(table)
    assert set(stored["disease"]) == {"a", "b", "d", NEW_DISEASE}


def test_each_number_is_that_of_its_evidence(table):
    """A row of registry patients of the second disease, against the statistics asked directly."""
    prospects = Prospects(DATA, QUESTION.allowances, Aim(0.9, 0.4), 8).of(1)
    row = table[(table["disease"] == "b") & (table["evidence"] == "further_registry") & (table["n"] == 3)].iloc[0]
    found = prospects.source(Kind.REGISTRY, 3)
    # The plan holds one disease more, which changes nothing but rounding.
    assert (row["width"], row["excludes"]) == pytest.approx((found.width, found.excludes), abs=1e-9)
    assert row["width_now"] == pytest.approx(prospects.now.width, abs=1e-9)
    assert row["n_known"] == 2


def test_sources_come_in_each_number_once(table):
    sizes = table[(table["disease"] == "a") & (table["evidence"] == "further_trial")]["n"]
    assert list(sizes) == [3, 8]


@pytest.mark.parametrize(
    ("disease", "expected"),
    [
        ("a", [(3, "ok"), (5, "ok")]),
        ("b", [(0, "no_registry")]),
        ("d", [(0, "all_looked_up")]),
        (NEW_DISEASE, [(0, "no_registry")]),
    ],
)
def test_no_more_are_looked_up_than_a_registry_holds(table, disease, expected):
    rows = table[(table["disease"] == disease) & (table["evidence"] == "further_lookup")]
    assert list(zip(rows["n"], rows["status"], strict=True)) == expected
    assert list(rows["width"].notna()) == [status == "ok" for _, status in expected]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"patients": ()}, "patients = none"),
        ({"patients": (0,)}, "patients = 0"),
        ({"patients": (LARGEST + 1,)}, f"expected 1 to {LARGEST}"),
        ({"level": 1.0}, "level = 1"),
        ({"threshold": 0.0}, "threshold = 0"),
    ],
)
def test_an_impossible_question_is_refused(choice, words):
    with pytest.raises(ValueError, match=words):
        Question(**choice)


def test_a_table_of_sources_and_a_table_of_totals_are_the_same_evidence(tmp_path):
    tables = {
        "sources": "disease,source,ascertainment,response,n\n"
        "a,trial,complete,3,5\na,reports,selective,2,2\nb,reports,selective,1,1\n",
        "totals": "disease,complete_response,complete_n,selective_response,selective_n\na,3,5,2,2\nb,0,0,1,1\n",
    }
    found = {}
    for name, text in tables.items():
        file = tmp_path / f"{name}.csv"
        file.write_text(text)
        found[name] = read_file(file, "joint")
    assert diseases_of(found["sources"]) == diseases_of(found["totals"]) == ("a", "b")
    first, second = (own_data(one) for one in found.values())
    assert [first.of(d) for d in range(2)] == [second.of(d) for d in range(2)]
