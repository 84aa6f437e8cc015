"""The invented persons: what the plan fixes, and what chance fills in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from casepool.model.vocabulary import Answer, Autoimmune, Response, Sex
from casepool.typing import Row
from demo.design import (
    CENTRES,
    LITERATURE_BLOCKS,
    NON_RESPONDER,
    NOT_EVALUABLE,
    PUBLICATION,
    REGISTRY_BLOCKS,
    RESPONDER,
    SEED,
    Block,
)

_FEMALE = {"sle": 0.9, "sjogren": 0.9, "aps": 0.7, "itp": 0.6, "waiha": 0.55, "evans": 0.6}
_MEAN_AGE = {"sle": 38, "aps": 42, "sjogren": 55, "aav": 61, "itp": 52, "waiha": 59, "evans": 48, "prca": 50}
_ANTIBODIES = {
    "itp": ("anti-GPIIb-IIIa", None),
    "waiha": ("IgG", "IgG; C3d"),
    "evans": ("IgG; anti-GPIIb-IIIa", "IgG"),
    "sle": ("anti-dsDNA", "anti-dsDNA; anti-Sm"),
    "aps": ("lupus anticoagulant; anticardiolipin",),
    "sjogren": ("anti-SSA",),
    "aav": ("anti-PR3", "anti-MPO"),
    "prca": ("isoagglutinins",),
}
# What a role asks for. A twin was treated before the publication that resembles it; only the one who is decided
# to be another person was treated after it.
_BY_ROLE: dict[str, Row] = {
    "unique": {"age_years": 87, "sex": Sex.MALE, "treatment_year": 2016},
    "minor": {"age_years": 16},
    "twin_first": {"treatment_year": 2021},
    "twin_second": {"treatment_year": 2020},
    "twin_third": {"treatment_year": 2021},
    "twin_decided": {"treatment_year": 2023},
}
_NEAR_AGE, _NEAR_YEAR = 2, 1


@dataclass(frozen=True)
class Person:
    """An invented patient: id, place in the plan, and facts (columns of ``patients``)."""

    person_id: str
    block: Block
    patient_code: str
    facts: Row

    @property
    def in_registry(self) -> bool:
        """Whether a centre reports the patient to the registry."""
        return bool(self.block.centre)

    @property
    def complete(self) -> bool:
        """Whether the patient's centre reports every patient."""
        return self.in_registry and CENTRES[self.block.centre].n_treated is None

    @property
    def told_in(self) -> tuple[str, ...]:
        """The publications that tell the patient."""
        return self.block.told_in


def people() -> tuple[Person, ...]:
    """Return every person, the registry's first; the same on every call."""
    made: list[Person] = []
    codes = dict.fromkeys(CENTRES, 0)
    for block in _one_by_one():
        number = len(made) + 1
        if block.centre:
            codes[block.centre] += 1
        code = f"P{codes[block.centre]}" if block.centre else ""
        made.append(_made(number, code, block, made))
    return tuple(made)


def _one_by_one() -> Iterator[Block]:
    for block in (*REGISTRY_BLOCKS, *LITERATURE_BLOCKS):
        yield from [block] * block.n


def _made(number: int, code: str, block: Block, others: list[Person]) -> Person:
    """Return a person whom the plan alone makes resemble another; drawn again until that holds."""
    twin = next((one for one in others if block.twin_of and one.block.role == block.twin_of), None)
    attempt = 0
    while True:
        random = np.random.default_rng([SEED, number, attempt])
        person = Person(f"S{number:03d}", block, code, _facts(block, random, twin))
        if not any(_too_alike(person, other) for other in others if other is not twin):
            return person
        attempt += 1


def _too_alike(one: Person, other: Person) -> bool:
    """Return whether two persons could be confused though the plan does not want it.

    An unpublished registry patient keeps clear of every published one; two others may be of one age.
    """
    a, b = one.facts, other.facts
    if any(a[name] != b[name] for name in ("disease", "sex", "country")):
        return False
    unpublished = not (one.told_in and other.told_in)
    near_age = abs(int(a["age_years"]) - int(b["age_years"]))
    near_year = abs(int(a["treatment_year"]) - int(b["treatment_year"])) <= _NEAR_YEAR
    if unpublished and (one.told_in or other.told_in):
        return near_age <= _NEAR_AGE
    return near_age <= 1 and near_year


def _facts(block: Block, random: np.random.Generator, twin: Person | None) -> Row:
    facts = _identity(block, random) | _disease(block, random) | _treatment(block, random)
    facts |= _outcome(block, random) | _safety(random)
    if twin:
        facts |= {name: twin.facts[name] for name in ("age_years", "sex", "country")}
    return facts


def _identity(block: Block, random: np.random.Generator) -> Row:
    female = random.random() < _FEMALE.get(block.disease, 0.5)
    middle = _MEAN_AGE.get(block.disease, 55)
    age = int(random.integers(max(19, middle - 25), min(85, middle + 26)))
    first = min((PUBLICATION[name].year for name in block.told_in), default=0)
    year = first - int(random.integers(1, 4)) if first else int(random.integers(2016, 2025))
    country = CENTRES[block.centre].country if block.centre else PUBLICATION[block.told_in[0]].country
    facts: Row = {"age_years": age, "sex": Sex.FEMALE if female else Sex.MALE, "country": country}
    facts["treatment_year"] = year
    return facts | _BY_ROLE.get(block.role, {})


def _disease(block: Block, random: np.random.Generator) -> Row:
    after_graft = block.disease == "prca"
    setting = "post_hsct" if after_graft else _one_of(("primary", "primary", "secondary"), random)
    return {
        "disease": block.disease,
        "setting": setting,
        "autoimmune": Autoimmune.NO if after_graft else Autoimmune.YES,
        "autoantibodies": _one_of(_ANTIBODIES.get(block.disease, (None,)), random),
    }


def _treatment(block: Block, random: np.random.Generator) -> Row:
    intravenous = random.random() < 0.5
    alone = random.random() < 0.3
    others = ("prednisone", "prednisone; mycophenolate", "prednisone; immunoglobulins", "azathioprine")
    return {
        "n_prior_lines": int(random.integers(2, 8)),
        "prior_rituximab": Answer.YES if random.random() < 0.8 else Answer.NO,
        "prior_bortezomib": Answer.YES if random.random() < 0.25 else Answer.NO,
        "route": "iv" if intravenous else "sc",
        "dose": "16 mg/kg" if intravenous else "1800 mg",
        "n_doses": int(random.integers(3, 13)) if block.response != NOT_EVALUABLE else 1,
        "concomitant": None if alone else _one_of(others, random),
        "monotherapy": Answer.YES if alone else Answer.NO,
    }


def _outcome(block: Block, random: np.random.Generator) -> Row:
    facts: Row = {"follow_up_months": int(random.integers(14, 37)), "relapse": Answer.NOT_REPORTED}
    facts |= {"response": {NON_RESPONDER: Response.NONE, NOT_EVALUABLE: Response.NOT_EVALUABLE}.get(block.response)}
    facts |= {"time_to_response_weeks": None, "time_to_relapse_months": None}
    if block.response == RESPONDER:
        relapsed = random.random() < 0.3
        facts["response"] = "complete" if random.random() < 0.6 else "partial"
        facts["time_to_response_weeks"] = float(random.integers(2, 21)) / 2
        facts["relapse"] = Answer.YES if relapsed else Answer.NO
        facts["time_to_relapse_months"] = int(random.integers(2, 13)) if relapsed else None
    return facts


def _safety(random: np.random.Generator) -> Row:
    chances = {"death": 0.05, "serious_infection": 0.15, "hypogammaglobulinaemia": 0.35, "infusion_reaction": 0.2}
    return {name: Answer.YES if random.random() < chance else Answer.NO for name, chance in chances.items()}


def _one_of(choices: tuple[Any, ...], random: np.random.Generator) -> Any:
    return choices[int(random.integers(len(choices)))]
