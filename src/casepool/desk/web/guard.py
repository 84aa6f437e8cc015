"""Who is answered: the browser that the program opened, on this machine, and nobody else.

One function looks at every request before anything else does, and one puts the headers on every answer, so that no
route can forget either.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden, MisdirectedRequest

MOST_BYTES = 30 * 2**20  # of a request: a PDF
_MOST_TEXT = 2 * 2**20  # of the fields of a form
_MOST_PARTS = 400
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
START = "home.start"  # the one route that gives the cookie and cannot ask for it


@dataclass(frozen=True)
class Session:
    """The session of the browser that the program opens.

    Attributes
    ----------
    port : where the program listens.
    token : what the cookie holds.
    """

    port: int
    token: str

    @property
    def cookie(self) -> str:
        """The name of the cookie: ports share their cookies."""
        return f"casepool_desk_{self.port}"

    @property
    def hosts(self) -> tuple[str, str]:
        """The names under which this machine is spoken to."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def csrf(self) -> str:
        """What every form carries; follows from the token, so that a form survives a restart."""
        return hmac.new(self.token.encode(), b"form", hashlib.sha256).hexdigest()


def protect(app: Flask, session: Session) -> None:
    """Put the guard before and behind every route of an application."""
    app.config.update(
        TRUSTED_HOSTS=["127.0.0.1", "localhost"],
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=_MOST_TEXT,
        MAX_FORM_PARTS=_MOST_PARTS,
    )

    @app.before_request
    def look() -> None:
        _require_host(session)
        _require_origin()
        if request.endpoint != START:
            _require_cookie(session)
        if request.method == "POST":
            _require_form(session)

    @app.after_request
    def seal(response: Response) -> Response:
        framed = response.mimetype == "application/pdf"
        response.headers["Content-Security-Policy"] = _POLICY.format(ancestors="'self'" if framed else "'none'")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        # With no-referrer Chromium sends `Origin: null` with every form.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        return response


def _require_host(session: Session) -> None:
    if request.environ.get("HTTP_HOST") not in session.hosts:
        raise MisdirectedRequest


def _require_origin() -> None:
    """Refuse what another page asks for: of another site, or of another port of this machine."""
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        raise Forbidden
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.environ['HTTP_HOST']}":
        raise Forbidden


def _require_cookie(session: Session) -> None:
    if not hmac.compare_digest(request.cookies.get(session.cookie, "").encode(), session.token.encode()):
        raise Forbidden


def _require_form(session: Session) -> None:
    if request.mimetype != "multipart/form-data":  # of which alone Flask limits the fields
        request.max_content_length = _MOST_TEXT
    if not hmac.compare_digest(request.form.get("csrf", "").encode(), session.csrf.encode()):
        raise Forbidden
