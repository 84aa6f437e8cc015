"""Any table of counts as the own evidence of a plan."""

from __future__ import annotations

import pandas as pd

from casepool.rows import rows_of
from casepool.stats.own.data import Kind, OwnData, OwnSource


def evidence_of(counts: pd.DataFrame) -> tuple[tuple[str, ...], OwnData]:
    """Return the diseases, in the order in which they are first named, and their sources.

    Parameters
    ----------
    counts : checked counts of the joint model; where only totals are known, each of the two is one source.
    """
    diseases = tuple(dict.fromkeys(counts["disease"]))
    rows = rows_of(counts)
    if "source" in counts.columns:
        told = [(row["disease"], row["ascertainment"], row["response"], row["n"]) for row in rows]
    else:
        kinds = (Kind.COMPLETE, Kind.SELECTIVE)
        told = [(row["disease"], kind, row[f"{kind}_response"], row[f"{kind}_n"]) for row in rows for kind in kinds]
    sources = [OwnSource(diseases.index(name), Kind(kind), int(x), int(n)) for name, kind, x, n in told]
    return diseases, OwnData(len(diseases), sources)
