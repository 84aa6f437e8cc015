"""The tables of harm: each event with what is not known of it, deaths by setting with their causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from casepool.contract.curated_rules import causes_of
from casepool.contract.estimates import ALL_SETTINGS
from casepool.description.safety import SEVERAL_SETTINGS
from casepool.model.estimate import OVERALL
from casepool.model.study import study
from casepool.model.vocabulary import Setting
from casepool.report.tables.display import DisplayTable, TableStyle
from casepool.report.words.catalogue import Catalogue
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.typing import Row

Found = Mapping[tuple[str, str, str], Row]


def safety_overall(safety: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the events of all patients: count, share with interval, causes, and for how many nothing is reported.

    An event that is not pooled over settings has a row for each setting in which something is known of it.
    """
    found = _found(safety)
    columns = [style.column("event", weight=2.6), style.column("event_count", "right", 0.9)]
    columns += [
        style.column("event_share", "right", 1.6, level=style.interval),
        style.column("not_known", "right", 1.2),
        style.column("causes", weight=2.2),
    ]
    harms = study().harms
    rows = [_event_row(row, style) for event in harms for row in _rows_of_event(found, event.id)]
    notes = ["note_safety", *(f"note_event_{event.id}" for event in harms if event.note)]
    return style.table("safety", columns, rows, [" ".join(style.catalogue.text(note) for note in notes)])


def _found(safety: pd.DataFrame) -> Found:
    return {(str(row["disease"]), str(row["setting"]), str(row["event"])): row for row in rows_of(safety)}


def _rows_of_event(found: Found, event: str) -> Iterator[Row]:
    whole = found.get((OVERALL, ALL_SETTINGS, event))
    if whole is None:
        return
    if whole["status"] != SEVERAL_SETTINGS:
        yield whole
        return
    apart = [found.get((OVERALL, setting.value, event)) for setting in study().setting]
    told = [row for row in apart if row is not None and row["n_known"]]
    yield from told
    silent = [row for row in apart if row is not None and not row["n_known"] and row["n_at_risk"]]
    n_silent = int(whole["n_at_risk"]) - sum(int(row["n_at_risk"]) for row in told)
    if n_silent:
        alone = len(silent) == 1 and int(silent[0]["n_at_risk"]) == n_silent
        setting = silent[0]["setting"] if alone else ""
        rest = {"n_known": 0, "n_event": 0, "n_at_most": 0, "n_at_risk": n_silent, "causes": None}
        yield {**whole, **rest, "setting": setting}


def _event_row(row: Row, style: TableStyle) -> list[str]:
    catalogue = style.catalogue
    name = catalogue.text(f"event_{row['event']}")
    if row["setting"] != ALL_SETTINGS:
        name = f"{name}{catalogue.text('colon')}{_setting(str(row['setting']), catalogue)}"
    return [name, event_count(row, style), event_share(row, style), _not_known(row, style), _causes(row, style)]


def _setting(setting: str, catalogue: Catalogue) -> str:
    """Return the words for a setting that stand by themselves, without a column that says what they are."""
    plain = {"": "other_settings", Setting.OTHER: "other_settings", Setting.NOT_REPORTED: "setting_not_reported"}
    return catalogue.text(plain[setting]) if setting in plain else catalogue.label(setting, "setting")


def event_count(row: Mapping[str, object], style: TableStyle) -> str:
    """Return events of known patients, as ``8 to 9/21`` where it is open of some."""
    numbers = style.catalogue.numbers
    if is_missing(row.get("n_known")) or not int(str(row["n_known"])):
        return numbers.missing
    least, most = (numbers.integer(row[name]) for name in ("n_event", "n_at_most"))
    part = least if least == most else style.catalogue.text("from_to", low=least, high=most)
    return f"{part}/{numbers.integer(row['n_known'])}"


def event_share(row: Mapping[str, object], style: TableStyle) -> str:
    """Return the share with its interval, or its two bounds where it is open of some patients."""
    numbers = style.catalogue.numbers
    if is_missing(row.get("lowest")):
        return numbers.missing
    if is_missing(row["proportion"]):
        low, high = (numbers.percent(row[name]) for name in ("lowest", "highest"))
        return style.catalogue.text("from_to", low=low, high=high)
    return numbers.percent_interval(row["proportion"], row["ci_lower"], row["ci_upper"])


def _not_known(row: Row, style: TableStyle) -> str:
    silent, at_risk = int(row["n_at_risk"]) - int(row["n_known"]), int(row["n_at_risk"])
    return style.catalogue.numbers.count(silent, at_risk)


def _causes(row: Row, style: TableStyle) -> str:
    catalogue = style.catalogue
    causes = {} if is_missing(row["causes"]) else causes_of(row["causes"])
    told = [f"{catalogue.label(cause)} ({catalogue.numbers.integer(n)})" for cause, n in causes.items()]
    return catalogue.text("semicolon").join(told) or catalogue.numbers.missing


def safety_by_disease(safety: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return the events by disease as counts over the patients of whom the source says something."""
    found = _found(safety)
    loss = study().loss
    order = [*(event.id for event in study().harms), *([loss.id] if loss else [])]
    events = [event for event in order if any(one == event for _, _, one in found)]
    diseases = sorted({disease for disease, _, _ in found if disease != OVERALL}, key=style.rank)
    columns = [style.column("disease", weight=2.6)]
    columns += [style.column(f"event_{event}", "right", 1.1) for event in events]
    rows = [
        [style.disease(disease), *(event_count(found.get((disease, ALL_SETTINGS, one), {}), style) for one in events)]
        for disease in diseases
    ]
    return style.table("safety_by_disease", columns, rows, [style.catalogue.text("note_safety_by_disease")])
