"""A small project of invented publications: one record in an import, one report that is described and extracted."""

from __future__ import annotations

import hashlib
from pathlib import Path

import invented
import pytest

from casepool.contract import CURATED

RIS = """TY  - JOUR
ID  - alpha2020
AU  - Alpha, A
TI  - SYNTHETIC An adult with refractory thrombocytopenia
PY  - 2020
DO  - 10.9999/synthetic.1
ER  -

TY  - JOUR
ID  - beta2021
AU  - Beta, B
TI  - SYNTHETIC Two adults with warm antibody haemolysis
T2  - J Invented
PY  - 2021
DO  - 10.9999/synthetic.2
LA  - fre
ER  -
"""
SNAPSHOT = "2026-11-22"


def empty_project(root: Path) -> Path:
    """Lay out the tables of a project, without rows."""
    for table in CURATED:
        invented.write_csv(root / "data" / "curated" / f"{table.name}.csv", table.name)
    invented.write_csv(root / "data" / "raw" / "sources.csv", "sources")
    return root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the folder of the small project."""
    root = empty_project(tmp_path / "project")
    imports = root / "data" / "raw" / "imports"
    imports.mkdir()
    (imports / "invented.ris").write_text(RIS)
    curated = root / "data" / "curated"
    described = {"path": "data/raw/imports/invented.ris", "origin": "website", "accessed_on": "2026-11-22"}
    described |= {"licence": "SYNTHETIC", "sha256": hashlib.sha256(RIS.encode()).hexdigest(), "n_records": 2}
    invented.write_csv(root / "data" / "raw" / "sources.csv", "sources", described)
    stages = [invented.screened("ris:alpha2020", stage) for stage in ("full_text", "title_abstract")]
    invented.write_csv(curated / "screening.csv", "screening", *stages)
    invented.write_csv(curated / "reports.csv", "reports", invented.report(doi="10.9999/synthetic.1"))
    invented.write_csv(curated / "patients.csv", "patients", invented.patient())
    invented.write_csv(curated / "appraisal.csv", "appraisal", invented.appraisal())
    terms = {"term": "ITP", "kind": "name", "disease": "itp", "language": "en"}
    neutral = {"term": "refractory", "kind": "neutral", "language": "en"}
    invented.write_csv(curated / "disease_terms.csv", "disease_terms", terms, neutral)
    return root
