"""The pages around the forms: a publication from its title to a version, screening, pairs, PDFs, the first page."""

from __future__ import annotations

import html
import re
from io import BytesIO

from desk_project import READER, git, patient

from casepool.checks.data import check_data
from casepool.desk import waiting
from casepool.desk.identities import open_pairs
from casepool.desk.literature import marked, queue
from casepool.model.folding import fold
from casepool.rows import rows_of

ADDED = {"title": "SYNTHETIC: an unheard-of report", "authors": "Dupont, Jean", "year": "2026", "report_type": "letter"}
PDF = b"%PDF-1.4 SYNTHETIC"


def text_of(page: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def handed(page: str) -> str:
    """Return the row that a form hands back."""
    return html.unescape(re.search(r'name="opened" value="([^"]+)"', page)[1])


def fill(browser, path: str, table: str, row: dict[str, str]):
    """Open a form, fill it in, save it."""
    return browser.post(f"/save/{table}", {**row, "opened": handed(browser.get(path).text), "do": "save"})


def appraisal() -> dict[str, str]:
    """Return a SYNTHETIC appraisal."""
    answers = {"murad_1": "no", "jbi_4": "no", "jbi_5": "no", "basis": "full_text", "source_locator": "Methods"}
    return {"report_id": "dupont2026", "reader": READER, "date": "2026-11-29", "note": "SYNTHETIC", **answers}


def test_a_publication_goes_from_its_title_to_a_version_without_a_file_touched_by_hand(browser, workspace, root):
    """Each page names the next step; the check is clean, the difference is added lines, the reader is the author."""
    assert browser.post("/add", ADDED).location == "/publication/dupont2026"
    page = browser.get("/publication/dupont2026")
    assert "No patient is entered yet" in text_of(page.text)
    row = patient(report_id="dupont2026", patient_label="p1")
    assert fill(browser, "/new/patients/dupont2026", "patients", row).status_code == 303
    assert "The source remains to be appraised" in text_of(browser.get("/publication/dupont2026").text)
    waits = browser.get("/new/appraisal/dupont2026").location
    assert fill(browser, waits, "appraisal", appraisal()).status_code == 303
    page = text_of(browser.get("/publication/dupont2026").text)
    assert "Source: selective." in page
    assert "declare the reading finished" in page
    assert browser.post("/publication/dupont2026/include", {}).status_code == 303
    found = check_data(root, workspace.protocol, workspace.project.configuration.pubmed.snapshot)
    assert found.problems == ()
    assert waiting.home(workspace).step.place.route == "checking.version"
    gone = [one for one in git(root, "diff").splitlines() if one.startswith("-") and not one.startswith("---")]
    assert gone == []
    assert "pemphigus vulgaris" in browser.get("/version").text
    assert browser.post("/version", {"message": ""}).status_code == 303
    assert git(root, "log", "-1", "--format=%an %s").strip() == f"{READER} data: dupont2026"
    assert git(root, "status", "--porcelain") == ""
    assert browser.get("/row/patients/dupont2026/p1").location.startswith("/kept/")


def test_a_publication_added_by_mistake_is_taken_back(browser, root):
    """As long as nothing was filled in."""
    browser.post("/add", ADDED)
    assert "added by mistake" in text_of(browser.get("/publication/dupont2026").text)
    assert browser.post("/add/undo/dupont2026", {}).location == "/"
    assert git(root, "status", "--porcelain") == ""


def test_a_publication_much_like_a_known_record_is_asked_about(browser, root):
    """Nothing is added twice without a word."""
    known = "SYNTHETIC: rituximab, the invented experience of Kale"
    answer = browser.post("/add", {**ADDED, "title": known})
    assert answer.status_code == 422
    assert 'name="record_id" value="ris:kale2020"' in answer.text
    assert git(root, "status", "--porcelain") == ""
    assert browser.post("/add", {**ADDED, "title": known, "record_id": "ris:kale2020"}).status_code == 303
    assert git(root, "status", "--porcelain", "data/raw") == ""


def test_a_dropped_file_of_references_is_read_and_a_dropped_pdf_kept_outside_git(browser, workspace, root):
    """Its name is no path; it is shown beside the form, framed by this page alone."""
    ris = b"TY  - JOUR\nID  - x\nAU  - Martin, Anne\nTI  - SYNTHETIC\nPY  - 2025\nDO  - 10.1234/synthetic\nER  - \n"
    sent = {"file": (BytesIO(ris), "../../../etc/evil.ris")}
    assert browser.post("/add", sent).location == "/publication/martin2025"
    assert [path.name for path in (root / "data/raw/imports").rglob("*") if "evil" in path.name] == ["evil.ris"]
    kept = browser.post("/publication/martin2025/paper", {"paper": (BytesIO(PDF), "../../secret.pdf")})
    assert kept.status_code == 303
    page = browser.get("/new/patients/martin2025").text
    path = re.search(r'<iframe src="([^"]+)"', page)[1]
    with browser.get(path) as shown:
        assert shown.data == PDF
        assert shown.mimetype == "application/pdf"
        assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert "pdf" not in git(root, "status", "--porcelain", "--untracked-files=all")
    browser.post("/publication/martin2025/paper", {"paper": (BytesIO(b"MZ SYNTHETIC"), "x.pdf")})
    assert "This file is no PDF" in text_of(browser.get("/publication/martin2025").text)


def test_records_are_screened_one_by_one_and_a_decision_is_taken_back(browser, workspace, root):
    """By the buttons that the keys press; a reason is asked where one excludes."""
    waits = queue(workspace, "title_abstract")
    assert sorted(waits) == ["ris:kale2020", "ris:larch2022"]
    path = f"/screen/title_abstract/{waits[0]}"
    assert browser.get("/screen/title_abstract").location == path
    page = browser.get(path).text
    assert "<mark>rituximab</mark>" in page
    assert "Pemphigus foliaceus" in page
    assert browser.post(path, {"decision": "exclude"}).status_code == 422
    assert browser.post(path, {"decision": "perhaps"}).status_code == 422
    assert git(root, "status", "--porcelain") == ""
    assert browser.post(path, {"decision": "exclude", "reason": "review"}).location == "/screen/title_abstract"
    assert queue(workspace, "title_abstract") == waits[1:]
    assert browser.post("/screen/undo", {}).location == path
    assert git(root, "status", "--porcelain") == ""


def test_what_others_decided_is_not_served_before_the_own_decision(browser, workspace, root):
    """Two readers who disagree see each other then, and one row of the consensus settles it."""
    path = "/screen/title_abstract/ris:kale2020"
    workspace.private.set(reader="reader_reed")
    browser.post(path, {"decision": "include", "note": "SYNTHETIC secret thought"})
    workspace.private.set(reader=READER)
    page = browser.get(path).text
    assert "reader_reed" not in page
    assert "secret thought" not in page
    browser.post(path, {"decision": "exclude", "reason": "review"})
    assert "reader_reed : include" in text_of(browser.get(path).text)
    assert "ris:kale2020" in queue(workspace, "title_abstract")
    browser.post(path, {"decision": "exclude", "reason": "review"})
    rows = [row["reviewer"] for row in rows_of(workspace.curated()["screening"]) if row["record_id"] == "ris:kale2020"]
    assert sorted(rows) == ["consensus", READER, "reader_reed"]
    assert "ris:kale2020" not in queue(workspace, "title_abstract")


def test_words_are_marked_where_they_stand_whatever_their_accents():
    """The pattern is folded, the text is not."""
    pieces = marked("Le pémphigus, traité", [re.compile(r"\bpemphigus\b")])
    assert pieces == (("Le ", False), ("pémphigus", True), (", traité", False))
    assert "".join(piece for piece, _ in marked("Straße œdème ﬁn", [re.compile(fold("strasse"))])) == "Straße œdème ﬁn"


def test_a_pair_is_shown_side_by_side_and_decided_with_a_reason(browser, workspace, root, monkeypatch):
    """A decision without a reason is refused."""
    pair = {"case_a": "quill2011/p1", "case_b": "sedge2013/p1", "explanation": "SYNTHETIC", "source": "score"}
    monkeypatch.setattr("casepool.desk.identities._open", lambda _: [pair])
    page = text_of(browser.get("/identity").text)
    assert "Age (years) 44 52" in page
    form = {"case_a": pair["case_a"], "case_b": pair["case_b"], "number": "0", "decision": "different"}
    assert browser.post("/identity", form).status_code == 422
    assert browser.post("/identity", {**form, "case_b": "reed2012/p1", "reason": "x"}).status_code == 409
    assert git(root, "status", "--porcelain") == ""
    assert browser.post("/identity", {**form, "reason": "SYNTHETIC ages"}).status_code == 303
    assert "+quill2011/p1,sedge2013/p1,different,SYNTHETIC ages," in git(root, "diff")
    monkeypatch.undo()
    assert pair not in open_pairs(workspace)


def test_a_problem_leads_to_its_field(browser, root):
    """And the first page counts it."""
    file = root / "data/curated/patients.csv"
    file.write_text(file.read_text("utf-8").replace("quill2011,p1,44", "quill2011,p1,444"), "utf-8")
    page = browser.get("/problems").text
    assert 'href="/row/patients/quill2011/p1#f-age_years"' in page
    assert "One problem stops the build" in text_of(page)


def test_the_reader_is_an_id_and_never_the_consensus(browser, workspace):
    """What goes into every row."""
    for wrong in ("Dr Quill", "consensus", "é", "../x", "x" * 41):
        assert browser.post("/who", {"reader": wrong}).status_code == 422
    assert workspace.reader == READER
    assert browser.post("/who", {"reader": "reader_new"}).location == "/"
    assert workspace.reader == "reader_new"


def test_a_hook_that_refuses_is_heard(browser, root):
    """The version is not saved, and the page says what git says."""
    browser.post("/save/patients", {**patient(), "opened": handed(browser.get("/new/patients/quill2011").text)})
    hook = root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho SYNTHETIC refusal >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    answer = browser.post("/version", {"message": "x"})
    assert answer.status_code == 409
    assert "SYNTHETIC refusal" in answer.text
