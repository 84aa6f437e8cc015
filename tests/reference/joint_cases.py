"""Building the input of the joint model from the stored cases."""

from __future__ import annotations

from typing import Any

from casepool.stats.joint.fit import JointData, Linkage, Source


def joint_data(case: dict[str, Any], *, with_sources: bool = False) -> JointData:
    """Return the counts, linkage and, on request, sources of a stored case."""
    given = case["input"]
    linkage = Linkage(*(sum(given[name]) for name in ("k1", "q1", "k0", "q0")))
    sources = tuple(
        Source(entry["d"], entry["cls"] == "R", entry["x"], entry["n"])
        for entry in given.get("multi_patient_sources", [])
    )
    columns = (given[name] for name in ("rx", "rn", "lx", "ln"))
    return JointData(*columns, linkage=linkage, sources=sources if with_sources else ())
