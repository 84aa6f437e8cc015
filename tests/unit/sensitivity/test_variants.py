"""Each variant of the data changes what it says, and nothing else."""

from __future__ import annotations

from dataclasses import fields

import invented
import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from scipy.stats import norm

from casepool.counting.outcomes import OutcomeCounts
from casepool.model.errors import LinkageError
from casepool.sensitivity.variants import (
    LeavingOut,
    Material,
    by_year,
    data_variants,
    effective_counts,
    standing_for_others,
)


def material(*cases: invented.Row, decisions: tuple[invented.Row, ...] = (), **tables: pd.DataFrame) -> Material:
    """Return the material of the given cases."""
    return Material(
        invented.frame("cases", *cases),
        invented.frame("identity_decisions", *decisions),
        tables.get("incidences", invented.frame("cumulative_incidences")),
        tables.get("reading_list", invented.frame("reading_list")),
        tables.get("linkage", invented.frame("registry_linkage")),
        "any_response",
        0.95,
    )


def variants(*cases: invented.Row, **others: object) -> dict[str, OutcomeCounts]:
    """Return the counts of every variant by its name."""
    return dict(data_variants(material(*cases, **others)))  # type: ignore[arg-type]


def left_out(made: Material) -> dict[str, OutcomeCounts]:
    """Return the counts without each report in turn."""
    leaving = LeavingOut(made)
    return {report: leaving.without(report) for report in leaving.reports}


FAILURE = {"response": "none", "n_response": 0, "n_complete": 0, "n_none": 1}
SILENT = {"response": "not_reported", "n_evaluable": 0, "n_response": 0, "n_complete": 0, "n_complete_at_most": 0}


def test_without_special_cases_all_variants_agree_with_the_primary_analysis() -> None:
    """Plain published patients of known age: no variant has a reason to differ."""
    found = variants(invented.case("alpha2020/p1"), invented.case("beta2021/p1", **FAILURE))
    assert {counts.total for counts in found.values()} == {(1, 2)}


def test_unclear_sources_move_to_the_complete_ones() -> None:
    """The total stays, the kind changes."""
    found = variants(invented.case("alpha2020/p1", ascertainment="unclear"))
    assert found["primary"].only(complete=True).total == (0, 0)
    assert found["unclear_as_complete"].only(complete=True).total == (1, 1)


def test_doubtful_pairs_count_once_when_they_are_taken_as_the_same() -> None:
    """The primary analysis counts both."""
    pair = invented.decision("alpha2020/p1", "beta2021/p1", "unsure")
    found = variants(invented.case("alpha2020/p1"), invented.case("beta2021/p1"), decisions=(pair,))
    assert found["primary"].total == (2, 2)
    assert found["doubtful_pairs_same"].total == (1, 1)


@pytest.mark.parametrize(
    ("variant", "changes"),
    [
        ("without_alloimmune", {"autoimmune": "no"}),
        ("autoimmune_only", {"autoimmune": "uncertain"}),
        ("without_unknown_age", {"age_not_reported": "yes"}),
        ("without_abstracts", {"report_type": "conference_abstract"}),
        ("without_secondary_sources", {"basis": "secondary_source"}),
    ],
)
def test_a_variant_drops_the_cases_that_it_names(variant: str, changes: invented.Row) -> None:
    """One case of the kind, one not."""
    found = variants(invented.case("alpha2020/p1", **changes), invented.case("beta2021/p1"))
    assert found["primary"].total == (2, 2)
    assert found[variant].total == (1, 1)


def test_the_strict_reading_trusts_trials_but_not_cohorts() -> None:
    """A retrospective cohort that says it is complete becomes selective."""
    cohort = invented.cohort_case("alpha2020/all", ascertainment="complete", report_type="retrospective_cohort")
    trial = invented.cohort_case("beta2021/all", ascertainment="complete", report_type="clinical_trial")
    found = variants(cohort, trial)["strict_complete"]
    assert found.only(complete=True).total == (6, 9)
    assert found.only(complete=False).total == (6, 9)


def test_patients_who_could_not_be_evaluated_become_failures_where_responses_are_told() -> None:
    """A cohort of ten with nine evaluable; a patient whose response is not told stays out."""
    found = variants(invented.cohort_case("alpha2020/all"), invented.case("beta2021/p1", **SILENT))
    assert found["not_evaluable_as_failures"].total == (6, 10)


def test_missing_responses_are_bounded_from_both_sides() -> None:
    """The silent patient and all of a cohort without counts fail, or respond."""
    untold = invented.cohort_case("gamma2022/all", n_treated=45, n_evaluable=0, n_response=0)
    found = variants(invented.case("alpha2020/p1"), invented.case("beta2021/p1", **SILENT), untold)
    assert found["missing_as_failures"].total == (1, 47)
    assert found["missing_as_responders"].total == (47, 47)


def test_a_cumulative_incidence_enters_only_its_own_variant() -> None:
    """Sixty-nine of a hundred with the interval of 42 patients; the primary analysis has none."""
    row = {"report_id": "alpha2020", "stratum": "all", "time_months": 6, "proportion": 0.69}
    row |= {"ci_lower": 0.52, "ci_upper": 0.80, "level": 0.95}
    silent = invented.cohort_case("alpha2020/all", n_treated=45, n_evaluable=0, n_response=0)
    found = variants(silent, incidences=invented.frame("cumulative_incidences", row))
    assert found["primary"].total == (0, 0)
    assert found["cumulative_incidences"].total == (29, 42)


def test_an_incidence_replaces_the_grades_of_a_cohort_as_well() -> None:
    """Ten of ten complete responses do not stay beside six effective responders."""
    row = {"report_id": "alpha2020", "stratum": "all", "time_months": 6, "proportion": 0.69}
    row |= {"ci_lower": 0.52, "ci_upper": 0.80, "level": 0.95}
    told = {"n_treated": 45, "n_evaluable": 45, "n_response": 45, "n_complete": 45, "n_complete_at_most": 45}
    cohort = invented.cohort_case("alpha2020/all", **told)
    found = variants(cohort, incidences=invented.frame("cumulative_incidences", row))
    assert found["cumulative_incidences"].total == (29, 42)


def test_effective_counts_give_back_the_interval_they_came_from() -> None:
    """A logit Wald interval of 40 of 100 patients."""
    p, n = 0.4, 100
    half = norm.ppf(0.975) / np.sqrt(n * p * (1 - p))
    lower, upper = (1 / (1 + np.exp(-(logit(p) + sign * half))) for sign in (-1, 1))
    assert effective_counts(p, lower, upper, 0.95, 1000) == (40, 100)
    assert effective_counts(p, lower, upper, 0.95, 50) == (20, 50)


def test_an_unidentified_publication_replaces_its_earlier_cut() -> None:
    """The earlier cut leaves, the later one enters with its own ascertainment."""
    row = {"citation_key": "anon", "status": "unidentified", "disease": "itp", "ascertainment": "complete"}
    row |= {"n_evaluable": 8, "n_response": 5, "replaces": "alpha2020"}
    found = variants(
        invented.cohort_case("alpha2020/all"),
        invented.case("beta2021/p1"),
        reading_list=invented.frame("reading_list", row),
    )
    assert found["unidentified_counted"].total == (6, 9)
    assert found["unidentified_counted"].only(complete=True).total == (5, 8)


def test_a_later_series_is_tried_in_place_of_the_earlier_one_and_beside_it() -> None:
    """The primary analysis keeps the earlier one; other publications that cannot be cited stay out of both."""
    later = {"citation_key": "anon", "status": "unidentified", "disease": "itp", "ascertainment": "complete"}
    later |= {"n_evaluable": 8, "n_response": 5, "replaces": "alpha2020"}
    other = {"citation_key": "else", "status": "unidentified", "disease": "itp", "ascertainment": "selective"}
    listed = invented.frame("reading_list", later, other | {"n_evaluable": 1, "n_response": 1})
    found = variants(invented.cohort_case("alpha2020/all"), invented.case("beta2021/p1"), reading_list=listed)
    totals = {name: found[name].total for name in ("primary", "later_series_instead", "later_series_too")}
    assert totals == {"primary": (7, 10), "later_series_instead": (6, 9), "later_series_too": (12, 18)}


def test_of_two_series_that_may_share_patients_every_choice_is_tried() -> None:
    """One counts, the other waits: the other one, both, neither; not where the disease differs."""
    counted, waiting = "alpha2020/all", "beta2021/all"
    out = {"eligible": "no", "exclusion_reason": "outcome_not_reported"}
    cases = (invented.cohort_case(counted), invented.cohort_case(waiting, 7, 5, 4, **out))
    pair = invented.decision(counted, waiting, "unsure")
    found = variants(*cases, invented.case("gamma2022/p1"), decisions=(pair,))
    totals = {name: found[name].total for name in ("primary", "series_exchanged", "series_both", "series_neither")}
    assert totals == {"primary": (7, 10), "series_exchanged": (5, 6), "series_both": (11, 15), "series_neither": (1, 1)}
    assert found["doubtful_pairs_same"].total == (7, 10)
    other = invented.cohort_case(waiting, 7, 5, 4, disease="sle", **out)
    assert "series_exchanged" not in variants(cases[0], other, decisions=(pair,))
    settled = invented.decision(counted, waiting, "different")
    assert "series_exchanged" not in variants(*cases, decisions=(settled,))


def test_counts_by_year_grow_and_leaving_one_out_drops_one_report() -> None:
    """Two reports of different years."""
    made = material(invented.case("alpha2020/p1"), invented.case("beta2021/p1", year=2021, **FAILURE))
    assert [(year, counts.total) for year, counts in by_year(made)] == [("2020", (1, 1)), ("2021", (1, 2))]
    left = {report: counts.total for report, counts in left_out(made).items()}
    assert left == {"alpha2020": (0, 1), "beta2021": (1, 1)}


def test_leaving_out_a_report_counts_its_patients_where_else_they_are_told():
    """The later article goes, the earlier abstract of the same cohort counts again."""
    early = invented.cohort_case("abstract2021/all", 3, 3, 1)
    late = invented.cohort_case("trial2022/all", 5, 5, 2, ascertainment="complete", includes_case="abstract2021/all")
    left = left_out(material(early, late))
    assert left["trial2022"].total == (1, 3)
    assert set(left) == {"trial2022"}


def test_leaving_out_a_report_is_counting_all_the_others() -> None:
    """Field by field: a report of two diseases, one of nobody known, the registry with its linkage, one told twice."""
    linked = {"n_response": 6, "n_response_published": 1, "n_none": 4, "n_none_published": 0}
    cases = (
        invented.case("alpha2020/p1"), invented.case("alpha2020/p2", disease="sle", **FAILURE),
        invented.case("beta2021/p1", **SILENT), invented.case("delta2021/p1", disease="sle"),
        invented.cohort_case("gamma2022/all", 5, 5, 2, ascertainment="complete", n_centres=3),
        invented.cohort_case("registry_complete/itp", 12, 12, 5, ascertainment="complete", report_type="registry_call"),
        invented.case("omega2023/p1"), invented.case("sigma2024/p1"),
    )  # fmt: skip
    linkage = invented.frame("registry_linkage", {"outcome": "any_response", "disease": "itp"} | linked)
    pair = invented.decision("omega2023/p1", "sigma2024/p1")
    made = material(*cases, decisions=(pair,), linkage=linkage)
    found = left_out(made)
    assert len(found) == 5
    for report, counts in found.items():
        slowly = made.counts(made.unique_without(made.cases["report_id"] == report))
        for field in fields(OutcomeCounts):
            assert np.array_equal(getattr(counts, field.name), getattr(slowly, field.name)), (report, field.name)
    assert [report for report, counts in found.items() if not counts.linkages] == ["registry_complete"]


def test_reports_whose_absence_leaves_the_same_counts_are_alike_and_others_are_not() -> None:
    """Order of the sources aside: only the counts of a source and its kind enter a fit."""
    cases = (
        *(invented.case(f"alike{number}/p1") for number in (1, 2, 3)),
        invented.case("failed/p1", **FAILURE), invented.case("other/p1", disease="sle"),
        invented.case("two/p1"), invented.case("two/p2", disease="sle"),
        invented.case("omega2023/p1"), invented.case("sigma2024/p1"),
    )  # fmt: skip
    made = material(*cases, decisions=(invented.decision("omega2023/p1", "sigma2024/p1"),))
    leaving = LeavingOut(made)
    told_twice = {report for report in leaving.reports if report in {"omega2023", "sigma2024"}}
    assert leaving.alike == {
        "alike1": "alike1", "alike2": "alike1", "alike3": "alike1", "failed": "failed", "other": "other", "two": "two",
        **{report: report for report in told_twice},
    }  # fmt: skip
    for report, head in leaving.alike.items():
        one, same = leaving.without(report), leaving.without(head)
        assert sorted(zip(one.disease, one.events, one.n, strict=True)) == sorted(
            zip(same.disease, same.events, same.n, strict=True)
        )


def test_without_the_registry_its_published_patients_count_as_published():
    """They lie inside the total, and are taken out with it otherwise."""
    total = invented.cohort_case(
        "registry_complete/itp", 12, 12, 5, ascertainment="complete", report_type="registry_call", year=None,
        includes_case="alpha2020/p1",
    )  # fmt: skip
    found = variants(total, invented.case("alpha2020/p1"), invented.case("beta2021/p1"))
    assert found["primary"].total == (6, 13)
    assert found["without_registry"].total == (2, 2)


def test_a_listed_publication_of_a_disease_that_nobody_asks_about_is_left_out() -> None:
    """The analysis of two diseases knows no third one."""
    row = {"citation_key": "anon", "status": "unidentified", "disease": "ttp", "ascertainment": "complete"}
    rows = [row | {"n_evaluable": 8, "n_response": 5}, row | {"citation_key": "other", "disease": "itp"}]
    made = material(invented.case("alpha2020/p1"), reading_list=invented.frame("reading_list", *rows))
    assert dict(data_variants(made))["unidentified_counted"].total == (6, 9)
    assert dict(data_variants(made.asking(("itp", "sle"))))["unidentified_counted"].total == (1, 1)


def test_a_listed_publication_may_replace_several_cuts() -> None:
    """Both earlier reports leave."""
    row = {"citation_key": "anon", "status": "unidentified", "disease": "itp", "ascertainment": "complete"}
    row |= {"n_evaluable": 8, "n_response": 5, "replaces": "alpha2020; beta2021"}
    cases = (invented.case("alpha2020/p1"), invented.case("beta2021/p1"))
    found = variants(*cases, reading_list=invented.frame("reading_list", row))
    assert found["unidentified_counted"].total == (5, 8)


def test_a_cumulative_incidence_without_interval_enters_no_variant() -> None:
    """Nothing tells how many patients it rests on."""
    row = {"report_id": "alpha2020", "stratum": "all", "time_months": 6, "proportion": 0.69, "level": 0.95}
    silent = invented.cohort_case("alpha2020/all", n_treated=45, n_evaluable=0, n_response=0)
    found = variants(silent, incidences=invented.frame("cumulative_incidences", row))
    assert found["cumulative_incidences"].total == (0, 0)


def test_an_interval_of_hardly_any_width_counts_all_treated_patients() -> None:
    """Its limits agree as floats, though one is above the other."""
    lower = 1e-300
    assert effective_counts(0.5, lower, np.nextafter(lower, 1), 0.95, 7) == (4, 7)


def test_two_tellings_stay_one_patient_without_the_report_that_joined_them() -> None:
    """Letter and article agree through the abstract; a stratum with room for one holds both."""
    cases = [invented.case(f"{name}/p1") for name in ("abstract2019", "article2021", "letter2020")]
    inside = invented.cohort_case("trial2022/all", 1, 1, 1, includes_case="article2021/p1; letter2020/p1")
    pairs = [("abstract2019/p1", "article2021/p1"), ("abstract2019/p1", "letter2020/p1")]
    made = material(*cases, inside, decisions=tuple(invented.decision(*pair) for pair in pairs))
    left_out = made.cases["report_id"] == "abstract2019"
    counted = made.unique_without(left_out)
    assert counted.loc[counted["counted"] == "yes", "case_id"].tolist() == ["trial2022/all"]


def test_a_cut_that_holds_more_than_it_treated_shows_once_the_later_report_is_left_out() -> None:
    """The later report has room for both patients, the early cut has not: the check asks for this too."""
    early = invented.cohort_case("abstract2021/all", 1, 1, 1, includes_case="letter2020/p1; letter2020/p2")
    late = invented.cohort_case("trial2022/all", 10, 10, 6, ascertainment="complete")
    pair = invented.decision("abstract2021/all", "trial2022/all")
    made = material(
        early, late, invented.case("letter2020/p1"), invented.case("letter2020/p2", sex="male"), decisions=(pair,)
    )
    assert standing_for_others(made.unique) == {"trial2022"}
    with pytest.raises(LinkageError, match="2 patients are said to lie inside"):
        made.unique_without(made.cases["report_id"] == "trial2022")
