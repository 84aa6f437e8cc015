"""PDFs: dropped on a publication, shown beside the form."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, send_file, url_for

from casepool.desk import papers
from casepool.desk.web.shared import Answer, desk

pages = Blueprint("papers", __name__)


@pages.post("/publication/<id:report>/paper")
def keep(report: str) -> Answer:
    """Keep the PDF of a publication outside the repository."""
    shared = desk()
    if shared.workspace.row("reports", {"report_id": report}) is None:
        abort(404)
    sent, words = request.files.get("paper"), shared.workspace.words
    try:
        place = papers.keep_paper(shared.workspace, report, sent.read() if sent else b"")
        shared.notices.append(words("paper_kept", place=str(place)))
    except ValueError:
        shared.notices.append(words("no_pdf"))
    return redirect(url_for("publications.one", report=report), 303)


@pages.get("/file/<id:digest>")
def show(digest: str) -> Answer:
    """Show a PDF that was dropped on a publication of this project."""
    place = papers.read_paper(desk().workspace, digest)
    if place is None:
        abort(404)
    return send_file(place, mimetype="application/pdf")
