"""What the check says, each problem with the way to its field."""

from __future__ import annotations

from flask import Blueprint, render_template

from casepool.desk import problems
from casepool.desk.web.shared import Answer, desk

pages = Blueprint("checking", __name__)


@pages.get("/problems")
def show() -> Answer:
    """Show every problem and hint."""
    workspace = desk().workspace
    return render_template("problems.html", listed=problems.listed(workspace), hints=problems.hints(workspace))
