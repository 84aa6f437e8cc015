"""A reading is finished: its report and its record say so in one step, and the report is counted from then on."""

from __future__ import annotations

from casepool.desk.literature import literature
from casepool.desk.workspace import Workspace, today
from casepool.entry.journal import Change, Step, carry_out
from casepool.entry.rows import place_of, read
from casepool.entry.writing import writing
from casepool.model.errors import FileError
from casepool.model.message import Message, text
from casepool.model.vocabulary import ScreeningDecision, Stage

_INCLUDE = {"decision": ScreeningDecision.INCLUDE.value, "exclusion_reason": ""}


def include(workspace: Workspace, report: str) -> tuple[str, ...]:
    """Include a report and the full text of its record; return what is to be told of an earlier step.

    Raises
    ------
    FileError
        If no record belongs to the report, somebody else has decided on it, or nothing can be written now.
    """
    record = next((one for one, row in literature(workspace).state.items() if row["report_id"] == report), None)
    if record is None:
        raise FileError(workspace.words("no_record", report=report))
    reports, screening = (place_of(workspace.root, name) for name in ("reports", "screening"))
    decided = {"record_id": record, "stage": Stage.FULL_TEXT.value, "reviewer": workspace.reader, **_INCLUDE}
    with writing(workspace.root) as told:
        described, screened = read(reports), read(screening)
        row, mine = described.find((report,)), screened.find((record, Stage.FULL_TEXT, workspace.reader))
        if row is None:
            raise FileError(workspace.words("error_404"))
        decided |= {"date": today(), "note": mine.cells["note"] if mine else ""}
        after = (
            (reports, described, described.with_row({**row.cells, **_INCLUDE}, instead_of=(report,))),
            (screening, screened, screened.with_row(decided, instead_of=(record, Stage.FULL_TEXT, workspace.reader))),
        )
        changes = tuple(Change(place.path, old.text().encode(), new.text().encode()) for place, old, new in after)
        carry_out(workspace.root, Step(Message("step_include", reports=(report,)), changes))
    return tuple(text(one, workspace.language) for one in told)
