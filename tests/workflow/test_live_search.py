"""The workflow searches in mode live only, once, and for a snapshot that is not there."""

from __future__ import annotations

import eutils_server as server
import pytest
from copied import Project, copy_of_the_project

RECORDS = "results/tables/records.csv"
SNAPSHOT = "data/raw/pubmed/2027-01-01"


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """Build the records from a live search, then again; return the project, the service and what was printed."""
    folder = tmp_path_factory.mktemp("live")
    with pytest.MonkeyPatch.context() as patch, server.serving(server.articles(5)) as service:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("NCBI_API_KEY", "invented0key")
        (folder / "project").mkdir()
        project = copy_of_the_project(folder / "project")
        project.edit(
            "config/config.yaml",
            ("mode: snapshot ", "mode: live "),
            ('snapshot: "2026-11-22"', 'snapshot: "2027-01-01"'),
            ("https://eutils.ncbi.nlm.nih.gov/entrez/eutils/", service.address),
            ('email: ""', 'email: "reader@invented.invalid"'),
        )
        yield project, service, [project.build(RECORDS), project.build(RECORDS)]


def test_the_live_search_comes_first_and_the_records_are_built_from_it(live):
    """The snapshot stands beside the shipped one, described."""
    project, _, printed = live
    assert "search_pubmed" in printed[0]
    assert "pmid:1001" in (project.root / RECORDS).read_text()
    assert f"{SNAPSHOT}/records.xml.gz" in (project.root / "data/raw/sources.csv").read_text()
    assert (project.root / "data/raw/pubmed/2026-11-22/records.xml.gz").exists()


def test_the_log_tells_the_progress_and_no_key(live):
    """What a person looks for when it takes long."""
    project, _, printed = live
    log = (project.root / "results/logs/search_pubmed/2027-01-01.log").read_text()
    assert "5 of 5 records received" in log
    assert "invented0key" not in log + "".join(printed)


def test_a_second_build_searches_no_more(live):
    """The network was asked once."""
    _, service, printed = live
    assert "Nothing to be done" in printed[1]
    assert len(service.asked) == 2


def test_the_shipped_configuration_never_searches(tmp_path):
    """Whatever else has to be made."""
    project: Project = copy_of_the_project(tmp_path)
    assert "search_pubmed" not in project.build("--dry-run", "--forceall")
