"""The tables of the other outcomes, moderators and times."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casepool.description.times import MIN_PATIENTS, TO_RESPONSE, UNDATED
from casepool.model.estimate import OVERALL, OWN
from casepool.model.study import study
from casepool.report.estimates import Estimates
from casepool.report.tables.display import DisplayTable, TableStyle
from casepool.report.tables.harm import event_count, event_share
from casepool.report.tables.rates import own_rate
from casepool.report.words.fit_notes import note_texts
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of


def other_outcomes(results: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the further outcomes of the protocol, with their own rates, and the loss of response."""
    columns = [
        style.column("outcome", weight=3.0),
        style.column("reports", "right", 0.9),
        style.column("event_count", "right", 0.9),
        style.column("rate", "right", 1.4, level=style.interval),
        style.column("own", "right", 1.3, level=style.interval),
    ]
    further = [(one.id, _capital(one.name[style.catalogue.language])) for one in style.protocol.outcomes[1:]]
    rows: list[list[str]] = []
    bold: list[int] = []
    notes = [style.catalogue.text("note_other_outcomes")]
    loss = study().loss
    losses = [(loss.id, style.catalogue.text(f"event_{loss.id}"))] if loss else []
    for outcome, name in [*further, *losses]:
        estimates = Estimates(results, outcome)
        for disease in (OVERALL, *style.protocol.eligible_ids):
            row = _outcome_row(disease, name, estimates, style)
            if row or disease == OVERALL:
                bold += [len(rows)] if disease == OVERALL else []
                rows.append(row or [name, *[style.catalogue.numbers.missing] * 4])
        notes += [f"{name}: {one}" for one in note_texts(estimates.notes, style.catalogue)]
    return style.table("other_outcomes", columns, rows, notes, bold_rows=bold)


def _outcome_row(disease: str, name: str, estimates: Estimates, style: TableStyle) -> list[str]:
    numbers = style.catalogue.numbers
    raw = estimates.get(disease, "raw", "exact")
    if not raw.n_evaluable:
        return []
    label = name
    if disease != OVERALL:
        label = style.catalogue.text("outcome_row", outcome=name, disease=style.disease(disease, short=True))
    cells = {
        "n_event": raw.n_response, "n_at_most": raw.n_at_most, "n_known": raw.n_evaluable, "proportion": raw.value,
        "lowest": raw.value if raw.lowest is None else raw.lowest, "highest": raw.highest,
        "ci_lower": raw.ci_lower, "ci_upper": raw.ci_upper,
    }  # fmt: skip
    own = own_rate(estimates.get(disease, OWN, OWN), style)
    return [label, numbers.integer(raw.k), event_count(cells, style), event_share(cells, style), own]


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def response_by_moderator(moderators: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the response at both levels of what patients had before and how the drug was given."""
    from casepool.description.moderators import MANY_LINES, moderator_levels

    numbers = style.catalogue.numbers
    columns = [
        style.column("moderator", weight=2.4),
        style.column("event_count", "right", 0.8),
        style.column("rate", "right", 1.4, level=style.interval),
        style.column("unknown", "right", 0.9),
        style.column("p_exact", weight=1.6),
    ]
    order = list(moderator_levels(study()))
    found = sorted(rows_of(moderators), key=lambda row: order.index(str(row["moderator"])))
    rows = []
    for row in found:
        label = style.catalogue.text(f"moderator_{row['moderator']}_{row['level']}", n=numbers.integer(MANY_LINES))
        p_value = numbers.decimal(row["p_exact"], 2)
        if is_missing(row["p_exact"]):
            p_value = style.catalogue.text(f"moderator_status_{row['status']}")
        rate = numbers.percent_interval(row["proportion"], row["ci_lower"], row["ci_upper"])
        count = numbers.count(row["n_response"], row["n_evaluable"])
        rows.append([label, count, rate, numbers.integer(row["n_not_told"]), p_value])
    return style.table("moderators", columns, rows, [style.catalogue.text("note_moderators")])


def times_to_events(times: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the cumulative response and relapse at every time; of an outcome without a curve, why there is none."""
    numbers = style.catalogue.numbers
    columns = [
        style.column("outcome", weight=2.0),
        style.column("time", weight=1.0),
        style.column("at_risk", "right", 0.8),
        style.column("events", "right", 0.9),
        style.column("cumulative", "right", 1.6, level=style.interval),
    ]
    rows, notes = [], []
    for row in rows_of(times):
        if row["status"] != "ok":
            notes.append(_no_curve(row, style))
        elif float(str(row["time"])) > 0:
            rows.append(_time_row(row, style))
    if rows:
        notes.append(style.catalogue.text("note_times"))
    rows = rows or [[style.catalogue.text("times_none"), *[numbers.missing] * 4]]
    return style.table("times", columns, rows, notes)


def _no_curve(row: Mapping[str, object], style: TableStyle) -> str:
    integer = style.catalogue.numbers.integer
    outcome = style.catalogue.text(f"times_{row['outcome']}")
    if row["status"] == UNDATED:
        n_event = int(str(row["n_event"])) + int(str(row["n_undated"]))
        return style.catalogue.plural("times_undated", row["n_undated"], outcome=outcome, events=integer(n_event))
    return style.catalogue.plural("times_too_few", row["n_total"], outcome=outcome, least=integer(MIN_PATIENTS))


def _time_row(row: Mapping[str, object], style: TableStyle) -> list[str]:
    numbers, outcome = style.catalogue.numbers, str(row["outcome"])
    return [
        style.catalogue.text(f"times_{outcome}"),
        style.catalogue.text("times_weeks" if outcome == TO_RESPONSE else "times_months", n=numbers.short(row["time"])),
        numbers.integer(row["n_at_risk"]),
        numbers.integer(row["n_event"]),
        numbers.percent_interval(row["cumulative"], row["ci_lower"], row["ci_upper"]),
    ]
