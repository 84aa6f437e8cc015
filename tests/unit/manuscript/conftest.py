"""A small built project whose sources can change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import invented
import pytest
import small_build


@pytest.fixture
def built(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of the results of a project: once more with other sources, in the same folder."""
    root = tmp_path / "project"
    shutil.copytree(invented.ROOT / "config", root / "config")
    return partial(small_build.write_build, root)
