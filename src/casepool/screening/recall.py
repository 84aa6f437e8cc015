"""The known-item check: whether the search finds every included report that PubMed holds."""

from __future__ import annotations

import pandas as pd

from casepool.schemas.literature import SEARCH_RECALL
from casepool.vocabulary import Answer, ScreeningDecision


def search_recall(reports: pd.DataFrame, found: set[str]) -> pd.DataFrame:
    """Return the table ``search_recall``: each included report with a PubMed id, and whether it was found.

    Parameters
    ----------
    found : PubMed ids of the snapshot in use.
    """
    known = reports[(reports["decision"] == ScreeningDecision.INCLUDE) & reports["pmid"].notna()]
    answers = [Answer.YES if pmid in found else Answer.NO for pmid in known["pmid"]]
    return known[["report_id", "pmid"]].assign(found=answers)[SEARCH_RECALL.names]
