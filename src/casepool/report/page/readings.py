"""The sentences on how many people read a report, and how far they agreed."""

from __future__ import annotations

import pandas as pd

from casepool.model.vocabulary import ReadingMode
from casepool.readings.agreement import ALL, REPORTS
from casepool.report.page.facts import Facts
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.typing import Row


def readers(facts: Facts) -> list[str]:
    """Return who read what: one sentence where nobody read a second time."""
    agreement = facts.checks.get("extraction_agreement")
    if agreement is None:
        return []
    told = [_of_mode(rows, facts) for mode in ReadingMode if len(rows := agreement[agreement["mode"] == mode])]
    if not told:
        return [facts.catalogue.text("readers_single")]
    twice = agreement.loc[agreement["table"] == REPORTS, "n"].sum()
    rest = [facts.catalogue.text("readers_single_rest")] if twice < facts.flow.total("reports_included") else []
    return [" ".join([*told, *rest])]


def _of_mode(rows: pd.DataFrame, facts: Facts) -> str:
    by_name = {(row["table"], row["column"]): row for row in rows_of(rows)}
    mode = str(rows["mode"].iloc[0])
    fields, categories = by_name[ALL, ALL], by_name.get((ALL, "category"))
    numbers = facts.catalogue.numbers
    values = {name: numbers.integer(fields[name]) for name in ("n_agreed",)}
    told = facts.catalogue.plural(
        f"readers_{mode}",
        by_name[REPORTS, "report_id"]["n"],
        fields=numbers.integer(fields["n"]),
        share=numbers.percent(fields["agreed"]),
        **values,
    )
    return " ".join([told, *_kappa(categories, facts)])


def _kappa(row: Row | None, facts: Facts) -> list[str]:
    """Return Cohen's kappa of all categories, with its interval where there is one."""
    if row is None or is_missing(row["kappa"]):
        return []
    value, low, high = (facts.catalogue.numbers.decimal(row[name], 2) for name in ("kappa", "ci_lower", "ci_upper"))
    if is_missing(row["ci_lower"]):
        return [facts.catalogue.text("readers_kappa", kappa=value)]
    return [facts.catalogue.text("readers_kappa_interval", kappa=value, level=facts.level, low=low, high=high)]
