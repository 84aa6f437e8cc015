"""An export of any database, register or program, read by its content: records, remarks, and what no field takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casepool.files import atomic
from casepool.files.cells import read_sheets
from casepool.files.encoding import decode
from casepool.files.unpacking import unzipped
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.search.formats import recognition, structured, tables
from casepool.search.formats.bibtex import read_bibtex
from casepool.search.formats.citation import Record, safe_id
from casepool.search.formats.mapping import Entry, Program, program_of, programs_of, record_of, trials_of, unplaced
from casepool.search.formats.nbib import medline_facts
from casepool.search.formats.pubmed_xml import parse_pubmed
from casepool.search.formats.tagged import COCHRANE, EU_CTR, NBIB, OVID, REFER, REFWORKS, RIS, WOS, Grammar, read_tagged
from casepool.search.formats.trials import trial_facts

# The tagged formats.
GRAMMARS: Mapping[str, Grammar] = {
    "ris": RIS, "nbib": NBIB, "wos": WOS, "ovid": OVID, "refer": REFER, "refworks": REFWORKS,
    "cochrane": COCHRANE, "eu_ctr": EU_CTR,
}  # fmt: skip
_ELEMENTS = {"endnote_xml": "record", "refworks_xml": "reference", "ictrp": "Trial"}
# What people call a format, and what stands before the key of a record that it names.
FORMATS: Mapping[str, tuple[str, str]] = {
    "pubmed": ("PubMed XML", "pmid:"),
    "ris": ("RIS", "ris:"),
    "nbib": ("NBIB", "nbib:"),
    "bibtex": ("BibTeX", "bib:"),
    "table": ("CSV", "csv:"),
    "xlsx": ("XLSX", "csv:"),
    "wos": ("Web of Science, tagged", "wos:"),
    "ovid": ("Ovid, tagged", "ovid:"),
    "refer": ("EndNote, tagged", "enw:"),
    "refworks": ("RefWorks, tagged", "refworks:"),
    "cochrane": ("Cochrane, text", "cochrane:"),
    "eu_ctr": ("EU Clinical Trials Register, text", "trial:"),
    "endnote_xml": ("EndNote XML", "xml:"),
    "refworks_xml": ("RefWorks XML", "xml:"),
    "csl": ("CSL-JSON", "csl:"),
    "ctgov": ("ClinicalTrials.gov JSON", "trial:"),
    "ictrp": ("ICTRP XML", "trial:"),
}
_HEAD = 65_536  # characters in which PubMed XML shows itself: a file of it is read as a stream
_SHOWN = 8
_SINGLE = ("year", "volume", "issue", "pages", "first_page", "doi", "pmid")  # what an entry says once
REGISTER = "register"


@dataclass(frozen=True)
class Reading:
    """What a file holds.

    Attributes
    ----------
    format : id of its format, a key of `FORMATS`.
    programs : who wrote it, with the number of entries; entries that no program is recognised by are not counted.
    origin : ``register`` where the entries are trials, else ``database``.
    records : one for each entry, in file order.
    remarks : what was guessed, mended or may be lost, each for a reader.
    unplaced : tags, columns or paths that fill no field → number of entries that hold them.
    query : the query of the search, where the file holds it.
    trials : what a register says of the trial of each record, where that was asked for.
    """

    format: str
    programs: Mapping[str, int]
    origin: str
    records: tuple[Record, ...]
    remarks: tuple[Message, ...]
    unplaced: Mapping[str, int]
    query: str = ""
    trials: tuple[Mapping[str, str], ...] = ()


def read_export(path: str | Path, *, register: bool = False) -> Reading:
    """Return what an export holds, whatever wrote it.

    Parameters
    ----------
    register : whether it is one of a register, of which more is read than the citation.

    Raises
    ------
    FileError
        If the file cannot be read, is of no kind that is known (the message says what it looks like), or is so damaged
        that records would be lost.
    """
    source = Path(path)
    content = atomic.read_bytes(source)
    try:
        return _read(content, source, register)
    except FileError as error:
        if isinstance(error.message, Message) and any(name == "file" for name, _ in error.message.arguments):
            raise
        raise FileError(Message("file_fault", file=str(source), fault=error.message)) from error


def _read(content: bytes, source: Path, register: bool) -> Reading:
    kind = recognition.recognise_bytes(content)
    if isinstance(kind, Message):
        raise _not_understood(source, kind)
    if kind == "xlsx":
        return _workbook(source, register)
    if recognition.recognise_text(decode(unzipped(content, _HEAD))[0]) == "pubmed":
        records = tuple(parse_pubmed(source))
        return Reading("pubmed", {"PubMed": len(records)}, "database", records, tuple(_remarks(records, [], "")), {})
    text, notes = decode(unzipped(content))
    return _text(text, source, [note for note in notes if note.id != "byte_order_mark"], register)


def _not_understood(source: Path, looks: Message) -> FileError:
    return FileError(Message("not_understood", file=str(source), looks=looks))


def _text(text: str, source: Path, notes: Sequence[Message], register: bool) -> Reading:
    kind = recognition.recognise_text(text)
    if isinstance(kind, Message):
        raise _not_understood(source, kind)
    if kind in GRAMMARS:
        entries, remarks = read_tagged(text, GRAMMARS[kind])
    elif kind == "bibtex":
        entries, remarks = read_bibtex(text)
    elif kind in _ELEMENTS:
        entries, remarks = structured.read_xml(text, _ELEMENTS[kind])
    elif kind == "json":
        objects, kind = structured.read_json(text)
        if not kind:
            names = tuple(dict.fromkeys(name for one in objects for name in one))[:_SHOWN]
            raise _not_understood(source, Message("looks_like_json", names=names or Message("empty")))
        entries, remarks = structured.json_entries(objects), []
    else:
        return _table(_cells(text, source), source, "table", notes, register)
    return _reading(entries, kind, FORMATS[kind][1], [*notes, *remarks], register)


def _workbook(source: Path, register: bool) -> Reading:
    """Return what the first sheet with a header holds; other sheets with rows are remarked on."""
    sheets = {name: rows for name, rows in read_sheets(source).items() if any(map(any, rows))}
    if not sheets:
        raise _not_understood(source, Message("looks_empty"))
    name = next((one for one, rows in sheets.items() if tables.has_header(rows) or tables.names_fields(rows)), "")
    name = name or next(iter(sheets))
    others = tuple(one for one in sheets if one != name)
    remarks = [Message("sheets_not_read", read=name, sheets=others)] if others else []
    return _table(sheets[name], source, "xlsx", remarks, register)


def _cells(text: str, source: Path) -> list[list[str]]:
    rows = tables.split_table(text)
    widths = {len(row) for row in rows if any(row)}
    if not tables.has_header(rows) and (len(widths) != 1 or widths == {1}) and not tables.names_fields(rows):
        raise _not_understood(source, Message("looks_like_text", begins=recognition.first_line(text)))
    return rows


def _table(rows: list[list[str]], source: Path, kind: str, notes: Sequence[Message], register: bool) -> Reading:
    entries, remarks = tables.read_table(rows)
    found = _reading(entries, kind, f"csv:{safe_id(source.stem)}.", [*notes, *remarks], register)
    return replace(found, query=tables.query_in(rows))


def _reading(entries: Sequence[Entry], kind: str, prefix: str, remarks: Sequence[Message], register: bool) -> Reading:
    if not entries:
        raise FileError(Message("no_entry", format=FORMATS[kind][0]))
    written = "table" if kind == "xlsx" else kind
    programs = [program_of(entry, written) for entry in entries]
    records = [_record(entry, program, kind, prefix) for entry, program in zip(entries, programs, strict=True)]
    named = Counter(program.name for program in programs if program.name)
    trials = 2 * sum(program.origin == REGISTER for program in programs) > len(programs)
    told = _remarks(records, entries, kind)
    of_trials = trials_of(written)
    used = [*{id(one): one for one in programs}.values(), *([of_trials] if trials else [])]
    pairs = zip(entries, records, strict=True) if register else ()
    facts = tuple(trial_facts(one, of_trials, str(record["title"])) for one, record in pairs)
    return Reading(
        kind, dict(named.most_common()), REGISTER if trials else "database", tuple(records), (*remarks, *told),
        unplaced(entries, used), trials=facts,
    )  # fmt: skip


def _record(entry: Entry, program: Program, kind: str, prefix: str) -> Record:
    record = record_of(entry, program, "trial:" if program.origin == REGISTER else prefix)
    return medline_facts(entry, record) if kind == "nbib" else record


def _remarks(records: Sequence[Record], entries: Sequence[Entry], kind: str) -> list[Message]:
    """Return remarks on entries without a title, and on those with two, which may be two entries in one."""
    untitled = [str(number) for number, record in enumerate(records, start=1) if not record["title"]]
    found = [Message("entries_without_title", n=len(untitled), entries=_some(untitled))] if untitled else []
    if kind in GRAMMARS:
        once = programs_of(kind)[-1].fields
        titles = once["title"]
        others = [tag for name in _SINGLE for tag in once.get(name, ())]
        twice = [str(entry.line) for entry in entries if _repeats(entry, titles, 1) or _repeats(entry, others, 2)]
        found += [Message("entries_of_two", n=len(twice), lines=_some(twice))] if twice else []
    return found


def _repeats(entry: Entry, tags: Sequence[str], n: int) -> bool:
    """Return whether at least `n` of these tags stand in an entry with more than one value."""
    return sum(len(set(entry.values.get(tag, ()))) > 1 for tag in tags) >= n


def _some(items: Sequence[str]) -> tuple[str, ...]:
    return tuple(items[:_SHOWN]) + (("…",) if len(items) > _SHOWN else ())
