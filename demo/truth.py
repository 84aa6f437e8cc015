"""The truth behind the invented data: who is who, and the counts of a build that makes no mistake."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from casepool.model.study import study
from casepool.privacy.pseudonym import case_pseudonym
from casepool.typing import Row
from demo.design import CENTRES, COHORT_DISEASE, COHORT_N, COHORT_RESPONSES, DEMO_KEY, TRUE_RATES
from demo.literature import told_cases
from demo.people import Person

_PLANNED = {"doubtful": "doubtful", "decided": "decided"}
_TWINS = {"twin_first": "doubtful", "twin_second": "doubtful", "twin_third": "doubtful", "twin_decided": "decided"}


def registry_case(person: Person) -> str:
    """Return the case id of a registry patient under the key of the demonstration."""
    name = CENTRES[person.block.centre].name
    return f"registry/{case_pseudonym(DEMO_KEY.encode(), name, person.patient_code)}"


def truth_patients(persons: tuple[Person, ...]) -> pd.DataFrame:
    """Return one row for each invented person (without the twelve who are told by counts)."""
    told: dict[str, list[str]] = {}
    for case, person in told_cases(persons).items():
        told.setdefault(person.person_id, []).append(case)
    rows = []
    for person in persons:
        facts = {name: person.facts[name] for name in _FACTS}
        rows.append(
            {
                "person_id": person.person_id,
                **facts,
                "centre": CENTRES[person.block.centre].name if person.in_registry else None,
                "in_registry": "yes" if person.in_registry else "no",
                "ascertainment": _ascertainment(person),
                "eligible": "yes" if eligible(person) else "no",
                "published_in": "; ".join(person.told_in) or None,
                "registry_case": registry_case(person) if person.in_registry else None,
                "literature_cases": "; ".join(told.get(person.person_id, [])) or None,
                "role": person.block.role or None,
            }
        )
    return pd.DataFrame(rows)


_FACTS = ("disease", "age_years", "sex", "country", "treatment_year", "response")


def _ascertainment(person: Person) -> str | None:
    return ("complete" if person.complete else "selective") if person.in_registry else None


def eligible(person: Person) -> bool:
    """Return whether a person belongs to the question."""
    return bool(person.block.disease in TRUE_RATES and person.facts["age_years"] >= 18)


def truth_pairs(persons: tuple[Person, ...]) -> pd.DataFrame:
    """Return the pairs of cases that are one person, and those that only look it.

    ``planned`` tells what a build can know: clear (facts enough), doubtful (too few), decided (a person
    has decided on it).
    """
    cases = told_cases(persons)
    rows = []
    for person in persons:
        told = [case for case, one in cases.items() if one is person]
        told = [registry_case(person), *told] if person.in_registry else told
        rows += [_pair(a, b, person, "same_patient") for a, b in combinations(told, 2)]
    by_role = {person.block.role: person for person in persons if person.block.role}
    for case, person in cases.items():
        twin = by_role.get(person.block.twin_of) if person.block.twin_of else None
        if twin:
            rows.append(_pair(registry_case(twin), case, twin, "different"))
    return pd.DataFrame(rows)


def _pair(a: str, b: str, person: Person, truth: str) -> Row:
    planned = _TWINS if truth == "different" else _PLANNED
    kind = "registry-literature" if a.startswith("registry/") else "literature-literature"
    told = {"case_a": a, "case_b": b, "kind": kind, "truth": truth, "person_id": person.person_id}
    return told | {"planned": planned.get(person.block.role, "clear"), "eligible": "yes" if eligible(person) else "no"}


def private_decisions(pairs: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return the pairs with a registry case on which a person has decided: case, case, decision."""
    decided = pairs[pairs["planned"] == "decided"]
    return list(zip(decided["case_a"], decided["case_b"], decided["truth"], strict=True))


def joint_counts(persons: tuple[Person, ...]) -> pd.DataFrame:
    """Return the counts that a build finds which makes no mistake, as ``casepool pool --model joint`` reads them."""
    return pd.DataFrame([{"disease": disease} | _counts(disease, persons) for disease in TRUE_RATES])


def _counts(disease: str, persons: tuple[Person, ...]) -> dict[str, int]:
    ours = [one for one in persons if one.block.disease == disease and eligible(one) and evaluable(one)]
    complete = [one for one in ours if one.complete]
    # Who lies in the cohort is counted there.
    selective = [one for one in ours if not one.complete and one.block.role != "in_cohort"]
    published = [one for one in complete if one.told_in]
    responses, n = (COHORT_RESPONSES, COHORT_N) if disease == COHORT_DISEASE else (0, 0)
    return {
        "complete_response": n_responders(complete) + responses,
        "complete_n": len(complete) + n,
        "selective_response": n_responders(selective),
        "selective_n": len(selective),
        "registry_response_published": n_responders(published),
        "registry_response_n": n_responders(complete),
        "registry_none_published": len(published) - n_responders(published),
        "registry_none_n": len(complete) - n_responders(complete),
    }


def evaluable(person: Person) -> bool:
    """Return whether the response of a person could be judged."""
    return person.facts["response"] in study().evaluable


def n_responders(persons: list[Person]) -> int:
    """Return how many of the persons responded."""
    return sum(person.facts["response"] in study().responded for person in persons)
