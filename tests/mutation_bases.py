"""What mutants start from: the shipped tables, and a small invented project."""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from pathlib import Path

import invented
from invented import Row
from mutations import Base, read_base

from casepool.files import atomic, sheets
from casepool.model.configuration import Configuration, load_configuration
from casepool.screening.state import match_reports
from casepool.search.records import build_records

RAW = invented.ROOT / "data" / "raw"
_DISEASES = ("itp", "sle", "waiha")


@cache
def configuration() -> Configuration:
    """Return the configuration of the project; a plan asks for two numbers of patients, and small ones."""
    shipped = load_configuration(invented.ROOT / "config" / "config.yaml")
    return shipped.model_copy(update={"planning": shipped.planning.model_copy(update={"patients": (1, 3)})})


def shipped_base() -> Base:
    """Return the tables as they are shipped."""
    return _base("shipped", invented.ROOT)


def invented_base(folder: Path) -> Base:
    """Return an invented project of nine reports, written into a folder."""
    snapshot = f"pubmed/{configuration().pubmed.snapshot}"
    shutil.copytree(RAW / snapshot, folder / "data" / "raw" / snapshot)
    rows = _tables()
    names = [row["report_id"] for row in rows["reports"]]
    imported = folder / "data" / "raw" / "invented.ris"
    text = "".join(f"TY  - JOUR\nID  - {one}\nTI  - Invented report {one} of cases\nER  - \n\n" for one in names)
    atomic.write_text(imported, text)
    given = {row["path"]: row for row in sheets.read_table("sources", RAW / "sources.csv").to_dict("records")}
    own: Row = given["data/raw/imports/web_pages.ris"] | {"path": "data/raw/invented.ris", "n_records": len(names)}
    own["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    sources = [row for path, row in given.items() if path.startswith("data/raw/pubmed/")]
    invented.write_csv(folder / "data" / "raw" / "sources.csv", "sources", own, *map(_told, sources))
    for name, content in rows.items():
        invented.write_csv(folder / "data" / "curated" / f"{name}.csv", name, *content)
    return _base("invented", folder)


def _told(row: Row) -> Row:
    return {
        name: "" if value is None or value != value or str(value) == "<NA>" else value for name, value in row.items()
    }


def _base(name: str, root: Path) -> Base:
    snapshot, protocol = configuration().pubmed.snapshot, invented.protocol()
    records = build_records(sheets.read_table("sources", root / "data" / "raw" / "sources.csv"), root, snapshot)
    reports = sheets.read_table("reports", root / "data" / "curated" / "reports.csv")
    known = {str(report["report_id"]): record for record, report in match_reports(records, reports).items()}
    return read_base(name, root, snapshot, protocol.model_dump(mode="json"), known)


def _tables() -> dict[str, list[Row]]:
    """Return nine reports: six of patients, three of strata, one of which holds a patient told elsewhere."""
    singles = [f"single{number}" for number in range(6)]
    strata = ("series", "trial", "cut")
    patients = [row for number, one in enumerate(singles) for row in _patients(one, number)]
    reports = [invented.report(one, year=2015 + number) for number, one in enumerate((*singles, *strata))]
    reports[-2]["report_type"] = "clinical_trial"
    return {
        "reports": reports,
        "patients": patients,
        "cohorts": _cohorts(),
        "appraisal": [
            invented.appraisal(one, murad_1="yes" if one == "trial" else "no") for one in (*singles, *strata)
        ],
        "disease_terms": _terms(),
        "identity_decisions": [invented.decision("single0/p1", "single1/p1", "unsure")],
        "cumulative_incidences": [_incidence()],
        "reading_list": _reading_list(),
        "screening": [
            invented.screened(f"ris:{one}", stage)
            for one in (*singles, *strata)
            for stage in ("title_abstract", "full_text")
        ],
        "corrections": [
            invented.correction("patients", "report_id=single0, patient_label=p1", "age_years", "40", "41")
        ],
        "retraction_overrides": [],
        "grade": [invented.grade()],
        "context": [_context()],
    }


def _patients(report: str, number: int) -> list[Row]:
    disease = _DISEASES[number % 3]
    common = {"disease": disease, "disease_as_reported": f"refractory {disease}", "country": "France", "relapse": "no"}
    first = common | {"follow_up_months": 6 + number, "time_to_response_weeks": 2, "n_prior_lines": number}
    second = common | {"response": ("none", "partial", "not_reported")[number % 3], "relapse": "not_reported"}
    second |= {"sex": "male", "age_years": 50 + number, "route": "sc", "monotherapy": "yes", "follow_up_months": 3}
    return [invented.patient(report, "p1", **first), invented.patient(report, "p2", **second)]


def _cohorts() -> list[Row]:
    itp = {"disease": "itp", "disease_as_reported": "refractory itp"}
    sle = {"disease": "sle", "disease_as_reported": "refractory sle"}
    silent = {"n_evaluable": "", "n_response": "", "n_none": "", "disease": "waiha", "disease_as_reported": "waiha"}
    return [
        invented.cohort("series", "itp", includes_case="single0/p1; cut", n_female=4, n_relapse=1, **itp),
        invented.cohort("series", "waiha", n_death=0, n_infusion_reaction=2, **silent),
        invented.cohort("trial", "sle", n_complete=2, n_partial=4, **sle),
        invented.cohort("cut", "itp", n_treated=4, n_evaluable=4, n_response=2, n_none=2, **itp),
    ]


def _terms() -> list[Row]:
    neutral: Row = {"term": "refractory", "language": "en", "kind": "neutral"}
    return [neutral] + [
        {"term": one, "disease": one, "language": "en", "kind": "name"}
        for one in ("itp", "sle", "waiha", "ttp", "prca")
    ]


def _context() -> Row:
    row = {
        "context_id": "another",
        "drug": "another drug",
        "disease": "itp",
        "what": "trial",
        "n_response": 5,
        "randomised": "no",
        "comparator": "usual_treatment",
    }
    told = {"basis": "abstract", "source_locator": "Abstract", "reader": "reader_one", "date": "2026-01-31"}
    return row | {"n_total": 10, "comparator_proportion": 0.2} | told


def _incidence() -> Row:
    row = {"report_id": "series", "stratum": "waiha", "time_months": 6, "proportion": 0.6, "ci_lower": 0.3}
    told = {"basis": "abstract", "source_locator": "Abstract", "reader": "reader_one", "date": "2026-01-31"}
    return row | {"ci_upper": 0.8, "level": 0.95} | told


def _reading_list() -> list[Row]:
    counted = {"citation_key": "anon1", "status": "unidentified", "disease": "itp", "ascertainment": "complete"}
    counted |= {"n_evaluable": 8, "n_response": 5, "replaces": "cut"}
    return [counted, {"citation_key": "anon2", "status": "unverified", "disease": "sle"}]
