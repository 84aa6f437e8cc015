"""The table of registered trials of the drug in the diseases asked about."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casepool.model.vocabulary import Answer, TrialPublication
from casepool.report.tables.display import DisplayTable, InLanguage, TableStyle
from casepool.report.words.citations import citations
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of, split_ids
from casepool.typing import Row


def trial_name(row: Row) -> str:
    """Return what names a trial: its first number in a register, else its title, else the id of its record."""
    numbers = split_ids(row["numbers"])
    named = numbers[0] if numbers else row["record_id"] if is_missing(row["title"]) else row["title"]
    return str(named)


def registered_trials(trials: pd.DataFrame, reports: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the trials that count, with their end and what was published, those without a publication first."""
    catalogue, names = style.catalogue, citations(reports, style.catalogue.language)
    asked = [row for row in rows_of(trials) if row["asked"] == Answer.YES]
    asked.sort(key=lambda row: (row["published"] != TrialPublication.NONE, trial_name(row)))
    columns = [
        style.column("trial", weight=1.4),
        style.column("title", weight=2.6),
        style.column("disease", weight=1.6),
    ]
    columns += [style.column("trial_end", weight=1.8), style.column("published_of_it", weight=2.2)]
    rows = [
        [
            trial_name(row),
            catalogue.numbers.missing if is_missing(row["title"]) else InLanguage(str(row["title"]), "en"),
            ", ".join(style.disease(disease, short=True) for disease in split_ids(row["diseases"])),
            catalogue.label(row["ended"]),
            _published(row, names, style),
        ]
        for row in asked
    ]
    return style.table("registered_trials", columns, rows, [catalogue.text("note_registered_trials")])


def _published(row: Row, names: Mapping[str, str], style: TableStyle) -> str:
    kind = style.catalogue.label(row["published"])
    sources = ", ".join(names.get(one, one) for one in split_ids(row["publications"]))
    return f"{kind} ({sources})" if sources else kind
