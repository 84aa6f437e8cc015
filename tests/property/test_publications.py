"""Laws of merging, on invented records that differ in little."""

from __future__ import annotations

from itertools import combinations

import hypothesis.strategies as st
from hypothesis import given, settings

from casepool.search.formats.citation import FIELDS
from casepool.search.merging import merge_records
from casepool.search.publications.compare import compare
from casepool.search.publications.facts import facts_of
from casepool.search.publications.groups import group
from casepool.search.publications.rules import contradictions, rule_of

TITLES = (
    "Daratumumab in refractory immune thrombocytopenia of invented adults",
    "Daratumumab in refractory immune thrombocytopenia of invented adults: a case series",
    "Daratumumab in refractory immune thrombocytopaenia of invented adults",
    "Daratumumab in refractory immune thrombocytopenia of invented adults. Part II",
    "Reply",
    "",
)
CHOICES = {
    "title": st.sampled_from(TITLES),
    "authors": st.sampled_from(["Martin, Paul; Petit, Q", "Martin P", "Petit, Quentin", "Study group", ""]),
    "year": st.sampled_from([2020, 2021, None]),
    "journal": st.sampled_from(["J Inv", "Journal of Inventions", "Blood", ""]),
    "volume": st.sampled_from(["1", "2", ""]),
    "issue": st.sampled_from(["1", "4", ""]),
    "pages": st.sampled_from(["1-6", "101-108", "101", "S12", ""]),
    "doi": st.sampled_from(["", "10.1000/x", "10.1000/y"]),
    "pmid": st.sampled_from(["", "", "", "1"]),
    "source_file": st.sampled_from(["a.ris", "b.ris"]),
}


@st.composite
def some_rows(draw):
    """Return invented records, each with an id of its own."""
    told = draw(st.lists(st.fixed_dictionaries(CHOICES), max_size=7))
    return [
        dict.fromkeys(FIELDS, "") | {"origin": "database", "record_id": f"ris:{number}"} | one
        for number, one in enumerate(told)
    ]


def parted(rows):
    """Return the publications as sets of ids."""
    groups, _ = group(rows)
    return {frozenset(rows[n]["record_id"] for n in groups.records(one)) for one in groups.members}


@given(some_rows(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_records_does_not_matter(rows, random):
    """The same records belong together, whatever stands first."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert parted(shuffled) == parted(rows)


@given(some_rows())
@settings(max_examples=50, deadline=None)
def test_every_record_is_kept_or_merged_once(rows):
    """None is lost, none is two, and each merge has its reason."""
    done = merge_records(rows)
    assert len(done.records) + len(done.merges) == len(rows)
    assert set(done.merges["kept_as"]) <= set(done.records["record_id"])
    assert done.records["record_id"].is_unique
    assert all(done.merges["explanation"])


@given(some_rows())
@settings(max_examples=50, deadline=None)
def test_no_two_that_contradict_each_other_are_joined_through_a_third(rows):
    """But where one id of PubMed says so, or another's first author bridges two writings of a name."""
    facts = {row["record_id"]: facts_of(row) for row in rows}
    for publication in parted(rows):
        if not any(facts[one].pmid for one in publication):
            for a, b in combinations(sorted(publication), 2):
                pair = compare(facts[a], facts[b])
                assert rule_of(pair) or contradictions(pair) in ([], ["author"]), (facts[a], facts[b])


@given(some_rows())
@settings(max_examples=50, deadline=None)
def test_the_same_exports_once_more_add_nothing(rows):
    """Under other names of the files, however little an entry says."""
    again = [row | {"source_file": f"again/{row['source_file']}"} for row in rows]
    assert parted(rows + again) == parted(rows)
