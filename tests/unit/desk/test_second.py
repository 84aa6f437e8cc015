"""A second reader on the pages: sees nothing of the first, finishes, compares, decides."""

from __future__ import annotations

import html
import re

from desk_project import HOST, READER, git, patient, routes

from casepool.rows import rows_of

REPORT = "quill2011"
UNSEEN = "SYNTHETIC-UNSEEN-THOUGHT"


def text_of(page: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def put(browser, table: str, row: dict[str, str]) -> None:
    """Fill in a row of the reader's own reading."""
    page = browser.get(f"/new/{table}/{REPORT}?mine=1").text
    handed = html.unescape(re.search(r'name="opened" value="([^"]+)"', page)[1])
    answer = browser.post(f"/save/{table}", {**row, "opened": handed, "mine": "1", "do": "save"})
    assert answer.location == f"/reading/{REPORT}", text_of(answer.text)


def appraisal() -> dict[str, str]:
    """Return a SYNTHETIC appraisal by the second reader, as careful as the first."""
    row = {"report_id": REPORT, "reader": READER, "murad_1": "no", "jbi_4": "no", "jbi_5": "no"}
    return row | {"basis": "full_text", "source_locator": "Table 1", "date": "2026-11-29"}


def begin(browser, mode: str = "blind") -> None:
    """Begin a second reading."""
    assert browser.post(f"/reading/{REPORT}/begin", {"mode": mode}).location == "/readings"


def test_who_reads_blind_is_shown_nothing_of_the_first_reading(browser):
    """Neither on the page of the publication, nor by the address of a row, nor as the beginning of a form."""
    assert "remission off therapy" in browser.get(f"/publication/{REPORT}").text
    begin(browser)
    page = browser.get(f"/publication/{REPORT}").text
    assert "remission off therapy" not in page
    assert "You read this publication blind" in text_of(page)
    assert browser.get(f"/row/patients/{REPORT}/p1").location == f"/reading/{REPORT}"
    assert browser.get(f"/kept/patients/{REPORT}/p1").status_code == 404
    form = browser.get(f"/new/patients/{REPORT}?mine=1").text
    assert 'name="patient_label" value="p1"' in form
    assert ">Table 1</textarea>" not in form


def test_no_page_shows_an_unfinished_reading_of_another(browser, workspace):
    """Every route that shows something is asked, by another reader."""
    begin(browser)
    put(browser, "patients", patient(patient_label="p1", note=UNSEEN))
    assert UNSEEN in browser.get(f"/row/patients/{REPORT}/p1?mine=1").text
    workspace.private.set(reader="reader_other")
    asked = 0
    for method, path in routes(browser.app):
        if method == "GET":
            for address in (path, f"{path}?mine=1"):
                with browser.client.get(address, base_url=HOST) as answer:
                    assert UNSEEN.encode() not in answer.data, address
                    asked += 1
    assert asked > 40
    assert browser.get(f"/reading/{REPORT}").status_code == 404
    handed = '{"key":["quill2011","p1"],"cells":null,"digest":""}'
    assert browser.post("/save/patients", {"mine": "1", "opened": handed}).status_code == 404


def test_two_readings_are_compared_paired_and_settled_field_by_field(browser, workspace, root):
    """The tables hold what was agreed or decided; a decision needs its reason; readings never change again."""
    begin(browser)
    put(browser, "patients", patient(patient_label="p1", age_years="46", flare="yes", note=""))
    put(browser, "appraisal", appraisal())
    assert git(root, "diff", "--name-only", "data/curated/patients.csv") == ""
    assert browser.post(f"/reading/{REPORT}/close", {}).location == "/readings"
    assert "Two readings are finished" in text_of(browser.get(f"/compare/{REPORT}").text)
    browser.post(f"/compare/{REPORT}/open", {})
    browser.post(f"/compare/{REPORT}/pair", {})
    page = browser.get(f"/compare/{REPORT}").text
    fields = re.findall(r"<legend>([^<]+)</legend>", page)
    assert "Age (years)" in fields
    n = len(fields)
    decisions = {f"value_{i}": value for i, value in enumerate(first_values(page))} | {"n": str(n)}
    browser.post(f"/compare/{REPORT}/decide", decisions)
    assert len(re.findall("<legend>", browser.get(f"/compare/{REPORT}").text)) == n  # without reasons: nothing
    reasons = {f"reason_{i}": "SYNTHETIC: read again" for i in range(n)}
    browser.post(f"/compare/{REPORT}/decide", decisions | reasons)
    page = text_of(browser.get(f"/compare/{REPORT}").text)
    assert "Everything is settled" in page
    assert "Agreement, before any decision" in page
    (row,) = [one for one in rows_of(workspace.curated()["patients"]) if one["report_id"] == REPORT]
    assert row["disease"] == "pv"
    assert workspace.curated().problems == ()


def first_values(page: str) -> list[str]:
    """Return, for each open field, the value of its first reader as the page offers it."""
    found: dict[str, str] = {}
    for place, value in re.findall(r'name="value_(\d+)" value="([^"]*)"', page):
        found.setdefault(place, html.unescape(value))
    return list(found.values())


def test_a_reading_that_somebody_abandoned_is_withdrawn_by_a_button(browser, workspace):
    """Nobody has to edit a table by hand; who is not named began nothing."""
    begin(browser)
    workspace.private.set(reader="reader_other", language="fr")
    assert f"Retirer la lecture de {REPORT} par {READER}" in text_of(browser.get("/readings").text)
    browser.post(f"/reading/{REPORT}/withdraw", {"reader": "../x"})
    assert "commencée" in text_of(browser.get("/readings").text)
    browser.post(f"/reading/{REPORT}/withdraw", {"reader": READER})
    page = text_of(browser.get("/readings").text)
    assert "est retirée" in page
    assert "Retirer la lecture" not in page
