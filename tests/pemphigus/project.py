"""SYNTHETIC: the project of an invented study of rituximab in pemphigus; nobody in it exists."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import yaml

from casepool.contract import TABLES
from casepool.files import atomic, store
from casepool.model.protocol import load_protocol
from casepool.model.study import use
from casepool.typing import Row

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
MARK = "SYNTHETIC"
DAY = "2026-11-22"
RIS = "data/raw/imports/synthetic_list.ris"
READER = {"reader": "invented_reader", "date": DAY, "note": MARK}
SOURCE = {"basis": "full_text", "source_locator": "Table 1", **READER}
OFF, ON, PARTIAL, UNGRADED = (
    "remission_off_therapy",
    "remission_on_therapy",
    "partial_remission",
    "remission_ungraded",
)

# Report → its patients, told one by one: disease, age, sex, response, route, further facts.
Told = tuple[str, int, str, str, str, Row]
PATIENTS: dict[str, list[Told]] = {
    "quill2011": [("pv", 44, "female", OFF, "iv", {"flare": "yes", "time_to_flare_months": 14, "thrombosis": "no"})],
    "reed2012": [("pv", 61, "male", ON, "iv", {"thrombosis": "yes", "thrombosis_cause": "catheter"})],
    "sedge2013": [("pf", 52, "female", OFF, "iv", {"prior_mycophenolate": "yes", "flare": "no"})],
    "thorn2013": [("mmp", 70, "male", PARTIAL, "iv", {"late_neutropenia": "yes"})],
    "umber2014": [("pv", 38, "female", OFF, "oral", {"prior_immunoglobulin": "yes"})],
    "vetch2014": [("pf", 47, "male", UNGRADED, "iv", {})],
    "willow2015": [("mmp", 66, "female", "none", "oral", {"prior_mycophenolate": "yes", "late_neutropenia": "no"})],
    "yarrow2015": [("pv", 29, "male", OFF, "iv", {"setting": "drug_induced", "late_neutropenia": "no"})],
    "zinnia2016": [("pv", 55, "female", OFF, "iv", {"prior_mycophenolate": "no", "flare": "no"})],
    "aster2017": [("mmp", 73, "female", ON, "iv", {"prior_immunoglobulin": "no"})],
    "briar2018": [("pf", 58, "male", OFF, "oral", {"prior_mycophenolate": "no"})],
    "clover2019": [("pv", 49, "female", "not_evaluable", "iv", {})],
    "dahlia2020": [
        ("pv", 33, "female", OFF, "iv", {"flare": "yes", "time_to_flare_months": 9}),
        ("pv", 64, "male", ON, "iv", {"flare": "no"}),
        ("pf", 41, "female", "none", "iv", {"thrombosis": "no"}),
    ],
    "elder2021": [
        ("mmp", 77, "female", PARTIAL, "oral", {"late_neutropenia": "no"}),
        ("mmp", 68, "male", OFF, "oral", {"late_neutropenia": "no"}),
        ("pv", 57, "male", "none", "iv", {"prior_mycophenolate": "yes"}),
    ],
    "fern2022": [
        ("pv", 46, "female", ON, "iv", {"prior_mycophenolate": "no"}),
        ("pf", 62, "female", PARTIAL, "iv", {"prior_mycophenolate": "yes"}),
        ("pv", 39, "male", OFF, "iv", {"thrombosis": "no"}),
        ("pv", 51, "female", UNGRADED, "iv", {}),
    ],
    "gorse2023": [("pv", 16, "male", OFF, "iv", {})],  # a child: counted out by the protocol
    "hazel2023": [("hailey", 45, "female", "none", "iv", {})],  # no disease of the question
}
# Report → the whole experience of its authors, as counts; each tells of everybody treated.
COHORTS: dict[str, list[tuple[str, Row]]] = {
    "iris2019": [
        ("pv", {"n_treated": 12, "n_evaluable": 11, "n_response": 7, "n_none": 4, OFF: 3, ON: 2, PARTIAL: 2}),
        ("pf", {"n_treated": 6, "n_evaluable": 6, "n_response": 4, "n_none": 2, OFF: 2}),
    ],
    "juniper2021": [
        ("pv", {"n_treated": 9, "n_evaluable": 9, "n_response": 5, "n_none": 4, PARTIAL: 1, "n_thrombosis": 1}),
        ("mmp", {"n_treated": 8, "n_evaluable": 7, "n_response": 3, "n_none": 4, OFF: 0, ON: 1, PARTIAL: 2}),
    ],
}
SERIES = frozenset({"dahlia2020", "elder2021", "fern2022"})
UNUSED = {"kale2020": "topical_use", "larch2022": "review"}
_ANSWERS = ("prior_mycophenolate", "prior_immunoglobulin", "flare", "thrombosis", "late_neutropenia")


def write_project(folder: Path) -> Path:
    """Write the project into a folder and return it; its protocol is in force from here on."""
    text = (HERE / "protocol.yaml").read_text(encoding="utf-8")
    atomic.write_text(folder / "config/protocol.yaml", text)
    use(load_protocol(folder / "config/protocol.yaml"))
    _write_config(folder)
    records = _ris()
    atomic.write_text(folder / RIS, records)
    tables = {
        "reports": _reports(),
        "patients": _patients(),
        "cohorts": _cohorts(),
        "appraisal": _appraisal(),
        "screening": _screening(),
        "disease_terms": [],
    }
    rest = ("cumulative_incidences", "identity_decisions", "corrections", "reading_list", "context")
    for name in (*tables, *rest, "retraction_overrides", "grade"):
        _write(name, tables.get(name, []), folder / f"data/curated/{name}.csv")
    _write("sources", [_source(records)], folder / "data/raw/sources.csv")
    return folder


def _write_config(folder: Path) -> None:
    config = yaml.safe_load((CHECKOUT / "config/config.yaml").read_text(encoding="utf-8"))
    config |= {"language": ["en"], "simulation": {"replicates": 2, "chunk": 2, "ratios": [1, 4]}}
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    atomic.write_text(folder / "config/config.yaml", f"# {MARK}\n{text}")


def _write(name: str, rows: list[Row], path: Path) -> None:
    table = TABLES[name]
    frame = pd.DataFrame(rows, columns=table.names).replace("", pd.NA)
    store.write_table(name, frame, path)


def _reports() -> list[Row]:
    told = [_report(name, "case_series" if name in SERIES else "case_report") for name in PATIENTS]
    told += [_report(name, "prospective_cohort") for name in COHORTS]
    out = {"gorse2023": "under_18", "hazel2023": "disease_not_eligible"}
    excluded = {name: {"decision": "exclude", "exclusion_reason": reason} for name, reason in out.items()}
    return [row | excluded.get(row["report_id"], {}) for row in told]


def _report(name: str, kind: str) -> Row:
    return {
        "report_id": name, "study_id": name, "title": _title(name), "authors": f"{name[:-4].title()} A",
        "journal": "Invented Letters of Dermatology", "year": int(name[-4:]), "language": "en", "report_type": kind,
        "decision": "include", "note": MARK,
    }  # fmt: skip


def _title(name: str) -> str:
    return f"{MARK}: rituximab, the invented experience of {name[:-4].title()}"


def _patients() -> list[Row]:
    rows = []
    for report, patients in PATIENTS.items():
        for number, (disease, age, sex, response, route, further) in enumerate(patients, start=1):
            row = dict.fromkeys(_ANSWERS, "not_reported") | {
                "report_id": report, "patient_label": f"p{number}", "age_years": age, "sex": sex,
                "population": "child" if age < 18 else "adult", "disease": disease,
                "disease_as_reported": use_name(disease), "setting": "idiopathic", "autoimmune": "yes", "route": route,
                "monotherapy": "no", "n_prior_lines": 1 + age % 4, "response": response, "follow_up_months": 24,
            }  # fmt: skip
            rows.append(row | further | SOURCE)
    return rows


def use_name(disease: str) -> str:
    """Return the name of a disease of the second protocol."""
    protocol = load_protocol(HERE / "protocol.yaml")
    return protocol.by_id[disease].name["en"]


def _cohorts() -> list[Row]:
    rows = []
    for report, strata in COHORTS.items():
        for disease, counts in strata:
            told = {f"n_{name}" if name in {OFF, ON, PARTIAL} else name: n for name, n in counts.items()}
            row = {
                "report_id": report, "stratum": disease, "population": "adult", "disease": disease,
                "disease_as_reported": use_name(disease), "setting": "idiopathic", "autoimmune": "yes", "route": "iv",
                "monotherapy": "not_reported",
            }  # fmt: skip
            rows.append(row | told | SOURCE)
    return rows


def _appraisal() -> list[Row]:
    whole = {"murad_1": "yes", "jbi_4": "yes", "jbi_5": "yes"}
    chosen = {"murad_1": "no", "jbi_4": "no", "jbi_5": "no"}
    return [{"report_id": name, **(whole if name in COHORTS else chosen), **SOURCE} for name in (*PATIENTS, *COHORTS)]


def _records() -> list[str]:
    return [*PATIENTS, *COHORTS, *UNUSED]


def _screening() -> list[Row]:
    excluded = {row["report_id"]: row["exclusion_reason"] for row in _reports() if row["decision"] == "exclude"}
    rows = []
    for name in _records():
        first = UNUSED.get(name)
        rows.append(_decision(name, "title_abstract", first))
        if first is None:
            rows.append(_decision(name, "full_text", excluded.get(name)))
    return rows


def _decision(name: str, stage: str, reason: str | None) -> Row:
    decided = {"decision": "exclude" if reason else "include", "exclusion_reason": reason}
    told = {"record_id": f"ris:{name}", "stage": stage, "reviewer": READER["reader"], "date": DAY, "note": MARK}
    return told | decided


def _ris() -> str:
    entries = [
        ["TY  - JOUR", f"ID  - {name}", f"AU  - {name[:-4].title()}, A", f"TI  - {_title(name)}", f"PY  - {name[-4:]}"]
        for name in _records()
    ]
    return "\n".join("\n".join([*entry, "ER  - ", ""]) for entry in entries)


def _source(records: str) -> Row:
    return {
        "path": RIS, "origin": "database", "query_or_release": f"{MARK}: an invented list", "accessed_on": DAY,
        "licence": "invented, free of rights", "sha256": hashlib.sha256(records.encode("utf-8")).hexdigest(),
        "n_records": len(_records()), "note": MARK,
    }  # fmt: skip
