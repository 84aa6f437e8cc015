"""On invented populations with known truth: no sure pair is false, and few true ones are missed."""

from __future__ import annotations

import invented
import invented_population
import numpy as np
import pytest

from casepool.identity.encoding import encode
from casepool.identity.ledger import Linked, link
from casepool.identity.score import all_fields, findings

SEEDS = range(20)


def told_twice(seed: int) -> tuple[invented_population.Population, Linked]:
    """Return a population with 30 to 50 % of the facts left out, and its ledger."""
    made = invented_population.population(seed, missing=0.3 + 0.2 * seed / max(SEEDS))
    cases = invented.frame("cases", *made.cases)
    return made, link(cases, invented.frame("identity_decisions"))


@pytest.fixture(scope="module")
def populations():
    """Return all populations."""
    return [told_twice(seed) for seed in SEEDS]


def opposed(seed: int, n: int = 450) -> Linked:
    """Return the ledger of tellings that differ in little but the response, and name each other at random."""
    draw = np.random.default_rng(seed)

    def one(number: int) -> dict[str, object]:
        registry, report = bool(draw.random() < 0.4), f"r{number // 2}"
        response = str(draw.choice(["complete", "none", "not_reported"]))
        told = {"report_id": report, "study_id": f"s{number // 6}", "year": int(draw.integers(2019, 2023))}
        told |= {"authors": f"Name{draw.integers(0, 9)} A", "publication": f"doi:10.1000/{report}"}
        if registry:
            told |= {"report_type": "registry_call", "report_id": f"registry-{number // 9:06d}", "authors": None}
            told |= {"published": "yes", "publication": f"doi:10.1000/r{draw.integers(0, n // 2)}", "year": 2026}
        age = float(draw.integers(40, 80))
        facts = {
            "n_prior_lines": int(draw.integers(2, 5)),
            "n_doses": 8,
            "treatment_year": int(draw.integers(2017, 2019)),
        }
        answer = {"response": response, "n_response": int(response == "complete"), "n_none": int(response == "none")}
        return invented.case(
            f"{told['report_id']}/p{number}", centre="Henri Mondor", age_years=age, **told, **facts, **answer
        )

    return link(invented.frame("cases", *map(one, range(n))), invented.frame("identity_decisions"))


def listed(linked: Linked, outcome: str) -> set[frozenset[str]]:
    """Return the pairs of an outcome."""
    pairs = linked.pairs[linked.pairs["outcome"] == outcome]
    return {frozenset(pair) for pair in zip(pairs["case_a"], pairs["case_b"], strict=True)}


def known_facts(made: invented_population.Population) -> dict[frozenset[str], int]:
    """Return each true pair with the number of fields that both sides tell, but for the disease."""
    cases = invented.frame("cases", *made.cases)
    place = {case: index for index, case in enumerate(cases["case_id"])}
    pairs = sorted(tuple(sorted(pair)) for pair in invented_population.truth(made))
    i, j = (np.array([place[pair[side]] for pair in pairs]) for side in (0, 1))
    found = findings(encode(cases), i, j, [name for name in all_fields() if name != "disease"])
    told = np.sum([finding >= 0 for finding in found.values()], axis=0)
    return {frozenset(pair): int(n) for pair, n in zip(pairs, told, strict=True)}


def test_no_sure_merge_is_false(populations):
    """Every cluster holds tellings of one patient only, in twenty populations of 300."""
    n_merged = 0
    for made, linked in populations:
        twice = linked.unique[linked.unique["counted"] == "no"]
        n_merged += len(twice)
        assert [made.patient_of[case] for case in twice["case_id"]] == [made.patient_of[k] for k in twice["kept_as"]]
    assert n_merged > 300  # the truth is put to the test


def test_no_sure_merge_joins_a_responder_and_a_non_responder():
    """Neither directly nor through cases of unknown response."""
    unique = opposed(0).unique
    merged = unique[unique["kept_as"].duplicated(keep=False)]
    known = merged[merged["response"] != "not_reported"]
    assert min(len(known), len(merged) - len(known)) > 50  # the rule is put to the test
    assert (known.groupby("kept_as")["response"].nunique() == 1).all()


def test_true_pairs_with_five_known_facts_are_sure_or_asked_for(populations):
    """Recall at least 0.9."""
    found = told = 0
    for made, linked in populations:
        kept = linked.unique.set_index("case_id")["kept_as"]
        seen = listed(linked, "same") | listed(linked, "to_review")
        for pair, n in known_facts(made).items():
            told += n >= 5
            found += n >= 5 and (pair in seen or kept[list(pair)].nunique() == 1)
    assert found / told >= 0.9


def test_most_pairs_that_a_person_is_asked_for_are_true(populations):
    """Precision of what is to review: at least three in five."""
    asked = []
    for made, linked in populations:
        true = invented_population.truth(made)
        asked += [pair in true for pair in listed(linked, "to_review")]
    assert np.mean(asked) >= 0.6


def test_the_number_of_patients_lies_between_all_same_and_all_different(populations):
    """The two ends of the sensitivity analysis hold the truth between them."""
    for made, linked in populations:
        n_true = len(set(made.patient_of.values()))
        assert (linked.all_same["counted"] == "yes").sum() <= n_true * 1.02
        assert n_true <= (linked.unique["counted"] == "yes").sum()
