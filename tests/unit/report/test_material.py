"""The report is made of every table, or not at all."""

from __future__ import annotations

import invented
import pytest

from casepool.contract import TABLES
from casepool.model.errors import RenderError
from casepool.report.material import PageMaterial, ProseMaterial, TableMaterial
from casepool.report.tables import manuscript

OF_TABLES = (*TableMaterial.STAGES, *TableMaterial.CURATED)
EVERYTHING = {name: invented.frame(name) for name in (*ProseMaterial.STAGES, *ProseMaterial.CURATED, *OF_TABLES)}


@pytest.mark.parametrize("kind", [TableMaterial, PageMaterial, ProseMaterial])
@pytest.mark.parametrize("name", ["sensitivity", "reports"])
def test_a_table_that_is_missing_is_named(kind, name):
    """A chapter must not vanish because a table was forgotten."""
    frames = {one: frame for one, frame in EVERYTHING.items() if one != name}
    with pytest.raises(RenderError, match=f"{kind.__name__}: {name} not handed over"):
        kind(frames)


def test_every_table_of_the_manuscript_finds_what_it_needs():
    """Nothing is left out of a build because a name is not on the list."""
    needed = {name for _, names, _ in manuscript.TABLES for name in names}
    assert needed == set(OF_TABLES)
    assert set(OF_TABLES) < set(EVERYTHING) <= set(TABLES)


def test_what_is_not_asked_for_is_left_aside():
    """A table beside the report cannot slip into it."""
    material = TableMaterial({**EVERYTHING, "notices": invented.frame("notices")})
    assert list(material) == list(OF_TABLES)
    assert len(material) == len(OF_TABLES)
    assert material["results"] is EVERYTHING["results"]
