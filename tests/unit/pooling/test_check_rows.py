"""The rows of the checks, for counts of every kind."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from casepool.contract.estimates import DIAGNOSTICS
from casepool.counting.outcomes import OutcomeCounts
from casepool.model.configuration import load_configuration
from casepool.pooling import checks
from casepool.stats.joint.data import Linkage

ROOT = Path(__file__).resolve().parents[3]
POOLING = load_configuration(ROOT / "config" / "config.yaml").pooling
DISEASES = ("itp", "sle", "prca")
# Disease, kind, responders, patients.
TRIAL, MORE, CASES = ("itp", "complete", 12, 30), ("itp", "complete", 4, 5), ("itp", "selective", 3, 3)
REGISTRY, APART = ("itp", "registry", 9, 10), ("sle", "selective", 5, 6)


@pytest.fixture(autouse=True)
def coarse(monkeypatch):
    """Fit the pooled model on its coarse grid."""
    monkeypatch.setattr(checks, "settings_of", partial(checks.settings_of, grid="simulation"))


def rows_of(*sources, linkages=()):
    """Return the rows of sources by diagnostic and disease."""
    disease, kind, events, n = (np.array(column) for column in zip(*sources, strict=True))
    count = len(sources)
    counts = OutcomeCounts(
        outcome="any_response", disease=disease, complete=kind != "selective", events=events, most=events, n=n,
        cases=tuple(f"r{i}/P1" for i in range(count)), clustered=kind != "registry", registry=kind == "registry",
        centres=np.ones(count, int),
        linkages=linkages,
    )  # fmt: skip
    found = list(checks.check_rows(counts, DISEASES, POOLING))
    assert {name for row in found for name in row} <= set(DIAGNOSTICS.names)
    assert len({(row["diagnostic"], row["disease"]) for row in found}) == len(found)
    return {(row["diagnostic"], row["disease"]): row for row in found}


@pytest.mark.parametrize(
    "sources", [[APART], [TRIAL], [REGISTRY], [TRIAL, APART], [TRIAL, CASES], [REGISTRY, APART]], ids=str
)
def test_what_cannot_be_checked_says_why(sources):
    found = rows_of(*sources)
    silent = [row for row in found.values() if row["value"] is None and row["status"] != "out_of_reach"]
    assert silent
    assert {row["status"] for row in silent} == {"not_estimable"}
    assert all(row["reason"] for row in silent)
    assert found["ratio_linkage", "all"]["reason"] == "no_registry"


def test_cases_alone_teach_nothing():
    found = rows_of(APART)
    information = found["information", "all"]
    assert information["value"] == pytest.approx(0, abs=1e-3)
    assert information["reason"] == "nothing"
    above = found["ratio_above_1", "all"]
    assert above["value"] == pytest.approx(above["compared"], abs=1e-3)
    assert not [key for key in found if key[0] in {"rests_on", "tipping_preference"}]


def test_the_only_source_of_a_rate_is_named():
    row = rows_of(TRIAL, APART)["rests_on", "itp"]
    assert (row["source"], row["status"], row["reason"]) == ("r0", "not_estimable", "only_source")


def test_the_source_without_which_a_rate_moves_most_is_named():
    row = rows_of(APART, MORE, TRIAL, CASES)["rests_on", "itp"]
    assert row["source"] == "r2"
    assert row["value"] > row["compared"]
    assert row["n"] == 3


def test_a_registry_that_disagrees_with_a_trial_is_an_alarm_and_tips_its_rate():
    found = rows_of(("itp", "complete", 10, 40), ("itp", "registry", 36, 40))
    assert found["registry_preference", "all"]["status"] == "flagged"
    assert found["tipping_preference", "itp"]["reason"] == "registry"
    fair = rows_of(("itp", "complete", 30, 40), ("itp", "registry", 30, 40))
    assert fair["registry_preference", "all"]["status"] == "ok"


def test_linkage_is_a_node_of_the_ratio():
    found = rows_of(TRIAL, CASES, ("sle", "registry", 10, 20), linkages=[("sle", Linkage(10, 8, 10, 1))])
    assert found["ratio_linkage", "all"]["value"] > 1
    assert found["ratio_linkage", "all"]["bits"] > 0.25
    assert found["within_against_linkage", "all"]["value"] is not None


@pytest.mark.parametrize(("bits", "word"), [(0.1, "nothing"), (0.25, "little"), (0.99, "little"), (1.0, "much")])
def test_information_has_a_word(bits, word):
    assert checks.learnt(bits) == word
