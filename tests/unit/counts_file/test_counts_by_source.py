"""Counts with one row for each source: read, checked, and pooled as the totals they make."""

from __future__ import annotations

import pandas as pd
import pytest

from casepool.api.models import pool
from casepool.counts_file.data import diseases_of, joint_data, own_data
from casepool.counts_file.read import checked_counts, read_counts
from casepool.counts_file.table import RawTable
from casepool.model.errors import FileError
from casepool.stats.joint.data import Source
from casepool.stats.own.data import Kind, OwnSource

ROWS = [
    ("itp", "trial", "complete", 8, 12),
    ("sle", "series", "complete", 10, 10),
    ("itp", "registry", "complete", 6, 14),
    ("itp", "case 1", "selective", 1, 1),
    ("sle", "cases", "selective", 7, 8),
    ("waiha", "letters", "selective", 6, 12),
    ("prca", "nobody yet", "selective", 0, 0),
]
COLUMNS = ["disease", "source", "ascertainment", "response", "n"]
FRAME = pd.DataFrame(ROWS, columns=COLUMNS)
WIDE = pd.DataFrame(
    [("itp", 14, 26, 1, 1), ("sle", 10, 10, 7, 8), ("waiha", 0, 0, 6, 12), ("prca", 0, 0, 0, 0)],
    columns=["disease", "complete_response", "complete_n", "selective_response", "selective_n"],
)


def test_sources_sum_to_the_totals_of_their_disease():
    """In the order in which diseases are first named; a source of one patient needs no likeness."""
    counts = checked_counts(RawTable.of(FRAME), "joint")
    data = joint_data(counts)
    assert diseases_of(counts) == ("itp", "sle", "waiha", "prca")
    assert (data.complete_events, data.complete_n) == ((14, 10, 0, 0), (26, 10, 0, 0))
    assert (data.selective_events, data.selective_n) == ((1, 7, 6, 0), (1, 8, 12, 0))
    assert data.sources[0] == Source(0, True, 8, 12)
    assert len(data.sources) == 5


def test_without_clustering_sources_and_totals_give_the_same_numbers():
    """Where patients of one source are no more alike than others, only the totals count."""
    sources, totals = pool(FRAME, clustering=0.0).document, pool(WIDE).document
    for one, other in zip(sources["diseases"], totals["diseases"], strict=True):
        assert {**one, "own": None} == {**other, "own": None}
    assert sources["overall"]["pooled"] == totals["overall"]["pooled"]


def test_clustering_acts_where_sources_are_given():
    """Likeness within a source leaves less knowledge: the interval of the anchored disease is wider."""
    plain, clustered = (pool(FRAME, clustering=rho).pooled["itp"] for rho in (0.0, 0.5))
    assert clustered.ci[1] - clustered.ci[0] > plain.ci[1] - plain.ci[0] + 0.02


def test_a_prior_of_the_clustering_acts_where_sources_are_given():
    """The models of the mixture differ in it."""
    found = pool(FRAME, clustering_prior=(1.0, 9.0))
    assert len({node["clustering"] for node in found.document["mixture"]}) > 1
    assert not any("source" in note for note in found.notes)


def test_a_file_is_read_in_either_form(tmp_path):
    """The header decides."""
    path = tmp_path / "counts.csv"
    FRAME.to_csv(path, index=False)
    read = read_counts(path)
    assert list(read.columns) == COLUMNS
    assert read["n"].tolist() == FRAME["n"].tolist()


def test_all_problems_of_sources_are_reported_at_once():
    """Row, column, found, expected, nearest."""
    rows = [("a", "s", "complet", 3, 2), ("a", "s", "selective", 1, 2), ("", "t", "unclear", 1, 1), ("b", "", "", 0, 1)]
    with pytest.raises(FileError, match="counts: 7 problems") as caught:
        pool(pd.DataFrame(rows, columns=COLUMNS))
    for part in (
        "row 1, disease=a: ascertainment = complet; expected complete, registry or selective. Did you mean 'complete'?",
        "row 1, disease=a: response = 3; expected at most n = 2",
        "disease=a, source=s: found in rows 1, 2; expected one row per disease and source",
        "row 3: disease is empty",
        "row 3, disease=(empty): ascertainment = unclear; expected complete, registry or selective.",
        "row 4: source is empty",
        "row 4, disease=b: ascertainment = an empty cell",
    ):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            ["disease", "source", "ascertainment", "responses", "n"],
            "missing response. Is responses meant to be response",
        ),
        (["Disease", "source", "ascertainment", "response", "n"], "missing disease. Is Disease meant to be disease"),
        (["disease", "complete_response", "complete_n", "selective_resp", "n"], "Is selective_resp meant to be selec"),
    ],
)
def test_a_wrong_column_is_named_with_the_one_that_was_meant(columns, message):
    """Found, missing, nearest."""
    with pytest.raises(FileError, match=message):
        pool(pd.DataFrame([["a", "b", "complete", 1, 1]], columns=columns))


def test_a_registry_is_a_kind_of_its_own():
    """Complete for the pooled model, its patients of many centres; with a preference for the own one."""
    rows = [("a", "r", "registry", 6, 10, 3), ("a", "c", "selective", 4, 4, 1)]
    counts = checked_counts(RawTable.of(pd.DataFrame(rows, columns=[*COLUMNS, "centres"])), "joint")
    assert own_data(counts).sources == (OwnSource(0, Kind.REGISTRY, 6, 10, 3), OwnSource(0, Kind.SELECTIVE, 4, 4))
    data = joint_data(counts)
    assert (data.complete_n, data.sources) == ((10,), (Source(0, False, 4, 4),))


@pytest.mark.parametrize(("allowance", "wider"), [("source_sd", 1.5), ("label_error", 0.4), ("ratio_sd", 2.0)])
def test_every_allowance_widens_the_own_interval(allowance, wider):
    """And nothing of the pooled rate."""
    usual, allowed = pool(FRAME), pool(FRAME, **{allowance: wider})
    disease = "waiha" if allowance == "ratio_sd" else "sle"
    width = [rate.ci[1] - rate.ci[0] for rate in (usual.rates[disease], allowed.rates[disease])]
    assert width[1] > width[0] + 0.01
    assert usual.pooled == allowed.pooled


def test_publication_in_the_registry_informs_both_ratios():
    """By source; of selected cases it cannot be known."""
    linked = FRAME.assign(
        registry_response_published=[0, 0, 5, 0, 0, 0, 0], registry_response_n=[0, 0, 6, 0, 0, 0, 0],
        registry_none_published=[0, 0, 1, 0, 0, 0, 0], registry_none_n=[0, 0, 8, 0, 0, 0, 0],
    )  # fmt: skip
    with_it, without = pool(linked), pool(linked, use_linkage=False)
    assert with_it.ratio.median > without.ratio.median
    assert with_it.document["reporting_ratio"]["median"] > without.document["reporting_ratio"]["median"]
    wrong = linked.assign(ascertainment="selective")
    with pytest.raises(FileError, match="row 3, disease=itp: publication is known of 14 registry patients"):
        pool(wrong)
