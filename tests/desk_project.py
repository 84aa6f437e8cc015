"""SYNTHETIC: the invented study of the second protocol as a project under git, and the desk over a copy of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pemphigus.project import write_project
from werkzeug.test import TestResponse

from casepool.desk.web.guard import Session
from casepool.desk.workspace import Workspace
from casepool.entry import rows

PORT = 5123
HOST = f"http://127.0.0.1:{PORT}"
READER = "reader_quill"


def git(root: Path, *words: str) -> str:
    """Run git in a folder; return what it prints."""
    identity = ("-c", "user.name=SYNTHETIC", "-c", "user.email=synthetic@example.org")
    return subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True, text=True).stdout


def write_desk_project(folder: Path) -> Path:
    """Write the project and commit it; two records of it wait to be screened."""
    root = write_project(folder)
    screening = root / "data/curated/screening.csv"
    lines = screening.read_text(encoding="utf-8").splitlines(keepends=True)
    screening.write_text("".join(one for one in lines if "kale2020" not in one and "larch2022" not in one), "utf-8")
    (root / ".gitignore").write_text(".casepool/\n", "utf-8")
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "SYNTHETIC project")
    return root


@dataclass
class Browser:
    """A browser that has the cookie of the session."""

    app: Flask
    client: FlaskClient
    session: Session

    def get(self, path: str, **options: Any) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, base_url=HOST, **options)

    def post(self, path: str, form: Mapping[str, Any], **options: Any) -> TestResponse:
        """Send a form."""
        return self.client.post(path, base_url=HOST, data={"csrf": self.session.csrf, **form}, **options)


def opened(workspace: Workspace, table: str, *key: str) -> str:
    """Return a row as its form hands it back."""
    one = rows.open_row(rows.place_of(workspace.root, table), key)
    return json.dumps({"key": one.key, "cells": one.cells and dict(one.cells), "digest": one.digest})


def patient(**changes: str) -> dict[str, str]:
    """Return a SYNTHETIC patient as somebody types one into the form."""
    row = {
        "report_id": "quill2011", "patient_label": "p2", "age_years": "63.5", "sex": "female", "population": "adult",
        "disease": "pemphigus vulgaris", "disease_as_reported": "pemphigus vulgaris", "setting": "idiopathic",
        "autoimmune": "yes", "route": "iv", "monotherapy": "no", "response": "remission_off_therapy",
        "prior_mycophenolate": "no", "prior_immunoglobulin": "not_reported", "flare": "no", "thrombosis": "no",
        "late_neutropenia": "no", "basis": "full_text", "source_locator": "Table 2", "reader": READER,
        "date": "2026-11-29", "note": "SYNTHETIC",
    }  # fmt: skip
    return row | changes


SAMPLES = {"table": "patients", "report": "quill2011", "key": "quill2011/p1", "column": "age_years",
           "stage": "title_abstract", "record": "ris:kale2020", "digest": "0" * 64, "filename": "desk.css"}  # fmt: skip


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield method and address of every route, with the values of SAMPLES."""
    for rule in app.url_map.iter_rules():
        with app.test_request_context(base_url=HOST):
            path = app.url_map.bind("x").build(rule.endpoint, {name: SAMPLES[name] for name in rule.arguments})
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, path
