"""Second readings: begun, filled in, finished; compared, paired, adjudicated."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casepool.desk import second
from casepool.desk.entering import publication_name
from casepool.desk.web.shared import Answer, desk
from casepool.desk.workspace import Workspace
from casepool.model.errors import CasepoolError
from casepool.model.vocabulary import ReadingMode

pages = Blueprint("second", __name__)


@pages.get("/readings")
def index() -> Answer:
    """Show who reads which report, and nothing of what was read."""
    workspace = desk().workspace
    return render_template(
        "readings.html",
        status=second.status(workspace),
        reports=second.reports_read(workspace),
        unfinished=second.open_readings(workspace),
    )


@pages.get("/reading/<id:report>")
def one(report: str) -> Answer:
    """Show the reader's own open reading of a report."""
    workspace = desk().workspace
    found = second.mine(workspace, report)
    if found is None:
        abort(404)
    return render_template("reading.html", mine=found, name=publication_name(workspace, report))


@pages.post("/reading/<id:report>/begin")
def begin(report: str) -> Answer:
    """Begin a second reading."""
    mode = request.form.get("mode", "")
    if mode not in set(ReadingMode):
        abort(400)
    if not desk().workspace.reader:
        return redirect(url_for("home.who"), 303)
    return _do(lambda workspace: second.begin(workspace, report, mode), url_for("second.index"))


@pages.post("/reading/<id:report>/close")
def close(report: str) -> Answer:
    """Finish a reading: it can be compared from then on."""
    return _do(lambda workspace: second.close(workspace, report), url_for("second.index"))


@pages.post("/reading/<id:report>/withdraw")
def withdraw(report: str) -> Answer:
    """Withdraw a reading that will not be finished, whosever it is."""
    reader = request.form.get("reader", "")
    return _do(lambda workspace: second.withdraw(workspace, reader, report), url_for("second.index"))


@pages.get("/compare/<id:report>")
def compare(report: str) -> Answer:
    """Show where two finished readings differ, as far as it may be shown."""
    workspace = desk().workspace
    found = second.compared(workspace, report)
    return render_template("compare.html", one=found, name=publication_name(workspace, report))


@pages.post("/compare/<id:report>/open")
def open_comparison(report: str) -> Answer:
    """Open a comparison: its readings never change from then on."""
    return _do(lambda workspace: second.open_comparison(workspace, report), url_for("second.compare", report=report))


@pages.post("/compare/<id:report>/pair")
def pair(report: str) -> Answer:
    """Confirm who is who."""
    return _do(lambda workspace: second.confirm_pairs(workspace, report), url_for("second.compare", report=report))


@pages.post("/compare/<id:report>/decide")
def decide(report: str) -> Answer:
    """Write what was decided on fields in which readers differ."""
    n = request.form.get("n", 0, type=int)
    chosen = [
        (
            (request.form.get(f"other_{i}") or request.form.get(f"value_{i}", "")).strip(),
            request.form.get(f"reason_{i}", "").strip(),
        )
        for i in range(min(n, 500))
    ]
    return _do(lambda workspace: second.decide(workspace, report, chosen), url_for("second.compare", report=report))


def _do(step: Callable[[Workspace], tuple[str, ...]], back: str) -> Response:
    """Do a step and say what came of it, on the page that it leads back to."""
    shared = desk()
    try:
        shared.notices.extend(step(shared.workspace))
    except CasepoolError as error:
        shared.notices.append(error.text(shared.workspace.language))
    except ValueError:  # the readings have moved on since the page was made
        shared.notices.append(shared.workspace.words("moved_on"))
    return redirect(back, 303)
