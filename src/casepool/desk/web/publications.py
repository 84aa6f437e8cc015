"""Publications: the list, and the page of one with its patients, cohorts, appraisal and PDF."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for

from casepool.desk import adding, deciding, publications, waiting
from casepool.desk.entering import publication_name
from casepool.desk.web.shared import Answer, desk
from casepool.model.errors import FileError

pages = Blueprint("publications", __name__)


@pages.get("/publications")
def index() -> Answer:
    """List the reports, all or those that wait."""
    workspace = desk().workspace
    sought, only = request.args.get("q", "").strip(), request.args.get("only", "")
    open_ = set(waiting.unfinished(workspace))
    listed = publications.listed(workspace, sought, open_ if only == "open" else None)
    return render_template("publications.html", listed=listed, sought=sought, only=only, open=open_)


@pages.get("/publication/<id:report>")
def one(report: str) -> Answer:
    """Show a report."""
    found = publications.publication(desk().workspace, report)
    if found is None:
        abort(404)
    return render_template("publication.html", one=found, may_undo=adding.can_undo(desk().workspace, report))


@pages.post("/publication/<id:report>/include")
def include(report: str) -> Answer:
    """Declare the reading of a report finished: it is included from now on."""
    shared = desk()
    if not shared.workspace.reader:
        return redirect(url_for("home.who"), 303)
    if publications.publication(shared.workspace, report) is None:
        abort(404)
    name = publication_name(shared.workspace, report)
    try:
        shared.notices.extend(deciding.include(shared.workspace, report))
        shared.notices.append(shared.workspace.words("decided", name=name))
    except FileError as error:
        shared.notices.append(error.text(shared.workspace.language))
    return redirect(url_for("publications.one", report=report), 303)
