"""The numbers that the generator knows by construction, so that a build can be compared with them."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from casepool.model.vocabulary import ReturnStatus
from casepool.privacy.pseudonym import centre_pseudonym, return_label
from casepool.rows import rows_of
from casepool.typing import Row
from demo.design import CENTRES, DEMO_KEY, MARK, PUBLICATIONS, REPORTING_RATIO, SEED, TRUE_RATES
from demo.literature import told_cases
from demo.people import Person
from demo.records import UNREAD
from demo.returns import TOLD_TWICE, Return
from demo.truth import eligible, evaluable, n_responders

_KEY = DEMO_KEY.encode()


def expectations(persons: tuple[Person, ...], pairs: pd.DataFrame, files: list[Return]) -> Row:
    """Return what a build of the invented project must find."""
    registry = [person for person in persons if person.in_registry]
    return {
        "mark": MARK,
        "seed": SEED,
        "reporting_ratio": REPORTING_RATIO,
        "true_rates": TRUE_RATES,
        "returns": fates(files),
        "registry": {
            "n_cases": len(registry),
            "n_published": sum(bool(person.told_in) for person in registry),
            "n_eligible": sum(eligible(person) for person in registry),
            "centres": [_centre(key) for key in CENTRES],
            "cells": _cells(registry),
        },
        "pairs": _pair_numbers(pairs),
        "literature": {
            "n_reports_included": sum(not one.excluded for one in PUBLICATIONS),
            "n_reports_excluded": sum(bool(one.excluded) for one in PUBLICATIONS),
            "n_patient_rows": len(told_cases(persons)),
            "records_to_screen": list(UNREAD),
        },
    }


def fates(files: list[Return]) -> list[Row]:
    """Return what becomes of the rows of each return; of a row sent twice the first label counts."""
    second = max(TOLD_TWICE, key=label_of)
    return [_fate(one, already_known=int(one.name == second)) for one in sorted(files, key=lambda one: one.name)]


def _fate(one: Return, *, already_known: int) -> Row:
    quarantined = one.n_rows if one.refused else one.n_bad
    replaced = one.n_rows if one.superseded else 0
    return {
        "file": one.name,
        "return_label": label_of(one.name),
        "status": ReturnStatus.REFUSED if one.refused else ReturnStatus.READ,
        "n_rows": one.n_rows,
        "n_accepted": one.n_rows - quarantined - replaced - already_known,
        "n_quarantined": quarantined,
        "n_already_known": already_known,
        "n_replaced": replaced,
    }


def label_of(name: str) -> str:
    """Return the label under which a build names a file."""
    return return_label(_KEY, name)


def _centre(key: str) -> Row:
    centre = CENTRES[key]
    kind = "complete" if centre.n_treated is None else "selective"
    return {"key": key, "report_id": centre_pseudonym(_KEY, centre.name), "ascertainment": kind}


def _cells(registry: list[Person]) -> list[Row]:
    """Return the counts of each disease × ascertainment of the eligible registry patients."""
    cells: dict[tuple[str, bool], list[Person]] = {}
    for person in registry:
        if eligible(person):
            cells.setdefault((person.block.disease, person.complete), []).append(person)
    return [_cell(disease, members, complete=complete) for (disease, complete), members in sorted(cells.items())]


def _cell(disease: str, members: list[Person], *, complete: bool) -> Row:
    told = [person for person in members if evaluable(person)]
    published = [person for person in told if person.told_in]
    return {
        "disease": disease,
        "ascertainment": "complete" if complete else "selective",
        "n_treated": len(members),
        "n_evaluable": len(told),
        "n_response": n_responders(told),
        "n_published": len(published),
        "n_response_published": n_responders(published),
    }


def _pair_numbers(pairs: pd.DataFrame) -> Row:
    named = (f"{row['kind']}, {row['truth']}, {row['planned']}" for row in rows_of(pairs[pairs["eligible"] == "yes"]))
    return dict(sorted(Counter(named).items()))
