"""``casepool add``: a publication becomes a report that waits to be extracted, in one step over all its tables.

Nothing is invented. What the record or the person says is written; what must come from the reading stays empty, and the
rows that hold nothing yet wait: they are no fault and count nowhere.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pandas as pd

from casepool.contract import TABLES
from casepool.contract.cases import RELEASED_REPORTS
from casepool.entry.journal import Change, Step, carry_out
from casepool.entry.publications import Library, Publication, fitting, title_line
from casepool.entry.rows import Place, place_of, read
from casepool.entry.table_text import TableText
from casepool.entry.writing import writing
from casepool.files.formulas import rows_as_csv
from casepool.files.private import PRIVATE_FOLDER
from casepool.model.errors import CuratedDataError, FileError, Problem
from casepool.model.message import Message
from casepool.model.vocabulary import Origin, ScreeningDecision, Stage
from casepool.rows import missing, rows_of
from casepool.screening.state import CONFLICT, screening_state
from casepool.search.formats.citation import safe_id
from casepool.search.importing import IMPORTS, LICENCE

ADDS = f"{PRIVATE_FOLDER}/adds.json"
# What decides whether and how a row counts, though it may stay empty.
_DECIDING = {
    "reports": ("report_type",),
    "patients": ("response",),
    "cohorts": ("n_treated", "n_evaluable", "n_response", "n_none"),
    "appraisal": ("murad_1", "jbi_4", "jbi_5"),
}
_FOLDER = f"{IMPORTS}added_by_readers/"  # one source in the flow diagram, however many files
_RIS = "ris:"  # before the key of a record in RIS
_KEPT = 50  # steps that can be taken back, the last first


@dataclass(frozen=True)
class Wish:
    """What is to be made of a publication.

    Attributes
    ----------
    reader : who adds it and is to read it.
    day : YYYY-MM-DD.
    patients, cohorts : how many patients told one by one, and the names of the strata told together.
    report_id, study_id, report_type : empty where the program is to choose (the type: where it is not known yet).
    """

    reader: str
    day: str
    patients: int = 0
    cohorts: tuple[str, ...] = ()
    report_id: str = ""
    study_id: str = ""
    report_type: str = ""


@dataclass(frozen=True)
class Import:
    """A raw file to be made: its path in the project, its content, and how many records it holds."""

    path: str
    content: bytes
    n_records: int
    note: str


@dataclass
class Added:
    """What one ``casepool add`` writes, table by table, until it is carried out.

    Attributes
    ----------
    rows : table → the keys of its new rows, in the order in which they are to be filled in.
    """

    root: Path
    tables: dict[str, TableText] = field(default_factory=dict)
    rows: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    beside: list[Change] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    def table(self, name: str) -> TableText:
        """Return a table with the rows that were put into it so far."""
        return self.tables.setdefault(name, read(place_of(self.root, name)))

    def put(self, name: str, **cells: str) -> None:
        """Put a new row into a table; one that stands there stays as it is."""
        table = self.table(name)
        key = table.key_of({column: cells.get(column, "") for column in table.table.key})
        if table.find(key) is None:
            _refuse_unfit(name, cells)
            self.tables[name] = table.with_row(cells)
            self.rows.setdefault(name, []).append(key)


def add(
    root: str | Path,
    library: Library,
    publications: Sequence[Publication],
    wish: Wish,
    made: Import | None = None,
    pdf: Path | None = None,
) -> Added:
    """Write everything that a report needs besides its reading, in one step.

    Parameters
    ----------
    publications : those to be added; one without ``record_id`` gets a record in a file of its own.
    made : the file that brings their records, where it is one that was received.
    pdf : the source itself, which is noted in the private folder and not read.

    Raises
    ------
    FileError
        If a publication is described already or was excluded, an id is taken, or nothing can be written now.
    CuratedDataError
        If something that was typed does not fit its column. Nothing was written in either case.
    """
    base = Path(root)
    with writing(base) as told:
        added = Added(base, notes=list(told))
        if made:
            _describe(added, made, wish)
        for one in publications:
            _plan(added, library, one, wish)
        if pdf:
            added.beside.append(_noted(base, pdf, added.reports[0]))
        _carry_out(added)
    return added


def _report_id(added: Added, library: Library, one: Publication, wish: Wish) -> str:
    """Return the id of a report, by which its record can be found."""
    key = one.record_id.removeprefix(_RIS)
    named_by_key = one.record_id and not one.facts.get("pmid") and not one.facts.get("doi")
    if named_by_key and (key == one.record_id or wish.report_id not in {"", key}):
        raise FileError(Message("record_not_joined", record=one.record_id))
    report = wish.report_id or (key if named_by_key else _free_id(added, library, one))
    _refuse_unfit("reports", {"report_id": report})
    if _is_taken(added, library, report, one):
        raise FileError(Message("report_id_taken", report=report))
    return report


def _free_id(added: Added, library: Library, one: Publication) -> str:
    """Return an id of the project's form, name of the first author and year, that nothing bears yet."""
    first = one.facts.get("authors", "").split(";")[0]
    words = first.split(",")[:1] if "," in first else _without_initials(first)
    plain = unicodedata.normalize("NFKD", "".join(words)).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z]", "", plain.casefold())
    if not name or not one.facts.get("year"):
        raise FileError(Message("no_report_id"))
    stem = f"{name}{one.facts['year']}"
    ids = [stem, *(f"{stem}{letter}" for letter in ascii_lowercase[1:])]
    return next((free for free in ids if not _is_taken(added, library, free, one)), stem)


def _without_initials(author: str) -> list[str]:
    """Return the words of a name but its initials: Dupont J, van der Berg AB."""
    words = author.split()
    kept = [word for word in words if not re.fullmatch(r"[A-Z]{1,3}\.?(?:-?[A-Z]\.?)*", word)]
    return kept or words


def _is_taken(added: Added, library: Library, report: str, one: Publication) -> bool:
    """Return whether a report bears an id, or a record of another publication would be found by it."""
    of_another = f"{_RIS}{report}" in library.names and one.record_id != f"{_RIS}{report}"
    return report in RELEASED_REPORTS or of_another or added.table("reports").find((report,)) is not None


def _plan(added: Added, library: Library, one: Publication, wish: Wish) -> None:
    if described := library.report_of(one):
        raise FileError(Message("described_already", report=described, shown=title_line(one)))
    report = _report_id(added, library, one, wish)
    record = one.record_id or _new_record(added, report, one, wish)
    decision = _screen(added, library, record, wish)
    facts, unfit = fitting(one.facts)
    added.notes += [Message("fact_left_out", columns=unfit, report=report)] if unfit else []
    cells = {"report_id": report, "study_id": wish.study_id or report, "report_type": wish.report_type}
    added.put("reports", **facts, **cells, decision=decision)
    beside = {"reader": wish.reader, "date": wish.day}
    for number in range(1, wish.patients + 1):
        added.put("patients", report_id=report, patient_label=f"p{number}", **beside)
    for stratum in wish.cohorts:
        added.put("cohorts", report_id=report, stratum=stratum, **beside)
    added.put("appraisal", report_id=report, **beside)
    added.reports.append(report)


def _screen(added: Added, library: Library, record: str, wish: Wish) -> str:
    """Put the rows of screening that are missing; return the decision on the full text as it stands then."""
    state: Mapping[str, Any] = {}
    if record in library.names:
        frame = library.records.iloc[[library.names[record]]]
        screening = added.table("screening")
        typed = [one.cells for one in screening.records if one.cells]
        state = rows_of(screening_state(frame, _frame(typed, screening), library.reports))[0]
        if state["state"] == CONFLICT or ScreeningDecision.EXCLUDE in {state["title_abstract"], state["full_text"]}:
            why = tuple(str(state[name]) for name in ("state", "exclusion_reason") if not missing(state[name]))
            raise FileError(Message("not_to_be_added", record=record, why=why))
    common = {"record_id": record, "reviewer": wish.reader, "date": wish.day}
    if missing(state.get("title_abstract")):
        added.put("screening", **common, stage=Stage.TITLE_ABSTRACT, decision=ScreeningDecision.INCLUDE)
    if not missing(state.get("full_text")):
        return str(state["full_text"])
    added.put("screening", **common, stage=Stage.FULL_TEXT, decision=ScreeningDecision.AWAITING)
    return ScreeningDecision.AWAITING.value


def _frame(rows: Sequence[Mapping[str, str]], table: TableText) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=table.table.names).replace("", pd.NA).astype("string")


def _new_record(added: Added, report: str, one: Publication, wish: Wish) -> str:
    content = as_ris(report, one.facts, Message("typed_by", reader=wish.reader)).encode()
    _describe(added, Import(_free_path(added.root, f"{report}.ris"), content, 1, f"typed by {wish.reader}"), wish)
    return f"{_RIS}{report}"


def _describe(added: Added, made: Import, wish: Wish) -> None:
    added.files[made.path] = made.content
    added.put(
        "sources",
        path=made.path,
        origin=Origin.WEBSITE,
        query_or_release="a publication that a reader added (casepool add)",
        accessed_on=wish.day,
        licence=LICENCE,
        sha256=hashlib.sha256(made.content).hexdigest(),
        n_records=str(made.n_records),
        note=made.note,
    )


def as_ris(report_id: str, facts: Mapping[str, str], note: Message) -> str:
    """Return a record in RIS, with an id of the project's form."""
    pairs = [("TY", "JOUR"), ("ID", report_id)]
    pairs += [("AU", author.strip()) for author in facts.get("authors", "").split(";") if author.strip()]
    tags = {"title": "TI", "journal": "T2", "year": "PY", "volume": "VL", "issue": "IS", "pages": "SP", "doi": "DO",
            "pmid": "PM", "pmcid": "C2", "language": "LA"}  # fmt: skip
    pairs += [(tag, " ".join(facts[name].split())) for name, tag in tags.items() if facts.get(name)]
    pairs += [("N1", str(note)), ("ER", "")]
    return "".join(f"{tag}  - {value}\n" for tag, value in pairs)


def received(root: Path, path: Path, n_records: int) -> Import:
    """Return a file of references that was handed over, as it is to stand among the imports."""
    content = path.read_bytes()
    return Import(_free_path(root, f"{safe_id(path.stem) or 'export'}{path.suffix}"), content, n_records, path.name)


def _free_path(root: Path, name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    names = (name, *(f"{stem}-{number}{dot}{suffix}" for number in range(2, 1000)))
    return f"{_FOLDER}{next(one for one in names if not (root / _FOLDER / one).exists())}"


def _carry_out(added: Added) -> None:
    changes = []
    for name, table in added.tables.items():
        if name in added.rows:
            place = place_of(added.root, name)
            changes.append(Change(place.path, _content(place.file), table.text().encode()))
    changes += [Change(path, None, content) for path, content in added.files.items()]
    changes += [*added.beside, _remembered(added)]
    carry_out(added.root, Step(Message("step_add", reports=tuple(added.reports)), tuple(changes)))


def _remembered(added: Added) -> Change:
    """Return the change that notes what was written, so that it can be taken back."""
    before = _content(added.root / ADDS)
    steps = json.loads(before) if before else []
    rows = [
        {"table": name, "key": key, "text": record.text}
        for name, keys in added.rows.items()
        for key in keys
        if (record := added.tables[name].find(key))
    ]
    files = {path: hashlib.sha256(content).hexdigest() for path, content in added.files.items()}
    steps.append({"reports": added.reports, "rows": rows, "files": files})
    return Change(ADDS, before, json.dumps(steps[-_KEPT:], ensure_ascii=False).encode())


def _refuse_unfit(name: str, cells: Mapping[str, str]) -> None:
    """Raise what the check would say of the cells that are filled: ids with spaces, a day that is none."""
    columns = [TABLES[name].column(column) for column in cells]
    wrong = [
        Problem(f"{name}.csv", 0, "", column.name, cells[column.name], column.expectation())
        for column in columns
        if column.kind != "integer" and cells[column.name]
        if not column.fits(pd.Series([cells[column.name]], dtype="string")).all()
    ]
    if wrong:
        raise CuratedDataError(wrong)


def _noted(root: Path, pdf: Path, report: str) -> Change:
    """Return the change that notes which file a report was read in, by its SHA-256."""
    path = f"{PRIVATE_FOLDER}/files.csv"
    before = _content(root / path)
    row = [hashlib.sha256(pdf.read_bytes()).hexdigest(), report, str(pdf.resolve())]
    return Change(path, before, (before or b"sha256,report_id,file\n") + rows_as_csv([row]).encode())


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def next_steps(added: Added) -> list[Message]:
    """Return what is to be filled in now: file, row, columns, in the order in which a reader goes."""
    steps = []
    for name in ("reports", "patients", "cohorts", "appraisal"):
        for key in added.rows.get(name, ()):
            place = place_of(added.root, name)
            columns = to_fill_in(place, added.tables[name], key)
            line = added.tables[name].line_of(key)
            steps.append(Message("fill_in", file=place.path, row=line, key="/".join(key[:2]), columns=columns))
    decided = [("reports", key) for key in added.rows.get("reports", ())]
    decided += [("screening", key) for key in added.rows.get("screening", ()) if key[1] == Stage.FULL_TEXT]
    rows = tuple(
        Message("waiting_row", file=f"{name}.csv", row=added.tables[name].line_of(key), key=key[0])
        for name, key in decided
    )
    return [*steps, Message("decide_last", rows=rows)]


def to_fill_in(place: Place, table: TableText, key: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of a row that only its reader can fill: those that must be, and those that decide."""
    found = table.find(key)
    cells = {} if found is None else found.cells
    needed = {one.name for one in place.contract.columns if one.required and "not_reported" not in one.members}
    needed |= set(_DECIDING[place.table])
    return tuple(name for name in place.contract.names if name in needed and not cells.get(name))
