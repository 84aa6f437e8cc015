"""The disk is full while a page writes: said in words, nothing by halves, what was typed stays. SYNTHETIC rows."""

from __future__ import annotations

import errno
import html
import re
from pathlib import Path

import pytest
from desk_project import patient

from casepool.files import atomic

ADDED = {"title": "SYNTHETIC: an unheard-of report", "authors": "Dupont, Jean", "year": "2026", "report_type": "letter"}
HANDED = '{"key": ["quill2011", "p2"], "cells": null, "digest": ""}'
PAIR = {"case_a": "quill2011/p1", "case_b": "sedge2013/p1", "explanation": "SYNTHETIC", "source": "score"}
# Every form of a page that writes, with what was typed into it and must be seen again.
WRITES = {
    "/save/patients": ({**patient(note="SYNTHETIC gardé"), "opened": HANDED, "do": "save"}, "SYNTHETIC gardé"),
    "/add": (ADDED, "SYNTHETIC: an unheard-of report"),
    "/correct/patients/age_years/quill2011/p1": ({"new": "45", "reason": "gardé", "source": "Table 1"}, "gardé"),
    "/screen/title_abstract/ris:kale2020": ({"decision": "include", "note": "gardé"}, "gardé"),
    "/identity": ({**PAIR, "number": "0", "decision": "different", "reason": "gardé"}, "gardé"),
    "/reading/quill2011/begin": ({"mode": "blind"}, ""),
    "/publication/quill2011/include": ({}, ""),
    "/language": ({"language": "fr"}, ""),
    "/who": ({"reader": "reader_new"}, ""),
}


def contents(root: Path) -> dict[Path, bytes]:
    """Return every file of the tables and raw files."""
    return {path: path.read_bytes() for path in (root / "data").rglob("*") if path.is_file()}


@pytest.mark.parametrize("path", WRITES)
def test_a_full_disk_is_said_on_every_page_that_writes_and_nothing_is_lost(browser, workspace, root, monkeypatch, path):
    """Not one byte of a table changes, and the page shows what was typed."""
    monkeypatch.setattr("casepool.desk.identities._open", lambda _: [PAIR])
    workspace.private.set(language="fr")
    browser.get("/")
    before, (form, typed) = contents(root), WRITES[path]

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic, "write_bytes", full)
    answer = browser.post(path, form)
    page = answer.text if answer.status_code != 303 else browser.get(answer.location).text
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert "le disque est plein" in shown.casefold(), (answer.status_code, shown)
    assert typed in html.unescape(page)
    assert contents(root) == before


def test_a_draft_that_the_disk_refuses_is_said_while_typing(browser, workspace, monkeypatch):
    """Whoever closes the page then would lose what was typed."""
    workspace.private.set(language="fr")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic, "write_bytes", full)
    said = browser.post("/check/patients", {**patient(), "opened": HANDED}).text
    assert "laissez-la ouverte" in said
