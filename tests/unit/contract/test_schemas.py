"""Every rule of the data contract is broken once by a row that breaks no other."""

from __future__ import annotations

from pathlib import Path

import invented
import pytest

from casepool.contract import CURATED, TABLES, Table
from casepool.files import store
from casepool.files.sheets import check_table
from casepool.model.errors import StoredTableError
from casepool.model.study import study

EMPTY_COUNTS = {"n_treated": "", "n_evaluable": "", "n_response": "", "n_none": ""}
EXCLUDED = {"decision": "exclude", "exclusion_reason": ""}
SEEN = {"record_id": "pmid:1", "stage": "full_text", "reviewer": "reader_one", "date": "2026-01-31"}
READING = {"citation_key": "gamma2022", "status": "unverified"}
TERM = {"term": "thrombocytopenic purpura", "language": "en"}

# table, rule → a row that breaks this rule.
BREAKERS: dict[tuple[str, str], invented.Row] = {
    ("reports", "reason_if_and_only_if_excluded"): invented.report(**EXCLUDED),
    ("reports", "type_unless_awaiting"): invented.report(report_type=""),
    ("screening", "reason_if_and_only_if_excluded"): SEEN | {"decision": "include", "exclusion_reason": "review"},
    ("patients", "loss_needs_response"): invented.patient(response="none", relapse="yes"),
    ("patients", "cause_needs_death"): invented.patient(death="no", death_cause="infection"),
    ("cohorts", "n_evaluable_at_most_n_treated"): invented.cohort(n_evaluable=11),
    ("cohorts", "n_response_at_most_n_evaluable"): invented.cohort(n_response=10, n_none=""),
    ("cohorts", "n_none_at_most_n_evaluable"): invented.cohort(n_none=10, n_response=""),
    ("cohorts", "n_female_at_most_n_treated"): invented.cohort(n_female=11),
    ("cohorts", "n_relapse_at_most_n_response"): invented.cohort(n_relapse=7),
    ("cohorts", "n_death_at_most_n_treated"): invented.cohort(n_death=11),
    ("cohorts", "n_serious_infection_at_most_n_treated"): invented.cohort(n_serious_infection=11),
    ("cohorts", "n_hypogammaglobulinaemia_at_most_n_treated"): invented.cohort(n_hypogammaglobulinaemia=11),
    ("cohorts", "n_infusion_reaction_at_most_n_treated"): invented.cohort(n_infusion_reaction=11),
    ("cohorts", "n_underlying_at_most_n_treated"): invented.cohort(underlying_disease="aps", n_underlying=11),
    ("cohorts", "underlying_is_whole"): invented.cohort(underlying_disease="aps"),
    ("cohorts", "causes_fit_death"): invented.cohort(n_death=1, death_causes="infection 2"),
    ("cohorts", "grades_have_response"): invented.cohort(n_complete=2, n_response=""),
    ("cohorts", "responders_and_none_fit"): invented.cohort(n_none=4),
    ("cohorts", "grades_fit"): invented.cohort(n_complete=4, n_partial=3),
    ("cohorts", "response_has_evaluable"): invented.cohort(n_evaluable=""),
    ("cohorts", "evaluable_has_treated"): invented.cohort(n_treated=""),
    ("registry_form", "reported_at_most_treated"): invented.form_row(centre_n_reported=5),
    ("registry_form", "objection_checked"): invented.form_row(objection_checked="no"),
    ("registry_form", "published_where_cited"): invented.form_row(publication_pmid="1"),
    ("registry_form", "filled_on_plausible"): invented.form_row(filled_on="1921-03-12", treatment_year=""),
    ("registry_form", "treated_before_filled"): invented.form_row(treatment_year=2100),
    ("registry_form", "response_within_follow_up"): invented.form_row(time_to_response_weeks=300, follow_up_months=2),
    ("registry_form", "loss_within_follow_up"): invented.form_row(
        relapse="yes", time_to_relapse_months=12, follow_up_months=9
    ),
    ("registry_form", "loss_needs_response"): invented.form_row(response="none", relapse="yes"),
    ("disease_terms", "disease_fits_kind"): TERM | {"kind": "name", "disease": "itp; ttp"},
    ("reading_list", "n_response_at_most_n_evaluable"): READING | {"n_evaluable": 1, "n_response": 2},
    ("context", "n_response_at_most_n_total"): invented.context(n_response=31),
    ("context", "comparator_n_response_at_most_comparator_n_total"): invented.context(comparator_n_response=16),
}
for event in study().events:
    least, most, at_risk = f"n_{event}", f"n_{event}_at_most", study().counted[event].at_risk
    BREAKERS |= {
        ("cohorts", f"{most}_at_most_{at_risk}"): invented.cohort(**{least: 1, most: 11}),
        ("cohorts", f"{least}_at_most_{most}"): invented.cohort(**{least: 3, most: 2}),
        ("cohorts", f"{least}_given"): invented.cohort(**{most: 2}),
    }
RULES = [(table, rule.name) for table in TABLES.values() for rule in table.rules]


def problems_of(folder: Path, name: str, *rows: invented.Row) -> list[tuple[str, str]]:
    """Return (column, expectation) of every problem of these rows."""
    checked = check_table(name, invented.write_csv(folder / f"{name}.csv", name, *rows))
    return [(problem.column, problem.expected) for problem in checked.problems]


def test_every_rule_has_a_row_that_breaks_it():
    """A new rule comes with its row."""
    assert {(table.name, rule) for table, rule in RULES} == set(BREAKERS)


@pytest.mark.parametrize(("table", "rule"), RULES, ids=lambda value: getattr(value, "name", value))
def test_a_row_that_breaks_one_rule_yields_that_problem_alone(tmp_path, table: Table, rule: str):
    """A rule catches what it says, and no other rule is needed for it."""
    broken = next(one for one in table.rules if one.name == rule)
    row = BREAKERS[table.name, rule]
    assert problems_of(tmp_path, table.name, row) == [(broken.column, broken.expected)]


@pytest.mark.parametrize(("table", "rule"), RULES, ids=lambda value: getattr(value, "name", value))
def test_a_row_that_breaks_one_rule_is_not_written_either(tmp_path, table: Table, rule: str):
    """The rules hold for who writes as for who reads."""
    broken = next(one for one in table.rules if one.name == rule)
    row = {name: value or None for name, value in BREAKERS[table.name, rule].items()}
    with pytest.raises(StoredTableError) as raised:
        store.write_table(table.name, invented.frame(table.name, row), tmp_path / "table.csv")
    assert f"row 2, {broken.column}; expected {broken.expected}" in str(raised.value)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("reports", invented.report()),
        ("reports", invented.report(decision="exclude", exclusion_reason="review")),
        ("patients", invented.patient(relapse="yes")),
        ("patients", invented.patient(response="none")),
        ("cohorts", invented.cohort()),
        ("cohorts", invented.cohort(**EMPTY_COUNTS)),
        ("cohorts", invented.cohort(n_complete=2, n_partial=4, n_relapse=6, n_death=10, n_female=0)),
        ("cohorts", invented.cohort(n_relapse=3, n_relapse_at_most=6, n_death=0, n_death_at_most=10)),
        ("cohorts", invented.cohort(n_death=8, n_death_at_most=8, death_causes="gvhd_or_infection 7; bleeding 1")),
        ("cohorts", invented.cohort(n_death=8, death_causes="infection 2")),
        ("cohorts", invented.cohort(underlying_disease="aps", n_underlying=10)),
        ("patients", invented.patient(death="yes", death_cause="not_determined", underlying_disease="aps")),
        ("patients", invented.patient(death="yes")),
        ("appraisal", invented.appraisal()),
    ],
)
def test_a_right_row_has_no_problem(tmp_path, table, row):
    """Rules refuse nothing that papers report; empty counts mean not reported."""
    assert problems_of(tmp_path, table, row) == []


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("reports", "pmid", "PMID 12"),
        ("reports", "pmcid", "7065484"),
        ("reports", "doi", "https://doi.org/10.1000/x"),
        ("reports", "language", "english"),
        ("reports", "year", "1789"),
        ("reports", "report_id", "two words"),
        ("patients", "age_years", "-1"),
        ("patients", "n_prior_lines", "41"),
        ("patients", "time_to_response_weeks", "-0.5"),
        ("cohorts", "age_median", "121"),
    ],
)
def test_a_value_outside_its_column_is_a_problem(tmp_path, table, column, value):
    """Patterns and limits of the columns hold."""
    row = {"reports": invented.report, "patients": invented.patient, "cohorts": invented.cohort}[table]()
    assert [name for name, _ in problems_of(tmp_path, table, row | {column: value})] == [column]


@pytest.mark.parametrize("causes", ["infection", "infection 0", "old age 2", "infection 1, bleeding 1"])
def test_causes_of_death_are_those_of_the_list_each_with_its_number(tmp_path, causes):
    """A cause without number, or one that nobody knows, counts nothing."""
    assert [name for name, _ in problems_of(tmp_path, "cohorts", invented.cohort(n_death=9, death_causes=causes))] == [
        "death_causes"
    ]


def test_a_cause_of_death_stands_once(tmp_path):
    """Two numbers for one cause would be a contradiction."""
    row = invented.cohort(n_death=9, death_causes="infection 1; infection 2")
    assert [name for name, _ in problems_of(tmp_path, "cohorts", row)] == ["death_causes"]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_keys_are_columns_and_names_are_unique(table: Table):
    """The contract itself is sound; keys of files that people type may not be empty."""
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)


def test_units_stand_in_the_names_of_measured_columns():
    """A number without unit cannot be checked against a paper."""
    units = ("_years", "_weeks", "_months", "_median", "value", "lower", "upper", "proportion", "level")
    measured = [column.name for table in CURATED for column in table.columns if column.kind == "number"]
    assert [name for name in measured if not name.endswith(units)] == []


@pytest.mark.parametrize(
    ("kind", "disease", "sound"),
    [
        ("name", "itp", True),
        ("name", "", False),
        ("capitals", "itp; ttp", False),
        ("asked", "itp; ttp", True),
        ("asked", "", False),
        ("together", "evans", True),
        ("neutral", "", True),
        ("small", "itp", False),
    ],
)
def test_the_kind_of_a_term_says_how_many_diseases_it_has(tmp_path, kind, disease, sound):
    """One for a name, one or more where it is asked, none for a word that changes nothing."""
    assert (problems_of(tmp_path, "disease_terms", TERM | {"kind": kind, "disease": disease}) == []) is sound
