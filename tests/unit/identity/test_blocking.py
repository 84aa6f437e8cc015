"""Few pairs are compared, none within a report, and a block that is too large is told."""

from __future__ import annotations

import invented
import numpy as np
import pytest

from casepool.identity.blocking import Blocking
from casepool.identity.encoding import encode

CALL = {"report_type": "registry_call", "year": 2026}


def compared(cases, max_pairs=1000):
    """Return the pairs of case ids that are compared, and the notes."""
    encoded = encode(invented.frame("cases", *cases).sort_values("case_id").reset_index(drop=True))
    blocking = Blocking(encoded, max_pairs)
    found = {(encoded.ids[a], encoded.ids[b]) for i, j in blocking.batches() for a, b in zip(i, j, strict=True)}
    return found, blocking.notes


def single(number, **changes):
    """Return a patient of a report of her own."""
    return invented.case(f"r{number}/p1", **changes)


def pair(one, other):
    """Return whether two patients are compared."""
    found, _ = compared([single(1, **one), single(2, **other)])
    return found == {("r1/p1", "r2/p1")}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"age_years": 40}, {"age_years": 41}, True),
        ({"age_years": 40}, {"age_years": 42}, False),
        ({"age_years": 40}, {"age_years": 42, "year": 2021}, True),
        ({"age_years": 40, "treatment_year": 2016}, {"age_years": 40, "treatment_year": 2018}, False),
        ({"age_years": 40, "treatment_year": 2016}, {"age_years": 40, "treatment_year": 2017}, True),
        ({"age_years": 40, "treatment_year": 2016}, {"age_years": 40}, True),
        ({"age_years": 40}, {"age_years": 40, "sex": "male"}, False),
        ({"age_years": 40}, {"age_years": 40, "disease": "waiha"}, False),
        ({"age_years": 40}, {"age_years": 40, "eligible": "yes", "kind": "cohort"}, False),
    ],
)
def test_persons_of_a_disease_and_sex_whose_ages_and_years_fit_are_compared(one, other, expected):
    """The first pass."""
    assert pair(one, other) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"country": "France"}, {"country": "France"}, True),
        ({"country": "France"}, {"country": "Italy"}, False),
        ({"centre": "CHU de Lyon Sud"}, {"centre": "Lyon University Hospital"}, True),
        ({"centre": "CHU de Lyon"}, {"centre": "CHU de Lille"}, False),
        ({"treatment_year": 2019}, {"treatment_year": 2019}, True),
        ({"authors": "Alpha A; Beta B"}, {"authors": "Beta B"}, True),
        ({"authors": "Alpha A"}, {"authors": "Beta B"}, False),
        ({"study_id": "s"}, {"study_id": "s"}, True),
        ({"country": "France"}, {"country": "France", "disease": "waiha"}, False),
        ({}, {}, False),
    ],
)
def test_where_the_age_is_not_told_place_year_or_authors_bring_patients_together(one, other, expected):
    """And nothing in common does not."""
    assert pair(one, other) is expected
    assert pair(one | {"age_years": 40}, other) is expected


def test_a_registry_case_is_compared_with_every_patient_of_the_publication_that_it_names():
    """Whatever disease, age and sex say."""
    cases = [invented.case(f"r1/p{n}", publication="pmid:7", age_years=20 * n, disease="waiha") for n in (1, 2)]
    call = invented.case("registry/a1", **CALL, publication="pmid:6; pmid:7; doi:10.1/x", age_years=90, sex="male")
    assert compared([*cases, call])[0] == {("r1/p1", "registry/a1"), ("r1/p2", "registry/a1")}


def test_registry_cases_are_compared_only_where_age_and_sex_are_told():
    """Two centres of one country share too much else."""
    told = CALL | {"country": "France", "treatment_year": 2019, "centre": "Lyon"}
    assert not pair(told, told)
    assert pair(told | {"age_years": 40}, told | {"age_years": 41})
    assert not pair(told | {"age_years": 40}, told | {"age_years": 42, "treatment_year": 2020})
    assert pair(told | {"age_years": 40, "treatment_year": None}, told | {"age_years": 41})


def test_patients_of_one_report_are_never_compared():
    """Nor registry cases of one centre."""
    told = {"age_years": 40, "country": "France", "authors": "Alpha A", "publication": "pmid:7"}
    cases = [invented.case(f"r1/p{n}", **told) for n in (1, 2)]
    assert compared(cases)[0] == set()
    assert compared([case | CALL for case in cases])[0] == set()


def test_every_pair_is_ordered_and_the_order_of_rows_does_not_matter():
    """The smaller position first."""
    cases = [single(n, age_years=40 + n % 2, country="France", **(CALL if n > 3 else {})) for n in range(7)]
    first, second = compared(cases)[0], compared(cases[::-1])[0]
    assert first == second
    assert all(a < b for a, b in first)
    assert len(first) == 21


def test_a_block_that_is_too_large_is_narrowed_and_told():
    """To the same numbers of prior lines and doses."""
    cases = [single(n, **CALL, age_years=40, n_prior_lines=n % 3, n_doses=4) for n in range(9)]
    found, notes = compared(cases, max_pairs=9)
    assert len(found) == 9
    assert notes == (
        "patients of one disease, sex and year: more than 9 pairs in a block; only those with the same known numbers "
        "of prior lines and doses were compared",
    )


def test_a_block_that_stays_too_large_is_left_out_and_told():
    """All alike."""
    cases = [single(n, **CALL, age_years=40, n_prior_lines=1, n_doses=4) for n in range(9)]
    found, notes = compared(cases, max_pairs=9)
    assert found == set()
    assert notes == ("patients of one disease, sex and year: more than 9 pairs in a block; a part was not compared",)


def test_a_country_with_too_many_vague_patients_is_left_out_and_told():
    """Other countries are still compared."""
    cases = [single(n, country="France") for n in range(4)] + [single(n, country="Italy") for n in (5, 6)]
    found, notes = compared(cases, max_pairs=9)
    assert found == {("r5/p1", "r6/p1")}
    assert notes == ("patients of one country: more than 9 pairs in a block; a part was not compared",)


def test_many_alike_patients_come_in_batches_without_losing_a_pair(monkeypatch):
    """Batches end anywhere."""
    monkeypatch.setattr("casepool.identity.blocking._BATCH", 4)
    cases = [single(n, age_years=40 + n // 3, country="France", **(CALL if n % 2 else {})) for n in range(10)]
    cases += [single(n, country="France") for n in range(10, 14)]
    in_batches = compared(cases)[0]
    monkeypatch.setattr("casepool.identity.blocking._BATCH", 10**6)
    assert in_batches == compared(cases)[0]
    assert len(in_batches) > 40


def test_few_of_all_pairs_of_a_large_registry_are_compared():
    """1,500 cases of 30 centres: of a million pairs not one in a hundred."""
    draw = np.random.default_rng(1)
    cases = [
        invented.case(
            f"registry/{n:06d}",
            **CALL,
            report_id=f"registry-{n % 30}",
            disease=str(draw.choice(["itp", "sle", "waiha", "prca"])),
            sex=str(draw.choice(["female", "male"])),
            age_years=float(draw.integers(18, 90)),
            treatment_year=int(draw.integers(2016, 2026)),
            country="France",
        )
        for n in range(1500)
    ]
    found, notes = compared(cases, max_pairs=10_000)
    assert 0 < len(found) < 1500 * 1499 / 2 / 100
    assert notes == ()


def test_no_case_gives_no_pair():
    """A project that starts."""
    assert compared([]) == (set(), ())
    assert compared([single(1, age_years=40, country="France")]) == (set(), ())


def test_pairs_that_share_all_keys_are_those_of_two_loops_and_larger_blocks_are_told():
    """A study and a disease, −1 where no study is told; what a block may hold decides over it as a whole."""
    random = np.random.default_rng(3)
    for most in (1, 4, 1000):
        cases = [
            single(
                number,
                study_id=f"s{random.integers(0, 4)}" if random.random() < 0.8 else None,
                disease=str(random.choice(["itp", "waiha"])),
                age_years=None,
            )
            for number in range(20)
        ]
        found, notes = compared(cases, most)
        blocks: dict[tuple[str, str], list[str]] = {}
        for case in cases:
            if case["study_id"]:
                blocks.setdefault((case["study_id"], case["disease"]), []).append(case["case_id"])
        expected = {
            tuple(sorted((one, other)))
            for block in blocks.values()
            if len(block) ** 2 <= most
            for one in block
            for other in block
            if one != other
        }
        assert {tuple(sorted(pair)) for pair in found} == expected
        assert bool(notes) == any(len(block) ** 2 > most for block in blocks.values())
