"""How fast ``casepool pool`` starts: what it imports, and what it does not."""

from __future__ import annotations

import subprocess
import sys

import invented
import pytest

EXAMPLES = invented.ROOT / "docs" / "examples"
FEW = "few.csv"  # its notes are put into words
SLOW = ("pandas", "scipy", "matplotlib", "rich", "statsmodels")


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("name", ["daratumumab_2026.csv", "daratumumab_2026_sources.csv", FEW])
def test_pooling_a_table_of_counts_imports_nothing_that_is_slow(name, form, tmp_path):
    """Each of these takes longer to import than the whole computation."""
    program = (
        "import sys; from casepool.cli.main import app; "
        "app(sys.argv[1:], standalone_mode=False); "
        f"print(sorted(set({SLOW}) & set(sys.modules)), file=sys.stderr)"
    )
    (tmp_path / FEW).write_text("disease,source,ascertainment,response,n\nitp,t,complete,3,5\nb,c,selective,4,4\n")
    path = tmp_path / name if name == FEW else EXAMPLES / name
    command = [sys.executable, "-c", program, "pool", str(path), "--format", form]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "itp" in done.stdout
    assert form == "json" or name != FEW or "Note: Diseases with data: 2" in done.stdout
    assert done.stderr.strip() == "[]"
