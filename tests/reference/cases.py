"""Reading of the reference numbers, and the list of what must be covered."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
GLMM = ("cbpp_by_herd", "pritz1997", "sim_small_high_a", "sim_sparse_a")
TWO_LEVEL = ("twolevel_a",)
SIMULATED = ("simulated_k10", "simulated_k100", "simulated_k1000")
JOINT = ("S1", "S2", "S3", "S4", "S5")


def counts(name: str) -> tuple[list[int], list[int]]:
    """Return events and n of a GLMM data set."""
    with (FOLDER / "glmm" / f"{name}.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return [int(row["xi"]) for row in rows], [int(row["ni"]) for row in rows]


def two_level_columns(name: str) -> tuple[list[int], list[int], list[int], list[str]]:
    """Return events, n, selective and disease of a two-level data set."""
    with (FOLDER / "glmm" / f"{name}.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    numbers = [[int(row[column]) for row in rows] for column in ("xi", "ni", "selective")]
    return numbers[0], numbers[1], numbers[2], [row["disease"] for row in rows]


def optimum(name: str) -> dict[str, Any]:
    """Return the 40-digit optimum of a data set."""
    return _load(FOLDER / "glmm" / f"{name}.optimum.json")


def r_output(name: str) -> dict[str, Any]:
    """Return what R gave for a data set."""
    return _load(FOLDER / "glmm" / f"{name}.r.json")


def joint_case(case_id: str) -> dict[str, Any]:
    """Return one case of joint.json."""
    cases = _load(FOLDER / "joint.json")["cases"]
    found: dict[str, Any] = next(case for case in cases if case["id"] == case_id)
    return found


def joint_tolerance() -> dict[str, float]:
    """Return the tolerances stored with the joint cases."""
    found: dict[str, float] = _load(FOLDER / "joint.json")["tolerance"]
    return found


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
