"""The client of E-utilities against a stand-in that misbehaves: every record, or a message and no change."""

from __future__ import annotations

import email.utils
import re
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import eutils_server as server
import pytest

from casepool.model.errors import ConfigError, NetworkError
from casepool.search.pubmed.eutils import Access, Client
from casepool.search.pubmed.pace import Pace
from casepool.search.pubmed.transport import Endurance

FAST = Endurance(timeout=0.5, deadline=1.0, attempts=4, first_wait=0.01, longest_wait=2.0)
KEY = "invented0key0of0thirty0six0letters00"


@pytest.fixture
def service():
    """Run a service with seven records."""
    with server.serving(server.articles(7)) as running:
        yield running


def client_of(service: server.Service, folder: Path, key: str = "", endurance=FAST, **options) -> Client:
    """Return a fast client of the service."""
    access = Access(service.address, "reader@invented.invalid", endurance, folder / "pace", 0.001)
    return access.client({"NCBI_API_KEY": key} if key else {}, **options)


def fetched(client: Client, **options) -> bytes:
    """Return all batches of a search, one after the other."""
    return b"".join(client.fetch(batch) for batch in client.batches(client.search("invented", **options)))


def test_a_search_tells_number_translation_and_ids(service, tmp_path):
    """What PRISMA-S asks to be reported."""
    service.errors = "<ErrorList><PhraseNotFound>invnted</PhraseNotFound><FieldNotFound></FieldNotFound></ErrorList>"
    service.warnings = "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
    found = client_of(service, tmp_path).search("invented")
    assert (found.count, found.translation) == (7, "invented (translated)")
    assert found.slices[0].ids == tuple(str(n) for n in range(1007, 1000, -1))
    assert (found.errors, found.warnings) == (("PhraseNotFound: invnted",), ("OutputMessage: No items found.",))


def test_records_come_in_batches_from_the_history(service, tmp_path):
    """Three requests of at most three records, each byte as the service sent it."""
    body = fetched(client_of(service, tmp_path, batch_size=3))
    sizes = [(form["retstart"], form["retmax"]) for _, name, form in service.asked if name == "efetch.fcgi"]
    assert sizes == [("0", "3"), ("3", "3"), ("6", "1")]
    assert all(one.xml().encode() in body for one in service.records)


def test_the_service_is_told_who_asks(service, tmp_path):
    """Tool and e-mail with every request; nothing in the address."""
    fetched(client_of(service, tmp_path))
    assert {(form["tool"], form["email"]) for _, _, form in service.asked} == {("casepool", "reader@invented.invalid")}
    assert {"?" in path for path in service.paths} == {False}


def test_the_key_is_sent_from_the_environment_and_only_then(service, tmp_path):
    """Ten requests a second with a key."""
    fetched(client_of(service, tmp_path, KEY))
    assert {form.get("api_key") for _, _, form in service.asked} == {KEY}
    service.asked.clear()
    fetched(client_of(service, tmp_path))
    assert {form.get("api_key") for _, _, form in service.asked} == {None}


def test_without_an_address_no_search(service):
    """NCBI asks who searches."""
    with pytest.raises(ConfigError, match=r"pubmed\.email is empty"):
        Access(service.address, "").client({})


PASSING = {
    "500 twice": (server.status(500), server.status(500)),
    "502": (server.status(502, server.HTML),),
    "connection reset": (server.reset,),
    "truncated body": (server.truncated,),
    "truncated chunks": (server.truncated_chunks,),
    "XML cut short": (server.broken_xml,),
    "web page with status 200": (server.html,),
    "slow drip": (server.drip(3.0),),
    "silence": (server.silence(1.0),),
    "fewer records": (server.fewer,),
    "headers that drip": (server.drip_headers(3.0),),
    "nothing at all": (server.status(200, b""),),
    "a limit told in JSON": (server.status(200, b'{"error":"API rate limit exceeded","count":"4"}'),),
    "Retry-After of no number": (server.status(429, Retry_After="nan"), server.status(503, Retry_After="inf")),
}


@pytest.mark.parametrize(
    ("program", "fault"),
    [("efetch.fcgi", fault) for fault in PASSING]
    + [("esearch.fcgi", fault) for fault in ("500 twice", "XML cut short", "web page with status 200", "slow drip")],
)
def test_a_passing_fault_is_survived(service, tmp_path, fault, program):
    """The same bytes as without it, after as many more requests."""
    client = client_of(service, tmp_path)
    undisturbed = fetched(client)
    n_requests = len(service.asked)
    service.misbehave(program, *PASSING[fault])
    assert fetched(client) == undisturbed
    assert len(service.asked) == 2 * n_requests + len(PASSING[fault])


@pytest.mark.parametrize("fault", PASSING)
def test_a_lasting_fault_ends_with_a_message(service, tmp_path, fault):
    """What happened, how often it was tried, what to do."""
    endurance = Endurance(timeout=0.2, deadline=0.3, attempts=2, first_wait=0.01, longest_wait=2.0)
    client = client_of(service, tmp_path, endurance=endurance)
    service.misbehave("efetch.fcgi", *(PASSING[fault][0],) * 4)
    with pytest.raises(NetworkError, match=r"efetch\.fcgi: .*\(after 2 attempts\).*untouched\. Try again") as caught:
        fetched(client)
    french = caught.value.text("fr")
    assert re.search(r"efetch\.fcgi : .*\(après 2 tentatives\).*intacts\. Réessayer", french)
    assert not re.search(r"\b(?:the|came|records|received|status)\b", french)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (server.status(503), r"status 503 \(Service Unavailable\)"),
        (server.html, "a web page came instead of XML"),
        (server.broken_xml, "the XML broke off before its end"),
        (server.truncated, r"the answer broke off after \d+ of \d+ bytes"),
        (server.drip(3.0), "the answer was not complete after 0.3 s"),
        (server.silence(1.0), "the connection failed .*timed out"),
        (server.drip_headers(3.0), "the answer was not complete after 0.3 s"),
        (server.fewer, "6 records received, 7 announced"),
        (server.status(200, b""), "an empty answer came"),
        (server.status(200, b'{"error":"API key invalid"}'), r"no records came \(API key invalid\)"),
        (server.status(500, b"<html><title>Out of order</title></html>"), r"status 500 \(a web page .*: Out of order"),
    ],
)
def test_the_message_names_the_fault(service, tmp_path, fault, told):
    """The reader can tell a slow line from a broken service."""
    endurance = Endurance(timeout=0.2, deadline=0.3, attempts=1)
    service.misbehave("efetch.fcgi", fault)
    with pytest.raises(NetworkError, match=told):
        fetched(client_of(service, tmp_path, endurance=endurance))


def test_retry_after_is_waited_for(service, tmp_path):
    """The service says one second: no request of anybody comes sooner."""
    service.misbehave("efetch.fcgi", server.status(429, Retry_After="1"))
    fetched(client_of(service, tmp_path))
    first, second = service.times("efetch")
    assert 1.0 <= second - first < 1.9


def test_retry_after_may_be_a_date(service, tmp_path):
    """The other form that HTTP knows; one that cannot be read asks for nothing."""
    soon = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    service.misbehave("efetch.fcgi", server.status(503, Retry_After=soon), server.status(503, Retry_After="soon"))
    fetched(client_of(service, tmp_path))
    first, second, _ = service.times("efetch")
    assert 0.9 <= second - first < 2.5


def test_a_retry_after_that_is_too_long_ends_the_search(service, tmp_path):
    """An hour is the person's decision."""
    service.misbehave("efetch.fcgi", server.status(429, Retry_After="3600"))
    with pytest.raises(NetworkError, match=r"status 429 \(Too Many Requests\), try again in 3600 s"):
        fetched(client_of(service, tmp_path))


def test_an_answer_that_is_packed_unasked_is_unpacked(service, tmp_path):
    """Some proxies do."""
    undisturbed = fetched(client_of(service, tmp_path))
    service.misbehave("esearch.fcgi", server.packed)
    service.misbehave("efetch.fcgi", server.packed)
    assert fetched(client_of(service, tmp_path)) == undisturbed


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_service_that_moved_on_its_host_is_asked_there_with_the_same_form(service, tmp_path, code):
    """With GET the form, and the search with it, would be left behind."""
    service.misbehave("esearch.fcgi", server.moved(code, "/elsewhere/esearch.fcgi"))
    assert client_of(service, tmp_path).search("invented").count == 7
    assert service.paths == ["/entrez/eutils/esearch.fcgi", "/elsewhere/esearch.fcgi"]
    assert service.asked[0][2] == service.asked[1][2]


@pytest.mark.parametrize(
    ("code", "address", "told"),
    [
        (302, "https://portal.invalid/login?next=1", r"sends to https://portal\.invalid/login\?next=1, which is not"),
        (307, "ftp://127.0.0.1/esearch.fcgi", r"sends to ftp://127\.0\.0\.1/esearch\.fcgi, which is not followed"),
        (302, "esearch.fcgi", r"sent on 5 times, at last to http://127\.0\.0\.1:\d+/entrez/eutils/esearch\.fcgi"),
        (303, "/other", "refused with status 303"),
    ],
)
def test_an_address_that_is_not_followed_is_named(service, tmp_path, code, address, told):
    """The key goes to no other host, and a circle ends."""
    service.misbehave("esearch.fcgi", *[server.moved(code, address)] * 9)
    with pytest.raises(NetworkError, match=f"esearch.fcgi: {told}"):
        client_of(service, tmp_path).search("invented")


def test_a_refusal_ends_the_search_at_once_without_showing_the_key(service, tmp_path):
    """The real service repeats a wrong key in its answer."""
    refusal = f'{{"error":"API key {KEY} invalid","api-key":"{KEY}","type":"api-key"}}'.encode()
    service.misbehave("esearch.fcgi", server.status(400, refusal))
    with pytest.raises(NetworkError, match=r"refused with status 400 \(API key \*\*\* invalid\)") as caught:
        fetched(client_of(service, tmp_path, KEY))
    assert KEY not in str(caught.value)
    assert len(service.asked) == 1


@pytest.mark.parametrize("fault", PASSING)
def test_no_message_and_no_address_shows_the_key(service, tmp_path, fault, capfd):
    """Neither the text, nor the representation, nor the chain of causes, nor what is printed."""
    service.misbehave("efetch.fcgi", *PASSING[fault] * 2)
    client = client_of(service, tmp_path, KEY, endurance=Endurance(0.2, 0.3, 1))
    with pytest.raises(NetworkError) as caught:
        fetched(client)
    printed = capfd.readouterr()
    shown = [str(caught.getrepr(style="long")), repr(client), *service.paths, printed.out, printed.err]
    assert not [text for text in shown if KEY in text]


def test_a_service_that_is_not_there_is_named(tmp_path):
    """Nobody listens."""
    client = Access("http://127.0.0.1:9/", "a@b.invalid", FAST, tmp_path / "pace", 0.001).client({})
    with pytest.raises(NetworkError, match=r"127\.0\.0\.1:9/esearch\.fcgi: the connection failed .*refused"):
        client.search("invented")


def test_more_than_9999_records_are_cut_by_date(tmp_path):
    """Twelve thousand records, five days: all of them, each once."""
    start = date(2024, 1, 1)
    records = [server.Article(n, entered=start + timedelta(days=n % 5)) for n in range(1, 12_001)]
    with server.serving(records) as service:
        client = client_of(service, tmp_path, batch_size=9_999)
        found = client.search("invented")
        assert found.count == 12_000
        assert len(found.slices) > 1
        assert max(one.count for one in found.slices) <= 9_999
        assert sorted(int(one) for part in found.slices for one in part.ids) == list(range(1, 12_001))
        received = sum(client.fetch(batch).count(b"<PubmedArticle>") for batch in client.batches(found))
    assert received == 12_000


def test_a_day_with_too_many_records_is_an_error(tmp_path):
    """Nothing is cut off in silence."""
    with (
        server.serving(server.articles(12)) as service,
        pytest.raises(NetworkError, match="12 records of 2024-01-01"),
    ):
        client_of(service, tmp_path, cap=5).search("invented")


def test_slices_that_lose_records_are_an_error(tmp_path):
    """A record without an entry date would be lost."""
    records = [
        *server.articles(8),
        server.Article(1, entered=date(1, 1, 1)),
        server.Article(2, entered=date(2024, 1, 9)),
    ]
    with server.serving(records) as service, pytest.raises(NetworkError, match=r"announces 10 .* hold 9"):
        client_of(service, tmp_path, cap=8).search("invented")


def test_since_asks_for_what_was_added_or_changed(service, tmp_path):
    """A retraction changes an old record."""
    service.records[0] = server.Article(1001, changed=date(2025, 6, 1))
    found = client_of(service, tmp_path).search("invented", date(2025, 1, 1))
    assert found.slices[0].ids == ("1001",)
    assert service.asked[-1][2]["datetype"] == "mdat"


def test_the_dtd_of_next_year_changes_nothing(service, tmp_path):
    """No DTD is read, here or from the network."""
    service.year = 2099
    assert b"pubmed_990101.dtd" in fetched(client_of(service, tmp_path))


def test_two_requests_keep_their_distance(tmp_path):
    """The third does not start before two distances have passed, however busy the machine is."""
    pace = Pace(0.1, tmp_path / "pace")
    begun = time.time()
    for number in range(3):
        with pace.turn():
            assert time.time() - begun >= 0.1 * number - 0.001


@pytest.mark.parametrize("left", ["", "not a number", "9e99", "-5"])
def test_a_damaged_file_of_the_pace_stops_nobody(tmp_path, left):
    """A process died while it wrote, or a clock was wrong."""
    path = tmp_path / "pace"
    path.write_text(left)
    before = time.time()
    with Pace(0.001, path).turn():
        pass
    assert time.time() - before < 0.5


JOB = """
import sys
from pathlib import Path
from casepool.search.pubmed.eutils import Access
client = Access(sys.argv[1], "a@b.invalid", pace_path=Path(sys.argv[2])).client({}, batch_size=3)
for batch in client.batches(client.search("invented")):
    client.fetch(batch)
"""


def test_four_jobs_at_once_stay_within_three_requests_a_second(service, tmp_path):
    """Measured at the service: in no second more than three, never two at a time."""
    command = [sys.executable, "-c", JOB, service.address, str(tmp_path / "pace")]
    jobs = [subprocess.Popen(command) for _ in range(4)]
    assert [job.wait() for job in jobs] == [0, 0, 0, 0]
    times = sorted(service.times())
    assert len(times) == 16
    assert all(later - first >= 1.0 for first, later in zip(times, times[3:], strict=False))
