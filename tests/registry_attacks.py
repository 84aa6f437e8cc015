"""Attacks on what the registry releases: an outsider, one centre or several together, two releases.

All patients are SYNTHETIC.

The attacker knows the program, every released number, the published patients, and all patients of his own centres.
What a number counts is worked out here from the patients alone, not taken from the release.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from invented import ROOT, case, frame, protocol
from scipy.optimize import linprog

from casepool.contract.cases import RELEASED_REPORTS, SEVERAL_DISEASES
from casepool.extraction.cases import build_cases
from casepool.extraction.curated import read_curated
from casepool.files import store
from casepool.identity.ledger import link
from casepool.model.study import study
from casepool.privacy.pseudonym import load_key
from casepool.registry.intake.cases import registry_cases
from casepool.registry.intake.decisions import read_decisions
from casepool.registry.intake.reading import read_registry
from casepool.registry.release.public import Release, release
from casepool.registry.release.published import Ledger
from casepool.registry.release.rule import Rule
from casepool.rows import rows_of

Patient = dict[str, Any]
Patients = dict[str, Patient]  # case id → row of unique_patients
EVENTS = ("relapse", "death", "serious_infection", "hypogammaglobulinaemia", "infusion_reaction")
_MOST_NUMBERS = 8  # of one kind that are added and subtracted in every way


def registry_case(number: int, **changes: Any) -> dict[str, Any]:
    """Return a SYNTHETIC patient of one of seven centres, who responded and is not published."""
    name, centre = f"registry/{number:012x}", f"registry-{number % 7:06x}"
    row: dict[str, Any] = {"report_id": centre, "study_id": centre, "report_type": "registry_call"}
    row |= {"year": None, "ascertainment": "complete", "published": "no"}
    for event in EVENTS:
        row |= {f"n_{event}": 0, f"n_{event}_known": 1}
    return case(name, **(row | {"counted": "yes", "kept_as": name} | changes))


def population(seed: int, sizes: Mapping[str, int], diseases: Mapping[str, float], published: float = 0.1) -> Patients:
    """Return SYNTHETIC patients: centre → how many, disease → its share; a fifth of them do not say what they had."""
    chance, patients = Random(seed), {}
    for centre, size in sizes.items():
        for _ in range(size):
            row = _patient(len(patients) + 1, centre, chance, diseases, published)
            patients[row["case_id"]] = row
    return patients


def _patient(
    number: int, centre: str, chance: Random, diseases: Mapping[str, float], published: float
) -> dict[str, Any]:
    evaluable, responds = int(chance.random() < 0.95), int(chance.random() < 0.6)
    graded = chance.random() < 0.9
    row = registry_case(number, report_id=centre, study_id=centre, n_evaluable=evaluable)
    row["disease"] = chance.choices(list(diseases), list(diseases.values()))[0]
    row["published"] = "yes" if chance.random() < published else "no"
    row["autoimmune"] = "yes" if chance.random() < 0.95 else "uncertain"
    row["n_female"], row["n_sex_known"] = int(chance.random() < 0.6), int(chance.random() < 0.97)
    row["n_female"] *= row["n_sex_known"]
    row["n_response"] = evaluable * responds
    row["n_none"] = evaluable - row["n_response"]
    row["n_complete"] = row["n_response"] * int(graded and chance.random() < 0.5)
    row["n_complete_at_most"] = row["n_complete"] if graded else row["n_response"]
    for event in EVENTS:
        known = int(chance.random() < 0.9)
        row[f"n_{event}_known"], row[f"n_{event}"] = known, known * int(chance.random() < 0.15)
        row[f"n_{event}_at_most"] = row[f"n_{event}"]
    return row


def six_centres() -> Patients:
    """Return 60 SYNTHETIC patients of six centres, as unequal as centres are."""
    sizes = {f"registry-c{number}": size for number, size in enumerate((19, 14, 10, 8, 6, 3))}
    return population(6, sizes, {"itp": 5, "waiha": 3, "sle": 1, "evans": 1, "aav": 0.5, "aps": 0.5})


@dataclass(frozen=True)
class Beside:
    """What stands beside the registry patients: the literature, and which of them are doubtfully one person."""

    literature: pd.DataFrame
    unique: pd.DataFrame
    all_same: pd.DataFrame
    kept_as: Mapping[str, str]

    def linked(self) -> set[str]:
        """Return the registry patients who surely are published ones."""
        return set(self.unique["kept_as"]) - set(self.unique["case_id"])


def alone(kept_as: Mapping[str, str] | None = None) -> Beside:
    """Return no literature."""
    return Beside(frame("cases"), frame("unique_patients"), frame("unique_patients"), kept_as or {})


def released(patients: Patients, rule: Rule, ledger: Ledger | None = None, beside: Beside | None = None) -> Release:
    """Return what leaves of these patients."""
    beside = beside or alone()
    same = [row | {"kept_as": beside.kept_as.get(name, row["kept_as"])} for name, row in patients.items()]
    same = [row | {"counted": "yes" if row["kept_as"] == row["case_id"] else "no"} for row in same]
    rows = (frame("unique_patients", *patients.values()), frame("unique_patients", *same))
    pairs = zip((beside.unique, beside.all_same), rows, strict=True)
    tables = [pd.concat(pair) if len(pair[0]) else pair[1] for pair in pairs]
    return release(beside.literature, *tables, rule, ledger)


def as_attacked(patients: Patients, beside: Beside | None = None) -> Patients:
    """Return the patients with those marked as published who surely are: the attacker knows them."""
    linked = beside.linked() if beside else set()
    return {name: row | ({"published": "yes"} if name in linked else {}) for name, row in patients.items()}


def under_two_spellings() -> tuple[Patients, Beside]:
    """Return six SYNTHETIC patients sent twice, under two spellings of six centres; each pair is doubtful."""
    homes = [f"registry-{place % 6}{spelling}" for place in range(6) for spelling in "ab"]
    rows = [registry_case(place + 1, report_id=home) for place, home in enumerate(homes)]
    names = [row["case_id"] for row in rows]
    same = dict(zip(names[1::2], names[::2], strict=True))
    return dict(zip(names, rows, strict=True)), alone(same)


def demonstration() -> tuple[Patients, Beside]:
    """Return the registry of the demonstration (demo/README.md) as intake and identity ledger leave it."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from demo.project import generate

    with TemporaryDirectory() as folder:
        root, returns = Path(folder), Path(folder) / "data" / "raw" / "registry"
        generate(root)
        registry = read_registry(returns, load_key({}, returns / ".key"), protocol()).registry
        curated = read_curated(root / "data" / "curated")
        decisions = store.stack("identity_decisions", curated["identity_decisions"], read_decisions(returns))
        literature = build_cases(curated.frames, protocol())
    linked = link(store.stack("cases", literature, registry_cases(registry, protocol())), decisions)
    ours = linked.unique["report_type"] == "registry_call"
    patients = {str(row["case_id"]): dict(row) for row in rows_of(linked.unique[ours])}
    same = linked.all_same.set_index("case_id")["kept_as"]
    others = (linked.unique[~ours], linked.all_same[linked.all_same["report_type"] != "registry_call"])
    return patients, Beside(literature, *others, {name: str(same[name]) for name in patients})


def published(*releases: Release) -> Ledger:
    """Return the ledger of releases that were published in turn."""
    return Ledger(releases=tuple(one.published for one in releases))


def public_bytes(outcome: Release) -> str:
    """Return everything public of a release."""
    return outcome.cases.to_csv() + outcome.links.to_csv() + outcome.linkage.to_csv()


@dataclass(frozen=True)
class Number:
    """A released number: what was counted, and the patients it counts, each with what he adds to it."""

    what: str
    counted: Mapping[str, int]


@dataclass(frozen=True)
class Finding:
    """What an attack found: how often it looked, and the groups below the threshold that it recovered."""

    tried: int
    recovered: list[str]


def numbers_of(patients: Patients, outcome: Release, held: dict[str, set[str]] | None = None) -> list[Number]:
    """Return the new numbers of a release; what stayed as it was stands in an earlier one.

    Parameters
    ----------
    held : total → the patients who lay in it when it was published; what is new is added. One that stays goes on
        counting them, and the linkage tells of those among them who are still there.
    """
    held = {} if held is None else held
    totals = outcome.cases[outcome.cases["report_id"].isin(list(RELEASED_REPORTS))]
    rows = {row["case_id"]: row for row in totals.to_dict("records")}
    inside: dict[str, list[dict[str, Any]]] = {name: [] for name in rows}
    for one in patients.values():
        if one["counted"] == "yes" and (total := _total_of(one, rows)):
            inside[total].append(one)
    new = [name for name in rows if name in outcome.published.totals]
    held |= {name: {one["case_id"] for one in inside[name]} for name in new}
    inside |= {name: [patients[case] for case in sorted(held[name] & patients.keys())] for name in rows}
    numbers = [number for name in new for number in _of_total(rows[name], inside[name])]
    shown = [one for members in inside.values() for one in members]
    return numbers + (list(_of_linkage(shown, outcome.linkage)) if outcome.published.linkage else [])


def _total_of(one: Mapping[str, Any], totals: Mapping[str, Any]) -> str | None:
    """Return the total that a patient lies in, by what the documentation says of totals."""
    ending = "" if one["autoimmune"] == "yes" else "_origin_not_sure"
    names = (f"{one['disease']}{ending}", SEVERAL_DISEASES)
    return next((name for end in names if (name := f"registry_{one['ascertainment']}/{end}") in totals), None)


def _of_total(row: Mapping[str, Any], members: list[dict[str, Any]]) -> Iterator[Number]:
    known = {"n_treated": "n_treated", "n_evaluable": "n_evaluable", "n_response": "n_evaluable"}
    known |= {"n_female": "n_sex_known"} | {f"n_{event}": f"n_{event}_known" for event in EVENTS}
    for what, where in known.items():
        if row[where]:  # else it is not told
            yield _checked(row[what], what, [one for one in members if one[where]])
    if row["n_complete"]:
        yield _checked(row["n_complete"], "n_complete", [one for one in members if one["n_evaluable"] and _graded(one)])


def _of_linkage(shown: list[dict[str, Any]], linkage: pd.DataFrame) -> Iterator[Number]:
    """Yield the unpublished of each cell of a linkage: those told less those published."""
    named = set(linkage["disease"].dropna())
    here = [one for one in shown if one["ascertainment"] == "complete" and one["published"] == "no"]
    for row in linkage.to_dict("records"):
        of = study().counted[row["outcome"]]
        disease = None if pd.isna(row["disease"]) else row["disease"]
        cell = [one for one in here if (one["disease"] if one["disease"] in named else None) == disease]
        cell = [one for one in cell if one["n_evaluable"] and one[of.least] == one[of.most]]
        yield _checked(row["n_response"] - row["n_response_published"], of.least, cell)
        yield Number("n_evaluable", {one["case_id"]: 1 for one in cell})


def _graded(one: Mapping[str, Any]) -> bool:
    return one["n_complete"] == one["n_complete_at_most"]


def _checked(n: int, what: str, counted: list[dict[str, Any]]) -> Number:
    number = Number(what, {one["case_id"]: int(one[what]) for one in counted})
    assert sum(number.counted.values()) == n, f"the attacker has not understood what {what} = {n} counts"
    return number


def coalitions(patients: Patients, most: int) -> list[tuple[str, ...]]:
    """Return all sets of at most so many centres, the largest centres first; the empty one is an outsider."""
    centres = sorted({one["report_id"] for one in patients.values()})
    return [some for size in range(most + 1) for some in combinations(centres, size)]


def by_subtraction(
    numbers: Sequence[Number], patients: Patients, together: Sequence[tuple[str, ...]], rule: Rule
) -> Finding:
    """Add and subtract all numbers of one kind in every way; what an attacker knows himself is taken off.

    Recovered is a number of between one and too few patients who are not known to be published: fewer than the
    threshold for an outsider, fewer than must remain for centres.
    """
    found, tried = [], 0
    for what in sorted({one.what for one in numbers}):
        distinct = list(dict.fromkeys(tuple(sorted(one.counted.items())) for one in numbers if one.what == what))
        for some in _chosen(distinct):
            everyone = sorted({one for counted in some for one in counted})
            rows = np.array([[one in set(counted) for one in everyone] for counted in some], dtype=np.int8)
            left = np.array(list(product((-1, 0, 1), repeat=len(some))), dtype=np.int8) @ rows != 0
            secret = np.array([patients[case]["published"] != "yes" for case, _ in everyone])
            case, centre = (np.array([patients[c][name] for c, _ in everyone]) for name in ("case_id", "report_id"))
            columns = [np.flatnonzero(case == name) for name in sorted(set(case[secret]))]
            if not columns:
                continue
            seen = np.stack([left[:, rows_of_one].any(axis=1) for rows_of_one in columns], axis=1)
            homes = np.array([centre[one[0]] for one in columns])
            for colluding in together:
                n = seen[:, ~np.isin(homes, colluding)].sum(axis=1)
                few = (n > 0) & (n < (rule.remaining if colluding else rule.threshold))
                tried += len(n)
                found += [f"{what}: {one} left for {colluding or 'an outsider'}" for one in sorted(set(n[few]))]
    return Finding(tried, found)


def _chosen(distinct: list[Any]) -> Iterator[list[Any]]:
    if len(distinct) <= _MOST_NUMBERS:
        yield distinct
    else:
        yield from map(list, combinations(distinct, _MOST_NUMBERS))


def by_intervals(
    numbers: Sequence[Number], patients: Patients, together: Sequence[tuple[str, ...]], rule: Rule
) -> Finding:
    """Bound how many patients each centre has in each part of the totals, by linear programming.

    Recovered is a bound that leaves one value only, of between one and too few patients.
    """
    sets = list(dict.fromkeys(frozenset(one.counted) for one in numbers if one.what == "n_evaluable"))
    blocks: dict[tuple[bool, ...], set[str]] = {}
    for one in frozenset().union(*sets):
        blocks.setdefault(tuple(one in counted for counted in sets), set()).add(one)
    centres = sorted({one["report_id"] for one in patients.values()})
    found, tried = [], 0
    for colluding in together:
        others = [centre for centre in centres if centre not in colluding]
        cells = [(centre, block) for centre in others for block in blocks]
        if not cells:
            continue
        truth = [sum(patients[one]["report_id"] == centre for one in blocks[block]) for centre, block in cells]
        matrix = [[float(block[place]) for _, block in cells] for place in range(len(sets))]
        sums = np.array(matrix) @ np.array(truth, float)  # what is left when the colluding centres take off their own
        for place, value in enumerate(truth):
            aim = np.eye(len(cells))[place]
            low, high = (sign * linprog(sign * aim, A_eq=matrix, b_eq=sums).fun for sign in (1, -1))
            tried += 1
            if high - low < 0.5 and 0 < value < (rule.remaining if colluding else rule.threshold):
                found.append(f"{cells[place][0]}: {value} patients found by {colluding or 'an outsider'}")
    return Finding(tried, found)


def single_changes(patients: Patients) -> Iterator[tuple[str, Patients]]:
    """Yield what one patient can change between two releases: leaves, comes, becomes another, each for each patient."""
    for name, one in patients.items():
        yield f"{name} objects", {case: row for case, row in patients.items() if case != name}
        flips = {"n_response": 1 - one["n_response"], "n_none": 1 - one["n_none"]} if one["n_evaluable"] else {}
        for column in ("n_death", "n_female"):
            yield f"{name}: another {column}", {**patients, name: one | {column: 1 - one[column]}}
        yield f"{name}: another response", {**patients, name: one | flips}
        yield f"{name} is published", {**patients, name: one | {"published": "yes"}}
        yield f"{name}: another origin", {**patients, name: one | {"autoimmune": "no"}}
        number = len(patients) + 1
        new = registry_case(number, report_id=one["report_id"], disease=one["disease"])
        yield f"one patient more like {name}", {**patients, new["case_id"]: new}
