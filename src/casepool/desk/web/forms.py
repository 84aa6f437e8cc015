"""The forms of the tables: a new row, a row as it stands, the live check, and what to do where the row has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for

from casepool.contract import TABLES
from casepool.desk import entering, second
from casepool.desk.correcting import committed
from casepool.desk.fields import form_sections, labels, shown, typed
from casepool.desk.judging import Judged, Remark, judge
from casepool.desk.web.shared import Answer, desk, opened_of
from casepool.entry.rows import Opened
from casepool.model.errors import FileError

pages = Blueprint("forms", __name__)


@pages.get("/new/<id:table>/<id:report>")
def new(table: str, report: str) -> Answer:
    """Show the form of a new row of a report."""
    require_form_of(table)
    workspace, mine = desk().workspace, _is_mine(report)
    if workspace.row("reports", {"report_id": report}) is None:
        abort(404)
    key = entering.key_of_new(workspace, table, report, mine=mine)
    if table == "appraisal" and entering.open_entry(workspace, table, key, mine=mine).opened.cells is not None:
        return redirect(path_of_row(table, "/".join(key), mine=mine), 303)  # it waits to be filled in
    form = entering.Entry(workspace, table, Opened(key), mine)
    return _page(form, form.draft or shown(workspace, table, entering.prefilled(workspace, table, key, mine=mine)))


@pages.get("/row/<id:table>/<path:key>")
def row(table: str, key: str) -> Answer:
    """Show a row as it stands, or what was typed into it and not saved yet."""
    require_form_of(table)
    workspace, parts = desk().workspace, tuple(key.split("/"))
    if len(parts) != len(TABLES[table].key):
        abort(404)
    mine = _is_mine(parts[0])
    if not mine and second.reads_blind(workspace, parts[0]):
        return redirect(url_for("second.one", report=parts[0]), 303)
    form = entering.open_entry(workspace, table, parts, mine=mine)
    if form.opened.cells is None:
        abort(404)
    if not mine and committed(workspace, table, parts):
        return redirect(url_for("corrections.row", table=table, key=key), 303)
    return _page(form, form.draft or shown(workspace, table, entering.with_beginning(form)))


@pages.post("/check/<id:table>")
def check(table: str) -> Answer:
    """Return what the check says of a form, field by field, and keep what was typed as a draft."""
    form = _sent(table)
    judged = _judged(form, typed(form.workspace, table, request.form))
    if lost := entering.keep_draft(form, request.form):
        judged = replace(judged, remarks=(*judged.remarks, Remark("", lost, stops=False)))
    return render_template("remarks.html", remarks=_by_column(judged), columns=["", *TABLES[table].names])


@pages.post("/save/<id:table>")
def save(table: str) -> Answer:
    """Save a row; where something is wrong with it or it has changed meanwhile, nothing is written and all is shown."""
    form = _sent(table)
    workspace = form.workspace
    values: Mapping[str, str] = {name: request.form.get(name, "") for name in TABLES[table].names}
    if request.form.get("do") == "fill":
        values, n = entering.filled(table, values)
        lost = entering.keep_draft(form, values)
        return _page(form, values, said=_joined(workspace.words("filled", n=n), lost), good=True)
    cells = typed(workspace, table, values)
    if request.form.get("do") == "term" and cells.get("disease") in workspace.protocol.by_id:
        return _page(form, values, said=entering.add_term(workspace, cells), good=True)
    judged = _judged(form, cells)
    if judged.stops:
        said = _joined(workspace.words("nothing_saved", n=len(judged.stops)), entering.keep_draft(form, values))
        return _page(form, values, judged=judged, said=said), 422
    try:
        outcome = entering.save(form, judged.cells)
    except FileError as error:
        said = _joined(error.text(workspace.language), entering.keep_draft(form, values))
        return _page(form, values, said=said), 409
    if isinstance(outcome, entering.Clash):
        return _conflict(form, outcome, values), 409
    desk().notices.extend(outcome.said)
    if request.form.get("do") == "next":
        return redirect(
            url_for(
                "forms.new", table=table, report=form.report, after=outcome.key[1], mine="1" if form.mine else None
            ),
            303,
        )
    return redirect(_back(form), 303)


@pages.post("/drop/<id:table>")
def drop(table: str) -> Answer:
    """Forget what was typed and not saved."""
    form = _sent(table)
    entering.drop_draft(form)
    return redirect(_back(form), 303)


@pages.post("/resolve/<id:table>")
def resolve(table: str) -> Answer:
    """Show the form again with what somebody chose, cell by cell, to be saved against the row as it is now."""
    form = _sent(table)
    words = form.workspace.words
    values, open_ = entering.chosen(form.workspace, table, form.opened, request.form)
    if open_:
        return _page(form, values, said=words("choose_each", n=len(open_))), 422
    return _page(form, values, said=words("chosen"), good=True)


def _sent(table: str) -> entering.Entry:
    """Return the form that was sent: a row of the table, or of the reader's own reading."""
    require_form_of(table)
    opened = opened_of(table)
    return entering.Entry(desk().workspace, table, opened, _is_mine(opened.key[0]))


def _is_mine(report: str) -> bool:
    """Return whether a row of the reader's own second reading is meant; 404 where there is none that is open."""
    if request.values.get("mine") != "1":
        return False
    if second.open_reading(desk().workspace, report) is None:
        abort(404)
    return True


def _judged(form: entering.Entry, cells: Mapping[str, str]) -> Judged:
    replaced = entering.replaced(form.opened, form.table)
    return judge(form.workspace, form.table, cells, replaced, mine=form.mine)


def _joined(*said: str) -> str:
    return " ".join(filter(None, said))


def _back(form: entering.Entry) -> str:
    return url_for("second.one" if form.mine else "publications.one", report=form.report)


def _page(
    form: entering.Entry, values: Mapping[str, str], *, judged: Judged | None = None, said: str = "", good: bool = False
) -> str:
    workspace, table = form.workspace, form.table
    return render_template(
        "form.html",
        heading=form.heading,
        mine=form.mine,
        sections=form_sections(workspace, table),
        names=labels(workspace, table),
        values=values,
        fixed=form.fixed,
        remarks=_by_column(judged) if judged else {},
        listed=judged.remarks if judged else (),
        judged=judged is not None,
        said=said,
        good=good,
        draft=bool(form.draft) and not said,
        opened=form.opened_text,
        action=url_for("forms.save", table=table),
        check=url_for("forms.check", table=table),
        drop=url_for("forms.drop", table=table),
        may_fill=table in {"patients", "cohorts"},
        next_text=workspace.words(f"and_next_{table}") if table in {"patients", "cohorts"} else "",
        back=_back(form),
        back_text=entering.publication_name(workspace, form.report),
        paper=form.paper and url_for("papers.show", digest=form.paper),
    )


def _conflict(form: entering.Entry, clash: entering.Clash, values: Mapping[str, str]) -> str:
    return render_template(
        "conflict.html",
        heading=form.heading,
        mine=form.mine,
        rows=clash.rows,
        values=values,
        opened=clash.now,
        action=url_for("forms.resolve", table=form.table),
        back=_back(form),
        back_text=entering.publication_name(form.workspace, form.report),
    )


def path_of_row(table: str, key: str, *, mine: bool = False) -> str:
    """Return the address of the form of a row."""
    return url_for("forms.row", table=table, key=key, mine="1" if mine else None)


def require_form_of(table: str) -> None:
    """Answer 404 for a table that has no form."""
    if table not in entering.FORMS:
        abort(404)


def _by_column(judged: Judged) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for one in judged.remarks:
        found.setdefault(one.column, []).append(one)
    return found
