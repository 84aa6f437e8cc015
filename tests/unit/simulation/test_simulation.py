"""The simulation on the layout of the counts: chunks, their sums, and the command."""

from __future__ import annotations

from dataclasses import replace

import invented
import numpy as np
import pandas as pd
import pytest
from unit.pooling.test_rates import source

from casepool.counting.outcomes import outcome_counts
from casepool.files import store
from casepool.model.configuration import load_configuration
from casepool.model.errors import FileError
from casepool.simulation.chunk import ESTIMATORS, Chunk, layout_of, simulate_layout
from casepool.simulation.run import Run, as_text, read_layout, run
from casepool.simulation.table import combine_chunks

DISEASES = ("itp", "prca", "sle", "waiha")
STUDIES = invented.frame(
    "study_counts",
    source("beta2021", 6, 9, "complete"),
    source("alpha2020", 1, 1),
    source("gamma2022", 0, 0),
    source("delta2023", 6, 12, "unclear", "waiha"),
    source("epsilon2024", 2, 2, "selective", "sle"),
)
POOLING = load_configuration(invented.ROOT / "config" / "config.yaml").pooling


def chunk(index: int = 0, replicates: int = 3, ratio: float = 4.0, seed: int = 9) -> pd.DataFrame:
    """Return the sums of one chunk."""
    return simulate_layout(STUDIES, DISEASES, "any_response", Chunk(ratio, index, replicates, seed), POOLING)


def test_the_layout_is_that_of_the_sources_with_patients():
    """Diseases without patients and sources without evaluable patient are no part of it."""
    layout = layout_of(outcome_counts(STUDIES, "any_response"), DISEASES)
    assert layout.diseases == ("itp", "sle", "waiha")
    assert (layout.complete_n, layout.selective_n) == ((9, 0, 0), (1, 2, 12))


def test_a_registry_of_the_counts_is_one_in_the_layout():
    """Only where its patients are analysed as complete; the others are told as the reports are."""
    counts = outcome_counts(STUDIES, "any_response")
    called = replace(counts, registry=np.ones(len(counts.n), bool))
    assert not layout_of(counts, DISEASES).has_registry
    assert [source.registry for source in layout_of(called, DISEASES).sources] == counts.complete[counts.n > 0].tolist()


def test_a_chunk_has_a_row_for_every_estimator_and_fits_its_table(tmp_path):
    """What goes out is a valid table."""
    sums = chunk()
    assert set(sums["estimator"]) == set(ESTIMATORS)
    assert set(sums["target"]) == {"overall", "anchored_mean", "anchored", "literature_only"}
    store.write_table("simulation_sums", sums, tmp_path / "sums.csv")
    again = store.read_table("simulation_sums", tmp_path / "sums.csv")
    store.write_table("simulation", combine_chunks([again]), tmp_path / "simulation.csv")


def test_combined_chunks_add_replicates_and_weigh_them(tmp_path):
    """Means over both chunks, as if they had been one; the order does not matter."""
    first, second = chunk(0, 2), chunk(1, 4)
    both, swapped = combine_chunks([first, second]), combine_chunks([second, first])
    row = both.set_index(["target", "estimator"]).loc[("overall", "naive")]
    wanted = (float(first["error"].iloc[0]) + float(second["error"].iloc[0])) / 6
    assert (row["n_replicates"], row["estimable"]) == (6, 1.0)
    assert row["bias"] == pytest.approx(wanted, abs=1e-12)
    pd.testing.assert_frame_equal(both, swapped)


def test_the_same_chunk_twice_is_refused():
    """It would count the same random numbers as new ones."""
    with pytest.raises(ValueError, match="found a chunk twice"):
        combine_chunks([chunk(), chunk()])


def test_without_counts_there_is_nothing_to_simulate():
    """An empty table, not an error."""
    none = simulate_layout(STUDIES.head(0), DISEASES, "any_response", Chunk(1.0, 0, 3, 1), POOLING)
    assert len(combine_chunks([none])) == 0


def test_the_reference_layout_has_thirteen_diseases_and_its_own_name():
    """Published mechanism, reporting odds ratio; drawn in another process."""
    found = run(None, Run((2.0,), 2, 5, cores=2))
    assert set(found["layout"]) == {"reference"}
    rows = found.set_index(["target", "estimator"])
    assert rows["n_replicates"]["overall", "joint"] == 2
    assert rows["estimable"]["literature_only", "own"] == 1.0
    assert ("overall", "own") not in rows.index


def test_layouts_are_read_from_a_build_and_from_a_counts_file(tmp_path):
    """A counts file tells no sources: complete patients together, the others one by one."""
    store.write_table("study_counts", STUDIES, tmp_path / "study_counts.csv")
    built = read_layout(tmp_path / "study_counts.csv")
    assert built.complete_n == (9, 0, 0)
    assert sorted(source.n for source in built.sources) == [1, 2, 9, 12]
    plain = tmp_path / "plain.csv"
    plain.write_text(
        "disease,complete_response,complete_n,selective_response,selective_n\nitp,6,9,1,1\nsle,0,0,0,0\nwaiha,0,0,1,2\n",
        encoding="utf-8",
    )
    assert read_layout(plain).diseases == ("itp", "waiha")
    assert sorted(source.n for source in read_layout(plain).sources) == [1, 1, 1, 9]
    with pytest.raises(FileError, match="no such file"):
        read_layout(tmp_path / "none.csv")


def test_processes_do_not_change_the_result():
    """Two ratios, two chunks each, alone and on two processes."""
    layout = layout_of(outcome_counts(STUDIES, "any_response"), DISEASES)
    one, two = (run(layout, Run((1.0, 4.0), 51, 3, cores, estimators=("naive", "joint"))) for cores in (1, 2))
    pd.testing.assert_frame_equal(one, two)
    assert set(one["n_replicates"]) == {51}
    text = as_text(one)
    assert text.splitlines()[0].split()[:4] == ["true", "ratio", "target", "estimator"]
    assert len(text.splitlines()) == 2 + len(one)
