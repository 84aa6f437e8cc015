"""What stands in the line of a centre where no day is noted."""

from __future__ import annotations

import pytest

from casepool.model.message import text
from casepool.registry.intake.overview import CentreView
from casepool.report.centres.lines import nothing_noted


@pytest.mark.parametrize(
    ("has", "english", "french"),
    [
        ({}, "never", "jamais"),
        ({"n_reported": 3}, "not noted yet (a build notes it)", "pas encore noté (une construction le note)"),
        ({"n_waiting": 1}, "not noted yet (a build notes it)", "pas encore noté (une construction le note)"),
    ],
)
def test_a_centre_whose_files_no_build_has_noted_has_not_sent_nothing(has, english, french):
    """Its patients are there; only the day on which they came is not."""
    view = CentreView("SYNTHETIC centre", False, (), None, None, is_due=False, **has)
    assert (text(nothing_noted(view), "en"), text(nothing_noted(view), "fr")) == (english, french)
