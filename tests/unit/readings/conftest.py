"""Small projects that two people read; every report, patient and reader in them is SYNTHETIC.

Each is made once and copied: to write and close two readings takes a second.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from double_readings import PLANTED, Scene, project_in, second_reading, series

Made = Callable[[str], Scene]


def _blank(scene: Scene) -> None:
    assert scene.table("patients").empty


def _alike(scene: Scene) -> None:
    scene.read("anne", *series(2))
    scene.read("boris", *series(2))


def _planted(scene: Scene) -> None:
    scene.read("anne", *series())
    scene.read("boris", *second_reading(*PLANTED))
    scene.confirm()


def _lacking(scene: Scene) -> None:
    scene.read("anne", *series(3))
    scene.read("boris", *series(2))
    scene.confirm()


def _differing(scene: Scene) -> None:
    second = series(6)
    second[0]["response"], second[5]["response"] = "partial", "complete"
    second[1]["age_years"], second[2]["age_years"] = 58, None
    scene.read("anne", *series(5), murad_1="no")
    scene.read("boris", *second, murad_1="yes")
    scene.confirm()


_MAKERS = {"blank": _blank, "alike": _alike, "planted": _planted, "lacking": _lacking, "differing": _differing}


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that gives the folder of a kind of project, made when it is first asked for."""
    folders: dict[str, Path] = {}

    def of(kind: str) -> Path:
        if kind not in folders:
            made = project_in(tmp_path_factory.mktemp(kind))
            _MAKERS[kind](made)
            folders[kind] = made.root
        return folders[kind]

    return of


@pytest.fixture
def copied(made_once: Callable[[str], Path], tmp_path: Path) -> Made:
    """Return a function that gives a copy of a kind of project."""
    return lambda kind: Scene(Path(shutil.copytree(made_once(kind), tmp_path / kind)))


@pytest.fixture
def scene(copied: Made) -> Scene:
    """Return a project with one report and nothing extracted."""
    return copied("blank")


@pytest.fixture
def alike(copied: Made) -> Scene:
    """Return a project in which two readers have finished, and say the same of two patients."""
    return copied("alike")


@pytest.fixture
def read_twice(copied: Made) -> Scene:
    """Return a project in which two readers have finished, with twelve disagreements; who is who is confirmed."""
    return copied("planted")


@pytest.fixture
def lacking(copied: Made) -> Scene:
    """Return a project in which one of two readers lacks the third patient."""
    return copied("lacking")


@pytest.fixture
def differing(copied: Made) -> Scene:
    """Return two finished readings of six patients that differ in four fields; the second reader adds a patient."""
    return copied("differing")
