"""The sentences on registered trials: how many there are, have ended, and ended in silence."""

from __future__ import annotations

import pandas as pd

from casepool.model.vocabulary import Answer, TrialEnd, TrialPublication
from casepool.report.page.facts import Facts
from casepool.report.tables.trials import trial_name
from casepool.rows import rows_of

_ENDED = (TrialEnd.BY_STATUS, TrialEnd.BY_DATE)
_SILENT = (TrialPublication.NONE, TrialPublication.PROTOCOL)


def trials(facts: Facts) -> list[str]:
    """Return what the registers say of reporting, or nothing where no register was read."""
    found = facts.checks.get("registered_trials")
    if found is None or found.empty:
        return []
    asked = found[found["asked"] == Answer.YES]
    ended = asked[asked["ended"].isin(_ENDED)]
    sentences = [_counted("trials_found", asked, facts, drug=facts.protocol.drug.name)]
    if len(asked):
        sentences.append(_counted("trials_ended", ended, facts))
    if len(ended):
        silent = ended[ended["published"].isin(_SILENT)]
        names = facts.catalogue.join([trial_name(row) for row in rows_of(silent)])
        sentences.append(_counted("trials_silent", silent, facts, names=names))
    return [" ".join(sentences)]


def _counted(key: str, rows: pd.DataFrame, facts: Facts, **values: object) -> str:
    """Return the sentence for none, one or many."""
    if rows.empty:
        return facts.catalogue.text(f"{key}_none", **values)
    return facts.catalogue.plural(key, len(rows), **values)
