"""Who is answered: every route is tried with every way of asking that is not the one of the browser that was opened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desk_project import HOST, PORT, Browser, routes
from werkzeug.datastructures import Headers

import casepool.desk.web as web
from casepool.desk.web.guard import MOST_BYTES, START

FOREIGN_HOSTS = ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "localhost", f"127.0.0.1.evil.example:{PORT}",
                 f"127.0.0.1:{PORT + 1}", f"localhost.:{PORT}", f"LOCALHOST:{PORT}", f"[::1]:{PORT}", ""]  # fmt: skip
FOREIGN_ORIGINS = ["null", "http://evil.example", f"http://127.0.0.1:{PORT + 1}", f"https://127.0.0.1:{PORT}",
                   f"http://localhost:{PORT}", f"{HOST}.evil.example"]  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
WEB = Path(web.__file__).parent


def ask(browser: Browser, method: str, path: str, *, csrf: str | None = None, **options: object):
    """Ask as the browser does, with the form's own token unless another is given."""
    data = {"csrf": browser.session.csrf if csrf is None else csrf} if method == "POST" else None
    return browser.client.open(path, method=method, base_url=HOST, data=data, **options)


def test_no_route_answers_who_has_no_cookie_or_another(browser):
    """The start address alone asks for none, and gives nothing without its ticket."""
    for cookie in (None, "another"):
        browser.client.delete_cookie(browser.session.cookie, domain="127.0.0.1")
        if cookie:
            browser.client.set_cookie(browser.session.cookie, cookie, domain="127.0.0.1")
        for method, path in routes(browser.app):
            assert ask(browser, method, path).status_code == 403, (method, path)


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_no_route_answers_under_another_name(browser, host):
    """A page elsewhere whose name is made to mean this machine is not this page."""
    for method, path in routes(browser.app):
        answer = ask(browser, method, path, headers={"Host": host})
        assert answer.status_code == 421, (method, path, host)
        assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_no_route_answers_what_another_page_sends(browser, origin):
    """Cookies ignore ports: a server of another program on this machine sends ours along."""
    for method, path in routes(browser.app):
        assert ask(browser, method, path, headers={"Origin": origin}).status_code == 403, (method, path)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_route_answers_what_a_browser_says_is_asked_from_elsewhere(browser, site):
    """Same site is another port of this machine."""
    for method, path in routes(browser.app):
        assert ask(browser, method, path, headers={"Sec-Fetch-Site": site}).status_code == 403, (method, path)


@pytest.mark.parametrize("csrf", ["", "0" * 64])
def test_no_form_is_taken_without_its_token(browser, csrf):
    """Every form carries it."""
    for method, path in routes(browser.app):
        if method == "POST":
            assert ask(browser, method, path, csrf=csrf).status_code == 403, path


def sealed(headers: Headers) -> bool:
    """Return whether an answer carries the policy and may be neither kept nor framed."""
    policy = headers["Content-Security-Policy"]
    strict = policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    closed = "frame-ancestors 'none'" in policy and not re.search(r"unsafe|\*|https?:", policy)
    return strict and closed and {name: headers[name] for name in HEADERS} == HEADERS


def test_get_changes_nothing_and_every_answer_carries_the_policy(browser, root):
    """Pages, fragments, refusals, what is not there; no table and no setting is other than before."""

    def contents() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}

    before, methods = contents(), set()
    for method, path in [*routes(browser.app), ("GET", "/no/such/page")]:
        methods.add(method)
        answer = ask(browser, method, path, csrf=None if method == "GET" else "")
        answer.close()
        assert answer.status_code in {200, 303, 403, 404, 409}, path
        assert sealed(answer.headers), path
    assert methods == {"GET", "POST"}
    assert contents() == before


def test_a_start_address_opens_one_session_and_once(browser, workspace):
    """The address may stay in the history of a browser."""
    fresh = browser.app.test_client()
    ticket = workspace.private.new_ticket()
    assert fresh.get("/start?ticket=guess", base_url=HOST).status_code == 403
    first = fresh.get(f"/start?ticket={ticket}", base_url=HOST)
    assert first.status_code == 303
    assert re.search(r"HttpOnly.*SameSite=Strict", first.headers["Set-Cookie"])
    assert fresh.get("/who", base_url=HOST).status_code == 200
    assert browser.app.test_client().get(f"/start?ticket={ticket}", base_url=HOST).status_code == 403


def test_private_files_are_their_owners_alone(workspace):
    """Session, ticket, settings, drafts."""
    workspace.private.session()
    workspace.private.new_ticket()
    workspace.private.keep_draft("patients", "x", {"values": {}})
    folder = workspace.private.folder
    assert [one.stat().st_mode & 0o777 for one in (folder, folder.parent)] == [0o700, 0o700]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"session", "ticket", "settings.json"}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


@pytest.mark.parametrize("path", ["/publication/../x", "/publication/%2e%2e", "/publication/..%2f..%2fetc",
                                  "/file/..%2f..%2fconfig%2fprotocol.yaml", "/file/quill2011", "/row/patients/../../x",
                                  "/row/patients/%2e%2e/p1", "/row/corrections/a/b/c", "/new/screening/quill2011",
                                  "/new/patients/nobody2000", "/kept/sources/x", "/static/..%2fguard.py",
                                  "/screen/other/ris:kale2020"])  # fmt: skip
def test_an_address_that_is_no_id_leads_nowhere(browser, path):
    """Nothing of a file system is reached by an address."""
    assert browser.get(path).status_code == 404


def test_what_is_too_large_is_refused_before_it_is_read(browser):
    """A PDF of more than thirty megabytes; a form of more than two."""
    announced = {"CONTENT_LENGTH": str(MOST_BYTES + 1), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    paper = browser.client.post("/publication/quill2011/paper", base_url=HOST, environ_overrides=announced)
    assert paper.status_code == 413
    assert browser.post("/save/patients", {"note": "x" * (3 * 2**20)}).status_code == 413


@pytest.mark.parametrize("handed", ["", "{}", "[]", "null", '{"key": ["../x", "p1"], "cells": null, "digest": ""}',
                                    '{"key": ["quill2011"], "cells": null, "digest": ""}',
                                    '{"key": ["quill2011", "p1"], "cells": 5, "digest": ""}'])  # fmt: skip
def test_a_form_that_did_not_come_from_here_is_refused(browser, handed):
    """What a row was when it was opened is handed back by the form."""
    assert browser.post("/save/patients", {"opened": handed}).status_code == 400


def test_the_language_leads_back_to_pages_of_the_desk_only(browser):
    """Not to where a link was made to lead."""
    for back in (
        "//evil.example/x",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%0d%0aX: y\r\n",
    ):
        assert browser.post("/language", {"language": "fr", "back": back}).location == "/"
    assert browser.post("/language", {"language": "en", "back": "/screen?x=1"}).location == "/screen?x=1"


def test_no_page_has_a_script_a_style_or_an_address_of_its_own():
    """The policy would refuse them; nothing comes from outside."""
    templates = sorted(WEB.glob("templates/*.html"))
    assert len(templates) > 10
    for path in templates:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|\son\w+=|\sstyle=|<style|javascript:", text), path.name
        assert re.findall(r"<script[^>]*>", text) == (re.findall(r"<script src=[^>]* defer>", text)), path.name
        assert "| safe" not in text, path.name
    script = (WEB / "static/desk.js").read_text(encoding="utf-8")
    assert not re.search(r"\beval\b|innerHTML|insertAdjacentHTML|document\.write|https?://|new Function", script)
    assert len(script.splitlines()) <= 110


def test_the_start_is_the_only_route_without_a_cookie():
    """Its name is written in the guard."""
    assert START == "home.start"
