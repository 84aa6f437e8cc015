"""Returned files of the registry, sound and bad: no centre, patient or answer here exists."""

from __future__ import annotations

import csv
import io
import os
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from invented import Row, protocol
from openpyxl.worksheet.formula import ArrayFormula

from casepool.contract.registry import FORM
from casepool.registry.form.texts import form_texts

KEY = b"0123456789abcdef0123456789abcdef"
# Texts that must stand in no message: they are what the files tell.
SECRETS = ("Zorglub", "Utopie", "Quetzal", "47.3", "47,3", "anti-Tlön", "0xC0FFEE")
LABELS = {language: [form_texts(language, protocol()).labels[name] for name in FORM.names] for language in ("fr", "en")}


def entry(code: str = "P1", **changes: object) -> Row:
    """Return a row of the form as a French centre types it: an adult with a complete response."""
    row: Row = {"centre": "CHU Zorglub, médecine interne", "country": "Utopie", "filled_on": "31/01/2026"}
    row |= {"centre_n_treated": 3, "centre_n_reported": 3, "patient_code": code, "objection_checked": "oui"}
    row |= {"age_years": "47,3", "sex": "femme", "treatment_year": 2023, "disease": "PTI", "setting": "primaire"}
    row |= {"disease_as_reported": "forme du Quetzal", "autoimmune": "oui", "autoantibodies": "anti-Tlön; anti-Uqbar"}
    row |= {"n_prior_lines": 4, "route": "intraveineuse", "dose": "16 mg/kg", "n_doses": 8, "response": "complète"}
    return row | {"relapse": "non", "published": "non"} | changes


def cells(*rows: Row) -> list[list[str]]:
    """Return rows as the cells of the form, in its order."""
    return [["" if row.get(name) is None else str(row.get(name, "")) for name in FORM.names] for row in rows]


def text(header: Sequence[str], rows: Iterable[Sequence[str]], separator: str = ",") -> str:
    """Return a CSV text."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows([header, *rows])
    return buffer.getvalue()


def french(*rows: Row, separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """Return the CSV that French Excel saves."""
    return text(LABELS["fr"], cells(*rows), separator).encode(encoding)


def book(rows: Iterable[Sequence[object]], header: Sequence[str] = tuple(FORM.names)) -> openpyxl.Workbook:
    """Return a workbook whose first sheet holds the header and the rows."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Patients"
    for row in (header, *rows):
        sheet.append([None if cell == "" else cell for cell in row])
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook."""
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def sheet(*rows: Row) -> bytes:
    """Return a workbook with the names of the columns as its header."""
    return saved(book(cells(*rows)))


def part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one of its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == name else old.read(one))
    return buffer.getvalue()


def archive(**members: bytes) -> bytes:
    """Return a zip archive of the members (two underscores stand for the point of a suffix)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def declaring(content: bytes, name: str, size: int) -> bytes:
    """Return an archive that declares another unpacked size for one of its members."""
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        local = old.getinfo(name).header_offset
    entry_at = content.index(b"PK\x01\x02")
    while content[entry_at + 46 : entry_at + 46 + len(name)] != name.encode():
        entry_at = content.index(b"PK\x01\x02", entry_at + 4)
    struct.pack_into("<I", changed, entry_at + 24, size)
    struct.pack_into("<I", changed, local + 22, size)
    return bytes(changed)


def flagged_as_encrypted(content: bytes) -> bytes:
    """Return an archive whose directory says that its members are encrypted."""
    changed = bytearray(content)
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(changed)


@dataclass(frozen=True)
class Bad:
    """A file of one fault.

    Attributes
    ----------
    name : what is wrong with it.
    file : its name in the folder.
    make : writes it at a path.
    told : a piece of the one message or reason that answers it.
    n_rows : how many rows the receipt counts.
    column : where the reason stands, or empty where the receipt's message tells it.
    secrets : texts of the file that no message may hold, beside those of every file.
    """

    name: str
    file: str
    make: Callable[[Path], object]
    told: str
    n_rows: int = 0
    column: str = ""
    secrets: tuple[str, ...] = ()


def _bytes(name: str, file: str, content: bytes, told: str, n_rows: int = 0, column: str = "", *secrets: str) -> Bad:
    return Bad(name, file, lambda path: path.write_bytes(content), told, n_rows, column, secrets)


def _row(name: str, told: str, column: str, *secrets: str, **changes: object) -> Bad:
    """Return a CSV file with one sound row and one with a fault."""
    content = french(entry("P1"), entry(**({"code": "P2"} | changes)))
    return _bytes(name, "row.csv", content, told, 2, column, *secrets)


def _edited(name: str, change: Callable[[openpyxl.Workbook], object], told: str, n_rows: int, column: str) -> Bad:
    """Return a workbook of two sound rows, changed."""
    made = book(cells(entry("P1"), entry("P2")))
    change(made)
    return _bytes(name, "book.xlsx", saved(made), told, n_rows, column)


def _place(name: str, row: int) -> str:
    return f"{openpyxl.utils.get_column_letter(FORM.names.index(name) + 1)}{row}"


def _set(name: str, value: object, row: int = 3) -> Callable[[openpyxl.Workbook], object]:
    def change(made: openpyxl.Workbook) -> None:
        made.worksheets[0][_place(name, row)] = value

    return change


def _merge(first: str, last: str) -> Callable[[openpyxl.Workbook], object]:
    return lambda made: made.worksheets[0].merge_cells(f"{first}:{last}")


def _error_cell(made: openpyxl.Workbook) -> None:
    cell = made.worksheets[0][_place("note", 3)]
    cell.value, cell.data_type = "#DIV/0!", "e"


def _array_formula(made: openpyxl.Workbook) -> None:
    place = _place("n_doses", 3)
    made.worksheets[0][place] = ArrayFormula(place, "=SUM(A1:A2*1)")


def _hide_row(made: openpyxl.Workbook) -> None:
    made.worksheets[0].row_dimensions[3].hidden = True


def _hide_sheet(made: openpyxl.Workbook) -> None:
    made.create_sheet("Quetzal")["A1"] = "0xC0FFEE"
    made.active = 1
    made.worksheets[0].sheet_state = "hidden"


def _second_sheet(state: str) -> Callable[[openpyxl.Workbook], object]:
    def change(made: openpyxl.Workbook) -> None:
        again = made.copy_worksheet(made.worksheets[0])
        again.sheet_state = state

    return change


def _big(path: Path) -> None:
    with path.open("wb") as handle:
        handle.truncate(26 * 2**20)


_DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "0xC0FFEE"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_FIRST_SHEET = "xl/worksheets/sheet1.xml"


def _declares(content: bytes) -> bytes:
    start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
    return content[:start] + _DOCTYPE + content[start:]


def _utf16(content: bytes) -> bytes:
    return _declares(content).decode().replace("utf-8", "utf-16").replace("UTF-8", "UTF-16").encode("utf-16")


def _first_cell(written: bytes) -> bytes:
    """Return a workbook whose first cell below the header is written as told."""
    cell = re.compile(rb'(<c r="A2" ).*?(</c>)')
    return part(_SOUND, _FIRST_SHEET, lambda xml: cell.sub(rb"\1" + written + rb"\2", xml))


_SOUND = sheet(entry("P1"), entry("P2"))
_LINES = french(entry("P1"), entry("P2")).decode("utf-8-sig").splitlines(keepends=True)

FILES = [
    _bytes("empty file", "a.csv", b"", "the file is empty"),
    _bytes("blank lines only", "a.csv", b"\r\n ; \r\n\r\n", "the file is empty"),
    _bytes("header only", "a.csv", _LINES[0].encode(), "no row describes a patient"),
    _bytes("centre without patients", "a.csv", french({"centre": "CHU Zorglub"}), "no row describes a patient"),
    _bytes("another table", "a.csv", b"Zorglub,Quetzal\n1,2\n", "no header of the form: 0 of its 36 columns"),
    _bytes("two header rows", "a.csv", (_LINES[0] * 2 + _LINES[1]).encode(), "line 2 is a second header"),
    _bytes("title above the header", "a.csv", ("Zorglub\r\n" + "".join(_LINES)).encode(), "header stands in line 2"),
    _bytes(
        "duplicated column",
        "a.csv",
        text([*FORM.names, "sex"], [[*one, "femme"] for one in cells(entry())]).encode(),
        "sex: more than one column",
        1,
    ),
    _bytes(
        "one column under two names",
        "a.csv",
        text(["Centre (hospital, department)", *FORM.names], [["x", *one] for one in cells(entry())]).encode(),
        "centre: more than one column",
        1,
    ),
    _bytes(
        "a required column missing",
        "a.csv",
        text([*FORM.names[:7], *FORM.names[8:13], *FORM.names[14:]], [one[:34] for one in cells(entry())]).encode(),
        "without column(s) autoimmune",
        1,
    ),
    _bytes("NUL bytes", "a.csv", b"".join(x.encode() for x in _LINES) + b"\x00\x00", "NUL bytes"),
    _bytes("UTF-16 without its mark", "a.csv", "".join(_LINES).encode("utf-16-le"), "NUL bytes"),
    _bytes("UTF-16 broken off", "a.csv", "".join(_LINES).encode("utf-16")[:-1], "damaged UTF-16"),
    _bytes("UTF-32", "a.csv", "".join(_LINES).encode("utf-32"), "UTF-32"),
    _bytes("bytes of no encoding", "a.csv", "".join(_LINES).encode("cp1252") + b"\x81\x8d\xff", "mixed encodings"),
    _bytes(
        "two encodings",
        "a.csv",
        _LINES[0].encode() + _LINES[1].encode("cp1252"),
        "mixed encodings",
    ),
    _bytes("open quotation mark", "a.csv", "".join(_LINES).encode() + b'"Zorglub;', "a quotation mark stands alone"),
    _bytes("text after a quotation", "a.csv", _LINES[0].encode() + b'"Zorglub" x;y', "a quotation mark stands alone"),
    _bytes("endless cell", "a.csv", "".join(_LINES).encode() + b"Quetzal" * 20_000, "a cell is too long"),
    Bad("larger than the limit", "a.csv", _big, "larger than 25 MiB"),
    _bytes("too many rows", "a.csv", _LINES[0].encode() + b"Zorglub\n" * 200_001, "more than 200,000 rows"),
    _bytes("too many columns", "a.csv", text([*FORM.names, *"x" * 500], []).encode(), "more than 500 columns"),
    _bytes("old Excel", "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a file of an old program"),
    _bytes(
        "encrypted workbook",
        "a.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "protected by a password",
    ),
    _bytes("Word document", "a.docx", archive(word__xml=b"<w/>"), "a filled-in paper form (DOCX, PDF)"),
    _bytes("PDF", "Zorglub.pdf", b"%PDF-1.7 Zorglub", "a filled-in paper form (DOCX, PDF)"),
    _bytes("no suffix", "Zorglub", b"a;b", "not a kind of file that is read"),
    _bytes("OpenDocument", "a.ods", archive(mimetype=b"x", content__xml=b"<x/>"), "an OpenDocument file"),
    _bytes("OpenDocument renamed", "a.xlsx", archive(mimetype=b"x", content__xml=b"<x/>"), "an OpenDocument file"),
    _bytes("CSV called XLSX", "a.xlsx", french(entry()), "not a workbook"),
    _bytes("old Excel called CSV", "a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "an old program"),
    _bytes("web page called XLSX", "a.xlsx", b"<html><table>Zorglub", "not a workbook"),
    _bytes("workbook broken off", "a.xlsx", _SOUND[: len(_SOUND) // 2], "a damaged workbook"),
    _bytes("zipped CSV", "a.xlsx", archive(Zorglub__csv=french(entry())), "an archive that is no workbook"),
    _bytes(
        "zip bomb",
        "a.xlsx",
        part(_SOUND, _FIRST_SHEET, lambda xml: xml.replace(b"</sheetData>", b" " * 5 * 2**20 + b"</sheetData>")),
        "unpacks to more than 200 MiB or 200 times its size",
    ),
    _bytes("declared size beyond the limit", "a.xlsx", declaring(_SOUND, _FIRST_SHEET, 2**30), "unpacks to more than"),
    _bytes("size that lies", "a.xlsx", declaring(_SOUND, _FIRST_SHEET, 100), "a damaged workbook"),
    _bytes(
        "too many parts",
        "a.xlsx",
        archive(**{f"x{i}": b"" for i in range(1001)}),
        "an archive of more than 1,000 parts",
    ),
    _bytes("encrypted archive", "a.xlsx", flagged_as_encrypted(_SOUND), "protected by a password"),
    _bytes("document type in a sheet", "a.xlsx", part(_SOUND, _FIRST_SHEET, _declares), "declares a document type"),
    _bytes("entities in the styles", "a.xlsx", part(_SOUND, "xl/styles.xml", _declares), "declares a document type"),
    _bytes("entities hidden in UTF-16", "a.xlsx", part(_SOUND, _FIRST_SHEET, _utf16), "declares a document type"),
    _bytes(
        "part in an odd encoding",
        "a.xlsx",
        part(_SOUND, _FIRST_SHEET, lambda xml: b'<?xml version="1.0" encoding="UTF-7"?>' + xml),
        "is not in UTF-8",
    ),
    _bytes(
        "sheet with broken XML",
        "a.xlsx",
        part(_SOUND, _FIRST_SHEET, lambda xml: xml.replace(b"</row>", b"<Zorglub>", 1)),
        "a damaged workbook",
    ),
    _bytes("text that is in no list", "a.xlsx", _first_cell(b't="s"><v>99999</v>'), "a damaged workbook"),
    _bytes("number of endless digits", "a.xlsx", _first_cell(b"><v>" + b"9" * 5000 + b"</v>"), "a damaged workbook"),
    _bytes("workbook without the form", "a.xlsx", saved(book([["x"]], ["Zorglub"])), "no header of the form"),
    _bytes("workbook without a cell", "a.xlsx", saved(openpyxl.Workbook()), "the file is empty"),
    _edited("two sheets with the form", _second_sheet("visible"), "two sheets hold the form", 0, ""),
    _edited("a second form on a hidden sheet", _second_sheet("veryHidden"), "two sheets hold the form", 0, ""),
    _edited("hidden sheet with the form", _hide_sheet, "the sheet with the form is hidden", 0, ""),
    _edited("hidden row", _hide_row, "a visible row", 2, "row"),
    _edited(
        "cells merged over two columns", _merge(_place("age_years", 3), _place("sex", 3)), "not merged", 2, "age_years"
    ),
    _edited("merged header", _merge("A1", "B1"), "merged cells in the header", 0, ""),
    _edited("formula in a number", _set("age_years", "=12*4"), "a value, not a formula", 2, "age_years"),
    _edited("formula in a text", _set("note", '="a"&"b"'), "a value, not a formula", 2, "note"),
    _edited("array formula", _array_formula, "a value, not a formula", 2, "n_doses"),
    _edited("error of the spreadsheet", _error_cell, "not an error of the spreadsheet", 2, "note"),
    Bad("link", "a.csv", lambda path: path.symlink_to("/etc/passwd"), "a link, not a file"),
    Bad("link to nothing", "a.csv", lambda path: path.symlink_to("Zorglub"), "a link, not a file"),
    Bad("folder called like a file", "a.csv", lambda path: path.mkdir(), "a folder, not a file"),
    Bad("pipe", "a.csv", os.mkfifo, "not a regular file"),
    _bytes(
        "more cells than the header",
        "a.csv",
        "".join(_LINES[:2]).encode() + _LINES[2].replace("16 mg/kg", "16;mg/kg").encode(),
        "36 cells as in the header",
        2,
        "cells",
    ),
    _bytes(
        "cells shifted to the left",
        "a.csv",
        "".join(_LINES[:2]).encode() + _LINES[2].replace("oui;47,3", "47,3").encode(),
        "an answer: yes (informed, does not object)",
        2,
        "objection_checked",
    ),
]

ROWS = [
    _row("objection of nobody known", "this objection finds none", "objection_checked", objection_checked="non"),
    _row("right to object not told", "does not object", "objection_checked", objection_checked=""),
    _row("right to object unreadable", "does not object", "objection_checked", "perhaps", objection_checked="perhaps"),
    _row("objection hides other faults", "finds none", "objection_checked", objection_checked="n", age_years=312),
    _row("no patient number", "a serial number", "patient_code", code=""),
    _row("patient number with an addition", "a serial number", "patient_code", "bis", code="P1-bis"),
    _row("no date", "a date YYYY-MM-DD", "filled_on", filled_on="", centre="CHU Tlön"),
    _row("impossible date", "a date YYYY-MM-DD", "filled_on", "31/02/2026", filled_on="31/02/2026"),
    _row("month that does not exist", "a date YYYY-MM-DD", "filled_on", "brumaire", filled_on="31 brumaire 2026"),
    _row("no patient treated", "a whole number from 1", "centre_n_treated", centre_n_treated=0, centre_n_reported=1),
    _row("number in words", "a whole number from 1", "centre_n_reported", "trois", centre_n_reported="trois"),
    _row("more reported than treated", "at most centre_n_treated", "centre_n_reported", centre_n_reported=4),
    _row("impossible age", "a number from 0 to 120", "age_years", "312", age_years=312),
    _row("age in words", "a number from 0 to 120", "age_years", "quarante", age_years="quarante"),
    _row("age with its unit", "a number from 0 to 120", "age_years", "47 ans", age_years="47 ans"),
    _row("negative age", "a number from 0 to 120", "age_years", "-47", age_years="-47"),
    _row("endless age", "a number from 0 to 120", "age_years", age_years="inf"),
    _row("age that is not a number", "a number from 0 to 120", "age_years", age_years="nan"),
    _row("unknown sex", "one of female, male", "sex", "xyz", sex="xyz"),
    _row("year without its century", "a whole number from 1990", "treatment_year", treatment_year=23),
    _row("year before the drug", "a whole number from 1990", "treatment_year", "1889", treatment_year=1889),
    _row("unknown disease", "a disease of the form", "disease", "Zorglubite", disease="Zorglubite"),
    _row("no disease", "a disease of the form", "disease", disease=""),
    _row("response NR", "one of complete, partial", "response", response="NR"),
    _row("response as a number", "one of complete, partial", "response", response="1"),
    _row(
        "relapse without response", "yes only for a patient who responded", "relapse", response="aucune", relapse="oui"
    ),
    _row("half a line of treatment", "a whole number from 0 to 40", "n_prior_lines", n_prior_lines="2.5"),
    _row("comma in a count", "a whole number from 0 to 200", "n_doses", n_doses="1,000"),
    _row("follow-up out of limits", "a number from 0 to 480", "follow_up_months", follow_up_months=4800),
    _row("PMID that is none", "a PubMed id", "publication_pmid", "abc12", published="oui", publication_pmid="abc12"),
    _row(
        "DOI that is none",
        "a DOI such as",
        "publication_doi",
        "Quetzal.x",
        published="oui",
        publication_doi="Quetzal.x",
    ),
    _row("cited and not published", "yes where a PMID", "published", "31415926", publication_pmid="31415926"),
    _row("command in a text", "no spreadsheet takes for a formula", "note", "calc", note="=cmd|' /C calc'!A0"),
    _row("function in a text", "no spreadsheet takes for a formula", "note", "SUM", note="@SUM(1+1)*cmd|' /C calc'!A0"),
    _row("sum in a text", "no spreadsheet takes for a formula", "dose", "2+3", dose="+2+3"),
    _row("difference in a text", "no spreadsheet takes for a formula", "dose", "2+3", dose="-2+3"),
    _row("tab before a formula", "no spreadsheet takes for a formula", "note", "cmd", note="\t=cmd|' /C calc'!A0"),
    _row("hidden sign before a formula", "no spreadsheet takes for a formula", "note", "cmd", note="\u200b=cmd|'x'!A0"),
    _row("formula behind a bullet", "no spreadsheet takes for a formula", "note", "cmd", note="- =cmd|'x'!A0"),
    _row("formula behind a separator", "no spreadsheet takes for", "concomitant", "cmd", concomitant="MMF;=cmd|'x'!A0"),
    _row("wide sign of a formula", "no spreadsheet takes for a formula", "note", "cmd", note="＝cmd|'x'!A0"),
    _row("apostrophe before a formula", "no spreadsheet takes for a formula", "note", "cmd", note="'=cmd|'x'!A0"),
    _row("formula as centre", "no spreadsheet takes for a formula", "centre", "CHU", centre="=CHU"),
    _row("control character", "without control characters", "note", note="Quetzal\x1b[2J"),
    _row("lost letter", "without control characters or lost letters", "note", note="Qu\ufffdtzal"),
    _row("endless text", "at most 5,000 characters", "note", note="Quetzal " * 700),
    _row("another row of the same date", "a later date", "filled_on", code="P1", response="partielle"),
]

_EMAIL = "quetzal@zorglub.invalid"


def _key_sheet(made: openpyxl.Workbook) -> None:
    """Add the list by which a centre tells whose number is whose."""
    beside = made.create_sheet("Liste")
    beside.append(["Numéro", "Nom", "Prénom", "Date de naissance"])
    beside.append(["P1", "Zorglub", "Quetzal", "01/02/1963"])


def _with_column(header: str, value: str) -> bytes:
    """Return a file with one column more than the form."""
    return text([*LABELS["fr"], header], [[*one, value] for one in cells(entry("P1"), entry("P2"))]).encode()


# Files that tell who somebody is; "told" is the place and kind that the message names.
REFUSED = [
    _bytes("column of names", "a.csv", _with_column("Nom du patient", ""), "line 1, column 37: name", 2),
    _bytes("column of birth dates", "a.csv", _with_column("DDN", ""), "line 1, column 37: date of birth", 2),
    _bytes("e-mail in a column that is not used", "a.csv", _with_column("x", _EMAIL), "line 2, column 37: e-mail", 2),
    _row("e-mail in a remark", "line 3, note: e-mail", "note", _EMAIL, note=f"voir {_EMAIL}"),
    _row("telephone in a remark", "note: telephone", "note", "45 67", note="joindre au 01 23 45 67 89"),
    _row("name in a remark", "line 3, note: name", "note", note="Mme Zorglub va mieux"),
    _row("hospital number", "line 3, patient_code: hospital number", "patient_code", "80012345", code="80012345"),
    _row("birth date as age", "line 3, age_years: date of birth", "age_years", "1963", age_years="01/02/1963"),
    _row(
        "e-mail of a patient who objected", "line 3, note: e-mail", "note", _EMAIL, objection_checked="n", note=_EMAIL
    ),
    _bytes(
        "e-mail in a row whose cells are out of place",
        "a.csv",
        "".join(_LINES[:2]).encode() + _LINES[2].replace("16 mg/kg", f"16;{_EMAIL}").encode(),
        "line 3, row: e-mail",
        2,
    ),
    _edited("list of names on another sheet", _key_sheet, "another sheet: name", 2, ""),
]
