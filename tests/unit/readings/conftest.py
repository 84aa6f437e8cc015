"""A small project that two people read; every report, patient and reader in it is SYNTHETIC."""

from __future__ import annotations

from pathlib import Path

import pytest
from double_readings import Scene, project_in


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Return a project with one report and nothing extracted."""
    return project_in(tmp_path)
