"""Identifying content in what comes back from the call: it is named by place and kind, never repeated."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casepool.contract.registry import FORM, FREE_TEXT
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.publication_ids import dois_in, pmids_in
from casepool.model.vocabulary import TextVerdict
from casepool.privacy.finding.headers import header_kinds
from casepool.privacy.finding.initials import has_initials
from casepool.privacy.finding.lexicon import UNDERSTOOD, kind_of
from casepool.privacy.finding.names import Sureness, name_in
from casepool.privacy.finding.patterns import has_other_script, pattern_kinds, plain_text, without_references
from casepool.privacy.finding.second_reader import SecondReader
from casepool.privacy.finding.words import kinds_of, words_of

_HEADER_ROW = 1
_KNOWN_WORD = "traitement"  # stands for a word that names nobody
# Kind of identifying content → what it is called, and what is expected where it stands.
_KINDS = {
    "name": (Message("kind_name"), Message("not_a_name")),
    "initials": (Message("kind_initials"), Message("not_initials")),
    "date of birth": (Message("kind_date_of_birth"), Message("not_a_date_of_birth")),
    "date": (Message("kind_date"), Message("not_a_date")),
    "social security number": (Message("kind_social_security_number"), Message("not_a_social_security_number")),
    "national identifier": (Message("kind_national_identifier"), Message("not_a_national_identifier")),
    "hospital number": (Message("kind_hospital_number"), Message("not_a_hospital_number")),
    "telephone": (Message("kind_telephone"), Message("not_a_telephone")),
    "e-mail": (Message("kind_e_mail"), Message("not_an_e_mail")),
    "address": (Message("kind_address"), Message("not_an_address")),
    "location": (Message("kind_location"), Message("not_a_location")),
    "place or occupation": (Message("kind_place_or_occupation"), Message("not_a_place_or_occupation")),
    "file or web address": (Message("kind_file_or_web_address"), Message("not_a_web_address")),
    "letters of another script": (Message("kind_other_script"), Message("latin_letters")),
}
_CENTRE_MAY_TELL = frozenset({"address", "file or web address", "place or occupation"})  # the hospital's own
_SERIAL = re.compile(r"(?:p|pt|pat|patient|cas|case|n|no|num|id|numero)?[\s.°#_\-]*\d{1,4}(?:\.0)?", re.IGNORECASE)
_SHORTEST_NAME = 5  # shorter ones are initials
_CODE_NUMBER = re.compile(r"\d{5}")
_CODE_INITIALS = re.compile(r"[a-z](?:[\s.\-]?[a-z]){1,3}\.?(?:[\s\-]?\d{1,4})?", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Finding:
    """Identifying content.

    Attributes
    ----------
    row : the line of the file (the header is line 1).
    column : the column or place.
    kind : what it is.
    certain : whether it is sure, so that the file is refused; else the row waits, hidden, and the centre is asked.
    """

    row: int
    column: str | Message
    kind: str
    certain: bool = True


def kind_in_words(kind: str) -> Message:
    """Return what a kind of identifying content is called."""
    return _KINDS[kind][0]


def expectation(kind: str) -> Message:
    """Return what is expected where a kind of identifying content was found."""
    return _KINDS[kind][1]


def identifying_columns(headers: Sequence[str], known: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return the headers that ask for identity, by position; folded headers that are `known` ask for none."""
    findings = []
    for number, header in enumerate(headers, start=1):
        if fold(header) not in known:
            findings += [
                Finding(_HEADER_ROW, Message("unread_column", number=number), kind)
                for kind in sorted(header_kinds(header))
            ]
    return tuple(findings)


def identifying_content(
    frame: pd.DataFrame,
    lines: Sequence[int],
    harmless_words: Sequence[str] = (),
    second_reader: SecondReader | None = None,
) -> tuple[Finding, ...]:
    """Return every cell with identifying content, sorted by line and column.

    Parameters
    ----------
    frame : text cells in columns of the form (empty = NA), as they were typed.
    lines : the line of the file that each row stands on.
    harmless_words : words that name nobody, whatever they look like.
    second_reader : what looks for names too; what it alone finds is not certain.
    """
    harmless = _pattern_of(harmless_words)
    findings: list[Finding] = []
    for column in (name for name in FORM.names if name in frame):
        codes, texts = pd.factorize(frame[column])  # each text is read once, however many rows hold it
        read = [harmless.sub(_KNOWN_WORD, str(text)) if harmless else str(text) for text in texts]
        kinds = [cell_kinds(text, column) for text in read]
        if second_reader is not None and column in FREE_TEXT:
            for kinds_of_cell, named in zip(kinds, second_reader(read), strict=True):
                if named:
                    kinds_of_cell.setdefault("name", False)
        telling = np.array([bool(kind) for kind in kinds] + [False])  # the last place is that of empty cells
        for row in np.flatnonzero(telling[codes]).tolist():
            findings += [Finding(lines[row], column, *told) for told in kinds[codes[row]].items()]
    return tuple(sorted(findings))


def _pattern_of(words: Sequence[str]) -> re.Pattern[str] | None:
    listed = "|".join(map(re.escape, words))
    return re.compile(rf"\b(?:{listed})\b", re.IGNORECASE) if words else None


def cell_kinds(text: str, column: str) -> dict[str, bool]:
    """Return the kinds of identifying content in one cell of a column of the form → whether it is certain."""
    found: dict[str, bool] = {}
    for kind, certain in _kinds(text, column):
        found[kind] = certain or found.get(kind, False)
    return found


def judge_text(text: str, column: str = "note") -> tuple[TextVerdict, tuple[str, ...]]:
    """Return what becomes of a text (its file is refused, its row waits, or neither), and the kinds found."""
    kinds = cell_kinds(text, column)
    if not kinds:
        return TextVerdict.FINE, ()
    return TextVerdict.REFUSE if any(kinds.values()) else TextVerdict.WAIT, tuple(sorted(kinds))


def _kinds(text: str, column: str) -> Iterator[tuple[str, bool]]:
    if has_other_script(text):
        yield "letters of another script", False
    plain = plain_text(text)
    if (column == "publication_pmid" and pmids_in(plain)) or (column == "publication_doi" and dois_in(plain)):
        return
    if column == "patient_code":
        yield from _code_kinds(plain)
        return
    plain = without_references(plain)
    for kind, certain in _plain_kinds(plain, column):
        if kind == "date" and column == "filled_on":
            continue
        if kind in _CENTRE_MAY_TELL and column == "centre":
            continue
        if kind == "date" and column in {"age_years", "treatment_year"}:
            yield "date of birth", column == "age_years"
        else:
            yield kind, certain


def _plain_kinds(plain: str, column: str) -> Iterator[tuple[str, bool]]:
    kinds = kinds_of(plain)
    yield from pattern_kinds(plain, kinds)
    if name := name_in(plain, column, kinds):
        yield "name", name is Sureness.YES
    if has_initials(plain, column, kinds):
        yield "initials", False


def _code_kinds(plain: str) -> Iterator[tuple[str, bool]]:
    """Yield what a patient number that is no serial number may be; another misfit is for the intake to tell."""
    if _SERIAL.fullmatch(plain):
        return
    kinds = dict(_plain_kinds(plain, "patient_code"))
    if _CODE_NUMBER.search(plain):
        kinds["hospital number"] = True
    if _CODE_INITIALS.fullmatch(plain) and not kinds:
        kinds["initials"] = False
    if any(len(word) >= _SHORTEST_NAME and not kind_of(word) & UNDERSTOOD for word in words_of(plain)):
        kinds.setdefault("name", False)
    yield from kinds.items()
