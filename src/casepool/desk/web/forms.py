"""The forms of the tables: a new row, a row as it stands, the live check, and what to do where the row has changed."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for

from casepool.contract import TABLES
from casepool.desk import entering
from casepool.desk.correcting import committed
from casepool.desk.fields import form_sections, labels, shown, typed
from casepool.desk.judging import Judged, judge
from casepool.desk.web.shared import Answer, desk, opened_of
from casepool.entry.rows import Opened
from casepool.model.errors import FileError

pages = Blueprint("forms", __name__)


@pages.get("/new/<id:table>/<id:report>")
def new(table: str, report: str) -> Answer:
    """Show the form of a new row of a report."""
    _require_form_of(table)
    workspace = desk().workspace
    if workspace.row("reports", {"report_id": report}) is None:
        abort(404)
    key = entering.key_of_new(workspace, table, report)
    if table == "appraisal" and entering.open_entry(workspace, table, key).opened.cells is not None:
        return redirect(url_for("forms.row", table=table, key="/".join(key)), 303)  # it waits to be filled in
    form = entering.Entry(workspace, table, Opened(key))
    return _page(form, form.draft or shown(workspace, table, entering.prefilled(workspace, table, key)))


@pages.get("/row/<id:table>/<path:key>")
def row(table: str, key: str) -> Answer:
    """Show a row as it stands, or what was typed into it and not saved yet."""
    _require_form_of(table)
    workspace = desk().workspace
    parts = tuple(key.split("/"))
    if len(parts) != len(TABLES[table].key):
        abort(404)
    form = entering.open_entry(workspace, table, parts)
    if form.opened.cells is None:
        abort(404)
    if committed(workspace, table, parts):
        return redirect(url_for("corrections.row", table=table, key=key), 303)
    return _page(form, form.draft or shown(workspace, table, entering.with_beginning(workspace, table, form.opened)))


@pages.post("/check/<id:table>")
def check(table: str) -> Answer:
    """Return what the check says of a form, field by field, and keep what was typed as a draft."""
    _require_form_of(table)
    workspace = desk().workspace
    opened = opened_of(table)
    judged = judge(workspace, table, typed(workspace, table, request.form), entering.replaced(opened, table))
    entering.keep_draft(workspace, table, opened, request.form)
    return render_template("remarks.html", remarks=_by_column(judged), columns=TABLES[table].names)


@pages.post("/save/<id:table>")
def save(table: str) -> Answer:
    """Save a row; where something is wrong with it or it has changed meanwhile, nothing is written and all is shown."""
    _require_form_of(table)
    workspace = desk().workspace
    opened = opened_of(table)
    form = entering.Entry(workspace, table, opened)
    values: Mapping[str, str] = {name: request.form.get(name, "") for name in TABLES[table].names}
    if request.form.get("do") == "fill":
        values, n = entering.filled(table, values)
        entering.keep_draft(workspace, table, opened, values)
        return _page(form, values, said=workspace.words("filled", n=n), first=True)
    cells = typed(workspace, table, values)
    if request.form.get("do") == "term" and cells.get("disease") in workspace.protocol.by_id:
        return _page(form, values, said=entering.add_term(workspace, cells), first=True)
    judged = judge(workspace, table, cells, entering.replaced(opened, table))
    if judged.stops:
        entering.keep_draft(workspace, table, opened, values)
        said = workspace.words("nothing_saved", n=len(judged.stops))
        return _page(form, values, judged=judged, said=said), 422
    try:
        outcome = entering.save(workspace, table, opened, judged.cells)
    except FileError as error:
        entering.keep_draft(workspace, table, opened, values)
        return _page(form, values, said=error.text(workspace.language)), 409
    if isinstance(outcome, entering.Clash):
        return _conflict(form, outcome, values), 409
    desk().notices.extend(outcome.said)
    return redirect(_after(table, outcome.key), 303)


@pages.post("/drop/<id:table>")
def drop(table: str) -> Answer:
    """Forget what was typed and not saved."""
    _require_form_of(table)
    opened = opened_of(table)
    entering.drop_draft(desk().workspace, table, opened)
    return redirect(url_for("publications.one", report=opened.key[0]), 303)


def _page(
    form: entering.Entry,
    values: Mapping[str, str],
    *,
    judged: Judged | None = None,
    said: str = "",
    first: bool = False,
) -> str:
    workspace, table = desk().workspace, form.table
    report = form.report
    return render_template(
        "form.html",
        heading=form.heading,
        sections=form_sections(workspace, table),
        names=labels(workspace, table),
        values=values,
        fixed=form.fixed,
        remarks=_by_column(judged) if judged else {},
        listed=judged.remarks if judged else (),
        judged=judged is not None,
        said=said,
        first=first,
        draft=bool(form.draft) and not said,
        opened=form.opened_text,
        action=url_for("forms.save", table=table),
        check=url_for("forms.check", table=table),
        drop=url_for("forms.drop", table=table),
        may_fill=table in {"patients", "cohorts"},
        next_text=workspace.words(f"and_next_{table}") if table in {"patients", "cohorts"} else "",
        back=url_for("publications.one", report=report),
        back_text=entering.publication_name(workspace, report),
        paper=form.paper and url_for("papers.show", digest=form.paper),
    )


def _conflict(form: entering.Entry, clash: entering.Clash, values: Mapping[str, str]) -> str:
    return render_template(
        "conflict.html",
        heading=form.heading,
        rows=clash.rows,
        values=values,
        opened=clash.now,
        action=url_for("forms.resolve", table=form.table),
        back=url_for("publications.one", report=form.report),
        back_text=entering.publication_name(desk().workspace, form.report),
    )


@pages.post("/resolve/<id:table>")
def resolve(table: str) -> Answer:
    """Show the form again with what somebody chose, cell by cell, to be saved against the row as it is now."""
    _require_form_of(table)
    workspace = desk().workspace
    opened = opened_of(table)
    values, open_ = entering.chosen(workspace, table, opened, request.form)
    form = entering.Entry(workspace, table, opened)
    if open_:
        return _page(form, values, said=workspace.words("choose_each", n=len(open_))), 422
    return _page(form, values, said=workspace.words("chosen"), first=True)


def _after(table: str, key: tuple[str, ...]) -> str:
    report = key[0]
    if request.form.get("do") == "next":
        return url_for("forms.new", table=table, report=report, after=key[1])
    return url_for("publications.one", report=report)


def _require_form_of(table: str) -> None:
    if table not in entering.FORMS:
        abort(404)


def _by_column(judged: Judged) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for one in judged.remarks:
        found.setdefault(one.column, []).append(one)
    return found
