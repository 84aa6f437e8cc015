"""What centres that sent data can find out of what the others sent; all patients SYNTHETIC."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from attack_run import on_one_release, stricter
from hypothesis import example, given, settings, strategies as st
from invented import ROOT, case as literature_case, frame
from registry_attacks import (
    Beside,
    by_intervals,
    by_subtraction,
    coalitions,
    numbers_of,
    population,
    public_bytes,
    published,
    registry_case,
    released,
    single_changes,
    six_centres,
    under_two_spellings,
)

from casepool.contract.cases import RELEASED_REPORTS, SEVERAL_DISEASES
from casepool.registry.release.combinations import Told
from casepool.registry.release.public import Release
from casepool.registry.release.published import unnamed
from casepool.registry.release.rule import Rule

RULE = Rule(11)


def centres(*sizes: int, disease: str = "itp", first: int = 1, **changes):
    """Return patients of one disease in centres of these sizes."""
    homes = [f"registry-c{place}" for place, size in enumerate(sizes) for _ in range(size)]
    rows = [registry_case(first + i, report_id=home, disease=disease, **changes) for i, home in enumerate(homes)]
    return {row["case_id"]: row for row in rows}


def totals(outcome: Release) -> dict[str, int]:
    """Return the released totals: id → patients treated."""
    rows = outcome.cases[outcome.cases["report_id"].isin(list(RELEASED_REPORTS))]
    return dict(zip(rows["case_id"], rows["n_treated"], strict=True))


@pytest.mark.parametrize(
    ("sizes", "why"),
    [
        ((12,), "too_few_centres"),
        ((12, 1), "too_few_centres"),
        ((30, 30), "too_few_centres"),
        ((6, 4, 2, 1), "too_large_centres"),
        ((30, 30, 2), "too_large_centres"),
        ((6, 6, 4, 1), "too_large_centres"),
        ((3, 3, 3), "too_few"),
    ],
)
def test_a_total_in_which_a_few_centres_could_find_another_is_withheld(sizes, why):
    outcome = released(centres(*sizes), RULE)
    assert totals(outcome) == {}
    assert set(outcome.withheld["reason"]) == {why}


@pytest.mark.parametrize("sizes", [(5, 5, 5), (30, 4, 3), (3, 3, 3, 3), (20, 9, 5, 2, 1)])
def test_a_total_of_which_any_three_centres_leave_nobody_or_three_is_released(sizes):
    assert totals(released(centres(*sizes), RULE)) == {"registry_complete/itp": sum(sizes)}


def test_fewer_colluding_centres_may_be_asked_for():
    assert totals(released(centres(6, 6, 4, 1), replace(RULE, colluding=2))) == {"registry_complete/itp": 17}


def test_a_dominated_disease_is_counted_with_the_others():
    rare = centres(5, 5, 5, 5, disease="sle", first=100)
    outcome = released({**centres(12, 1, 1), **rare}, RULE)
    assert totals(outcome) == {"registry_complete/sle": 20}
    few = centres(3, 3, 3, 2, disease="sle", first=100)
    assert totals(released({**centres(12, 1, 1, 1), **few}, RULE)) == {f"registry_complete/{SEVERAL_DISEASES}": 26}


def test_a_centre_of_unknown_publication_alone_is_not_left_alone():
    """Three centres together would be left with its one patient, who may be unpublished."""
    patients = centres(5, 5, 5)
    one = registry_case(99, report_id="registry-c9", published="not_reported")
    assert totals(released({**patients, one["case_id"]: one}, RULE)) == {}


def test_patients_under_two_spellings_of_a_centre_count_once():
    """Six patients sent twice are twelve rows, and six persons: the pairs are doubtful."""
    patients, beside = under_two_spellings()
    assert totals(released(patients, RULE)) == {"registry_complete/itp": 12}
    assert totals(released(patients, RULE, beside=beside)) == {}


def test_an_event_known_to_a_few_centres_is_told_for_none():
    patients = centres(4, 4, 4, 4, 4)
    for name, row in patients.items():
        known = int(row["report_id"] < "registry-c3")
        patients[name] = row | {"n_death_known": known * int(row["report_id"] != "registry-c2"), "n_death": 0}
    patients["registry/000000000009"]["n_death_known"] = 1
    outcome = released(patients, replace(RULE, threshold=9))
    row = outcome.cases.iloc[0]
    assert (row["n_death_known"], row["n_sex_known"]) == (0, 20)


def test_the_origin_of_one_patient_changes_no_word_of_a_total():
    patients = centres(5, 5, 5, 5)
    other = registry_case(99, report_id="registry-c0", autoimmune="uncertain")
    for some in (patients, {**patients, other["case_id"]: other}):
        row = released(some, RULE).cases.iloc[0]
        assert (row["n_treated"], row["autoimmune"]) == (20, "yes")


@pytest.fixture(scope="module")
def first() -> tuple[dict, Release]:
    """Return a registry of 60 patients and its first release."""
    patients = six_centres()
    return patients, released(patients, RULE)


def test_colluding_centres_find_nobody_among_sixty_patients(first):
    patients, outcome = first
    numbers = numbers_of(patients, outcome)
    assert len(numbers) > 10
    assert by_subtraction(numbers, patients, coalitions(patients, 3), RULE).recovered == []
    assert by_intervals(numbers, patients, coalitions(patients, 3)[-4:], RULE).recovered == []


def test_the_attacks_find_patients_where_nobody_counts_centres(first):
    """The control: under the frequency rule alone three centres find the patients of the others."""
    patients, careless = first[0], Rule(11, remaining=1, colluding=1)
    numbers = numbers_of(patients, released(patients, careless))
    assert by_subtraction(numbers, patients, coalitions(patients, 3), RULE).recovered
    numbers = numbers_of(centres(8, 1, 2), released(centres(8, 1, 2), careless))
    assert by_intervals(numbers, centres(8, 1, 2), coalitions(centres(8, 1, 2), 2), RULE).recovered


def test_nothing_public_changes_for_one_patient_after_a_publication(first):
    patients, outcome = first
    ledger, before = published(outcome), public_bytes(outcome)
    changes = list(single_changes(patients))[::83]
    assert len(changes) > 4
    assert [what for what, then in changes if public_bytes(released(then, RULE, ledger)) != before] == []


def test_without_a_publication_totals_follow_every_patient(first):
    patients, outcome = first
    one_more = {**patients, **centres(1, first=900)}
    assert public_bytes(released(one_more, RULE)) != public_bytes(outcome)


def test_a_total_stays_as_published_until_enough_has_changed():
    patients = centres(5, 5, 5, 5)
    ledger = published(released(patients, RULE))
    few = released({**patients, **centres(2, 2, 2, 2, first=100)}, RULE, ledger)
    assert totals(few) == {"registry_complete/itp": 20}
    assert few.withheld[["total", "reason", "told_in"]].to_numpy().tolist() == [
        ["registry_complete/itp", "near_published", "registry_complete/itp"]
    ]
    many = released({**patients, **centres(3, 3, 3, 3, first=100)}, RULE, ledger)
    assert totals(many) == {"registry_complete/itp": 32}


def test_a_centre_that_sends_many_does_not_see_who_came_with_them():
    """Thirteen patients more, twelve of them of one centre: it would be left with the last."""
    patients = centres(5, 5, 5, 5)
    ledger = published(released(patients, RULE))
    more = {**patients, **centres(12, 1, first=100)}
    assert totals(released(more, RULE, ledger)) == {"registry_complete/itp": 20}
    both = [(patients, released(patients, RULE)), (more, released(more, RULE))]
    numbers = [number for one in both for number in numbers_of(*one)]
    assert by_subtraction(numbers, more, coalitions(more, 1), RULE).recovered


def test_a_disease_that_leaves_several_diseases_leaves_enough_behind():
    """Published: several diseases. Then one of them could be counted alone, but its new patients would be found."""
    rare = {**centres(3, 3, 3, 2, disease="sle"), **centres(3, 3, 3, 2, disease="aav", first=50)}
    ledger = published(released(rare, RULE))
    assert totals(released(rare, RULE, ledger)) == {f"registry_complete/{SEVERAL_DISEASES}": 22}
    grown = {**rare, **centres(0, 0, 0, 2, disease="sle", first=90)}
    assert totals(released(grown, RULE)) == {"registry_complete/sle": 13}
    assert totals(released(grown, RULE, ledger)) == {f"registry_complete/{SEVERAL_DISEASES}": 22}


def test_a_published_total_stays_when_its_patients_are_gone():
    ledger = published(released(centres(5, 5, 5, 5), RULE))
    assert totals(released(centres(2, 2), RULE, ledger)) == {"registry_complete/itp": 20}


def test_another_key_of_the_pseudonyms_hides_no_small_difference():
    ledger = published(released(centres(5, 5, 5, 5), RULE))
    outcome = released(centres(5, 5, 6, 5, first=500), RULE, ledger)
    assert totals(outcome) == {"registry_complete/itp": 20}


def test_three_releases_are_looked_at_together():
    """The first and the third differ by many; what the second adds to both is one patient."""
    told = Told(released_people(centres(11, 11, 11, 1)), Rule(5, 2, 2))
    names = list(centres(11, 11, 11, 1))
    early, late, last = names[:17], names[17:33], names[33:]
    told.take("n", dict.fromkeys([*early, *late], "1"))
    assert told.allows(("n",), dict.fromkeys([*early, *late], "1"))
    assert not told.allows(("n",), dict.fromkeys([*early, *late, *last], "1"))
    told.take("n", dict.fromkeys(early, "1"))
    assert not told.allows(("n",), dict.fromkeys([*late, *last], "1"))


def released_people(patients):
    """Return what the rule asks of patients who are all unpublished."""
    rows = [[name, one["report_id"], True, True, True] for name, one in patients.items()]
    return pd.DataFrame(rows, list(patients), ["person", "centres", "protected", "secret", "unprinted"])


SIZES = st.lists(st.integers(0, 9), min_size=3, max_size=6)


@settings(deadline=None, max_examples=5)  # the law is about patients, not about time
@example([0, 4, 3, 8], [[2, 0, 9]], 360, 1, 1)  # a total stays, and its linkage, while patients come, go and change
@given(SIZES, st.lists(SIZES, min_size=1, max_size=2), st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 3))
def test_no_coalition_finds_a_small_group_in_any_number_of_releases(sizes, later, seed, remaining, colluding):
    """Random registries that grow, shrink and are corrected between releases that are all published."""
    rule, share = Rule(6, remaining, colluding), {"itp": 3, "sle": 2, "aav": 1}
    patients, releases, numbers, everybody, held = population(seed, _named(sizes), share), [], [], {}, {}
    for step, more in enumerate([[], *later]):
        if step:
            patients = _later(patients, population(seed + step, _named(more), share), seed + step)
        outcome = released(patients, rule, published(*releases))
        releases.append(outcome)
        numbers += numbers_of(patients, outcome, held)
        everybody |= patients
    found = by_subtraction(numbers, everybody, coalitions(everybody, colluding), rule)
    assert found.recovered == []


def _named(sizes):
    return {f"registry-c{place}": size for place, size in enumerate(sizes)}


def _later(patients, new, seed):
    """Return the patients with new ones, without some, and with a corrected response here and there."""
    kept = {name: row for place, (name, row) in enumerate(patients.items()) if (place + seed) % 7}
    for place, (name, row) in enumerate(kept.items()):
        if (place + seed) % 9 == 0 and row["n_evaluable"]:
            kept[name] = row | {"n_response": row["n_none"], "n_none": row["n_response"], "n_complete": 0}
            kept[name]["n_complete_at_most"] = 0
    start = 10_000 * (seed % 89 + 1)
    for place, row in enumerate(new.values()):
        name = f"registry/{start + place:012x}"
        kept[name] = row | {"case_id": name, "kept_as": name}
    return kept


def test_the_page_lists_the_attacks_and_none_found_anybody():
    """`python tests/attack_run.py --write` made the list."""
    page = (ROOT / "docs" / "registry.md").read_text(encoding="utf-8")
    rows = [line for line in page.partition("<!-- attacks: begin -->")[2].splitlines() if line.startswith("| ")]
    told = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows[2:]]
    assert {who for who, *_ in told} >= {"an outsider", "one centre", "three centres together"}
    assert all(int(tried.replace(",", "")) > 0 for *_, tried, _ in told)
    beyond = [row for row in told if row[-1].endswith("(not promised)")]
    assert {who for who, *_ in beyond} == {"four centres together"}
    assert all(found == "nothing" for *_, found in told if not found.endswith("(not promised)"))
    # The lines of one registry are made anew here: what is printed is what is found.
    assert set(map(str, on_one_release(stricter()))) <= set(rows)


def test_a_forgotten_patient_is_protected_without_a_name():
    """The total stays, for less one patient it would give him away; the ledger does not say who he was."""
    patients = centres(5, 5, 5, 5)
    case = next(iter(patients))
    ledger = unnamed(published(released(patients, RULE)), case)
    assert case not in ledger.model_dump_json()
    left = {name: row for name, row in patients.items() if name != case}
    assert totals(released(left, RULE, ledger)) == {"registry_complete/itp": 20}
    many = left | centres(3, 3, 3, 3, first=100)
    assert totals(released(many, RULE, ledger)) == {"registry_complete/itp": 31}


def test_a_total_that_stays_goes_on_naming_its_published_patients():
    """A published patient of it objects: the total counts him still, so that his publication must not count again."""
    patients = centres(5, 5, 5, 5)
    case = next(iter(patients))
    letter = literature_case("alpha2020/p1")
    told = frame("unique_patients", letter | {"counted": "no", "kept_as": case})
    beside = Beside(frame("cases", letter), told, told, {})
    ledger = published(released(patients, RULE, beside=beside))
    left = {name: row for name, row in patients.items() if name != case}
    alone = frame("unique_patients", letter | {"counted": "yes", "kept_as": "alpha2020/p1"})
    outcome = released(left, RULE, ledger, Beside(frame("cases", letter), alone, alone, {}))
    assert totals(outcome) == {"registry_complete/itp": 20}
    assert outcome.cases["includes_case"].dropna().tolist() == ["alpha2020/p1"]


def test_a_published_patient_is_named_in_one_total_alone():
    """A later total of another disease does not take him over from the one that stays: he would count in neither."""
    patients = centres(5, 5, 5, 5)
    letter = literature_case("alpha2020/p1")
    told = frame("unique_patients", letter | {"counted": "no", "kept_as": next(iter(patients))})
    beside = Beside(frame("cases", letter), told, told, {})
    ledger = published(released(patients, RULE, beside=beside))
    outcome = released(patients | centres(5, 5, 5, 5, disease="sle", first=100), RULE, ledger, beside)
    named = outcome.cases.set_index("case_id")["includes_case"].dropna()
    assert totals(outcome) == {"registry_complete/itp": 20, "registry_complete/sle": 20}
    assert named.to_dict() == {"registry_complete/itp": "alpha2020/p1"}
