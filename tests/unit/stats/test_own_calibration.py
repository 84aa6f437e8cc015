"""Truth drawn from the priors of the own model: it lies anywhere in its posterior with the same probability."""

from __future__ import annotations

import numpy as np
import pytest

from casepool.stats.own.batch import own_engine
from casepool.stats.own.data import Allowances
from casepool.stats.simulation import calibration
from casepool.stats.simulation.calibration import places, uniformity
from casepool.stats.simulation.layout import Layout, SourceSize

TODAY = Layout(
    ("a", "b", "c", "d"),
    (SourceSize(0, True, 21), SourceSize(0, True, 5), SourceSize(0, False, 2), SourceSize(1, True, 10),
     SourceSize(1, False, 6), SourceSize(2, False, 12), SourceSize(3, False, 1), SourceSize(3, False, 1)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("layout", "n_worlds"),
    [(TODAY, 500), pytest.param(TODAY.with_registry(40, 3), 1000, marks=pytest.mark.simulation)],
)
def test_the_truth_is_as_probable_as_the_posterior_says(layout, n_worlds):
    """With another seed a right model would fail one of these in 500 by chance."""
    for found in places(layout, n_worlds, 20_261_128).values():
        assert uniformity(found) > 0.001
        assert np.mean((found >= 0.025) & (found <= 0.975)) == pytest.approx(0.95, abs=0.02)


def test_a_model_without_allowances_is_not_calibrated_for_worlds_that_need_them(monkeypatch):
    """Negative control: the same worlds, fitted as if nothing could be wrong."""
    bare = own_engine(Allowances(source_sd=0, label_error=0, ratio_sd=0))
    monkeypatch.setattr(calibration, "own_engine", lambda _: bare)
    assert uniformity(places(TODAY, 500, 20_261_128)[True]) < 1e-4


def test_places_that_are_not_uniform_are_seen():
    """Too narrow, too wide, shifted."""
    even = (np.arange(1000) + 0.5) / 1000
    assert uniformity(even) == 1.0
    for wrong in (even**1.4, 0.5 + (even - 0.5) * 0.9, np.where(even < 0.5, even**1.4, 1 - (1 - even) ** 1.4)):
        assert uniformity(wrong) < 1e-3
