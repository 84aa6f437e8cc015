"""A live search leaves a whole snapshot that describes itself, or nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import eutils_server as server
import invented
import pytest
from typer.testing import CliRunner

from casepool.checks.data import check_data
from casepool.cli.main import app
from casepool.files import sheets
from casepool.model.errors import CasepoolError, ConfigError, FileError, NetworkError
from casepool.rows import rows_of
from casepool.search.formats.pubmed_xml import parse_pubmed
from casepool.search.pubmed.chain import snapshot_pmids
from casepool.search.pubmed.eutils import Access
from casepool.search.pubmed.running import as_text, run_search, silent
from casepool.search.pubmed.snapshot import search_pubmed
from casepool.search.pubmed.transport import Endurance
from casepool.search.raw import read_raw
from casepool.search.records import build_records, merged_records

FAST = Endurance(timeout=0.5, deadline=1.0, attempts=2, first_wait=0.01, longest_wait=2.0)
SHIPPED = "2026-11-22"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the configuration and data of the project."""
    for folder in ("config", "data"):
        shutil.copytree(invented.ROOT / folder, tmp_path / folder)
    return tmp_path


@pytest.fixture
def service():
    """Run a service with five records, one of them a book."""
    with server.serving([*server.articles(4), server.Article(77, book=True)]) as running:
        yield running


def search(project: Path, service: server.Service, name: str = "2027-01-01", **options):
    """Return the result of a fast search."""
    access = Access(service.address, "reader@invented.invalid", FAST, project / "pace", 0.001)
    return run_search(project, silent, name=name, access=access, **options)


def contents(project: Path) -> dict[str, bytes]:
    """Return every raw file."""
    folder = project / "data/raw"
    paths = (path for path in folder.rglob("*") if path.is_file() and ".partial" not in path.parts)
    return {str(path.relative_to(project)): path.read_bytes() for path in paths}


def test_a_search_leaves_a_snapshot_beside_the_old_one(project, service):
    """Two new files, two new rows in sources.csv, nothing else touched."""
    before = contents(project)
    search(project, service)
    after = contents(project)
    new = {f"data/raw/pubmed/2027-01-01/{name}" for name in ("records.xml.gz", "search.json")}
    assert set(after) - set(before) == new
    assert {path for path in before if before[path] != after[path]} == {"data/raw/sources.csv"}
    old, now = (text["data/raw/sources.csv"].decode().splitlines() for text in (before, after))
    assert next(line for line in now if line not in old).startswith(
        "data/raw/pubmed/2027-01-01/records.xml.gz,database,"
    )
    assert set(old) < set(now)


def test_the_snapshot_holds_the_records_as_received(project, service):
    """Books too; the order is that of the service."""
    search(project, service)
    path = project / "data/raw/pubmed/2027-01-01/records.xml.gz"
    assert [record["pmid"] for record in parse_pubmed(path)] == ["1004", "1003", "1002", "1001", "77"]
    content = gzip.decompress(path.read_bytes())
    assert all(one.xml().encode() in content for one in service.records)


def test_the_snapshot_describes_itself(project, service):
    """Exact query, translation, number, software, checksum."""
    search(project, service)
    folder = project / "data/raw/pubmed/2027-01-01"
    told = json.loads((folder / "search.json").read_text())
    assert told["query"] == service.asked[0][2]["term"]
    assert told["translation"] == f"{told['query']} (translated)"
    assert (told["origin"], told["count"], told["received"], told["since"]) == ("live", 5, 5, None)
    assert told["sha256"] == hashlib.sha256((folder / "records.xml.gz").read_bytes()).hexdigest()
    assert set(told["software"]) == {"casepool", "python"}
    assert "@" not in json.dumps({key: value for key, value in told.items() if key not in {"query", "translation"}})


def test_a_build_can_use_the_snapshot_at_once(project, service):
    """Checksum and number stand in sources.csv."""
    search(project, service)
    sources = sheets.read_table("sources", project / "data/raw/sources.csv")
    records = build_records(sources, project, "2027-01-01")
    assert {"pmid:1001", "pmid:77"} <= set(records["record_id"])


def test_batches_become_one_file(project, service):
    """Nothing is lost or doubled where two batches meet."""
    service.records = server.articles(1_203)
    done = search(project, service)
    assert done.n_records == 1_203
    assert len(service.times("efetch")) == 3


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (server.fewer, "4 records received, 5 announced"),
        (server.html, "a web page came instead of XML"),
        (server.reset, "the connection failed"),
        (server.truncated, "the answer broke off"),
    ],
)
def test_a_failed_search_changes_nothing(project, service, fault, told):
    """The old snapshot stays, sources.csv stays, no folder appears; the next search works."""
    before = contents(project)
    service.misbehave("efetch.fcgi", fault, fault)
    with pytest.raises(NetworkError, match=told):
        search(project, service)
    assert contents(project) == before
    assert search(project, service).n_records == 5


def test_fewer_records_than_announced_fail_by_their_ids(project, service):
    """The service lists an id and sends another record twice instead."""
    before = contents(project)
    service.announced = 6
    service.repeated = 1001
    with pytest.raises(NetworkError, match=r"announced 6 records, 5 of them came \(missing PMID 90000\)"):
        search(project, service)
    assert contents(project) == before


def test_a_record_that_comes_twice_is_told_and_kept_once(project, service):
    """As received in the raw file, once in what is counted."""
    service.repeated = 1003
    done = search(project, service)
    assert done.description["received"] == 6
    assert done.description["received_twice"] == ["1003"]
    assert "received twice, kept once: PMID 1003" in as_text(done)
    assert done.n_records == 5


def test_a_whole_search_without_any_record_fails_and_names_the_unknown_words(project, service):
    """A misspelt strategy."""
    service.records = []
    service.errors = "<ErrorList><PhraseNotFound>daratumumabb</PhraseNotFound></ErrorList>"
    for n_asked in (1, 2):  # each run asks anew
        with pytest.raises(ConfigError, match=r"no record at all \(PhraseNotFound: daratumumabb\).*protocol\.yaml"):
            search(project, service)
        assert len(service.asked) == n_asked


def test_a_snapshot_is_never_overwritten(project, service):
    """A second search on the same day."""
    search(project, service)
    before = contents(project)
    with pytest.raises(FileError, match=r"2027-01-01 holds a search already.*another day"):
        search(project, service)
    assert contents(project) == before


def test_what_is_new_is_told(project, service):
    """Compared with the snapshot before; the shipped one has none of these."""
    search(project, service)
    service.records += server.articles(3, first=2001)
    done = search(project, service, "2027-02-01")
    assert done.previous == "2027-01-01"
    assert done.new_pmids == ("2001", "2002", "2003")
    assert "new since the snapshot 2027-01-01: 3 records" in as_text(done)


def test_since_continues_the_snapshot_before(project, service):
    """Two new records and one that has changed: seven in all."""
    search(project, service)
    service.records[0] = server.Article(1001, types=("Retracted Publication",), changed=date(2027, 1, 15))
    service.records += server.articles(2, first=2001, changed=date(2027, 1, 20))
    done = search(project, service, "2027-02-01", since="2027-01-01")
    assert (done.description["count"], done.n_records) == (3, 7)
    assert done.description["continues"] == "2027-01-01"
    assert "together with 2027-01-01, which it continues: 7 records" in as_text(done)


def test_since_may_find_nothing(project, service):
    """No news is a result."""
    search(project, service)
    done = search(project, service, "2027-02-01", since="2027-01-15")
    assert (done.description["count"], done.n_records, done.new_pmids) == (0, 5, ())


def test_since_needs_a_live_search_before(project, service):
    """The shipped snapshot was transcribed."""
    with pytest.raises(FileError, match="Search without --since first"):
        search(project, service, since="2026-01-01")


def test_since_needs_a_date(project, service):
    """In the one form."""
    with pytest.raises(CasepoolError, match=r"--since: found '1/2/2026'; expected a date YYYY-MM-DD"):
        search(project, service, since="1/2/2026")


def test_a_killed_search_leaves_the_old_snapshot_and_is_continued(project, service):
    """Killed in the second of three batches: the next run asks for the missing two only."""
    service.records = server.articles(1_203)
    service.misbehave("efetch.fcgi", server.whole, server.silence(30.0))
    before = contents(project)
    job = subprocess.Popen([sys.executable, "-c", JOB, str(project), service.address])
    while len(service.times("efetch")) < 2:
        time.sleep(0.01)
    job.send_signal(signal.SIGKILL)
    job.wait()
    assert contents(project) == before
    service.asked.clear()
    assert search(project, service).n_records == 1_203
    assert [form["retstart"] for _, _, form in service.asked] == ["500", "1000"]


JOB = """
import sys
from pathlib import Path
from casepool.search.pubmed.eutils import Access
from casepool.search.pubmed.running import run_search, silent
project = Path(sys.argv[1])
access = Access(sys.argv[2], "reader@invented.invalid", pace_path=project / "pace", interval=0.001)
run_search(project, silent, name="2027-01-01", access=access)
"""


FORGOTTEN = {
    "in words": server.status(200, b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"),
    "status 400": server.status(400, b"<eFetchResult><ERROR>Cannot retrieve history data</ERROR></eFetchResult>"),
    "out of range": server.status(400, b"<ERROR>Cannot retrieve history data: OUT OF RANGE</ERROR>"),
    "JSON": server.status(400, b'{"error":"WebEnv expired"}'),
}


@pytest.mark.parametrize("way", FORGOTTEN)
def test_a_forgotten_history_is_asked_for_anew_in_the_same_run(project, service, way):
    """The batch that had come is kept: the same records in the same order are found again."""
    service.records = server.articles(1_203)
    service.misbehave("efetch.fcgi", server.whole, FORGOTTEN[way])
    assert search(project, service).n_records == 1_203
    asked = [(name, form.get("retstart"), form.get("WebEnv", "")[-1:]) for _, name, form in service.asked]
    first, again = ("esearch.fcgi", None, ""), [("efetch.fcgi", start, "1") for start in ("500", "1000")]
    assert asked == [first, ("efetch.fcgi", "0", "0"), ("efetch.fcgi", "500", "0"), first, *again]


def test_a_history_forgotten_by_the_time_a_killed_search_is_continued_begins_anew(project, service):
    """Where the index has changed meanwhile, nothing of the old search is kept."""
    service.records = server.articles(1_203)
    service.misbehave("efetch.fcgi", server.whole, *[server.status(500)] * 2)
    with pytest.raises(NetworkError, match="status 500"):
        search(project, service)
    service.histories.clear()
    service.records = server.articles(1_204)
    assert search(project, service).n_records == 1_204


def test_a_service_that_forgets_every_search_at_once_is_told(project, service):
    """The reason is the service's own; the next run asks again and works."""
    service.misbehave("efetch.fcgi", *[FORGOTTEN["status 400"]] * 2)
    with pytest.raises(NetworkError, match=r"no longer knows the search \(Cannot retrieve history data\)"):
        search(project, service)
    assert search(project, service).n_records == 5


UNREADABLE = {
    "a control character": lambda text: text.replace("invented woman", "invented \x0bwoman", 1),
    "an entity of HTML": lambda text: text.replace("invented woman", "invented&eacute; woman", 1),
    "a record without PMID": lambda text: text.replace('<PMID Version="1">1002</PMID>', "", 1),
    "a PMID that is no number": lambda text: text.replace('<PMID Version="1">1002<', '<PMID Version="1">x<', 1),
    "an end tag too many": lambda text: text.replace("</Journal>", "</Journal></Journal>", 1),
}


@pytest.mark.parametrize("fault", UNREADABLE)
def test_a_batch_that_cannot_be_read_is_asked_for_again(project, service, fault):
    """Once bad, then good: one snapshot, nothing of the bad answer in it."""
    service.misbehave("efetch.fcgi", server.changed(UNREADABLE[fault]))
    assert search(project, service).n_records == 5
    assert len(service.times("efetch")) == 2


@pytest.mark.parametrize("fault", UNREADABLE)
def test_a_batch_that_stays_bad_is_told_and_spoils_no_later_search(project, service, fault):
    """The message names the records of the batch; the next run asks for it again."""
    before = contents(project)
    service.misbehave("efetch.fcgi", *[server.changed(UNREADABLE[fault])] * 2)
    with pytest.raises(
        NetworkError, match=r"records 1 to 5 of the search cannot be read \(|4 records received, 5 announced"
    ):
        search(project, service)
    assert contents(project) == before
    assert search(project, service).n_records == 5


def test_what_cannot_be_joined_is_discarded(project, service, monkeypatch):
    """Whatever goes wrong after the last batch: the next run asks for all of it again."""
    from casepool.search.pubmed import snapshot

    with monkeypatch.context() as patch:
        patch.setattr(snapshot, "_joined", lambda _: b"<PubmedArticleSet>")
        with pytest.raises(FileError, match="PubMed XML"):
            search(project, service)
    service.asked.clear()
    assert search(project, service).n_records == 5
    assert len(service.asked) == 2


def test_batches_in_other_encodings_make_one_file(project, service):
    """UTF-16, Latin-1 and UTF-8 in one search; the letters are the same."""
    service.records = server.articles(3, authors=("Müller É",))
    service.misbehave("efetch.fcgi", server.encoded("utf-16"), server.encoded("iso-8859-1"))
    access = Access(service.address, "reader@invented.invalid", FAST, project / "pace", 0.001)
    search_pubmed(project, "invented", access.client({}, batch_size=1), "2027-01-01", None, silent)
    records = parse_pubmed(project / "data/raw/pubmed/2027-01-01/records.xml.gz")
    assert [record["authors"] for record in records] == ["Müller É"] * 3


def test_a_snapshot_that_was_not_described_yet_is_described(project, service):
    """Killed between the snapshot and sources.csv: no second search."""
    sources = (project / "data/raw/sources.csv").read_bytes()
    search(project, service)
    (project / "data/raw/sources.csv").write_bytes(sources)
    service.asked.clear()
    assert search(project, service).n_records == 5
    assert service.asked == []
    assert len((project / "data/raw/sources.csv").read_text().splitlines()) == len(sources.splitlines()) + 2


def test_two_searches_at_once_are_refused(project, service):
    """The second one would write into the folder of the first."""
    from casepool.search.pubmed.collecting import only_one

    with (
        only_one(project / "data/raw/pubmed/.partial"),
        pytest.raises(FileError, match="another search is running"),
    ):
        search(project, service)


def test_the_command_prints_what_was_found_and_what_to_do_next(project, service, monkeypatch):
    """The address and the e-mail come from the configuration."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(project / "cache"))
    monkeypatch.setenv("NCBI_API_KEY", "invented0key")
    path = project / "config/config.yaml"
    text = path.read_text().replace("https://eutils.ncbi.nlm.nih.gov/entrez/eutils/", service.address)
    path.write_text(text.replace('email: ""', 'email: "reader@invented.invalid"'))
    result = CliRunner().invoke(app, ["search", str(project)])
    assert result.exit_code == 0
    assert re.search(
        r"5 records announced, 5 received: data/raw/pubmed/\d{4}-\d\d-\d\d/records\.xml\.gz", result.output
    )
    assert 'pubmed.snapshot: "' in result.output
    assert "invented0key" not in result.output
    assert {form["email"] for _, _, form in service.asked} == {"reader@invented.invalid"}


def test_the_shipped_configuration_names_no_reader(project):
    """A search without e-mail address stops before it asks anything."""
    result = CliRunner().invoke(app, ["search", str(project)])
    assert result.exit_code == 1
    assert "pubmed.email is empty" in str(result.exception)


def test_the_ids_of_a_snapshot_are_those_of_its_chain(project):
    """The shipped snapshot continues nothing."""
    assert len(snapshot_pmids(project, SHIPPED)) == 14


def test_a_search_that_was_cut_by_date_is_one_snapshot(project, service):
    """Twelve records of four days, at most five a search, two a batch: each once."""
    service.records = [server.Article(n, entered=date(2024, 1, n % 4 + 1)) for n in range(1, 13)]
    access = Access(service.address, "reader@invented.invalid", FAST, project / "pace", 0.001)
    client = access.client({}, batch_size=2, cap=5)
    done = search_pubmed(project, "invented", client, "2027-01-01", None, silent)
    assert done.n_records == 12
    assert sum(count for *_, count in done.description["slices"]) == 12
    assert {kind for kind, *_ in done.description["slices"]} == {"edat"}


def test_decisions_hold_when_pubmed_tells_what_an_export_told(project, service):
    """Every shipped record with a DOI is found by PubMed: merged, all decided as before, no problem."""
    sources = project / "data/raw/sources.csv"
    shipped = build_records(sheets.read_table("sources", sources), project, SHIPPED)
    told = shipped[shipped["record_id"].str.startswith("ris:") & shipped["doi"].notna()]
    service.records = [
        server.Article(
            60_000_001 + n,
            title=re.sub(r"^\[title not seen\] |[&<]", "", row["title"]),
            doi=row["doi"],
            authors=(f"{row['authors'].split(',')[0]} A",),
            place=(row["volume"], row["issue"], row["pages"]),
        )
        for n, row in enumerate(rows_of(told.astype(object).fillna("")))
    ]
    search(project, service)
    screening = sheets.read_table("screening", project / "data/curated/screening.csv")
    described = sheets.read_table("sources", sources)
    raw = read_raw(described, project, "2027-01-01")
    merged = merged_records(raw, described, project, "2027-01-01", set(screening["record_id"]))
    assert (len(merged.records), len(merged.merges)) == (len(shipped), len(told))
    assert set(merged.merges["record_id"]) == set(told["record_id"])
    assert check_data(project, invented.protocol(), "2027-01-01").problems == ()
