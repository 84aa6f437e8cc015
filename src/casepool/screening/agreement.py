"""How far two reviewers agree, and the records on which they do not."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from casepool.contract.literature import SCREENING_AGREEMENT, SCREENING_CONFLICTS
from casepool.rows import missing, record_names, rows_of
from casepool.screening.state import CONSENSUS
from casepool.stats.kappa import cohens_kappa


def screening_agreement(screening: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the table ``screening_agreement``: Cohen's kappa for each stage and pair of reviewers.

    The interval is kappa ± z × its large-sample standard error; whether there is one, and which status stands in its
    place, is decided by the table of decisions: see `casepool.stats.kappa.Kappa`.
    """
    rows = []
    own = screening[screening["reviewer"] != CONSENSUS]
    for stage, decisions in own.groupby("stage", sort=True):
        wide = decisions.pivot_table(index="record_id", columns="reviewer", values="decision", aggfunc="first")
        for a, b in combinations(sorted(wide.columns), 2):
            both = wide[[a, b]].dropna()
            if len(both):
                rows.append({"stage": stage, "reviewer_a": a, "reviewer_b": b, **_kappa(both[a], both[b], level)})
    return pd.DataFrame(rows, columns=SCREENING_AGREEMENT.names)


def _kappa(a: pd.Series, b: pd.Series, level: float) -> dict[str, object]:
    """Return what the table says of the decisions of two reviewers."""
    categories = sorted({*a, *b})
    table = pd.crosstab(a.to_numpy(), b.to_numpy()).reindex(index=categories, columns=categories, fill_value=0)
    found = cohens_kappa(table.to_numpy().tolist())
    told = {"n_records": len(a), "n_agreed": int((a == b).sum()), "kappa": found.kappa, "status": found.status}
    lower, upper = found.interval(level) or (None, None)
    return {**told, "ci_lower": lower, "ci_upper": upper}


def screening_conflicts(records: pd.DataFrame, screening: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``screening_conflicts``: records whose reviewers disagree and that nobody has settled."""
    known = {name: record for record in rows_of(records) for name in record_names(record)}
    rows = []
    for (record_id, stage), decisions in screening.groupby(["record_id", "stage"], sort=True):
        settled = (decisions["reviewer"] == CONSENSUS).any()
        if decisions["decision"].nunique() > 1 and not settled:
            record = known.get(str(record_id), {})
            told = "; ".join(_told(row) for row in rows_of(decisions.sort_values("reviewer")))
            shown = {name: record.get(name) for name in ("title", "url")}
            rows.append({"record_id": record_id, "stage": stage, "decisions": told, **shown})
    return pd.DataFrame(rows, columns=SCREENING_CONFLICTS.names)


def _told(row: dict[str, object]) -> str:
    reason = "" if missing(row["exclusion_reason"]) else f" ({row['exclusion_reason']})"
    return f"{row['reviewer']}: {row['decision']}{reason}"
