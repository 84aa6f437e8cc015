"""The figure of who is told where."""

from __future__ import annotations

import invented
import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from casepool.report.figures.canvas.saving import pdf_bytes
from casepool.report.figures.canvas.vector import svg_text
from casepool.report.figures.identity import KINDS, draw_identity

ROWS = (("s", 133), ("c", 44), ("sc", 3), ("cC", 12), ("scRC", 14), ("C", 1059))


def cells(*rows):
    """Return the table for combinations of s, c (publications) and R, C (registry)."""
    made = [
        {kind: "yes" if letter in told else "no" for kind, letter in zip(KINDS, "scRC", strict=True)} | {"n": n}
        for told, n in rows
    ]
    return invented.frame("told_where", *made)


def words(figure):
    """Return the texts of a figure, from top to bottom."""
    return [one.get_text() for one in figure.findobj(Text) if one.get_text()]


def bars(figure):
    """Return the lengths of the bars from top to bottom."""
    found = [one for one in figure.axes[0].patches if isinstance(one, Rectangle) and one.get_height() < 0.2]
    return [one.get_width() for one in found]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("rows", [ROWS, ROWS[:2], ()], ids=["all", "publications", "empty"])
def test_no_text_is_cut_or_overlaps_another(language, rows, legible):
    legible(draw_identity(cells(*rows), language, synthetic=True))


def test_each_combination_has_a_row_publications_first_then_both_then_the_registry():
    shown = [one for one in words(draw_identity(cells(*ROWS))) if one in {"133", "44", "3", "14", "12", "1,059"}]
    assert shown == ["133", "44", "3", "14", "12", "1,059"]


def test_bars_are_as_long_as_their_numbers():
    long, short = bars(draw_identity(cells(("s", 10), ("c", 5))))
    assert long == pytest.approx(2 * short)


def test_a_note_says_why_the_registry_is_missing():
    everything, publications = words(draw_identity(cells(*ROWS))), words(draw_identity(cells(*ROWS[:2])))
    assert any(one.startswith("Patients of the registry appear") for one in publications)
    assert not any(one.startswith("Patients of the registry appear") for one in everything)


def test_no_patient_is_said_in_words():
    assert "No patient yet" in words(draw_identity(cells()))


def test_numbers_and_words_follow_the_language():
    shown = words(draw_identity(cells(*ROWS), "fr"))
    assert {"1\u202f059", "Registre"} <= set(shown)


def test_two_drawings_have_the_same_bytes():
    assert pdf_bytes([draw_identity(cells(*ROWS))]) == pdf_bytes([draw_identity(cells(*ROWS))])
    assert svg_text(draw_identity(cells(*ROWS))) == svg_text(draw_identity(cells(*ROWS[::-1])))


def test_invented_data_are_marked():
    assert any(one.startswith("SYNTHETIC") for one in words(draw_identity(cells(*ROWS), synthetic=True)))
    assert not any(one.startswith("SYNTHETIC") for one in words(draw_identity(cells(*ROWS))))
