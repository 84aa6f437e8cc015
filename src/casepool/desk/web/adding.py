"""A publication is added."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for

from casepool.contract import TABLES
from casepool.desk import adding
from casepool.desk.fields import Choice
from casepool.desk.web.shared import Answer, desk
from casepool.model.errors import FileError
from casepool.model.vocabulary import ReportType, label

pages = Blueprint("adding", __name__)


@pages.get("/add")
def show() -> Answer:
    """Ask which publication."""
    if not desk().workspace.reader:
        return redirect(url_for("home.who"), 303)
    return _page("")


@pages.post("/add")
def add() -> Answer:
    """Add a publication, and show it."""
    shared, sent = desk(), request.files.get("file")
    if not shared.workspace.reader:
        return redirect(url_for("home.who"), 303)
    content = sent.read() if sent else b""
    found = adding.add_publication(shared.workspace, request.form, (sent and sent.filename) or "", content)
    if isinstance(found, adding.Refused):
        return _page(found.said), 422
    if isinstance(found, adding.Alike):
        return _page(found.said, found.records), 422
    shared.notices.extend(found.said)
    return redirect(url_for("publications.one", report=found.reports[0]), 303)


@pages.post("/add/undo/<id:report>")
def undo(report: str) -> Answer:
    """Take the publication that was added last back."""
    shared = desk()
    try:
        shared.notices.append(adding.take_back(shared.workspace))
    except FileError as error:
        shared.notices.append(error.text(shared.workspace.language))
        return redirect(url_for("publications.one", report=report), 303)
    return redirect(url_for("home.index"), 303)


def _page(said: str, alike: tuple[tuple[str, str], ...] = ()) -> str:
    workspace = desk().workspace
    members = [one for one in TABLES["reports"].column("report_type").members if one != ReportType.REGISTRY_CALL]
    types = [Choice(one, label(one, workspace.language)) for one in members]
    return render_template("add.html", said=said, alike=alike, types=types, facts=adding.FACTS, typed=request.form)
