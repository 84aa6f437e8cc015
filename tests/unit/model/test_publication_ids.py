"""What people type as PubMed ids and DOIs, one or several in a cell. All ids SYNTHETIC."""

from __future__ import annotations

import pytest

from casepool.model.publication_ids import dois_in, pmids_in

TWO = ("99999991", "99999992")
DOIS = ("10.1000/182", "10.1000/183")


@pytest.mark.parametrize(
    "cell",
    ["99999991 et 99999992", "99999991; 99999992", "99999991,99999992", "99999991/99999992", "99999991 99999992",
     "PMID 99999991 PMID 99999992", "pmid: 99999991 and 99999992.0", "99 999 991 ; 99 999 992",
     "99999991, et 99999992;",
     "99999991; 99999991; 99999992"],
)  # fmt: skip
def test_two_pubmed_ids_are_read_however_they_are_set_apart(cell):
    assert pmids_in(cell) == TWO


@pytest.mark.parametrize("cell", ["99999991", "99999991.0", "99 999 991", "PMID: 99999991", "99999991,0"])
def test_one_pubmed_id_is_read_in_every_usual_way(cell):
    assert pmids_in(cell) == TWO[:1]


@pytest.mark.parametrize("cell", ["", "abc", "1,5", "99999991 or so", "01 23 45 67 89", "999999911", "99999991 x"])
def test_what_is_more_or_other_than_pubmed_ids_gives_none(cell):
    assert pmids_in(cell) == ()


@pytest.mark.parametrize(
    "cell",
    ["10.1000/182 et 10.1000/183", "10.1000/182,10.1000/183", "https://doi.org/10.1000/182 https://doi.org/10.1000/183",
     "doi: 10.1000/182; doi: 10.1000/183.", "DOI 10.1000/182 and 10.1000/183"],
)  # fmt: skip
def test_two_dois_are_read_however_they_are_set_apart(cell):
    assert dois_in(cell) == DOIS


def test_a_doi_keeps_the_signs_that_set_others_apart():
    old = "10.1002/(SICI)1000(1999)86:4<1::AID-X>3.0.CO;2-X"
    assert dois_in(old) == (old,)
    assert dois_in(f"{old}; 10.1000/182") == (old, "10.1000/182")


@pytest.mark.parametrize("cell", ["", "10.1/x", "10.1000/182 (abstract)", "Quetzal"])
def test_what_is_more_or_other_than_dois_gives_none(cell):
    assert dois_in(cell) == ()
