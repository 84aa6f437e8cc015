"""What the commands say of readings: where each stands, who is who, what differs, how far they agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from casepool.model.message import Message
from casepool.readings.agreement import ALL, REPORTS
from casepool.readings.comparison import Comparison, Difference, comparison_of
from casepool.readings.kept import Kept, Reading
from casepool.readings.pairs import Pair
from casepool.readings.steps import RowChange
from casepool.rows import missing, rows_of

_PERCENT = 100
_MODE = {"blind": Message("mode_blind"), "verification": Message("mode_verification")}
_JOINED = {
    "all": Message("fields_all"),
    "category": Message("fields_category"),
    "number": Message("fields_number"),
    "words": Message("fields_words"),
}
_WHY = {
    "no_cells": Message("kappa_no_cells"),
    "one_category": Message("kappa_one_category"),
    "agree_throughout": Message("kappa_agree_throughout"),
    "one_constant": Message("kappa_one_constant"),
    "no_interval": Message("kappa_no_interval"),
}


def status_lines(kept: Kept) -> Iterator[Message]:
    """Yield a line for each report that somebody reads, without anything of an open reading but that it is open."""
    reports = sorted({one.report for one in kept.readings})
    if not reports:
        yield Message("no_readings")
    for report in reports:
        compared = comparison_of(kept, report)
        states = tuple(_state(one) for one in kept.of(report))
        yield Message("reading_status", report=report, readings=states, next=_next(compared))


def _state(one: Reading) -> Message:
    if not one.closed:
        return Message("reading_open", reader=one.reader, mode=_MODE[one.mode], day=one.started_on)
    return Message("reading_is_closed", reader=one.reader, mode=_MODE[one.mode], day=one.closed_on)


def _next(compared: Comparison) -> Message:
    if compared.waits_for:
        return Message("next_finish", readers=compared.waits_for)
    if not compared.possible:
        return Message("next_second_reader")
    if not compared.opened:
        return Message("next_compare")
    if not compared.paired:
        return Message("next_pair")
    n = len(compared.unsettled)
    return Message("next_adjudicate", n=n) if n else Message("next_nothing", n=len(compared.differences))


def pair_lines(pairs: Sequence[Pair]) -> Iterator[Message]:
    """Yield each proposed or confirmed pair."""
    for one in pairs:
        who = {"table": one.table, "reader_a": one.reader_a, "reader_b": one.reader_b, "label": one.label}
        if one.alone:
            has, lacks = (one.reader_a, one.reader_b) if one.label_a else (one.reader_b, one.reader_a)
            yield Message("pair_alone", table=one.table, has=has, lacks=lacks, own=one.label_a or one.label_b)
        else:
            share = round(_PERCENT * (one.alike or 0))
            yield Message("pair_proposed", **who, label_a=one.label_a, label_b=one.label_b, share=share)


def difference_line(one: Difference) -> Message:
    """Return a difference as one line."""
    none = Message("no_row_of_it" if one.of_row else "empty")
    values = {"value_a": one.value_a or none, "value_b": one.value_b or none}
    who = {"reader_a": one.reader_a, "reader_b": one.reader_b}
    return Message("difference", table=one.table, key=one.key, column=one.column, **who, **values)


def change_lines(changes: Sequence[RowChange]) -> Iterator[Message]:
    """Yield what a step does to the rows of the curated tables."""
    for one in changes:
        key = "/".join(one.key)
        if one.before is None:
            yield Message("row_added", table=one.table, key=key)
        elif one.after is None:
            yield Message("row_taken_out", table=one.table, key=key)
        else:
            for name in one.changed:
                cells = (one.before[name] or Message("empty"), one.after[name] or Message("empty"))
                yield Message("cell_changed", table=one.table, key=key, column=name, before=cells[0], after=cells[1])


def agreement_lines(found: pd.DataFrame) -> Iterator[Message]:
    """Yield how far readers agreed: reports, all fields, then each field with a disagreement."""
    if found.empty:
        yield Message("no_agreement")
    for row in rows_of(found):
        told = {"n": int(row["n"]), "n_agreed": int(row["n_agreed"])}
        if row["table"] == REPORTS:
            yield Message("agreement_reports", mode=_MODE[str(row["mode"])], **told)
        elif row["table"] == ALL or row["n_agreed"] < row["n"]:
            share = "–" if missing(row["agreed"]) else f"{_PERCENT * row['agreed']:.0f} %"
            named = f"{row['table']}.{row['column']}" if row["table"] != ALL else _JOINED[str(row["column"])]
            yield Message("agreement_field", field=named, share=share, beside=tuple(_beside(row)), **told)


def _beside(row: dict[str, object]) -> Iterator[Message]:
    kappa, low, high = row["kappa"], row["ci_lower"], row["ci_upper"]
    if not missing(low):
        yield Message("kappa_with_interval", kappa=f"{kappa:.2f}", low=f"{low:.2f}", high=f"{high:.2f}")
    elif not missing(row["status"]):
        why = _WHY[str(row["status"])]
        yield (
            Message("kappa_none", why=why) if missing(kappa) else Message("kappa_alone", kappa=f"{kappa:.2f}", why=why)
        )
    if not missing(row["largest_difference"]) and row["largest_difference"]:
        yield Message("largest_difference", n=f"{row['largest_difference']:g}")
