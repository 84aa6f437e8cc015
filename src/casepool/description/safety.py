"""Adverse events among the patients for whom the source reports them, by disease and by setting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from casepool.contract.curated_rules import causes_of
from casepool.contract.estimates import ALL_SETTINGS, SAFETY
from casepool.counting.counts import counted_cases
from casepool.counting.tally import Tally, tally
from casepool.model.estimate import OVERALL
from casepool.model.protocol import Protocol
from casepool.model.study import study
from casepool.typing import Row

SEVERAL_SETTINGS = "several_settings"


def safety(unique: pd.DataFrame, protocol: Protocol, level: float) -> pd.DataFrame:
    """Return the table ``safety``: event × disease × setting, each with what is not known.

    A loss counts among responders, the other events among treated patients. With no event the interval still has
    its upper limit. An event that the protocol does not pool has no rate over several settings.
    """
    cases = counted_cases(unique[["counted", "disease", "setting", *_columns()]])
    blocks = [(disease, cases[cases["disease"] == disease]) for disease in protocol.eligible_ids]
    blocks = [(disease, block) for disease, block in blocks if len(block)]
    rows = [row for disease, block in [*blocks, (OVERALL, cases)] for row in _rows(block, disease, level)]
    frame = pd.DataFrame(rows, columns=SAFETY.names)
    return frame.astype(SAFETY.dtypes)


def _columns() -> list[str]:
    """Return the columns that tell of events."""
    declared = study()
    counted = (declared.counted[event] for event in declared.events)
    numbers = (name for of in counted for name in (of.least, of.most, of.known, of.at_risk))
    causes = (f"{event.id}_causes" for event in declared.events.values() if event.causes)
    return list(dict.fromkeys((*numbers, *causes)))


def _rows(cases: pd.DataFrame, disease: str, level: float) -> Iterator[Row]:
    for event, declared in study().events.items():
        pooled = declared.pooled or not several_settings(cases, event)
        yield _row(cases, disease, ALL_SETTINGS, event, level, pooled=pooled)
        for setting in study().setting:
            block = cases[cases["setting"] == setting]
            if len(block):
                yield _row(block, disease, setting.value, event, level)


def several_settings(cases: pd.DataFrame, event: str) -> bool:
    """Return whether the patients of whom an event is known are of more than one setting."""
    known = cases[(cases[study().counted[event].known].fillna(0) > 0).astype(bool)]
    return known["setting"].nunique() > 1


def _row(cases: pd.DataFrame, disease: str, setting: str, event: str, level: float, *, pooled: bool = True) -> Row:
    found = tally(cases, event)
    lowest, highest = (found.bounds or (None, None)) if pooled else (None, None)
    lower, upper = (found.interval(level) or (None, None)) if pooled else (None, None)
    return {
        "disease": disease,
        "setting": setting,
        "event": event,
        "n_event": found.least,
        "n_at_most": found.most,
        "n_known": found.known,
        "n_at_risk": found.at_risk,
        "proportion": found.proportion if pooled else None,
        "lowest": lowest,
        "highest": highest,
        "ci_lower": lower,
        "ci_upper": upper,
        "causes": _causes(cases[f"{event}_causes"]) if study().events[event].causes else None,
        "status": _status(found, pooled=pooled),
    }


def _status(found: Tally, *, pooled: bool) -> str:
    if not found.known:
        return "no_data"
    if not pooled:
        return SEVERAL_SETTINGS
    return "ok" if found.exact else "bounds"


def _causes(cells: pd.Series) -> str | None:
    """Return cause and number, the most frequent first, as the cells have them."""
    total: Counter[str] = Counter()
    for cell in cells.dropna():
        total.update(causes_of(cell))
    ordered = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))
    return "; ".join(f"{cause} {n}" for cause, n in ordered) or None
