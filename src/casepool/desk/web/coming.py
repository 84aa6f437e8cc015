"""What moved with the last build; the centres of the registry, for who coordinates them."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from casepool.desk import coming
from casepool.desk.web.shared import Answer, desk

pages = Blueprint("coming", __name__)


@pages.get("/moved")
def show_moved() -> Answer:
    """Show which numbers moved, and which reports did it."""
    return render_template("moved.html", found=coming.movement(desk().workspace))


@pages.get("/centres")
def show_centres() -> Answer:
    """Show where each centre stands; 404 where no form has come back."""
    if not coming.has_registry(desk().workspace):
        abort(404)
    return render_template("centres.html", lines=coming.centres(desk().workspace))
