"""A second search with three new records and one retraction: each is named, the numbers add up."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path

import eutils_server as server
import pytest
from copied import copy_of_the_project

from casepool.search.pubmed.eutils import Access
from casepool.search.pubmed.running import run_search, silent

FLOW = "results/tables/prisma_counts.csv"
TARGETS = (
    FLOW,
    "results/screening/new_records.csv",
    "results/screening/to_screen.csv",
    "results/screening/PRISMA.csv",
    "results/tables/notices.csv",
    "results/manuscript/en/search_appendix.md",
)
RETRACTED = "36669360"


class Shipped:
    """A record of the shipped snapshot, as the service would give it."""

    entered = changed = server.Article(1).entered

    def __init__(self, xml: str, *, retracted: bool = False) -> None:
        mark = "<PublicationType>Retracted Publication</PublicationType></PublicationTypeList>"
        self.text = xml.replace("</PublicationTypeList>", mark) if retracted else xml
        self.pmid = int(re.search(r"<PMID[^>]*>(\d+)", xml)[1])

    def xml(self) -> str:
        """Return the record as efetch gives it."""
        return self.text


def shipped() -> list[str]:
    """Return the records of the shipped snapshot."""
    path = Path(__file__).resolve().parents[2] / "data/raw/pubmed/2026-11-22/records.xml.gz"
    return re.findall(r"<PubmedArticle>.*?</PubmedArticle>", gzip.decompress(path.read_bytes()).decode(), re.DOTALL)


def boxes(text: str) -> dict[str, int]:
    """Return the totals of the flow."""
    rows = csv.DictReader(text.splitlines())
    return {row["box"]: int(row["n"]) for row in rows if not row["arm"] and not row["detail"]}


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """Search, search again, check; then keep the retracted report with a reason and build."""
    folder = tmp_path_factory.mktemp("second")
    (folder / "project").mkdir()
    project = copy_of_the_project(folder / "project")
    second = [Shipped(xml, retracted=f">{RETRACTED}<" in xml) for xml in shipped()] + server.articles(3)
    with server.serving([Shipped(xml) for xml in shipped()]) as service:
        access = Access(service.address, "reader@invented.invalid", pace_path=folder / "pace", interval=0.001)
        run_search(project.root, silent, name="2027-01-01", access=access)
        service.records = second
        run_search(project.root, silent, name="2027-02-01", access=access)
    project.edit("config/config.yaml", ('snapshot: "2026-11-22"', 'snapshot: "2027-02-01"'))
    refused = project.snakemake("results/check/check.json")
    overrides = project.root / "data/curated/retraction_overrides.csv"
    overrides.write_text(overrides.read_text() + "vernava2023,republished after correction,reader_x,2027-02-01\n")
    project.build(*TARGETS)
    return project.root, refused


def test_the_new_records_are_named(searched):
    """Three, and they wait for a decision."""
    root, _ = searched
    new = list(csv.DictReader((root / "results/screening/new_records.csv").read_text().splitlines()))
    assert [row["record_id"] for row in new] == ["pmid:1001", "pmid:1002", "pmid:1003"]
    waiting = list(csv.DictReader((root / "results/screening/to_screen.csv").read_text().splitlines()))
    assert {"pmid:1001", "pmid:1002", "pmid:1003"} <= {row["record_id"] for row in waiting}


def test_the_retraction_stops_the_build_until_a_reason_is_given(searched):
    """An included report was withdrawn."""
    root, refused = searched
    assert refused.returncode == 1
    assert (
        "report_id=vernava2023: decision = include; expected exclude (reason retracted), or a row in" in refused.stdout
    )
    notices = list(csv.DictReader((root / "results/tables/notices.csv").read_text().splitlines()))
    assert [(row["record_id"], row["notices"], row["reason_to_keep"]) for row in notices] == [
        (f"pmid:{RETRACTED}", "retracted", "republished after correction")
    ]


def test_the_numbers_of_the_flow_add_up(searched):
    """140 records are shipped; three more come from databases and wait to be screened."""
    root, _ = searched
    found = boxes((root / FLOW).read_text())
    assert (found["previous_records"], found["new_records"], found["records_to_screen"]) == (140, 3, 3)
    identified = found["records_database"] + found["records_register"] + found["records_website"]
    assert identified - found["duplicates_removed"] == 143 == found["records_screened"] + found["records_to_screen"]


def test_the_web_tool_tells_the_numbers_of_the_flow(searched):
    """The three new records wait; all included reports were known before."""
    root, _ = searched
    flow = boxes((root / FLOW).read_text())
    rows = list(csv.DictReader((root / "results/screening/PRISMA.csv").read_text().splitlines()))
    web = {row["data"]: row["n"] for row in rows}
    assert (web["excluded_other"], web["total_reports"]) == ("0", str(flow["reports_included"]))
    screened = next(row["boxtext"] for row in rows if row["data"] == "records_screened")
    assert screened.endswith("3 more wait for screening")
    assert (web["previous_reports"], web["new_reports"]) == (str(flow["previous_reports"]), str(flow["new_reports"]))


def test_the_appendix_tells_the_update(searched):
    """Both searches, the new records."""
    root, _ = searched
    text = (root / "results/manuscript/en/search_appendix.md").read_text()
    assert "This search updates that of 2027-01-01: 3 new records beside 140 known before" in text
