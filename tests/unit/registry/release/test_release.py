"""What leaves the private side: totals of at least the threshold, and nothing that can be subtracted to fewer."""

from __future__ import annotations

import pandas as pd
from attacker import derived
from hypothesis import given, settings, strategies as st
from invented import case, frame
from registry_attacks import registry_case

from casepool.contract.cases import RELEASED_REPORTS, SEVERAL_DISEASES
from casepool.registry.release.public import Release, release
from casepool.registry.release.rule import Rule

THRESHOLD = 5
# The rule of contributors as light as can be: its own tests are in test_insiders.py.
RULE = Rule(THRESHOLD, remaining=1, colluding=2)


def told(*rows, literature=()) -> Release:
    base = [case(name, counted="no" if kept != name else "yes", kept_as=kept) for name, kept in literature]
    unique = frame("unique_patients", *rows, *base)
    public = frame("cases", *(case(name) for name, _ in literature))
    return release(public, unique, unique, RULE)


def groups(outcome: Release) -> pd.DataFrame:
    return outcome.cases[outcome.cases["report_id"].isin(list(RELEASED_REPORTS))].set_index("case_id")


def test_a_disease_with_enough_hidden_patients_is_one_total():
    outcome = told(*(registry_case(i, n_response=int(i < 3)) for i in range(5)))
    group = groups(outcome).loc["registry_complete/itp"]
    assert (group["n_treated"], group["n_evaluable"], group["n_response"]) == (5, 5, 3)


def test_a_total_one_patient_short_is_not_told():
    assert groups(told(*(registry_case(i) for i in range(4)))).empty


def test_small_diseases_are_told_together_without_their_names():
    rows = [registry_case(i, disease="sle" if i < 3 else "mctd") for i in range(5)]
    outcome = groups(told(*rows))
    assert list(outcome.index) == [f"registry_complete/{SEVERAL_DISEASES}"]
    assert outcome["n_treated"].sum() == 5


def test_what_is_left_beside_a_released_disease_stays_private():
    rows = [registry_case(i) for i in range(6)] + [registry_case(9, disease="mctd")]
    outcome = told(*rows)
    assert list(groups(outcome).index) == ["registry_complete/itp"]
    assert "mctd" not in outcome.cases.to_csv()


def test_published_patients_do_not_count_toward_the_threshold():
    rows = [registry_case(i, published="yes" if i < 1 else "no") for i in range(5)]
    assert groups(told(*rows)).empty


def test_a_patient_linked_to_a_publication_does_not_count_toward_the_threshold():
    rows = [registry_case(i) for i in range(5)]
    assert groups(told(*rows, literature=[("alpha2020/p1", rows[0]["case_id"])])).empty


def test_published_patients_inside_a_total_are_named_so_that_they_count_once():
    rows = [registry_case(i) for i in range(6)]
    group = groups(told(*rows, literature=[("alpha2020/p1", rows[0]["case_id"])])).iloc[0]
    assert group["includes_case"] == "alpha2020/p1"
    assert group["n_treated"] == 6


def test_patients_of_unknown_publication_do_not_count_toward_the_threshold():
    rows = [registry_case(i, published="not_reported" if i < 1 else "no") for i in range(5)]
    assert groups(told(*rows)).empty


def test_an_event_known_for_few_patients_is_told_for_none():
    rows = [registry_case(i, n_death=int(i == 0), n_death_known=int(i < 4)) for i in range(6)]
    group = groups(told(*rows)).iloc[0]
    assert (group["n_death"], group["n_death_known"]) == (0, 0)
    assert group["n_relapse_known"] == 6


def test_no_pseudonym_centre_age_or_year_leaves():
    rows = [registry_case(i, age_years=61, treatment_year=2023, centre="Alpha", country="Utopia") for i in range(6)]
    outcome = told(*rows)
    public = outcome.cases.to_csv() + outcome.links.to_csv() + outcome.linkage.to_csv()
    for private in ("registry/0", "registry-a", "61", "2023", "Alpha", "Utopia"):
        assert private not in public


def test_publication_by_response_is_counted_in_complete_centres():
    rows = [registry_case(i, published="yes" if i in (0, 1, 7) else "no", n_response=int(i < 5)) for i in range(12)]
    rows.append(registry_case(20, ascertainment="selective"))
    linkage = told(*rows).linkage.set_index("outcome").loc["any_response"]
    assert list(linkage) == ["itp", 5, 2, 7, 1]


def test_a_registry_patient_told_by_two_centres_is_no_secret_way_into_the_linkage():
    """The second telling of a patient who is in no total must not be counted for the first."""
    rows = [registry_case(i) for i in range(12)]
    rare = registry_case(20, disease="mctd")
    again = registry_case(21, disease="mctd", counted="no", kept_as=rare["case_id"])
    linkage = told(*rows, rare, again).linkage.set_index("outcome").loc["any_response"]
    assert linkage["n_response"] + linkage["n_none"] == 12


def test_publication_by_response_is_withheld_where_few_are_of_unknown_status():
    rows = [registry_case(i, published="not_reported" if i == 0 else "no") for i in range(12)]
    assert told(*rows).linkage.empty


def test_a_total_names_its_centres():
    """The centres of certainly unpublished patients: a centre of published ones alone adds none."""

    def centres(n: int, published: int = 0):
        rows = [registry_case(i, report_id=f"registry-{i % n}") for i in range(12)]
        rows += [registry_case(20 + i, report_id=f"registry-x{i}", published="yes") for i in range(published)]
        return groups(told(*rows))["n_centres"].tolist()

    assert centres(3) == [3]
    assert centres(4, published=2) == [4]
    assert centres(2, published=2) == []


def linkage_of(*rows, literature=()) -> dict[tuple[str, str | None], list[int]]:
    table = told(*rows, literature=literature).linkage
    keys = zip(table["outcome"], table["disease"].astype(object).where(table["disease"].notna(), None), strict=True)
    return dict(zip(keys, table.drop(columns=["outcome", "disease"]).to_numpy().tolist(), strict=True))


def test_publication_by_response_is_told_by_disease_where_the_disease_passes_alone():
    rows = [registry_case(i, disease="itp" if i < 6 else "sle", n_response=int(i < 8)) for i in range(12)]
    found = linkage_of(*rows)
    assert (found["any_response", "itp"], found["any_response", "sle"]) == ([6, 0, 0, 0], [2, 0, 4, 0])
    assert ("any_response", None) not in found


def test_small_diseases_stand_in_the_linkage_together_and_without_a_name():
    rows = [registry_case(i, disease="itp" if i < 6 else "sle" if i < 9 else "mctd") for i in range(12)]
    assert {disease for _, disease in linkage_of(*rows)} == {"itp", None}
    assert sum(linkage_of(*rows)["any_response", None]) == 6


def test_too_few_left_over_are_in_no_linkage():
    rows = [registry_case(i, disease="itp" if i < 6 else "mctd") for i in range(10)]
    assert {disease for _, disease in linkage_of(*rows)} == {"itp"}


def test_a_disease_with_few_of_unknown_publication_is_told_with_others_or_not_at_all():
    """Its total less its linkage would be those few."""
    few = [registry_case(i, disease="itp", published="not_reported" if i < 2 else "no") for i in range(8)]
    others = [registry_case(10 + i, disease="sle", published="not_reported" if i < 3 else "no") for i in range(8)]
    assert linkage_of(*few) == {}
    assert {disease for _, disease in linkage_of(*few, *others)} == {None}


def test_a_further_outcome_that_few_unpublished_patients_lack_is_not_linked():
    """The linkage of the first outcome less that of the second would be those few."""
    rows = [registry_case(i, n_complete=0, n_complete_at_most=int(i < 2)) for i in range(9)]
    assert {outcome for outcome, _ in linkage_of(*rows)} == {"any_response"}
    rows = [registry_case(i, n_complete=0, n_complete_at_most=int(i < 5)) for i in range(10)]
    assert {outcome for outcome, _ in linkage_of(*rows)} == {"any_response", "complete_response"}


def test_published_patients_of_a_disease_in_no_total_do_not_enter_the_linkage():
    """Their unpublished fellows are left out: alone they would make publication look the rule."""
    rows = [registry_case(i) for i in range(6)]
    rare = registry_case(9, disease="mctd", counted="no", kept_as="alpha2020/p1")
    assert sum(linkage_of(*rows, rare, literature=[("alpha2020/p1", "alpha2020/p1")])["any_response", "itp"]) == 6
    same = registry_case(9, counted="no", kept_as="alpha2020/p1")
    assert sum(linkage_of(*rows, same, literature=[("alpha2020/p1", "alpha2020/p1")])["any_response", "itp"]) == 8


@st.composite
def registries(draw):
    cell = st.tuples(
        st.sampled_from(["itp", "sle", "mctd"]),
        st.sampled_from(["complete", "complete", "selective"]),
        st.sampled_from(["no", "no", "no", "yes", "not_reported"]),
        st.sampled_from([1, 1, 1, 0]),
        st.sampled_from([0, 1]),
        st.booleans(),
    )
    blocks = draw(st.lists(st.tuples(cell, st.integers(1, 7)), max_size=12))
    return [one for one, size in blocks for _ in range(size)]


@settings(deadline=None, max_examples=20)  # the law is about numbers, not about time
@given(registries())
def test_every_total_and_every_difference_to_what_is_published_holds_the_threshold(cells):
    rows = [
        registry_case(
            i,
            disease=d,
            ascertainment=a,
            published=p,
            n_evaluable=e,
            n_response=e * r,
            n_complete=0,
            n_complete_at_most=e * r * vague,
        )
        for i, (d, a, p, e, r, vague) in enumerate(cells)
    ]
    outcome = told(*(rows or [registry_case(0)]))
    shown = groups(outcome)
    for (disease, ascertainment), evaluable in shown.set_index(["disease", "ascertainment"])["n_evaluable"].items():
        own = set(shown.loc[shown["ascertainment"] == ascertainment, "disease"])
        inside = [
            (published, known)
            for d, a, published, known, *_ in cells
            if a == ascertainment and (d == disease or (disease == SEVERAL_DISEASES and d not in own))
        ]
        assert evaluable == sum(known for _, known in inside)
        assert sum(known for published, known in inside if published == "no") >= THRESHOLD
    assert [n for n in derived(shown, outcome.linkage) if 0 < n < THRESHOLD] == []
    evaluable = {(d, i) for i, (d, a, _, known, *_) in enumerate(cells) if known and a == "complete"}
    hidden = {d: sum(cells[i][2] == "no" for one, i in evaluable if one == d) for d, _ in evaluable}
    assert all(hidden[disease] >= THRESHOLD for disease in outcome.linkage["disease"].dropna())
