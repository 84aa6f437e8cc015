"""Pairs of cases that may be one patient, side by side."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for

from casepool.desk import identities
from casepool.desk.web.shared import Answer, desk
from casepool.entry import rows
from casepool.model.errors import FileError

pages = Blueprint("identity", __name__)


@pages.get("/identity")
def show() -> Answer:
    """Show an open pair: the first, or the one of `number`."""
    return _page(request.args.get("number", 0, type=int))


@pages.post("/identity")
def decide() -> Answer:
    """Save the decision on a pair."""
    workspace, number = desk().workspace, request.form.get("number", 0, type=int)
    if not workspace.reader:
        return redirect(url_for("home.who"), 303)
    pair = identities.pair_asked(workspace, number)
    if pair is None or [pair["case_a"], pair["case_b"]] != [request.form.get(name) for name in ("case_a", "case_b")]:
        return _page(number, said=workspace.words("pair_changed")), 409
    try:
        outcome = identities.decide_pair(workspace, request.form)
    except FileError as error:
        return _page(number, said=error.text(workspace.language), reason=request.form.get("reason", "")), 409
    if isinstance(outcome, rows.Refused):
        said = workspace.words("decision_and_reason")
        return _page(number, said=said, reason=request.form.get("reason", "")), 422
    if isinstance(outcome, rows.Conflict):
        return _page(number, said=workspace.words("changed_title")), 409
    return redirect(url_for("identity.show", number=number), 303)


def _page(number: int, *, said: str = "", reason: str = "") -> str:
    workspace = desk().workspace
    pairs = identities.open_pairs(workspace)
    place = number if 0 <= number < len(pairs) else 0
    shown = identities.side_by_side(workspace, pairs[place]) if pairs else None
    return render_template("identity.html", pair=shown, number=place, n=len(pairs), said=said, reason=reason)
