"""The boxes of the flow diagram add up, or nothing is written."""

from __future__ import annotations

import invented
import pytest

from casepool.files import store
from casepool.flow.boxes import box_reasons, box_total, check_arithmetic, database_of, prisma_counts
from casepool.model.errors import InconsistentError
from casepool.model.vocabulary import Arm


def state(record_id, name, reason=None, **changes):
    """Return the state of a record."""
    row = {"record_id": record_id, "origin": "database", "state": name, "exclusion_reason": reason}
    return row | changes


STATES = (
    state("pmid:1", "to_screen"),
    state("pmid:2", "excluded_title_abstract", "review"),
    state("pmid:3", "excluded_title_abstract", "oncology"),
    state("ris:4", "awaiting_full_text", origin="register", report_id="awaited2024"),
    state("ris:5", "excluded_full_text", "under_18", origin="website"),
    state("pmid:6", "included", study_id="trial"),
    state("pmid:7", "included", study_id="trial"),
    state("pmid:8", "conflict"),
)
CASES = (
    invented.case("alpha2020/p1"),
    invented.case("beta2021/p1"),
    invented.case("gamma2022/p1", eligible="no", exclusion_reason="under_18"),
    invented.cohort_case("trial2023/all", 10, 9, 6),
    invented.cohort_case("awaited2024/all", 5, 0, 0, eligible="no", exclusion_reason="outcome_not_reported"),
)


@pytest.fixture
def boxes():
    """Return the flow of eight records and four cases, one of them told twice."""
    unique = [row | {"counted": "yes", "kept_as": row["case_id"]} for row in CASES if row["eligible"] == "yes"]
    unique[1] |= {"counted": "no", "kept_as": "alpha2020/p1"}
    tables_ = (invented.frame(*one) for one in (("screening_state", *STATES), ("cases", *CASES)))
    return prisma_counts(*tables_, invented.frame("unique_patients", *unique))


@pytest.mark.parametrize(
    ("box", "n"),
    [
        ("records_database", 6),
        ("records_register", 1),
        ("records_website", 1),
        ("records_to_screen", 1),
        ("records_screened", 7),
        ("records_excluded", 2),
        ("reports_sought", 5),
        ("reports_not_retrieved", 2),
        ("reports_assessed", 3),
        ("reports_excluded", 1),
        ("reports_included", 2),
        ("studies_included", 1),
        ("patients_told", 13),
        ("patients_excluded", 1),
        ("patients_duplicate", 1),
        ("patients_included", 11),
        ("patients_not_evaluable", 1),
        ("patients_evaluable", 10),
    ],
)
def test_each_box_counts_what_its_name_says(boxes, box, n):
    """Counted by hand from the invented tables."""
    assert box_total(boxes, box) == n


@pytest.mark.parametrize(
    ("box", "databases", "other"),
    [
        ("duplicates_removed", 0, 0),
        ("records_to_screen", 1, 0),
        ("records_screened", 6, 1),
        ("records_excluded", 2, 0),
        ("reports_sought", 4, 1),
        ("reports_not_retrieved", 2, 0),
        ("reports_assessed", 2, 1),
        ("reports_excluded", 0, 1),
        ("reports_included", 2, 0),
    ],
)
def test_each_arm_counts_its_own_records(boxes, box, databases, other):
    """The register stands with the databases, the website in the other arm; counted by hand."""
    assert (box_total(boxes, box, Arm.DATABASES), box_total(boxes, box, Arm.OTHER)) == (databases, other)


def test_reasons_are_listed_under_their_box(boxes, tmp_path):
    """Two records for two reasons, and the table is valid."""
    assert box_reasons(boxes, "records_excluded") == {"oncology": 1, "review": 1}
    assert box_reasons(boxes, "reports_excluded", Arm.OTHER) == {"under_18": 1}
    assert box_reasons(boxes, "reports_excluded", Arm.DATABASES) == {}
    store.write_table("prisma_counts", boxes, tmp_path / "flow.csv")


@pytest.mark.parametrize(
    ("box", "by", "message"),
    [
        ("records_screened", 1, "records_screened = 8, its parts give 7"),
        ("reports_included", -1, "reports_included = 1, its parts give 2"),
        ("patients_told", 2, "patients_included = 11, its parts give 13"),
        ("records_excluded", 1, "records_excluded = 3, its reasons give 2"),
        ("patients_not_evaluable", -2, "patients_not_evaluable = -1 is negative"),
    ],
)
def test_a_broken_sum_raises_and_names_the_box(boxes, box, by, message):
    """What goes in comes out, or nothing is written."""
    broken = boxes.copy()
    broken.loc[(broken["box"] == box) & broken["arm"].isna() & broken["detail"].isna(), "n"] += by
    with pytest.raises(InconsistentError, match=f"the flow does not add up: .*{message}"):
        check_arithmetic(broken)


@pytest.mark.parametrize(
    ("box", "arm", "message"),
    [
        ("reports_sought", "databases", r"reports_assessed \(databases\) = 2, its parts give 3"),
        ("reports_sought", "databases", "reports_sought = 5, its arms give 6"),
        ("records_screened", "other_methods", r"records_screened \(other_methods\) = 2, its parts give 1"),
        ("reports_excluded", "other_methods", r"reports_excluded \(other_methods\) = 2, its reasons give 1"),
    ],
)
def test_an_arm_that_does_not_add_up_raises(boxes, box, arm, message):
    """Within the arm, and both arms together."""
    broken = boxes.copy()
    broken.loc[(broken["box"] == box) & (broken["arm"] == arm) & broken["detail"].isna(), "n"] += 1
    with pytest.raises(InconsistentError, match=message):
        check_arithmetic(broken)


def test_reasons_must_add_up_over_the_arms_too(boxes):
    """A reason moved to another exclusion of the same arm is seen."""
    broken = boxes.copy()
    broken.loc[broken["arm"].notna() & (broken["detail"] == "review"), "detail"] = "other"
    with pytest.raises(InconsistentError, match=r"records_excluded \(review\) = 1, its arms give 0"):
        check_arithmetic(broken)


def test_a_missing_reason_raises(boxes):
    """Every exclusion has its reason."""
    broken = boxes[boxes["detail"].fillna("") != "review"]
    with pytest.raises(InconsistentError, match="records_excluded = 2, its reasons give 1"):
        check_arithmetic(broken)


def test_an_empty_project_flows():
    """All boxes are zero."""
    empty = (invented.frame(name) for name in ("screening_state", "cases", "unique_patients"))
    assert prisma_counts(*empty)["n"].sum() == 0


def flow_of(n_new: int = 0, n_previous: int = 0, *, merged: int = 0, new: tuple[str, ...] = ()):
    """Return the flow of eight records after a second search, with duplicates."""
    gone = [
        {"record_id": f"ris:{n}", "origin": "website", "source_file": "a.ris", "number": 1, "kept_as": "pmid:1"}
        for n in range(merged)
    ]
    update = {"snapshot": "2027-01-01", "previous": "2026-01-01", "n_previous": n_previous, "n_new": n_new}
    frames = [invented.frame("screening_state", *STATES), invented.frame("cases"), invented.frame("unique_patients")]
    rows = [update] if n_new or n_previous else []
    frames += [invented.frame("merges", *gone), invented.frame("search_update", *rows)]
    return prisma_counts(*frames, invented.frame("new_records", *({"record_id": one} for one in new)))


def test_merged_records_are_identified_and_removed():
    """Two duplicates from websites: identified there, removed once."""
    boxes = flow_of(merged=2)
    found = [box_total(boxes, box) for box in ("records_website", "duplicates_removed", "records_screened")]
    assert found == [3, 2, 7]
    assert [box_total(boxes, "duplicates_removed", arm) for arm in Arm] == [0, 2]


def test_a_second_search_shows_previous_and_new_records(tmp_path):
    """They add up to the records without duplicates."""
    boxes = flow_of(3, 5)
    assert (box_total(boxes, "previous_records"), box_total(boxes, "new_records")) == (5, 3)
    store.write_table("prisma_counts", boxes, tmp_path / "flow.csv")


@pytest.mark.parametrize(
    ("new", "counts"), [((), (2, 0, 1, 0)), (("pmid:7",), (1, 1, 1, 0)), (("pmid:6", "pmid:7"), (0, 2, 0, 1))]
)
def test_a_new_report_of_a_known_study_is_no_new_study(new, counts):
    """Both reports tell one trial."""
    boxes = flow_of(3, 5, new=new)
    names = ("previous_reports", "new_reports", "previous_studies", "new_studies")
    assert tuple(box_total(boxes, name) for name in names) == counts


def test_a_first_search_has_no_previous_records():
    """The boxes of an update stand only where there is one."""
    assert not [box for box in flow_of()["box"] if box.startswith(("previous_", "new_"))]


def test_an_update_that_loses_a_record_raises():
    """Previous and new must be all."""
    with pytest.raises(InconsistentError, match="new_records = 3, its parts give 4"):
        flow_of(3, 4)


@pytest.mark.parametrize("reason", ["duplicate_publication", "duplicate_patient"])
def test_patients_of_a_duplicate_publication_are_met_twice_not_unfit(reason):
    """They count elsewhere: one box, not two that contradict each other."""
    again = invented.cohort_case("cut2019/all", 7, 7, 3, eligible="no", exclusion_reason=reason)
    young = invented.case("young2020/p1", eligible="no", exclusion_reason="under_18")
    cases = invented.frame("cases", invented.case("alpha2020/p1"), again, young)
    unique = invented.frame("unique_patients", {"counted": "yes"} | invented.case("alpha2020/p1"))
    boxes = prisma_counts(invented.frame("screening_state"), cases, unique)
    assert box_total(boxes, "patients_duplicate") == 7
    assert box_total(boxes, "patients_excluded") == 1


def test_a_report_on_which_reviewers_disagree_is_read_when_its_patients_count():
    """Its patients stand in the curated tables; those of a report that nobody has read are in no box."""
    read, unread = invented.cohort_case("read2020/all", 5, 5, 3), invented.cohort_case("unread2021/all", 4, 0, 0)
    conflicts = [state(f"pmid:{n}", "conflict", report_id=name) for n, name in enumerate(("read2020", "unread2021"))]
    unique = invented.frame("unique_patients", {"counted": "yes"} | read, {"counted": "no"} | unread)
    boxes = prisma_counts(invented.frame("screening_state", *conflicts), invented.frame("cases", read, unread), unique)
    names = ("reports_not_retrieved", "patients_told", "patients_duplicate", "patients_included")
    assert [box_total(boxes, name) for name in names] == [2, 5, 0, 5]


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("embase_1.ris", "embase"),
        ("embase-2026-01-30.ris", "embase"),
        ("embase part 2.ris", "embase"),
        ("web_of_science-Part_3_of_4.txt", "web of science Part 3 of"),
        ("2026.ris", "2026"),
        ("export" + "1" * 60 + "x.ris", "export" + "1" * 60 + "x"),
    ],
)
def test_numbers_and_dates_at_the_end_of_a_name_are_of_the_download(file, shown):
    """Also where a long number is followed by a letter: that took a time which doubled with each digit."""
    assert database_of(f"data/raw/imports/{file}") == shown
