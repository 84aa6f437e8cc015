"""The edges of the rule and of who is looked at: one patient more, one less; all patients SYNTHETIC."""

from __future__ import annotations

import pandas as pd
import pytest
from invented import case, cohort_case, frame
from registry_attacks import Beside, published, registry_case, released

from casepool.model.study import use
from casepool.model.vocabulary import ReportType
from casepool.registry.release.combinations import Told
from casepool.registry.release.disclosure import Totals, nearly_published
from casepool.registry.release.people import registry_patients
from casepool.registry.release.published import Before, Ledger, Member, Published
from casepool.registry.release.rule import Rule

RULE = Rule(11)


def in_centres(*sizes: int) -> pd.DataFrame:
    """Return protected people in centres of these sizes."""
    homes = [f"registry-{place}" for place, size in enumerate(sizes) for _ in range(size)]
    rows = [{"person": f"registry/{i}", "centres": home, "protected": True, "secret": True}
            for i, home in enumerate(homes)]  # fmt: skip
    return pd.DataFrame(rows)


def test_only_patients_of_the_registry_are_looked_at():
    """No published case, and no cohort: whoever counts them would think a group larger than it is."""
    rows = [case("alpha2020/p1"), registry_case(1), cohort_case("registry/c", report_type="registry_call")]
    rows = [{"counted": "yes", "kept_as": row["case_id"]} | row for row in rows]
    unique = frame("unique_patients", *rows)
    assert list(registry_patients(unique, unique)["case_id"]) == [registry_case(1)["case_id"]]


@pytest.mark.parametrize("kind", sorted(set(ReportType) - {ReportType.REGISTRY_CALL}))
def test_a_patient_who_was_kept_as_a_published_case_is_in_print_whatever_published_it(kind):
    rows = [case("alpha2020/p1", report_type=kind, kept_as="alpha2020/p1"), registry_case(1, kept_as="alpha2020/p1")]
    unique = frame("unique_patients", *rows, registry_case(2))
    assert list(registry_patients(unique, unique)["in_print"]) == [True, False]


@pytest.mark.parametrize(
    ("sizes", "hides"),
    [((3, 3, 3, 3), True), ((6, 6, 6, 6), True), ((4, 4, 4, 2), False), ((4, 3, 4), False), ((12,), False),
     ((4, 4, 4), False), ((5, 3, 3, 3), True), ((3, 3, 2, 2), False)],
)  # fmt: skip
def test_a_block_hides_what_is_added_to_it_where_three_centres_leave_three(sizes, hides):
    assert RULE.withstands(in_centres(*sizes)) is hides


def counted(n: int, first: int = 0, responded: int = 0) -> dict[str, str]:
    """Return what a group counts: patient → one where he responded."""
    return {f"registry/{first + i}": str(int(i < responded)) for i in range(n)}


def published_before(*versions: dict[str, str]) -> Totals:
    """Return totals before which one group was published in these versions."""
    releases = []
    for one in versions:
        facts = {"centres": "a", "protected": True, "secret": True, "unprinted": True}
        members = {name: Member(person=name, groups={"response:itp": value}, **facts) for name, value in one.items()}
        releases.append(Published(members=members))
    return Totals(Told(in_centres(), RULE), Before(Ledger(releases=tuple(releases))))


@pytest.mark.parametrize(
    ("now", "near"),
    [
        (counted(20, responded=4), False),
        (counted(20, responded=5), True),
        (counted(20, responded=3), True),
        (counted(21, responded=4), True),
        (counted(19, responded=4), True),
        (counted(30, responded=4), True),
        (counted(31, responded=4), False),
        (counted(31, responded=9), False),
        (counted(20, first=100, responded=4), False),
        (counted(20, first=100, responded=5), True),
    ],
)
def test_a_count_of_nearly_as_many_or_of_as_many_with_another_outcome_is_near(now, near):
    """From eleven patients more or less on it is another group; as many with the same sum are the same number."""
    assert nearly_published("response:itp", now, published_before(counted(20, responded=4))) is near


def test_a_count_is_compared_with_every_version_of_its_group_and_with_no_other_group():
    both = published_before(counted(20, responded=4), counted(40, responded=4))
    assert nearly_published("response:itp", counted(21, responded=4), both)
    assert not nearly_published("response:sle", counted(21, responded=4), both)


def test_an_event_that_the_protocol_withholds_is_counted_for_nobody(shipped_protocol):
    """Not even that it is known."""
    withheld = [
        one.model_copy(update={"disclosure": "withheld"} if one.id == "death" else {})
        for one in shipped_protocol.events
    ]
    use(shipped_protocol.model_copy(update={"events": tuple(withheld)}))
    patients = {row["case_id"]: row for row in (registry_case(i, n_death=i % 2, n_relapse=i % 2) for i in range(21))}
    outcome = released(patients, RULE)
    row = outcome.cases.iloc[0]
    assert (row["n_relapse"], row["n_relapse_known"]) == (10, 21)
    assert (row["n_death"], row["n_death_known"], row["n_death_at_most"]) == (0, 0, 0)
    assert not any("death" in group for one in outcome.published.members.values() for group in one.groups)


def test_a_total_that_stays_goes_on_saying_who_may_lie_in_it():
    """The doubt of its publication is public; it does not end because one patient is not there any more."""
    patients = {row["case_id"]: row for row in (registry_case(i) for i in range(21))}
    told = case("alpha2020/p1")
    letter = told | {"counted": "yes", "kept_as": "alpha2020/p1"}
    maybe = told | {"counted": "no", "kept_as": next(iter(patients))}
    beside = Beside(
        *(frame(*one) for one in (("cases", told), ("unique_patients", letter), ("unique_patients", maybe))), {}
    )
    before = released(patients, RULE, beside=beside)
    left = dict(list(patients.items())[:-1])
    after = released(left, RULE, published(before), beside)
    for outcome in (before, after):
        assert outcome.cases["n_treated"].max() == 21
        assert outcome.links[["case_a", "case_b"]].to_numpy().tolist() == [["registry_complete/itp", "alpha2020/p1"]]
