"""What the routes share."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import abort, current_app, request
from werkzeug.wrappers import Response

from casepool.desk.entering import opened_from
from casepool.desk.web.guard import Session
from casepool.desk.workspace import Workspace
from casepool.entry.rows import Opened

Answer = str | tuple[str, int] | Response


@dataclass
class Desk:
    """The project, the session, and what the next page has to say."""

    workspace: Workspace
    session: Session
    notices: list[str] = field(default_factory=list)


def desk() -> Desk:
    """Return what the routes of the present application share."""
    found: Desk = current_app.extensions["casepool"]
    return found


def opened_of(table: str) -> Opened:
    """Return the row as the form that was sent had opened it; 400 where it says none."""
    try:
        return opened_from(request.form.get("opened", ""), table)
    except (ValueError, KeyError, TypeError, AttributeError):
        abort(400)
