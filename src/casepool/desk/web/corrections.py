"""Rows that git holds: shown, and corrected cell by cell with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for

from casepool.contract import TABLES
from casepool.desk import correcting, entering, second
from casepool.desk.fields import form_sections
from casepool.desk.judging import Remark
from casepool.desk.web.shared import Answer, desk
from casepool.model.errors import FileError

pages = Blueprint("corrections", __name__)


@pages.get("/kept/<id:table>/<path:key>")
def row(table: str, key: str) -> Answer:
    """Show a row that git holds, each cell with the way to its correction."""
    parts = _key(table, key)
    return render_template(
        "kept.html", cells=_cells(table, parts), table=table, key=key, n_key=len(parts), **_around(table, parts)
    )


@pages.get("/correct/<id:table>/<id:column>/<path:key>")
def ask(table: str, column: str, key: str) -> Answer:
    """Ask for the right value of a cell, with reason and source."""
    return _page(table, column, _key(table, key), {}, ())


@pages.post("/correct/<id:table>/<id:column>/<path:key>")
def correct(table: str, column: str, key: str) -> Answer:
    """Write the correction of a cell."""
    shared, parts = desk(), _key(table, key)
    if not shared.workspace.reader:
        return redirect(url_for("home.who"), 303)
    if column not in TABLES[table].names or column in TABLES[table].key:
        abort(404)
    _cells(table, parts)
    try:
        done = correcting.correct(shared.workspace, table, parts, column, request.form)
    except FileError as error:
        said = Remark("", error.text(shared.workspace.language), stops=True)
        return _page(table, column, parts, request.form, (said,)), 409
    if isinstance(done, tuple):
        return _page(table, column, parts, request.form, done), 422
    shared.notices.extend(done.said)
    return redirect(url_for("corrections.row", table=table, key=key), 303)


def _page(table: str, column: str, key: tuple[str, ...], typed: Mapping[str, str], remarks: tuple[Remark, ...]) -> str:
    fields = {one.name: one for section in form_sections(desk().workspace, table) for one in section.fields}
    if column not in fields or column in TABLES[table].key:
        abort(404)
    cell = next(one for one in _cells(table, key) if one.column == column)
    asked = replace(fields[column], name="new", label=desk().workspace.words("new_value"))
    return render_template(
        "correct.html",
        field=asked,
        cell=cell,
        typed=typed,
        remarks=remarks,
        **_around(table, key),
    )


def _around(table: str, key: tuple[str, ...]) -> dict[str, str]:
    workspace = desk().workspace
    return {
        "heading": workspace.words(f"row_{table}", name=" · ".join(key[1:]) or key[0]),
        "back": url_for("publications.one", report=key[0]),
        "back_text": entering.publication_name(workspace, key[0]),
    }


def _cells(table: str, key: tuple[str, ...]) -> tuple[correcting.Cell, ...]:
    found = correcting.cells(desk().workspace, table, key)
    if found is None:
        abort(404)
    return found


def _key(table: str, path: str) -> tuple[str, ...]:
    parts = tuple(path.split("/"))
    if table not in entering.FORMS or len(parts) != len(TABLES[table].key):
        abort(404)
    if second.reads_blind(desk().workspace, parts[0]):
        abort(404)  # what was read before is not shown to who reads it blind
    return parts
