"""Adverse events among the patients for whom the source tells them, with exact intervals."""

from __future__ import annotations

import pandas as pd

from casepool.analysis.counts import counted_cases
from casepool.analysis.result_rows import OVERALL
from casepool.protocol import Protocol
from casepool.schemas.cases import EVENTS
from casepool.schemas.estimates import SAFETY
from casepool.stats.intervals import clopper_pearson


def safety(unique: pd.DataFrame, protocol: Protocol, level: float) -> pd.DataFrame:
    """Return the table ``safety``: event × disease; with no event the interval still has its upper limit.

    Relapse counts among responders; the other events among treated patients.
    """
    cases = counted_cases(unique)
    blocks = [(disease, cases[cases["disease"] == disease]) for disease in protocol.eligible_ids]
    blocks = [(disease, block) for disease, block in blocks if len(block)]
    rows = [_row(block, disease, event, level) for disease, block in [*blocks, (OVERALL, cases)] for event in EVENTS]
    frame = pd.DataFrame(rows, columns=SAFETY.names)
    return frame.astype(SAFETY.dtypes)


def _row(cases: pd.DataFrame, disease: str, event: str, level: float) -> dict[str, object]:
    n_event = int(cases[f"n_{event}"].fillna(0).sum())
    known = int(cases[f"n_{event}_known"].fillna(0).sum())
    lower, upper = clopper_pearson(n_event, known, level) if known else (None, None)
    return {
        "disease": disease,
        "event": event,
        "n_event": n_event,
        "n_known": known,
        "n_treated": int(cases["n_response" if event == "relapse" else "n_treated"].fillna(0).sum()),
        "proportion": n_event / known if known else None,
        "ci_lower": None if lower is None else float(lower),
        "ci_upper": None if upper is None else float(upper),
    }
