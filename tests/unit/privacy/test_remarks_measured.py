"""What the documentation says of the recall is what is measured, and it is enough."""

from __future__ import annotations

import importlib.util

import invented
import pytest

from casepool.model.vocabulary import TextVerdict


@pytest.fixture(scope="module")
def remarks():
    """Return the benchmark as a module."""
    spec = importlib.util.spec_from_file_location("remarks", invented.ROOT / "benchmarks" / "remarks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_documentation_shows_what_is_measured(remarks):
    shown = remarks.PAGE.read_text(encoding="utf-8").split(remarks.BEGIN)[1].split(remarks.END)[0]
    assert shown.strip() == remarks.page()


def test_nearly_all_that_names_somebody_is_found_where_nothing_was_tuned(remarks):
    found = remarks.verdicts([text for _, text in remarks.identifying("held_out")])
    assert len(found) > 200
    assert remarks.share(found, TextVerdict.FINE) <= 0.05


def test_innocent_remarks_refuse_no_file_and_few_rows_wait(remarks):
    found = remarks.verdicts([text for name in ("held out", "written last") for text in remarks.innocent()[name]])
    assert len(found) >= 300
    assert remarks.share(found, TextVerdict.REFUSE) <= 0.01
    assert remarks.share(found, TextVerdict.WAIT) <= 0.05


def test_names_and_templates_held_out_stand_in_no_remark_tuned_on(remarks):
    texts = {half: {text for _, text in remarks.identifying(half)} for half in remarks.HALVES}
    assert texts["tuning"].isdisjoint(texts["held_out"])
