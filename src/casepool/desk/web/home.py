"""The start of a session, the first page, who reads, and the language."""

from __future__ import annotations

import re

from flask import Blueprint, abort, redirect, render_template, request, url_for

from casepool.desk import waiting
from casepool.desk.web.shared import Answer, desk
from casepool.desk.workspace import READER

pages = Blueprint("home", __name__)


@pages.get("/start")
def start() -> Answer:
    """Give the cookie of the session for a start address that nobody has used."""
    session = desk().session
    if not desk().workspace.private.use_ticket(request.args.get("ticket", "")):
        abort(403)
    answer = redirect(url_for("home.index"), 303)
    answer.set_cookie(session.cookie, session.token, httponly=True, samesite="Strict")
    return answer


@pages.get("/")
def index() -> Answer:
    """Show what waits and the next step."""
    return render_template("home.html", home=waiting.home(desk().workspace))


@pages.get("/who")
def who() -> Answer:
    """Ask who reads."""
    return render_template("who.html", readers=desk().workspace.readers(), wrong="")


@pages.post("/who")
def choose() -> Answer:
    """Note who reads."""
    workspace = desk().workspace
    name = request.form.get("reader", "").strip() or request.form.get("known", "")
    if not re.fullmatch(READER, name) or name == "consensus":
        return render_template("who.html", readers=workspace.readers(), wrong=name or "–"), 422
    workspace.private.set(reader=name)
    return redirect(url_for("home.index"), 303)


@pages.post("/language")
def language() -> Answer:
    """Change the language of the pages, and show the same page in it."""
    chosen = request.form.get("language")
    if chosen not in {"en", "fr"}:
        abort(400)
    desk().workspace.private.set(language=chosen)
    back = request.form.get("back", "")
    ours = re.fullmatch(r"/(?!/)[A-Za-z0-9_.:\-/?=&%+]*", back)
    return redirect(back if ours else url_for("home.index"), 303)
