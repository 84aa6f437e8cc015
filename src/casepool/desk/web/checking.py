"""What the check says, each problem with the way to its field; what changed, and a new version of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for

from casepool.desk import problems, versions
from casepool.desk.web.shared import Answer, desk
from casepool.model.errors import FileError

pages = Blueprint("checking", __name__)


@pages.get("/problems")
def show() -> Answer:
    """Show every problem and hint."""
    workspace = desk().workspace
    found = {"listed": problems.listed(workspace), "warned": problems.warned(workspace)}
    return render_template("problems.html", **found, hints=problems.hints(workspace))


@pages.get("/version")
def version() -> Answer:
    """Show what changed since the last version, and offer a new one."""
    return _version("")


@pages.post("/version")
def save() -> Answer:
    """Save a version."""
    shared = desk()
    if not shared.workspace.reader:
        return redirect(url_for("home.who"), 303)
    changed = versions.changes(shared.workspace)
    if not changed:
        return redirect(url_for("checking.version"), 303)
    message = " ".join(request.form.get("message", "").split()) or versions.subject(changed)
    try:
        versions.save_version(shared.workspace, message)
    except FileError as error:
        return _version(error.text(shared.workspace.language)), 409
    shared.notices.append(shared.workspace.words("version_saved", message=message))
    return redirect(url_for("home.index"), 303)


def _version(said: str) -> str:
    workspace = desk().workspace
    if not versions.has_versions(workspace):
        return render_template("version.html", changed=None, n_problems=0, subject="", said=said)
    changed = versions.changes(workspace)
    n_problems = len(problems.problems(workspace))
    return render_template(
        "version.html", changed=changed, n_problems=n_problems, subject=versions.subject(changed), said=said
    )
