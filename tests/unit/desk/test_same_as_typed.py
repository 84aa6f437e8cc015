"""One report entered on the pages, and typed into spreadsheets: the same bytes, counts and rates. SYNTHETIC."""

from __future__ import annotations

import csv
import html
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from desk_project import READER, Browser, patient
from pandas.testing import assert_frame_equal

from casepool.checks.data import check_data
from casepool.contract import TABLES
from casepool.contract.texts import column_label
from casepool.counting.counts import study_counts
from casepool.desk.entering import filled
from casepool.desk.workspace import Workspace, today
from casepool.entry.filling import merge
from casepool.extraction.cases import build_cases
from casepool.extraction.curated import read_curated
from casepool.files import store
from casepool.identity.ledger import link
from casepool.pooling.pool import pool_outcomes

CURATED = Path("data/curated")
DAY = "/".join(reversed(today().split("-")))
DISEASE = {"population": "adult", "autoimmune": "yes", "setting": "idiopathic", "route": "iv"}
# As somebody types it on the pages, field by field; what is not asked for stays open.
ADDED = {"title": "SYNTHETIC: two patients and a series", "authors": "Dupont, Jean", "journal": "Invented Letters",
         "year": "2026", "report_type": "case_series"}  # fmt: skip
FIRST = {"patient_label": "p1", "age_years": "63,5", "sex": "female", "response": "remission_off_therapy"}
SECOND = {"patient_label": "p2", "age_years": "41", "sex": "male", "response": "none",
          "disease": "Pemphigus foliaceus", "disease_as_reported": "pemphigus foliaceus"}  # fmt: skip
SERIES = {"stratum": "all", **DISEASE, "disease": "mmp", "disease_as_reported": "mucous membrane pemphigoid",
          "n_treated": "6", "n_evaluable": "6", "n_response": "4", "n_none": "2"}  # fmt: skip
ANSWERS = {"murad_1": "no", "jbi_4": "no", "jbi_5": "no"}
SOURCE = {"basis": "full_text", "source_locator": "Tableau 1", "reader": READER, "date": today(), "note": "SYNTHETIC"}
# The same as a French reader types it into the sheets of a workbook, with its labels.
_LABELS = {"population": "adulte", "disease": "PV", "disease_as_reported": "pemphigus vulgaris",
           "setting": "idiopathic", "autoimmune": "oui", "route": "intravenous", "basis": "texte intégral",
           "source_locator": "Tableau 1", "reader": READER, "date": DAY, "note": "SYNTHETIC"}  # fmt: skip
TYPED: dict[str, list[dict[str, str]]] = {
    "reports": [{"report_id": "dupont2026", "study_id": "dupont2026", "title": ADDED["title"],
                 "authors": ADDED["authors"], "journal": ADDED["journal"], "year": "2026",
                 "report_type": "série de cas", "decision": "inclure"}],
    "patients": [
        {"report_id": "dupont2026", "patient_label": "p1", "age_years": "63,5", "sex": "femme", "monotherapy": "non",
         "response": "remission_off_therapy", "prior_mycophenolate": "non", "flare": "non", "thrombosis": "non",
         "late_neutropenia": "non", **_LABELS},
        {"report_id": "dupont2026", "patient_label": "p2", "age_years": "41", "sex": "homme", "monotherapy": "non",
         "response": "aucune réponse", "prior_mycophenolate": "non", "flare": "non", "thrombosis": "non",
         "late_neutropenia": "non", **_LABELS, "disease": "pf", "disease_as_reported": "pemphigus foliaceus"},
    ],
    "cohorts": [{"report_id": "dupont2026", "stratum": "all", "n_treated": "6", "n_evaluable": "6",
                 "n_response": "4", "n_none": "2", **_LABELS, "disease": "mmp",
                 "disease_as_reported": "mucous membrane pemphigoid"}],
    "appraisal": [{"report_id": "dupont2026", "murad_1": "non", "jbi_4": "non", "jbi_5": "non",
                   **{name: _LABELS[name] for name in SOURCE}}],
    "screening": [{"record_id": "ris:dupont2026", "stage": stage, "reviewer": READER, "decision": "inclure",
                   "date": DAY} for stage in ("title_abstract", "full_text")],
}  # fmt: skip


def save(browser: Browser, path: str, table: str, typed: dict[str, str]) -> None:
    """Fill in a form and save it; lists that are open are answered "not reported", as Alt+N does."""
    page = browser.get(path)
    page = browser.get(page.location) if page.location else page
    handed = html.unescape(re.search(r'name="opened" value="([^"]+)"', page.text)[1])
    answered, _ = filled(table, {"report_id": "dupont2026", **typed})
    assert browser.post(f"/save/{table}", {**answered, "opened": handed, "do": "save"}).status_code == 303


@pytest.fixture
def entered(browser: Browser, workspace: Workspace, root: Path) -> Path:
    """Return the project after the report was entered by its pages."""
    assert browser.post("/add", ADDED).location == "/publication/dupont2026"
    for changes in (FIRST, SECOND):
        save(browser, "/new/patients/dupont2026", "patients", patient(report_id="dupont2026", **SOURCE, **changes))
    save(browser, "/new/cohorts/dupont2026", "cohorts", SERIES | SOURCE)
    save(browser, "/new/appraisal/dupont2026", "appraisal", ANSWERS | SOURCE)
    assert browser.post("/publication/dupont2026/include", {}).status_code == 303
    return root


def as_french_excel(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    """Save rows as a French spreadsheet saves CSV: semicolons, Windows-1252, CRLF."""
    with path.open("w", encoding="cp1252", newline="") as handle:
        csv.writer(handle, delimiter=";", lineterminator="\r\n").writerows([header, *rows])
    return path


def test_the_desk_gives_what_typed_files_give(workspace, shipped, entered, tmp_path):
    """Merged sheets: the same bytes. Files as a spreadsheet leaves them, rows at the end: the same counts and rates."""
    merged, as_saved = (Path(shutil.copytree(shipped, tmp_path / name)) for name in ("merged", "as_saved"))
    for root in (merged, as_saved):  # the record of the publication is no part of the tables
        shutil.copytree(entered / "data/raw", root / "data/raw", dirs_exist_ok=True)
    for table, rows in TYPED.items():
        names = TABLES[table].names
        cells = [[row.get(name, "") for name in names] for row in rows]
        labels = [column_label(table, name, "fr") for name in names]
        merge(merged, as_french_excel(tmp_path / f"{table}.csv", labels, cells))
        path = as_saved / CURATED / f"{table}.csv"
        header, *lines = csv.reader(path.read_text("utf-8").splitlines())
        assert header == names
        as_french_excel(path, header, [*lines, *cells])
    for file in sorted((entered / CURATED).glob("*.csv")):
        assert (merged / CURATED / file.name).read_bytes() == file.read_bytes(), file.name
    (by_desk, rates), (by_hand, other) = (results(workspace, root) for root in (entered, as_saved))
    assert sum(by_desk["report_id"] == "dupont2026") >= len(TYPED["patients"])
    assert_frame_equal(by_desk, by_hand)
    assert_frame_equal(rates, other)


def results(workspace: Workspace, root: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the counts of the sources of a project that has no problem, and the rates of all outcomes."""
    protocol, configuration = workspace.protocol, workspace.project.configuration
    assert check_data(root, protocol, configuration.pubmed.snapshot).problems == ()
    frames = read_curated(root / CURATED).frames
    unique = link(build_cases(frames, protocol), frames["identity_decisions"]).unique
    studies = store.checked("study_counts", study_counts(unique, configuration.pooling.level))
    no_registry = pd.DataFrame(columns=TABLES["registry_linkage"].names).astype(TABLES["registry_linkage"].dtypes)
    pooled = pool_outcomes(studies, unique, no_registry, protocol, configuration.pooling)
    return studies, pooled.results
