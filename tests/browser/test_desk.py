"""The desk in a real browser: a report entered by the keyboard alone, and everything that goes wrong on the way."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import waitress
from axe_playwright_python.sync_playwright import Axe
from desk_project import READER, git, write_desk_project
from playwright.sync_api import BrowserContext, Page, expect

from casepool.checks.data import check_data
from casepool.desk.private import Private
from casepool.desk.web.app import create_app
from casepool.desk.web.guard import Session
from casepool.desk.web.serving import start_address
from casepool.desk.workspace import Workspace


@dataclass
class Desk:
    """A desk that answers: its project, and where it is."""

    root: Path
    private: Private
    address: str

    def start(self) -> str:
        """Return a fresh start address."""
        return start_address(self.private, int(self.address.rsplit(":", 1)[1]))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the SYNTHETIC project as it was committed."""
    return write_desk_project(tmp_path_factory.mktemp("browser"))


@pytest.fixture
def desk(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Yield a desk over a copy of the project, in French; nobody has said who reads."""
    monkeypatch.setenv("CASEPOOL_PAPERS", str(tmp_path / "papers"))
    root = Path(shutil.copytree(shipped, tmp_path / "project"))
    private = Private(root)
    private.set(language="fr")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(Workspace(root, private), Session(port, private.session()))
    server = waitress.create_server(app, host="127.0.0.1", port=port, threads=4)

    def run() -> None:
        with suppress(OSError):  # its socket is closed under it at the end
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield Desk(root, private, f"http://127.0.0.1:{port}")
    server.close()
    thread.join(timeout=5)


@pytest.fixture
def page(context: BrowserContext, desk: Desk, outside: list[str]) -> Iterator[Page]:
    """Yield a page that the desk knows; at the end it has asked nothing of the outside and complained of nothing."""
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(desk.start())
    yield opened
    # A refused form is an answer of its own kind; the browser notes its number.
    assert [one for one in complaints if not ("status of 4" in one or "ERR_CONNECTION" in one)] == []
    assert outside == []


wide = pytest.mark.parametrize("context", [1280], indirect=True, ids=["wide"])


class Hands:
    """Somebody who never touches the mouse; keys that are no part of a value are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.n_keys = 0
        self.n_values = 0
        self.steps: list[tuple[str, int, int]] = []

    def done(self, what: str) -> None:
        """Note that a step is done: what it was, and the keys and values that it took."""
        keys, values = (sum(one[place] for one in self.steps) for place in (1, 2))
        self.steps.append((what, self.n_keys - keys, self.n_values - values))

    def press(self, *keys: str) -> None:
        """Press keys that are no part of a value."""
        for key in keys:
            self.page.keyboard.press(key)
            self.n_keys += 1

    def give(self, value: str, then: str = "Enter") -> None:
        """Type a value and leave its field by one counted key."""
        self.page.keyboard.type(value)
        self.n_values += 1
        if then:
            self.press(then)

    def at(self, name: str) -> None:
        """Wait until a field or button has the focus."""
        expect(self.page.locator(f"[name={name}]:focus").first).to_be_focused()


def patient(hands: Hands, age: str, sex: str, disease: str, response: str, place: str) -> None:
    """Fill in one SYNTHETIC patient, from the first open question on; the rest is not reported."""
    hands.at("age_years")
    hands.give(age)
    hands.give(sex)
    hands.give("ad")  # adult
    hands.give(disease)
    hands.give(disease)
    hands.give("idio")
    hands.give("oui")
    hands.press("Enter", "Enter")  # earlier treatments: left open
    hands.give("intra")  # venous
    hands.press("Enter")
    hands.give(response, then="Alt+n")  # all other lists: not reported
    expect(hands.page.locator("#said")).to_contain_text("non rapporté")
    if place:
        hands.at("basis")
        hands.give("texte")
        hands.give(place, then="")


def cohort(hands: Hands) -> None:
    """Fill in a SYNTHETIC cohort of six, four of whom responded."""
    hands.at("population")
    hands.give("ad")
    for value in ("mucous membrane pemphigoid", "mucous membrane pemphigoid", "idio", "oui", "intra"):
        hands.give(value)
    hands.press("Enter")
    for number in ("6", "6", "4", "2"):
        hands.give(number)
    hands.press("Alt+n")
    expect(hands.page.locator("#said")).to_contain_text("non rapporté")
    hands.press("Control+Enter")


@wide
def test_a_report_is_entered_by_the_keyboard_alone(page, desk):
    """Two patients, a cohort, the appraisal, included, a version: no file is touched, lines are added, all is sound."""
    began, hands = time.perf_counter(), Hands(page)
    hands.press("Enter")
    page.wait_for_url("**/who")
    hands.at("reader")
    hands.give(READER)
    page.wait_for_url(f"{desk.address}/")
    hands.done("say who reads")
    hands.press("a")
    page.wait_for_url("**/add")
    hands.at("what")
    hands.press("Tab", "Tab")
    hands.give("s", then="Tab")  # a series
    hands.give("SYNTHETIC: two patients and a series", then="Tab")
    hands.give("Dupont, Jean", then="Tab")
    hands.give("Invented Letters", then="Tab")
    hands.give("2026")
    page.wait_for_url("**/publication/dupont2026")
    hands.done("add the publication: kind, title, authors, journal, year")
    hands.press("Enter")
    page.wait_for_url("**/new/patients/**")
    patient(hands, "63,5", "fem", "pemphigus vulgaris", "complete", "Tableau 1")
    hands.press("Alt+s")
    page.wait_for_url("**/new/patients/dupont2026?after=p1")
    hands.done("the first patient; what the article leaves open is not reported")
    patient(hands, "41", "homme", "pemphigus foliaceus", "aucune", "")
    hands.press("Control+Enter")
    page.wait_for_url("**/publication/dupont2026")
    hands.done("the second patient, read at the same place")
    hands.press("c")
    page.wait_for_url("**/new/cohorts/**")
    cohort(hands)
    page.wait_for_url("**/publication/dupont2026")
    hands.done("the series of six, as counts")
    hands.press("Enter")
    page.wait_for_url("**/appraisal/**")
    for answer in ("n", "n"):  # Murad 1, JBI 4; place and basis are those of the patients
        hands.give(answer)
    hands.give("n", then="Control+Enter")
    page.wait_for_url("**/publication/dupont2026")
    hands.done("appraise the source: three questions")
    hands.press("Enter")  # all is entered: include
    expect(page.locator(".notice")).to_contain_text("est incluse")
    hands.done("include it")
    lines = git(desk.root, "diff", "--unified=0").splitlines()
    hands.press("v")
    page.wait_for_url("**/version")
    hands.press("Enter")
    expect(page.locator(".notice")).to_contain_text("Version enregistrée")
    hands.done("save a version")
    seconds = time.perf_counter() - began
    print(f"{hands.n_keys} keys besides {hands.n_values} values, {seconds:.0f} s")
    assert hands.n_keys <= 60
    shows_the_run(hands, seconds)
    assert [line for line in lines if line.startswith("-") and not line.startswith("---")] == []
    assert git(desk.root, "status", "--porcelain") == ""
    workspace = Workspace(desk.root, desk.private)
    found = check_data(desk.root, workspace.protocol, workspace.project.configuration.pubmed.snapshot)
    assert found.problems == ()


WALK = Path(__file__).resolve().parents[2] / "docs" / "desk_walk.md"
WALK_HEAD = """# One report, by the desk

Written by the acceptance run (`make browser` with `WRITE_WALK=1`): a real browser, the keyboard alone, and an invented
report (SYNTHETIC) of two patients, a series of six and an appraisal. Without `WRITE_WALK` the same run fails where this
table is not what it did. Keys are those beside the values; no file is touched by hand, and `casepool check` has nothing
to say afterwards. The same by file: [one report, by file](one_report.md). What the pages offer: [the desk](desk.md).

| step | keys | values |
| --- | --- | --- |
"""


def shows_the_run(hands: Hands, seconds: float) -> None:
    """Hold docs/desk_walk.md against the run, or write it where that is asked for."""
    steps = "".join(f"| {what} | {keys} | {values} |\n" for what, keys, values in hands.steps)
    shown = f"{WALK_HEAD}{steps}| **all** | **{hands.n_keys}** | **{hands.n_values}** |\n"
    if os.environ.get("WRITE_WALK"):
        told = f"The browser took {seconds:.0f} seconds; a person reads the article meanwhile."
        WALK.write_text(f"{shown}\n{told}\n", "utf-8")
    assert WALK.read_text("utf-8").startswith(shown)


PAGES = ("/", "/who", "/publications", "/publication/quill2011", "/add", "/new/patients/quill2011",
         "/new/cohorts/quill2011", "/new/appraisal/quill2011", "/new/cumulative_incidences/iris2019",
         "/kept/patients/quill2011/p1", "/correct/patients/age_years/quill2011/p1",
         "/screen/title_abstract/ris:kale2020", "/identity", "/problems",
         "/version", "/readings", "/moved", "/nothing/here")  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_can_be_read_by_everybody_and_fits_its_width(page, desk, language):
    """No violation that axe finds, no sideways scrolling, one heading."""
    desk.private.set(language=language, reader=READER)
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(desk.address + path)
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1, path
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, path
        violations = Axe().run(page).response["violations"]
        if violations:
            found[path] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
    assert found == {}


def type_patient(page: Page, desk: Desk, **changes: str) -> None:
    """Fill in a SYNTHETIC patient of a report by its fields."""
    page.goto(f"{desk.address}/new/patients/quill2011")
    typed = {"age_years": "63,5", "disease": "pemphigus vulgaris", "disease_as_reported": "pemphigus vulgaris",
             "source_locator": "Tableau 1"}  # fmt: skip
    for name, value in (typed | changes).items():
        page.fill(f"#f-{name}", value)
    chosen = {"autoimmune": "yes", "response": "remission_on_therapy", "basis": "full_text", "setting": "idiopathic"}
    for name, value in chosen.items():
        page.select_option(f"#f-{name}", value)
    page.keyboard.press("Alt+n")
    expect(page.locator("#said")).to_contain_text("non rapporté")


@wide
def test_what_is_wrong_is_said_beside_the_field_while_typing_and_stays_text(page, desk):
    """Comma, thousands, a script; labels and not ids; the first fault has the focus."""
    desk.private.set(reader=READER)
    type_patient(page, desk, n_doses="1,000", note="<script>document.title = 'SYNTHETIC'</script>")
    page.fill("#f-age_years", "312")
    page.press("#f-age_years", "Tab")
    expect(page.locator("#m-age_years")).to_contain_text("Attendu : un nombre de 0 à 120")
    page.fill("#f-age_years", "63,5")
    page.press("#f-age_years", "Tab")
    expect(page.locator("#m-age_years")).to_be_empty()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_contain_text("Rien n’a été enregistré")
    expect(page.locator("#f-n_doses")).to_be_focused()
    expect(page.locator("#m-n_doses")).to_contain_text("nombre entier")
    page.fill("#f-n_doses", "8")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/publication/quill2011")
    page.goto(f"{desk.address}/row/patients/quill2011/p2")
    assert page.input_value("#f-age_years") == "63,5"
    assert page.input_value("#f-note").startswith("<script>")
    assert "SYNTHETIC" not in page.title()


@wide
def test_two_tabs_and_a_checkout_underneath_lose_nothing(page, desk):
    """The second tab is shown three columns, keeps its own text, and saves knowingly."""
    desk.private.set(reader=READER)
    type_patient(page, desk)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/publication/quill2011")
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{desk.address}/row/patients/quill2011/p2")
    page.fill("#f-age_years", "70")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/publication/quill2011")
    other.fill("#f-age_years", "55")
    other.keyboard.press("Control+Enter")
    expect(other.locator("table")).to_contain_text("63,5")
    other.check("input[name=keep_age_years][value=mine]")
    other.click("main .bar button")
    expect(other.locator("#f-age_years")).to_have_value("55")
    git(desk.root, "checkout", "--quiet", ".")
    other.keyboard.press("Control+Enter")
    expect(other.locator("table")).to_contain_text("pas de ligne")
    other.click("main .bar button")
    expect(other.locator("#f-age_years")).to_have_value("55")
    other.keyboard.press("Control+Enter")
    other.wait_for_url("**/publication/quill2011")
    assert ",55," in git(desk.root, "diff", "--unified=0")


def test_pages_work_without_a_script(browser, desk):
    """A form is posted and answered; the fault stands beside its field."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(desk.start())
    desk.private.set(reader=READER)
    page.goto(f"{desk.address}/new/patients/quill2011")
    page.fill("#f-age_years", "312")
    page.click("button[value=save]")
    expect(page.locator("#m-age_years")).to_contain_text("0 à 120")
    expect(page.locator("#f-age_years")).to_have_value("312")
    context.close()


ATTACK = """<!doctype html><title>SYNTHETIC attack</title><iframe src="{desk}/"></iframe>
<form id="f" method="post" action="{desk}/language" target="t"><input name="language" value="en"></form>
<iframe name="t"></iframe>
<script>document.getElementById("f").submit();
const sent = {{method: "POST", credentials: "include", body: new URLSearchParams("language=en")}};
fetch("{desk}/language", sent).catch(() => 0);
fetch("{desk}/publications", {{credentials: "include"}}).then(a => a.text()).then(t => document.title = t, () => 0);
</script>"""


@wide
def test_pages_of_other_servers_reach_nothing_not_even_from_this_machine(page, desk):
    """Another port is the same site, so the cookie is sent along: it is refused all the same."""

    class Foreign(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(ATTACK.format(desk=desk.address).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Foreign)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    visitor = page.context.new_page()
    statuses: list[int] = []
    visitor.on("response", lambda one: statuses.append(one.status) if one.url.startswith(desk.address) else None)
    visitor.goto(f"http://127.0.0.1:{server.server_port}/")
    visitor.wait_for_timeout(1000)
    assert statuses
    assert set(statuses) == {403}
    assert visitor.title() == "SYNTHETIC attack"
    assert desk.private.settings()["language"] == "fr"
    server.shutdown()
    server.server_close()


def test_a_name_that_was_made_to_mean_this_machine_is_refused(browser, desk):
    """Rebinding, tried in the browser: it believes that evil.example is 127.0.0.1."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    arguments = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP evil.example 127.0.0.1"]
    misled = browser.browser_type.launch(executable_path=path, args=arguments)
    page = misled.new_page()
    answer = page.goto(desk.start().replace("127.0.0.1", "evil.example"))
    assert answer is not None
    assert answer.status == 421
    assert page.context.cookies() == []
    misled.close()


def run_desk(root: Path, port: int) -> subprocess.Popen[str]:
    """Start the desk as its user does; return when it answers."""
    command = "import sys; from casepool.cli.main import main; sys.argv[0] = 'casepool'; main()"
    words = ["desk", str(root), "--no-open", "--port", str(port), "--lang", "fr"]
    started = subprocess.Popen([sys.executable, "-c", command, *words], stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    for line in started.stdout:
        if "ticket=" in line:
            break
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return started
        time.sleep(0.05)
    pytest.fail("the desk does not answer")


def end(running: subprocess.Popen[str]) -> int:
    """Wait for a desk to end; return its exit code."""
    code = running.wait(20)
    running.stdout.close()
    return code


@wide
def test_a_desk_that_was_stopped_or_killed_in_a_save_loses_nothing(context, shipped, tmp_path, outside):
    """The page says so and keeps its text, and saves after a restart; a killed save is whole or not at all."""
    root = Path(shutil.copytree(shipped, tmp_path / "project"))
    private = Private(root)
    private.set(reader=READER)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    desk = Desk(root, private, f"http://127.0.0.1:{port}")
    running = run_desk(root, port)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(desk.start())
    type_patient(page, desk)
    running.send_signal(signal.SIGINT)
    assert end(running) == 0
    page.keyboard.press("Control+Enter")
    expect(page.locator("#banner")).to_contain_text("ne répond plus")
    assert page.input_value("#f-age_years") == "63,5"
    running = run_desk(root, port)
    page.keyboard.press("Control+Enter")
    time.sleep(0.05)
    running.kill()
    end(running)
    lines = git(root, "diff", "--unified=0", "data/curated/patients.csv").splitlines()
    changed = [line for line in lines if line.startswith(("+q", "-q"))]
    assert changed in ([], [line for line in changed if line.startswith("+quill2011,p2,63.5,")][:1])
    running = run_desk(root, port)
    page.goto(f"{desk.address}/publication/quill2011")
    assert page.locator("h1").count() == 1
    running.kill()
    end(running)
    assert outside == []
