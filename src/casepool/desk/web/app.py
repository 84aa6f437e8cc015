"""The application: routes, guard, templates."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from flask import Flask, render_template
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from casepool.desk.coming import has_registry
from casepool.desk.web import (
    adding,
    checking,
    coming,
    corrections,
    forms,
    home,
    identity,
    papers,
    publications,
    screening,
    second,
)
from casepool.desk.web.guard import Session, protect
from casepool.desk.web.shared import Desk
from casepool.desk.workspace import Workspace
from casepool.entry.journal import refusal
from casepool.model.errors import CasepoolError, ConfigError
from casepool.model.message import Message, text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

_MODULES = (home, publications, adding, papers, forms, corrections, screening, identity, second, checking, coming)
# Route and word of each entry of the head.
_NAVIGATION = (
    ("home.index", "home"),
    ("publications.index", "publications"),
    ("adding.show", "add_short"),
    ("screening.start", "screen"),
    ("identity.show", "identity"),
    ("second.index", "readings_short"),
    ("checking.show", "check"),
    ("checking.version", "version"),
    ("coming.show_moved", "moved_short"),
)
_CENTRES = ("coming.show_centres", "centres_short")  # only where there is a registry
# Routes of the head that a single letter opens, where no page uses it itself.
_KEYS = {"home.index": "h", "adding.show": "a", "checking.version": "v"}
# What the disk may say; nothing is wrong with the program then.
_REFUSED = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO})
_PLAIN = frozenset({403, 421})  # said in one line: nothing of the project is shown to a stranger


class _Id(BaseConverter):
    """An id of the tables in an address; what would climb out of a folder is none."""

    regex = r"(?!\.)[A-Za-z0-9_.:\-]{1,100}"


def create_app(workspace: Workspace, session: Session) -> Flask:
    """Return the application of a project; it answers who has the cookie of the session."""
    app = Flask(__name__)
    shared = Desk(workspace, session)
    app.extensions["casepool"] = shared
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.converters["id"] = _Id
    protect(app, session)
    for module in _MODULES:
        app.register_blueprint(module.pages)

    @app.before_request
    def put_in_force() -> None:
        workspace.project  # noqa: B018 (its protocol decides what columns there are)

    @app.context_processor
    def offered() -> dict[str, object]:
        said, shared.notices[:] = list(shared.notices), []
        return {
            "t": workspace.words,
            "csrf": session.csrf,
            "reader": workspace.reader,
            "notices": said,
            "navigation": (*_NAVIGATION, *([_CENTRES] if has_registry(workspace) else [])),
            "keys": _KEYS,
        }

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response | tuple[str, int]:
        code = error.code or 500
        if code in _PLAIN:
            return workspace.words(f"error_{code}"), code
        known = code if code in {400, 404, 405, 413} else 500
        return render_template("error.html", said=workspace.words(f"error_{known}")), code

    @app.errorhandler(CasepoolError)
    def cannot(error: CasepoolError) -> tuple[str, int] | tuple[str, int, dict[str, str]]:
        if isinstance(error, ConfigError):  # without it no page can be made
            return error.text(workspace.language), 409, {"Content-Type": "text/plain; charset=utf-8"}
        return render_template("error.html", said=error.text(workspace.language)), 409

    @app.errorhandler(OSError)
    def refused(error: OSError) -> tuple[str, int]:
        if error.errno not in _REFUSED:
            raise error  # a fault of the program
        why = Message("nothing_written", why=refusal(error, str(workspace.root)))
        return render_template("error.html", said=text(why, workspace.language)), 409

    return app
