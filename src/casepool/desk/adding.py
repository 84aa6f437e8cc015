"""A publication is added: found among the records or typed, with the file that was dropped."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casepool.desk.papers import keep_paper
from casepool.desk.workspace import Workspace, today
from casepool.entry.adding import ADDS
from casepool.entry.asking import Asked, add_asked
from casepool.entry.publications import Publication, library, title_line, wanted
from casepool.entry.undoing import undo
from casepool.model.errors import CasepoolError, FileError
from casepool.model.message import Message, text
from casepool.search.formats.citation import safe_id

FACTS = ("title", "authors", "journal", "year")
_PDF = b"%PDF-"


@dataclass(frozen=True)
class Added:
    """Publications were added: the reports, and what is said of them."""

    reports: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True)
class Alike:
    """Nothing was added: records are so much alike that a person must say which it is."""

    said: str
    records: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Refused:
    """Nothing was added, and why."""

    said: str


def add_publication(
    workspace: Workspace, form: Mapping[str, str], name: str, content: bytes
) -> Added | Alike | Refused:
    """Add what was typed or dropped, in one step over all tables.

    Parameters
    ----------
    form : ``what`` (PubMed id or DOI), the facts of a new publication, ``report_type``, ``record_id`` (the record that
        it is) or ``new`` (it is none of those alike).
    name, content : of the file that was dropped; a PDF is kept beside, a file of references is read.
    """
    is_pdf = content.startswith(_PDF)
    with tempfile.TemporaryDirectory(dir=workspace.private.folder) as folder:
        dropped = Path(folder) / _safe_name(name)
        if content and not is_pdf:
            dropped.write_bytes(content)
        asked = _asked(workspace, form, str(dropped) if content and not is_pdf else form.get("what", "").strip())
        try:
            before = {str(row["report_id"]) for row in workspace.rows("reports")}
            said = add_asked(workspace.root, _snapshot(workspace), asked)
        except FileError as error:
            return _not_added(workspace, error, asked)
        except CasepoolError as error:
            return Refused(error.text(workspace.language))
    reports = tuple(sorted({str(row["report_id"]) for row in workspace.rows("reports")} - before))
    if is_pdf:
        keep_paper(workspace, reports[0], content)
    shown = [text(one, workspace.language) for one in said if one.id not in {"fill_in", "decide_last"}]
    return Added(reports, tuple(shown))


def _snapshot(workspace: Workspace) -> str:
    return workspace.project.configuration.pubmed.snapshot


def _asked(workspace: Workspace, form: Mapping[str, str], what: str) -> Asked:
    facts = {name: form.get(name, "").strip() for name in FACTS}
    return Asked(
        what=what,
        reader=workspace.reader,
        day=today(),
        n_patients=0,
        report_type=form.get("report_type", ""),
        record_id=form.get("record_id", ""),
        new=form.get("record_id") == "new",
        facts={name: value for name, value in facts.items() if value},
    )


def _safe_name(name: str) -> str:
    """Return a name for a dropped file: never a path."""
    plain = Path(name.replace("\\", "/")).name
    return f"{safe_id(Path(plain).stem) or 'dropped'}{Path(plain).suffix[:10]}"


def _not_added(workspace: Workspace, error: FileError, asked: Asked) -> Alike | Refused:
    said = error.text(workspace.language)
    if not isinstance(error.message, Message) or error.message.id != "alike":
        return Refused(said)
    known = library(workspace.root, _snapshot(workspace))
    meant = wanted(asked.what)[0].facts if asked.what else {}
    alike = known.alike(Publication({**meant, **asked.facts}))
    records = tuple((one.record_id, text(title_line(one), workspace.language)) for one in alike)
    return Alike(workspace.words("alike_said"), records)


def can_undo(workspace: Workspace, report: str) -> bool:
    """Return whether the last publication that was added is this one."""
    noted = workspace.root / ADDS
    steps = json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else []
    return bool(steps) and report in steps[-1]["reports"]


def take_back(workspace: Workspace) -> str:
    """Take the last publication back; return what is said.

    Raises
    ------
    FileError
        If a row was filled in since, or it is committed.
    """
    return " ".join(text(one, workspace.language) for one in undo(workspace.root))
