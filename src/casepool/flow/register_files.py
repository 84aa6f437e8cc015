"""What a register says of a trial beside its citation: numbers, status, end, condition, drug, investigators.

Read are the files that ``sources.csv`` calls registers: tables and JSON of ClinicalTrials.gov, tables of EU CTIS and
the EU register, tables and XML of ICTRP, and RIS whose notes say ``status: …; completion …; condition: …; drug: …``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from lxml import etree

from casepool.files import atomic
from casepool.model.errors import FileError
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.vocabulary import Origin
from casepool.rows import rows_of
from casepool.screening.returned import read_returned

# The numbers of registers, wherever they stand in a text.
_NUMBER = re.compile(
    r"\b(?:NCT\d{8}|20\d\d-\d{6}-\d\d|20\d\d-5\d{5}-\d\d-\d\d|ISRCTN\d{8}|DRKS\d{8}|jRCTs?\d{9,}|UMIN\d{9}|KCT\d{7}"
    r"|ChiCTR[-A-Z]*\d{8,}|ACTRN\d{14}|CTRI/20\d\d/\d\d/\d{6}|IRCT\d{10,}N?\d*|PACTR\d{15}|NTR\d{4})\b",
    re.IGNORECASE,
)
# What is asked → the names under which registers tell it, the best first.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "study title", "officialtitle", "scientific title", "full title", "title of the trial",
              "public title", "brieftitle"),
    "status": ("status", "study status", "overallstatus", "recruitment status", "overall recruitment status",
               "trial status", "overall trial status"),
    "end": ("completion", "completion date", "completiondatestruct date", "study completion date",
            "date of the global end of the trial", "end date", "primary completion date",
            "primarycompletiondatestruct date"),
    "conditions": ("condition", "conditions", "medical condition", "medical conditions", "disease"),
    "drugs": ("drug", "interventions", "intervention", "interventions name", "product"),
    "people": ("au", "a1", "overallofficials name", "investigators", "contact lastname", "principal investigator"),
}  # fmt: skip
_NOTED = ("registration", "condition", "status", "drug", "disease", "phase", "enrolment", "start", "completion")
_KEYS = "|".join(_NOTED)
_IN_NOTES = re.compile(rf"(?:^|; )({_KEYS}):? (.*?)(?=; (?:{_KEYS}|registry)\b|$)")
_LONGEST = 400  # letters of a cell that may tell a number of this trial; a summary speaks of other trials


@dataclass(frozen=True)
class TrialFacts:
    """What a register says of a trial.

    Attributes
    ----------
    names : its key in the file and its register numbers, folded: any of them finds its record.
    numbers : its numbers in registers, as they are written.
    read_on : the day on which the register was read.
    """

    names: frozenset[str]
    numbers: tuple[str, ...] = ()
    title: str = ""
    status: str = ""
    end: str = ""
    conditions: str = ""
    drugs: str = ""
    people: str = ""
    read_on: str = ""


def numbers_in(text: str) -> tuple[str, ...]:
    """Return the numbers of registers in a text, each once."""
    return tuple({fold(one): one for one in _NUMBER.findall(text)}.values())


def read_trials(sources: pd.DataFrame, root: str | Path) -> list[TrialFacts]:
    """Return the trials of every register file that ``sources.csv`` describes.

    Raises
    ------
    FileError
        If a file cannot be read.
    """
    described = [row for row in rows_of(sources) if row["origin"] == Origin.REGISTER]
    return [
        _facts(cells, str(source["accessed_on"]))
        for source in described
        for cells in _entries(Path(root) / str(source["path"]))
    ]


def _entries(path: Path) -> Iterator[Mapping[str, str]]:
    content = atomic.read_bytes(path)
    try:
        if content.lstrip()[:1] in (b"{", b"["):
            told = json.loads(content)
            for study in told.get("studies", [told]) if isinstance(told, dict) else told:
                yield _flat(study)
        elif content.lstrip().startswith(b"<"):
            parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
            for trial in etree.fromstring(content, parser).iter("Trial"):
                yield {fold(str(one.tag)): (one.text or "").strip() for one in trial}
        else:
            yield from (row.cells for row in read_returned(path))
    except (ValueError, etree.XMLSyntaxError) as error:
        raise FileError(Message("file_cannot_be_read", file=str(path), error=str(error))) from error


def _flat(value: object, name: str = "", parent: str = "") -> dict[str, str]:
    """Return the leaves of JSON under their last name, or their last two where one alone says too little."""
    if isinstance(value, dict):
        cells: dict[str, str] = {}
        for key, one in value.items():
            for place, text in _flat(one, str(key), name).items():
                cells[place] = f"{cells[place]}; {text}" if place in cells else text
        return cells
    if isinstance(value, list):
        parts = [_flat(one, name, parent) for one in value]
        return {place: "; ".join(part[place] for part in parts if place in part) for part in parts for place in part}
    alone = name if name not in {"date", "name", "id"} else f"{parent} {name}"
    return {alone.casefold(): "" if value is None else str(value)}


def _facts(cells: Mapping[str, str], read_on: str) -> TrialFacts:
    told = {re.sub(r"[\W_]+", " ", fold(name)).strip(): text for name, text in cells.items()}
    told |= {name: text.strip() for name, text in _IN_NOTES.findall(told.get("notes", ""))}
    found = {kind: next((told[name] for name in names if told.get(name)), "") for kind, names in _NAMES.items()}
    short = " ; ".join(text for text in told.values() if len(text) <= _LONGEST)
    numbers = numbers_in(short)
    keys = [text for name, text in told.items() if name in {"id", "key", "nct number", "trialid", "nctid"}]
    names = frozenset(fold(one) for one in (*numbers, *keys) if one)
    return TrialFacts(names, numbers, **found, read_on=read_on)
