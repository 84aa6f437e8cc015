"""Screening: one record at a time, the criteria in sight."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for

from casepool.desk import literature
from casepool.desk.judging import sentence
from casepool.desk.web.shared import Answer, desk
from casepool.entry import rows
from casepool.model.errors import FileError
from casepool.model.vocabulary import ScreeningDecision, Stage

pages = Blueprint("screening", __name__)


@pages.get("/screen")
def start() -> Answer:
    """Show the first record whose title waits, else the first whose full text does."""
    found = next((stage for stage in Stage if literature.queue(desk().workspace, stage)), Stage.TITLE_ABSTRACT)
    return redirect(url_for("screening.next_one", stage=found), 303)


@pages.get("/screen/<id:stage>")
def next_one(stage: str) -> Answer:
    """Show the next record that waits at a stage."""
    _require(stage)
    waiting = literature.queue(desk().workspace, stage)
    if not waiting:
        return render_template("screened.html", history=literature.history(desk().workspace), stage=stage)
    return redirect(url_for("screening.one", stage=stage, record=waiting[0]), 303)


@pages.get("/screen/<id:stage>/<id:record>")
def one(stage: str, record: str) -> Answer:
    """Show a record."""
    return _page(stage, record)


@pages.post("/screen/<id:stage>/<id:record>")
def decide(stage: str, record: str) -> Answer:
    """Save a decision, and show the next record."""
    _require(stage)
    workspace, form = desk().workspace, request.form
    if not workspace.reader:
        return redirect(url_for("home.who"), 303)
    if record not in literature.literature(workspace).records:
        abort(404)
    decision, reason = form.get("decision", ""), form.get("reason", "")
    if decision == ScreeningDecision.EXCLUDE and not reason:
        return _page(stage, record, said=workspace.words("reason_needed"), note=form.get("note", "")), 422
    try:
        outcome = literature.decide(workspace, record, stage, decision, reason, form.get("note", "").strip())
    except FileError as error:
        return _page(stage, record, said=error.text(workspace.language), note=form.get("note", "")), 409
    if isinstance(outcome, rows.Refused):
        said = " ".join(sentence(workspace, "screening", one) for one in outcome.problems)
        return _page(stage, record, said=said, note=form.get("note", "")), 422
    if isinstance(outcome, rows.Conflict):
        return _page(stage, record, said=workspace.words("changed_title"), note=form.get("note", "")), 409
    return redirect(url_for("screening.next_one", stage=stage), 303)


@pages.post("/screen/undo")
def undo() -> Answer:
    """Take the last decision back, and show its record."""
    workspace = desk().workspace
    try:
        back = literature.take_back(workspace)
    except FileError as error:
        desk().notices.append(error.text(workspace.language))
        back = None
    if back is None:
        return redirect(url_for("screening.start"), 303)
    return redirect(url_for("screening.one", stage=back[1], record=back[0]), 303)


def _page(stage: str, record: str, *, said: str = "", note: str = "") -> str:
    _require(stage)
    workspace = desk().workspace
    found = literature.screened(workspace, record, stage)
    if found is None:
        abort(404)
    return render_template(
        "screen.html",
        one=found,
        criteria=literature.criteria(workspace),
        reasons=literature.reasons(workspace),
        history=literature.history(workspace),
        said=said,
        note=note,
    )


def _require(stage: str) -> None:
    if stage not in set(Stage):
        abort(404)
