"""What comes back from the call, one of each kind, and what it leads to. SYNTHETIC: nobody and no centre here exists.

The table of docs/returns.md is made of these; test_returns_of_each_kind.py reads each of them, rows in either format.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from bad_returns import KEY, LABELS, archive, book, cells, entry, french, saved, text
from invented import Row, protocol
from openpyxl.comments import Comment
from redcap_returns import RAW, centre as redcap_centre, export, patient as redcap_patient

from casepool.contract.registry import FORM
from casepool.model.message import text as in_words
from casepool.model.vocabulary import ReturnStatus
from casepool.registry.intake.cells import form_cells
from casepool.registry.intake.grids import Fault
from casepool.registry.intake.headers import recogniser
from casepool.registry.intake.reading import Intake, read_registry
from casepool.registry.intake.returns import read_return
from casepool.registry.intake.rules import NO_RULES, ReadingRules, reading_rules

TODAY = dt.date(2026, 11, 28)
LATER, LATEST = "28/02/2026", "31/03/2026"
CSV, XLSX = "csv", "xlsx"
Rows = Sequence[Row]


class Outcome(StrEnum):
    """What a return leads to, the gravest of it."""

    ACCEPTED = "accepted"
    SAID = "accepted, and said"
    WAITS = "row waits, with a question"
    ASKED = "accepted, and the centre's name is asked"
    OUT = "patient taken out"
    REFUSED = "file refused"
    UNREAD = "file not read, with what to do"
    IGNORED = "no return"


@dataclass(frozen=True)
class Return:
    """A return: files of rows (both formats), or of bytes (the one format that has it).

    Attributes
    ----------
    of : the kind: plausibility, centre, remark, words, completeness, objection, file.
    came : what came, in words.
    leads_to : what must become of it.
    rows : the rows of each file, in the order in which they came.
    content : name → bytes of files that only one program writes so.
    said : a piece of what is said of it.
    n_accepted : how many patients count afterwards.
    rules, only_complete : what the configuration of the project says.
    """

    of: str
    came: str
    leads_to: Outcome
    rows: tuple[Rows, ...] = ()
    content: Mapping[str, bytes] = field(default_factory=dict)
    said: str = ""
    n_accepted: int = 1
    rules: ReadingRules = NO_RULES
    only_complete: bool = False


def one(code: str = "P1", **changes: object) -> Row:
    """Return a row of a centre that treated and reported one patient."""
    return entry(code, **({"centre_n_treated": 1, "centre_n_reported": 1, "age_years": 47, "dose": ""} | changes))


def _of(n: int, **changes: object) -> list[Row]:
    """Return the rows of a centre that treated and reported n patients."""
    totals = {"centre_n_treated": n, "centre_n_reported": n}
    return [one(f"P{k}", **(totals | {"age_years": 30 + 7 * k, "n_doses": k} | changes)) for k in range(1, n + 1)]


def _under(names: Sequence[str], **changes: object) -> list[Row]:
    """Return a row of each centre, the patients unlike each other."""
    alone = {"centre_n_treated": 1, "centre_n_reported": 1}
    return [row | {"centre": name} | alone | changes for row, name in zip(_of(len(names)), names, strict=True)]


def workbook(rows: Rows) -> bytes:
    """Return the rows in a workbook with the French headers, numbers as numbers."""
    typed = [[row.get(name, "") for name in FORM.names] for row in rows]
    return saved(book(typed, LABELS["fr"]))


def _each(column: str, *values: str, **changes: object) -> list[Row]:
    """Return a row for each value of a column, all of one centre."""
    return [row | {column: value} for row, value in zip(_of(len(values), **changes), values, strict=True)]


def _listed(column: str, rows: Rows) -> str:
    return ", ".join(f"“{row[column]}”" for row in rows)


def _accepted(of: str, came: str, *files: Rows, said: str = "", n: int = 1, **more: object) -> Return:
    return Return(of, came, Outcome.SAID if said else Outcome.ACCEPTED, files, said=said, n_accepted=n, **more)


def _waits(of: str, came: str, *files: Rows, said: str, n: int = 0, **more: object) -> Return:
    return Return(of, came, Outcome.WAITS, files, said=said, n_accepted=n, **more)


def _taken(of: str, came: str, column: str, *values: str, said: str = "", **changes: object) -> Return:
    """Return a file with a row for each value of a column, all accepted."""
    rows = _each(column, *values, **changes)
    return _accepted(of, came.format(_listed(column, rows)), rows, said=said, n=len(rows))


def _refused(came: str, note: str, said: str) -> Return:
    return Return("remark", came, Outcome.REFUSED, ([one(note=note)],), said=said, n_accepted=0)


def _hidden(came: str, kind: str, *notes: str) -> Return:
    rows = _each("note", "sans particularité", *notes)
    return _waits("remark", came.format(_listed("note", rows[1:])), rows, said=f"what looks like: {kind}", n=1)


def _unread(came: str, name: str, content: bytes, said: str) -> Return:
    return Return("file", came, Outcome.UNREAD, content={name: content}, said=said, n_accepted=0)


def _aside(came: str, change: str) -> Return:
    made = book(cells(one()), LABELS["fr"])
    sheet = made.worksheets[0]
    if change == "comment":
        sheet["A2"].comment = Comment("Mme Zorglub", "x")
    elif change == "header":
        sheet.oddHeader.center.text = "Mme Zorglub"
    elif change == "link":
        sheet["A2"].hyperlink = "mailto:quetzal@zorglub.invalid"
    else:
        sheet.title = "Mme Zorglub"
    return Return("file", came, Outcome.REFUSED, content={"a.xlsx": saved(made)}, said="comments", n_accepted=0)


def _dated_cell() -> bytes:
    made = book(cells(one()), LABELS["fr"])
    made.worksheets[0].cell(2, FORM.names.index("treatment_year") + 1).value = dt.datetime(2020, 3, 1)
    return saved(made)


def _strict() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([one()]))) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            usual = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
            strict = source.read(name).replace(usual, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            target.writestr(name, strict)
    return buffer.getvalue()


def _in_one_column() -> bytes:
    lines = text(LABELS["fr"], cells(one(dose="16 mg/kg, hebdomadaire"))).splitlines()
    return "\r\n".join('"' + line.replace('"', '""') + '"' for line in lines).encode()


def _broken_off() -> bytes:
    header, row = french(one()).decode("utf-8-sig").splitlines()
    return "\r\n".join([header, ";".join(row.split(";")[:20])]).encode("utf-8-sig")


def _with_html() -> bytes:
    header = [f'<div class="rich-text"><p>{label.replace("&", "&amp;")}</p></div>' for label in LABELS["fr"]]
    return text(header, cells(one())).encode()


def _redcap(
    came: str, leads_to: Outcome, said: str = "", *, n: int = 1, only_complete: bool = False, **answers
) -> Return:
    totals = {"centre_n_treated": 1, "centre_n_reported": 1}
    content = {"export.csv": export(redcap_centre(**totals), redcap_patient(**answers))}
    return Return("words", came, leads_to, content=content, said=said, n_accepted=n, only_complete=only_complete)


_CHU = "CHU Saint-Zorglub"
_NUMBERS_ONLY = [{"patient_code": f"P{n}"} for n in range(2, 42)]
_PLAUSIBILITY = [
    _waits("plausibility", "filled in on 12/03/2031", [one(filled_on="12/03/2031")], said="filled_on"),
    _waits(
        "plausibility", "filled in on 12/03/1921", [one(filled_on="12/03/1921", treatment_year="")], said="filled_on"
    ),
    _waits("plausibility", "first dose in 2100", [one(treatment_year=2100)], said="treatment_year"),
    _waits(
        "plausibility",
        "filled in in 2019, first dose in 2020",
        [one(filled_on="12/03/2019", treatment_year=2020)],
        said="treatment_year",
    ),
    _waits(
        "plausibility",
        "response after 300 weeks, follow-up of 2 months",
        [one(time_to_response_weeks=300, follow_up_months=2)],
        said="time_to_response_weeks",
    ),
    _waits(
        "plausibility",
        "a correction that changes the sex (the earlier line stands)",
        [one()],
        [one(sex="homme", filled_on=LATER)],
        said="sex",
        n=1,
    ),
    _waits(
        "plausibility",
        "a correction that changes the age by 14 years (the earlier line stands)",
        [one()],
        [one(age_years=61, filled_on=LATER)],
        said="age_years",
        n=1,
    ),
    _waits(
        "plausibility",
        "two numbers exchanged in a later file (the earlier lines stand)",
        _of(2),
        [row | {"patient_code": code, "filled_on": LATER} for row, code in zip(_of(2), ("P2", "P1"), strict=True)],
        said="under P",
        n=2,
    ),
    _accepted(
        "plausibility", "a correction of the response, dated later", [one()], [one(response="aucune", filled_on=LATER)]
    ),
    _waits(
        "plausibility",
        "a wrong year (2031), then the corrected line of 2026: the correction counts",
        [one(filled_on="12/04/2031")],
        [one(filled_on="12/05/2026")],
        said="filled_on",
        n=1,
    ),
    _accepted("plausibility", "the same file twice", [one()], [one()]),
]
_OF_PATIENTS = [name for name in RAW if name not in {*FORM.names[:5], "centre_complete"}]
_SPELLINGS = (
    ("CHU Saint-Zorglub", "CHU St Zorglub"),
    ("AP-HP Quetzal", "APHP Quetzal"),
    ("Uqbar & Tlön", "Uqbar et Tlön"),
    ("Hôpital Orbis", "HOPITAL  orbis."),
)
_CENTRES = [
    _accepted(
        "centre",
        "a corrected line under St for Saint, APHP for AP-HP, et for &, in other capitals and with points",
        _under([name for name, _ in _SPELLINGS]),
        _under([name for _, name in _SPELLINGS], filled_on=LATER, response="aucune"),
        n=4,
    ),
    *(
        Return(
            "centre", came, Outcome.ASKED, ([one(centre=_CHU)], [one("P2", centre=again, age_years=70)]), n_accepted=2
        )
        for came, again in (
            ("CHU de Saint-Zorglub, in another file CHU Saint-Zorglub", "CHU de Saint-Zorglub"),
            ("a department behind the hospital in another file", f"{_CHU}, médecine interne"),
            ("a typing error in the name", "CHU Saint-Zorgulb"),
        )
    ),
    Return(
        "centre",
        "six patients sent under two names that are not alike",
        Outcome.ASKED,
        (_of(6, centre=_CHU), _of(6, centre="Hôpital Quetzal")),
        n_accepted=12,
    ),
    _accepted(
        "centre",
        "hospitals that are called like people: Centro Hospitalar São João Porto, AZ Maria Middelares",
        _under(["Centro Hospitalar São João Porto", "AZ Maria Middelares, Gent"]),
        n=2,
    ),
]
_REMARKS = [
    _taken(
        "remark",
        "{} in a remark",
        "note",
        "cycle 1 le 12/03/2021",
        "vu le 12/3/21",
        "Néant",
        "NRS 4",
        "QMG 18",
        "Reynolds",
        "NC",
        "ND",
        "NA",
    ),
    _taken("remark", "{} as antibodies", "autoantibodies", "anti-EJ", "OJ", "KS; anti-Ro"),
    _taken("remark", "{} beside the drug", "concomitant", "FK 506", "MMF", "IVIG 2 g/kg"),
    _refused("an e-mail in a remark", "voir quetzal@zorglub.invalid", "e-mail"),
    _refused("title and name in a remark", "Mme Zorglub va mieux", "name"),
    _refused("a telephone number in a remark", "joindre au 01 23 45 67 89", "telephone"),
    _refused("a date of birth in a remark", "née le 03/11/1961", "date of birth"),
    _hidden(
        "a name before the finding, or at the end: {}",
        "name",
        "ZORGLUB réponse complète",
        "idem Zorglub",
        "Zorglub, PTI",
    ),
    _hidden("initials: {}", "initials", "XQJ, répondeur"),
    _hidden("an old date without its event: {}", "date", "patient du 03/11/1961"),
    _hidden("an occupation with its place: {}", "place or occupation", "maire d'une commune de 300 habitants"),
    _waits("remark", "initials as patient number", [one(), one("XQ")], said="initials", n=1),
]
_WORDS = [
    _taken(
        "words",
        "{} in a number",
        "n_prior_lines",
        "NC",
        "ND",
        "NSP",
        "Unknown",
        "Not asked",
        "Inconnu",
        "sans objet",
        said="n_prior_lines: 7 cells",
    ),
    _accepted(
        "words",
        "“NC” in every answer that may be missing",
        [
            one(
                **dict.fromkeys(("age_years", "sex", "treatment_year", "setting", "route", "n_doses", "relapse"), "NC"),
                note="NC",
                concomitant="NC",
                dose="NC",
                autoantibodies="NC",
            ),
        ],
        said="sex",
    ),
    _waits(
        "words",
        "“NR”, “stable”, “efficace” as response (each may mean two things)",
        _each("response", "NR", "stable", "efficace"),
        said="response",
    ),
    _taken(
        "words",
        "{} as response",
        "response",
        "Échec",
        "non répondeur",
        "Non-répondeuse",
        "progression",
        "RC",
        "RP",
        relapse="",
    ),
    _waits("words", "a day where a year is asked, as text", [one(treatment_year="01/03/2020")], said="a year alone"),
    Return(
        "words",
        "a day where a year is asked, as a date cell",
        Outcome.WAITS,
        content={"a.xlsx": _dated_cell()},
        said="a year alone",
        n_accepted=0,
    ),
    _taken(
        "words",
        "two PubMed ids in one cell: {}",
        "publication_pmid",
        "99999991 et 99999992",
        "99999991;99999993",
        published="oui",
    ),
    _accepted("words", "two DOIs in one cell", [one(published="oui", publication_doi="10.1000/182; doi:10.1000/183")]),
    _taken(
        "words", "{} as PubMed id", "publication_pmid", "99999991.0", "99 999 991", "PMID: 99999991", published="oui"
    ),
    _redcap("REDCap: a patient whose form is Incomplete (0)", Outcome.SAID, "a draft in REDCap", patient_complete=0),
    _redcap(
        "the same where the project takes Complete alone",
        Outcome.WAITS,
        "Complete",
        n=0,
        only_complete=True,
        patient_complete=0,
    ),
    Return(
        "words",
        "REDCap: missing-data codes UNK, unk, -99 in a number",
        Outcome.ACCEPTED,
        content={
            "export.csv": export(
                redcap_centre(centre_n_treated=3, centre_n_reported=3),
                *(redcap_patient(n, age_years=code) for n, code in enumerate(("UNK", "unk", "-99"), start=1)),
            ),
        },
        n_accepted=3,
    ),
    _waits("words", "a centre's own code (-77) that nobody declared", [one(n_prior_lines="-77")], said="n_prior_lines"),
    _accepted(
        "words",
        "the same, declared in registry.missing_codes",
        [one(n_prior_lines="-77")],
        said="n_prior_lines",
        rules=reading_rules(missing_codes=["-77"]),
    ),
    Return(
        "words",
        "REDCap: the patient instrument without that of the centre",
        Outcome.UNREAD,
        content={"export.csv": export(redcap_patient(), header=_OF_PATIENTS)},
        said="export both instruments",
        n_accepted=0,
    ),
    Return(
        "words",
        "REDCap: one line for each answer (EAV)",
        Outcome.UNREAD,
        content={"export.csv": b"record,redcap_event_name,field_name,value\r\n1,,age_years,54\r\n"},
        said="EAV",
        n_accepted=0,
    ),
    Return("words", "REDCap: labels with HTML", Outcome.ACCEPTED, content={"export.csv": _with_html()}),
    _taken(
        "words",
        "filled in on {}",
        "filled_on",
        "12/3/21",
        "12.03.2021",
        "12-03-2021",
        "12 mars 2021",
        "44267",
        treatment_year=2020,
    ),
    _accepted(
        "words",
        "03/12/2025 where other rows of the column show that the month comes first",
        [row | {"filled_on": day} for row, day in zip(_of(3), ("03/12/2025", "03/25/2026", "03/26/2026"), strict=True)],
        said="month/day/year",
        n=3,
    ),
    _waits(
        "words",
        "dates of two orders in one column",
        [row | {"filled_on": day} for row, day in zip(_of(2), ("03/12/2025", "03/25/2026"), strict=True)],
        said="day first",
    ),
    _accepted("words", "“4,0” where a whole number is asked", [one(n_doses="4,0")]),
    _waits("words", "“4,000” where a whole number is asked", [one(n_doses="4,000")], said="n_doses"),
]
_COMPLETENESS = [
    _accepted(
        "completeness",
        "treated 5, reported 5, two rows sent",
        [row | {"centre_n_treated": 5, "centre_n_reported": 5} for row in _of(2)],
        said="3 of the 5",
        n=2,
    ),
    _waits("completeness", "no answer under response", [one(response="", relapse="")], said="response"),
    _waits("completeness", "no answer under autoimmune", [one(autoimmune="")], said="autoimmune"),
    _accepted(
        "completeness",
        "“not reported” under response for half of the patients",
        [*_of(4)[:2], *_of(4, response="non rapporté", relapse="")[2:]],
        said="outcome",
        n=4,
    ),
    Return(
        "completeness", "a line of a CSV that breaks off", Outcome.WAITS, content={"a.csv": _broken_off()}, n_accepted=0
    ),
    Return(
        "objection",
        "one of three patients objects (the centre stays complete)",
        Outcome.OUT,
        (_of(3), [_of(3)[0] | {"objection_checked": "non", "filled_on": LATER}]),
        n_accepted=2,
    ),
    Return(
        "objection",
        "an objection, then the old sheet with a later date and “yes”",
        Outcome.OUT,
        ([one()], [one(objection_checked="non", filled_on=LATER)], [one(filled_on=LATEST)]),
        n_accepted=0,
    ),
    _waits(
        "objection",
        "an objection that finds no patient",
        [one()],
        [one("P9", objection_checked="non", filled_on=LATER)],
        said="finds none",
        n=1,
    ),
]
_FILES = [
    _aside("a name in a comment", "comment"),
    _aside("a name in a page header", "header"),
    _aside("a link to an e-mail", "link"),
    _aside("a name as the name of a sheet", "sheet"),
    _unread("a workbook saved as Strict Open XML", "a.xlsx", _strict(), "save it as XLSX"),
    _unread("a filled paper form (DOCX)", "fiche.docx", b"PK\x03\x04", "type its answers into the spreadsheet"),
    _unread("a filled paper form (PDF)", "fiche.pdf", b"%PDF-1.7", "type its answers into the spreadsheet"),
    _unread("a sheet saved as ODS", "a.ods", archive(mimetype=b"x", content__xml=b"<x/>"), "OpenDocument"),
    _unread("a sheet saved as XLS", "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "an old program"),
    Return(
        "file",
        "a CSV of commas, opened and saved by a French spreadsheet",
        Outcome.SAID,
        content={"a.csv": _in_one_column()},
        said="taken apart",
    ),
    Return(
        "file",
        "a line end kept in a cell of a workbook (_x000D_)",
        Outcome.ACCEPTED,
        content={"a.xlsx": workbook([one(response="complète_x000D_\n", note="bien_x000D_\ntoléré")])},
    ),
    _accepted("file", "forty numbers on lines that are otherwise empty", [one(), *_NUMBERS_ONLY], said="40"),
    Return(
        "file",
        "what programs leave in a folder: ~$a.xlsx, Thumbs.db, desktop.ini",
        Outcome.IGNORED,
        content=dict.fromkeys(("~$a.xlsx", "Thumbs.db", "desktop.ini"), b"\x00"),
        n_accepted=0,
    ),
]
RETURNS = (*_PLAUSIBILITY, *_CENTRES, *_REMARKS, *_WORDS, *_COMPLETENESS, *_FILES)


def _written(told: Return, folder: Path, how: str) -> None:
    """Write the files of a return, those of rows in a format."""
    write = workbook if how == XLSX else lambda rows: french(*rows)
    files = told.content or {f"{number}.{how}": write(rows) for number, rows in enumerate(told.rows, start=1)}
    for name, content in files.items():
        (folder / name).write_bytes(content)


@cache
def read(place: int) -> Intake:
    """Return what a return of `RETURNS` is read as; rows come as CSV."""
    told = RETURNS[place]
    with tempfile.TemporaryDirectory() as folder:
        _written(told, Path(folder), CSV)
        rules = {"last_day": TODAY, "only_complete": told.only_complete}
        return read_registry(Path(folder), KEY, protocol(), told.rules, **rules)


def cells_read(told: Return, how: str) -> list[tuple[list[dict], list[Fault]]]:
    """Return the cells of each file of a return, in a format, as everything after the reading of files gets them."""
    recognise = recogniser(protocol())
    with tempfile.TemporaryDirectory() as folder:
        _written(told, Path(folder), how)
        found = [form_cells(read_return(path, recognise), recognise) for path in sorted(Path(folder).iterdir())]
    return [(one.form.to_dict("records"), list(one.faults)) for one in found]


def sayings(intake: Intake) -> list[str]:
    """Return what is said of a return, in English and without the ways in which it was written."""
    said = [f"{in_words(one.column, 'en')}: {in_words(one.expected, 'en')}" for one in intake.reasons]
    said += [in_words(one, "en") for of_file in intake.messages.values() for one in of_file]
    said += [in_words(one, "en") for of_centre in intake.lacking.values() for one in of_centre if len(intake.registry)]
    usual = re.compile(r"normalised: (?:semicolons between cells)?[,; ]*(?:\d+ cell\(s\))?")
    return [one for one in dict.fromkeys(said) if not usual.fullmatch(one)]


def outcome(intake: Intake) -> Outcome:
    """Return what a return led to, the gravest of it."""
    status = set(intake.receipts["status"])
    if not status:
        return Outcome.IGNORED
    for worst, called in ((ReturnStatus.REFUSED, Outcome.REFUSED), (ReturnStatus.UNREADABLE, Outcome.UNREAD)):
        if worst in status:
            return called
    if not intake.quarantine.empty:
        return Outcome.WAITS
    if intake.questions:
        return Outcome.ASKED
    if intake.receipts["n_objected"].sum():
        return Outcome.OUT
    return Outcome.SAID if sayings(intake) else Outcome.ACCEPTED
