"""The analysis that stays with the team: every registry patient by disease and centre, doubtful pairs both ways."""

from __future__ import annotations

import invented
import pytest

from casepool.files.store import write_table
from casepool.identity.ledger import link
from casepool.model.configuration import load_configuration
from casepool.pooling.private import private_results

POOLING = load_configuration(invented.ROOT / "config" / "config.yaml").pooling


def call(number: int, **changes):
    name = f"registry/{number:012x}"
    told = {"report_id": "registry-aaaaaa", "study_id": "registry-aaaaaa", "report_type": "registry_call", "year": None}
    return invented.case(name, **(told | {"ascertainment": "complete", "published": "no"} | changes))


def linked(verdict: str):
    """Return the ledger of a letter and a small registry whose first patient it may tell."""
    failure = {"response": "none", "n_response": 0, "n_complete": 0, "n_none": 1}
    cases = [
        invented.case("alpha2020/p1"),
        call(1, published="yes"),
        call(2),
        call(3, **failure),
        call(4, disease="mctd"),
    ]
    decided = invented.decision("alpha2020/p1", "registry/000000000001", verdict)
    return link(invented.frame("cases", *cases), invented.frame("identity_decisions", decided))


def results(verdict: str):
    ledger = linked(verdict)
    return private_results(ledger.unique, ledger.all_same, invented.protocol(), POOLING)


def rate(table, disease: str, analysis: str = "raw"):
    rows = table[(table["outcome"] == "any_response") & (table["disease"] == disease) & (table["analysis"] == analysis)]
    return rows.iloc[0]


def test_a_disease_of_one_registry_patient_has_its_row(tmp_path):
    found = results("different")
    assert rate(found.results, "mctd")["n_evaluable"] == 1
    for name, table in (("study_counts", found.studies), ("counts", found.counts), ("results", found.results)):
        write_table(name, table, tmp_path / f"{name}.csv")


def test_deciding_a_doubtful_pair_moves_counts_and_corrected_rate():
    """The letter's responder is counted apart, or is a patient of the registry, counted there."""
    apart, together = results("different"), results("same_patient")
    assert (rate(apart.results, "itp")["n_response"], rate(apart.results, "itp")["n_evaluable"]) == (3, 4)
    assert (rate(together.results, "itp")["n_response"], rate(together.results, "itp")["n_evaluable"]) == (2, 3)
    assert rate(together.results, "itp", "pooled")["value"] != rate(apart.results, "itp", "pooled")["value"]


def test_an_undecided_pair_is_counted_both_ways():
    found = results("unsure")
    assert rate(found.results, "itp")["n_evaluable"] == 4
    assert rate(found.doubtful_same, "itp")["n_evaluable"] == 3


@pytest.mark.parametrize(("verdict", "published"), [("same_patient", 1), ("different", 1)])
def test_nothing_is_withheld_of_the_linkage(verdict, published):
    """Published by link or by what the form says."""
    rows = results(verdict).linkage.set_index(["outcome", "disease"]).loc["any_response"]
    assert rows.loc["itp"].tolist() == [2, published, 1, 0]
    assert rows.loc["mctd"].tolist() == [1, 0, 0, 0]


def test_who_is_not_eligible_is_not_in_the_linkage():
    unique = linked("different").unique
    unique.loc[unique["case_id"] == "registry/000000000004", "counted"] = "no"
    found = private_results(unique, unique, invented.protocol(), POOLING)
    assert set(found.linkage["disease"]) == {"itp"}
