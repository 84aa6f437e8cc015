"""The desk in a real browser: a report entered by the keyboard alone, and everything that goes wrong on the way."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import waitress
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
    hands.press("Enter")
    page.wait_for_url("**/new/patients/**")
    patient(hands, "63,5", "fem", "pemphigus vulgaris", "complete", "Tableau 1")
    hands.press("Alt+s")
    page.wait_for_url("**/new/patients/dupont2026?after=p1")
    patient(hands, "41", "homme", "pemphigus foliaceus", "aucune", "")
    hands.press("Control+Enter")
    page.wait_for_url("**/publication/dupont2026")
    hands.press("c")
    page.wait_for_url("**/new/cohorts/**")
    cohort(hands)
    page.wait_for_url("**/publication/dupont2026")
    hands.press("Enter")
    page.wait_for_url("**/appraisal/**")
    for answer in ("n", "n"):  # Murad 1, JBI 4; place and basis are those of the patients
        hands.give(answer)
    hands.give("n", then="Control+Enter")
    page.wait_for_url("**/publication/dupont2026")
    hands.press("Enter")  # all is entered: include
    expect(page.locator(".notice")).to_contain_text("est incluse")
    lines = git(desk.root, "diff", "--unified=0").splitlines()
    hands.press("v")
    page.wait_for_url("**/version")
    hands.press("Enter")
    expect(page.locator(".notice")).to_contain_text("Version enregistrée")
    seconds = time.perf_counter() - began
    print(f"{hands.n_keys} keys besides {hands.n_values} values, {seconds:.0f} s")
    assert hands.n_keys <= 90
    assert [line for line in lines if line.startswith("-") and not line.startswith("---")] == []
    assert git(desk.root, "status", "--porcelain") == ""
    workspace = Workspace(desk.root, desk.private)
    found = check_data(desk.root, workspace.protocol, workspace.project.configuration.pubmed.snapshot)
    assert found.problems == ()
