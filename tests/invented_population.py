"""Invented patients told in the literature and in the registry, with the truth beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import invented
import numpy as np

Row = dict[str, Any]

DISEASES = ("itp", "prca", "waiha", "sle", "evans", "myositis", "sjogren", "systemic_sclerosis", "vasculitis")
_SHARES = (0.3, 0.18, 0.15, 0.13, 0.08, 0.06, 0.04, 0.03, 0.03)
COUNTRIES = ("France", "United States", "China", "Germany", "Italy", "Spain")
CITIES = {
    "France": ("Lyon", "Toulouse", "Bordeaux", "Lille", "Rennes", "Nantes", "Strasbourg", "Montpellier"),
    "United States": ("Boston", "Chicago", "Houston", "Denver"),
    "China": ("Beijing", "Shanghai", "Wuhan", "Tianjin"),
    "Germany": ("Berlin", "Heidelberg", "Hamburg"),
    "Italy": ("Torino", "Bologna", "Padova"),
    "Spain": ("Barcelona", "Madrid", "Valencia"),
}
_HOSPITAL = {
    "France": ("CHU de {}, médecine interne", "Hôpital universitaire {}", "{} University Hospital, France"),
    "other": ("{} University Hospital", "University Hospital of {}, Department of Medicine"),
}
_RESPONSES = ("complete", "partial", "none", "response_ungraded")


@dataclass
class Population:
    """Cases as told, and the patient behind each."""

    cases: list[Row] = field(default_factory=list)
    patient_of: dict[str, int] = field(default_factory=dict)


def population(seed: int, n: int = 300, *, missing: float = 0.4, telling: float = 0.5) -> Population:
    """Return n patients: some in a report, some in two, some in the registry, some in both.

    Parameters
    ----------
    missing : share of the facts that a telling leaves out.
    telling : share of the patients who are told in a report.
    """
    draw = np.random.default_rng(seed)
    made = Population()
    patients = [_patient(draw) for _ in range(n)]
    reports: dict[int, list[tuple[str, int]]] = {}
    for number, patient in enumerate(patients):
        if draw.random() < telling:
            report = _report_of(draw, made, patient, number)
            reports.setdefault(number, []).append(report)
            _tell(draw, made, patient, number, report, missing)
            if draw.random() < 0.2:  # told again in a later series of the same authors
                again = (f"again{number}", report[1] + int(draw.integers(1, 4)))
                _tell(draw, made, patient, number, again, missing)
        if patient["country"] == "France" and draw.random() < 0.6:
            _enter(draw, made, patient, number, reports.get(number, []), missing)
    return made


def _patient(draw: np.random.Generator) -> Row:
    country = str(draw.choice(COUNTRIES, p=(0.5, 0.15, 0.12, 0.1, 0.08, 0.05)))
    responded = str(draw.choice(_RESPONSES, p=(0.45, 0.25, 0.2, 0.1)))
    return {
        "disease": str(draw.choice(DISEASES, p=_SHARES)),
        "sex": str(draw.choice(["female", "male"], p=(0.62, 0.38))),
        "age_years": float(np.clip(draw.normal(50, 18), 18, 90).round()),
        "country": country,
        "city": str(draw.choice(CITIES[country])),
        "treatment_year": int(draw.integers(2016, 2025)),
        "dose": str(draw.choice(["16 mg/kg", "1800 mg"], p=(0.65, 0.35))),
        "n_doses": int(draw.choice([4, 6, 8, 10, 12], p=(0.4, 0.1, 0.3, 0.1, 0.1))),
        "n_prior_lines": int(draw.integers(1, 9)),
        "prior_rituximab": str(draw.choice(["yes", "no"], p=(0.8, 0.2))),
        "prior_bortezomib": str(draw.choice(["yes", "no"], p=(0.2, 0.8))),
        "response": responded,
        "time_to_response_weeks": None if responded == "none" else float(draw.integers(1, 20)),
        "follow_up_months": float(draw.integers(2, 40)),
        "setting": str(draw.choice(["primary", "secondary", "post_hsct"], p=(0.6, 0.2, 0.2))),
        "n_relapse": int(draw.random() < 0.35),
        "n_death": int(draw.random() < 0.08),
        "author": f"Name{draw.integers(0, 400)} {draw.choice(list('ABCDEFG'))}",
    }


def _report_of(draw: np.random.Generator, made: Population, patient: Row, number: int) -> tuple[str, int]:
    """Return report and year; one report in four holds a second patient of its disease and centre."""
    year = patient["treatment_year"] + int(draw.integers(0, 4))
    for case in made.cases:
        alike = all(case[name] == patient[name] for name in ("disease", "country"))
        if alike and case["report_type"] == "case_report" and case["year"] >= year and draw.random() < 0.05:
            return case["report_id"], case["year"]
    return f"report{number}", year


def _tell(
    draw: np.random.Generator,
    made: Population,
    patient: Row,
    number: int,
    report: tuple[str, int],
    missing: float,
) -> None:
    name, year = report
    told = _noisy(draw, patient, missing)
    if told["age_years"] is not None and draw.random() < 0.3:  # the age when the report was written
        told["age_years"] += float(draw.integers(0, year - patient["treatment_year"] + 1))
    authors = [f"Name{draw.integers(0, 400)} {draw.choice(list('ABCDEFG'))}" for _ in range(2)]
    told |= {"authors": "; ".join([patient["author"], *authors]), "year": year}
    told |= {"report_id": name, "study_id": name, "publication": f"doi:10.1000/{name}"}
    _add(made, f"{name}/p{number}", number, told)


def _enter(
    draw: np.random.Generator,
    made: Population,
    patient: Row,
    number: int,
    reports: list[tuple[str, int]],
    missing: float,
) -> None:
    told = _noisy(draw, patient, missing / 2)
    centre = f"registry-{CITIES['France'].index(patient['city']):06x}"
    told |= {"report_type": "registry_call", "year": 2026, "report_id": centre, "study_id": centre}
    told["published"] = "yes" if reports else "no"
    if reports and draw.random() < 0.6:
        told["publication"] = f"doi:10.1000/{reports[0][0]}"
    _add(made, f"registry/{number:012x}", number, told)


def _noisy(draw: np.random.Generator, patient: Row, missing: float) -> Row:
    """Return the patient as somebody else writes: rounded, misread, left out."""
    told = {name: value for name, value in patient.items() if name not in {"author", "city"}}
    hospitals = _HOSPITAL.get(patient["country"], _HOSPITAL["other"])
    told["centre"] = str(draw.choice(hospitals)).format(patient["city"])
    told["age_years"] = patient["age_years"] + float(draw.choice([0, 0, 0, 0, 1, -1]))
    if draw.random() < 0.1:
        told["treatment_year"] = patient["treatment_year"] + int(draw.choice([-1, 1]))
    if draw.random() < 0.15:
        told["n_prior_lines"] = patient["n_prior_lines"] + int(draw.choice([-1, 1, 2]))
    if draw.random() < 0.2 and patient["response"] in {"complete", "partial"}:
        told["response"] = str(draw.choice(["complete", "partial", "response_ungraded"]))
    if told["time_to_response_weeks"] is not None:
        told["time_to_response_weeks"] = max(1.0, told["time_to_response_weeks"] + float(draw.integers(-1, 2)))
    told["follow_up_months"] = patient["follow_up_months"] + float(draw.choice([0, 0, 0, 6]))
    if draw.random() < 0.3:
        told["dose"] = f"{told['dose']} weekly"
    told |= {"n_relapse_known": 1, "n_death_known": 1}
    for name in list(told):
        if name not in {"disease", "n_relapse", "n_death"} and draw.random() < missing:
            told[name] = _UNTOLD.get(name)
    return told


_UNTOLD = {"sex": "not_reported", "setting": "not_reported", "response": "not_reported"}
_UNTOLD |= {"prior_rituximab": "not_reported", "prior_bortezomib": "not_reported"}


def _add(made: Population, case_id: str, number: int, told: Row) -> None:
    if case_id in made.patient_of:
        return
    made.cases.append(invented.case(case_id, **({"route": "not_reported", "autoimmune": "yes"} | told)))
    made.patient_of[case_id] = number


def truth(made: Population) -> set[frozenset[str]]:
    """Return the pairs of cases that are one patient."""
    cases: dict[int, list[str]] = {}
    for case, number in made.patient_of.items():
        cases.setdefault(number, []).append(case)
    return {frozenset((a, b)) for told in cases.values() for a in told for b in told if a < b}
