"""How far two reviewers agree, and the records on which they do not."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from casepool.contract.literature import SCREENING_AGREEMENT, SCREENING_CONFLICTS
from casepool.rows import missing, record_names, rows_of
from casepool.screening.state import CONSENSUS


def screening_agreement(screening: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the table ``screening_agreement``: Cohen's kappa for each stage and pair of reviewers.

    The interval is kappa ± z × its large-sample standard error (Fleiss, Cohen and Everitt 1969). Where all
    decisions of both reviewers are the same one, kappa is not defined (``one_category``); where they agree
    throughout, its interval is not (``no_interval``).
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
    from scipy.stats import norm
    from statsmodels.stats.inter_rater import cohens_kappa

    told: dict[str, object] = {"n_records": len(a), "n_agreed": int((a == b).sum())}
    categories = sorted({*a, *b})
    if len(categories) == 1:
        return {**told, "status": "one_category"}
    table = pd.crosstab(a.to_numpy(), b.to_numpy()).reindex(index=categories, columns=categories, fill_value=0)
    with np.errstate(invalid="ignore", divide="ignore"):  # its test of kappa = 0, not used here, may divide by zero
        found = cohens_kappa(table.to_numpy())
    if found.std_kappa == 0:  # reviewers who agree throughout: the large-sample interval has no width
        return {**told, "kappa": found.kappa, "status": "no_interval"}
    half = norm.ppf((1 + level) / 2) * found.std_kappa
    interval = {"ci_lower": max(found.kappa - half, -1.0), "ci_upper": min(found.kappa + half, 1.0)}
    return {**told, "kappa": found.kappa, **interval, "status": "estimated"}


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
