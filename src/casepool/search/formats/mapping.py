"""From the entries of an export to records, by the table of programs and fields in ``programs.yaml``.

An entry is a list of (name, value): the tag of a line, the column of a cell, the path of an element. Which of them
fills which field is data; what a value looks like in its plain form is in `citation`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from casepool.model.folding import fold
from casepool.model.message import FAST_LOADER
from casepool.search.formats.citation import (
    Record,
    article_number,
    citation,
    digits,
    issns,
    notices,
    page_range,
    plain,
    plain_doi,
    plain_pmcid,
    safe_id,
    year_in,
)

# Notes and reference lists name other publications: only what begins so is about the entry itself.
_LINK = re.compile(r"\s*(?:doi\b[:\s]*10\.|https?://(?:dx\.)?doi\.org/)", re.IGNORECASE)
_MARK = re.compile(
    r"\s*(?:PMID|PUBMED)[:\s]*([1-9]\d{0,8})(?!\d)|\s*(https?://\S*?ncbi\.nlm\.nih\.gov/\S*)", re.IGNORECASE
)
_MARK_PMC = re.compile(r"\s*(?:PMID[:\s]*\d+[;,\s]*)?PMCID[:\s]*(PMC\d+)", re.IGNORECASE)
# What stands in place of a name: of those not listed, or where nobody is named.
_NOBODY = re.compile(
    r"and\s+others|et\.? al\.?|null|\.{3}|…|anonymous|\[anonymous\]|\[?no authors?(?: names?)? (?:available|listed)\]?",
    re.IGNORECASE,
)
_NO_ABSTRACT = re.compile(
    r"\W*(?:no abstract (?:is )?available|abstract (?:is )?(?:not |un)available)\W*", re.IGNORECASE
)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_INITIALS = re.compile(
    rf"(?>[^\d,;]*?[^\W\d_]{{2}})[^\d,;]*\s{_CAPITAL}(?:{_CAPITAL}|[.\- ]){{0,7}}(?:\s(?:Jr|Sr|2nd|3rd|II|III)\.?)?"
)
_INITIALS_FIRST = re.compile(rf"{_CAPITAL}(?:\.?[ -]?{_CAPITAL}){{0,3}}\.?\s+[^\W\d_]{{2}}[^\d,;]*")  # AB Imaginary
_GIVEN = re.compile(rf"(?:{_CAPITAL}\.?[ -]?){{1,4}}")  # of "Imaginary, A.B., Li, W."
_SEVERAL = re.compile(r";\s*(?=\w+://)|\s+")  # a DOI in an address may hold a semicolon
_ONE_FIELD = ("title", "journal", "volume", "issue", "url", "abstract")


@dataclass(frozen=True)
class Entry:
    """One entry of an export: where it begins (line or row; 0: not known) and its values by name, in their order."""

    line: int
    pairs: tuple[tuple[str, str], ...]
    values: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[str]] = {}
        for name, value in self.pairs:
            found.setdefault(name, []).append(value)
        object.__setattr__(self, "values", {name: tuple(values) for name, values in found.items()})


@dataclass(frozen=True)
class Program:
    """A program or database that writes a format: how its entries are recognised, and which names fill which field."""

    name: str
    origin: str
    when: tuple[Mapping[str, re.Pattern[str]], ...]
    fields: Mapping[str, tuple[str, ...]]
    parts: re.Pattern[str] | None

    @cached_property
    def _among(self) -> dict[frozenset[str], Mapping[str, tuple[str, ...]]]:
        return {}

    def fields_among(self, names: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
        """Return what fills each field of an entry with these names; the rows of a table have few sets of them."""
        if names not in self._among:
            self._among[names] = {
                field: told
                for field, every in self.fields.items()
                if (told := tuple(one for one in every if not names.isdisjoint(_parts(one))))
            }
        return self._among[names]


@cache
def programs_of(format_: str) -> tuple[Program, ...]:
    """Return the programs that write a format; the last one stands for all that are not recognised."""
    table = _table(format_)
    every = {name: _names(told) for name, told in table["fields"].items()}
    known = [
        Program(
            name,
            told.get("origin", ""),
            tuple({key: re.compile(sign) for key, sign in signs.items()} for signs in told["when"]),
            every | {name: _names(given) for name, given in told.get("fields", {}).items()},
            re.compile(told["parts"]) if "parts" in told else None,
        )
        for name, told in table.get("programs", {}).items()
    ]
    return (*known, Program("", table.get("origin", ""), (), every, None))


@cache
def trials_of(format_: str) -> Program:
    """Return which names tell what a register says of a trial beside its citation, whoever wrote the format."""
    told = _table(format_).get("trials", {})
    return Program("", "", (), {name: _names(given) for name, given in told.items()}, None)


@cache
def _table(format_: str) -> Mapping[str, Any]:
    source = files("casepool.search.formats").joinpath("programs.yaml")
    whole: Mapping[str, Any] = yaml.load(source.read_text(encoding="utf-8"), FAST_LOADER)  # noqa: S506 (safe)
    found: Mapping[str, Any] = whole.get(format_, {})
    return found


def _names(told: str) -> tuple[str, ...]:
    """Return alternatives, best first; a comma inside a pattern has no space behind it."""
    return tuple(told.split(", ")) if told else ()


@cache
def names_of(format_: str) -> frozenset[str]:
    """Return every name that fills a field of a format or shows its program."""
    return frozenset[str]().union(*map(_known, programs_of(format_)))


def program_of(entry: Entry, format_: str) -> Program:
    """Return the program that wrote an entry, as far as it shows: by all signs of one alternative."""
    for program, signs in _candidates(format_, frozenset(entry.values)):
        if all(any(map(sign.search, entry.values[name])) for name, sign in signs.items()):
            return program
    return programs_of(format_)[-1]


@lru_cache(maxsize=4096)
def _candidates(format_: str, names: frozenset[str]) -> tuple[tuple[Program, Mapping[str, re.Pattern[str]]], ...]:
    """Return the signs that can show in an entry with these names, with the program of each."""
    return tuple((one, signs) for one in programs_of(format_) for signs in one.when if signs.keys() <= names)


def unplaced(entries: Iterable[Entry], used: Iterable[Program]) -> dict[str, int]:
    """Return the names that fill no field and show no program → the entries with them, most frequent first."""
    known = frozenset[str]().union(*(_known(one) for one in used))
    counts = Counter(
        name
        for entry in entries
        for name, told in entry.values.items()
        if name not in known and any(map(str.strip, told))
    )
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _known(program: Program) -> frozenset[str]:
    filling = {part for names in program.fields.values() for name in names for part in _parts(name)}
    return frozenset(filling | {name for signs in program.when for name in signs})


def _parts(name: str) -> list[str]:
    return name.partition("~")[0].split("+")


def record_of(entry: Entry, program: Program, prefix: str) -> Record:
    """Return the record of an entry; one without key is named after its ids, else after what it says.

    Parameters
    ----------
    prefix : what stands before the key in the record's id.
    """
    take = _Taking(entry, program)
    told = {name: take.first(name) for name in _ONE_FIELD}
    told["abstract"] = "" if _NO_ABSTRACT.fullmatch(told["abstract"]) else told["abstract"]
    told["url"] = _SEVERAL.split(told["url"].strip())[0]
    parts = take.parts()
    told = {name: value or parts.get(name, "") for name, value in told.items()}
    types = [one for one in take.all("publication_types") if not plain_doi(one)]
    facts = {
        **told,
        "doi": take.doi(),
        "pmid": take.pmid(),
        "year": take.year() or parts.get("year", ""),
        "pmcid": take.pmcid(),
        "authors": "; ".join(take.people("authors")),
        "issn": issns(" ".join(take.all("issn"))),
        "pages": take.pages() or page_range(parts.get("pages") or parts.get("number", "")),
        "language": "; ".join(_distinct(take.pieces("language"))),
        "publication_types": "; ".join(_distinct(map(plain, types))),
        "keywords": "; ".join(_distinct(map(plain, take.all("keywords")))),
        **notices([piece.strip() for one in types for piece in one.split(";")], ()),
    }
    return citation(f"{prefix}{_key(take, facts)}", **facts)


def values_of(entry: Entry, program: Program, name: str) -> list[str]:
    """Return every value of the first alternative of a field that an entry tells."""
    return _Taking(entry, program).all(name)


def _key(take: _Taking, facts: Mapping[str, str]) -> str:
    """Return the name of a record within its export: the same the next time it is exported.

    A DOI alone names no record: that of a supplement belongs to each abstract in it.
    """
    key = take.first("key")
    key = key.rstrip("/").rpartition("/")[2] if "://" in key else key
    if safe_id(key):
        return safe_id(key)
    if facts["pmid"]:
        return f"pmid{facts['pmid']}"
    said = [facts[name] for name in ("title", "year", "authors")] if facts["title"] else [str(take.entry.pairs)]
    digest = hashlib.sha256("|".join(fold(one) for one in said).encode("utf-8", "replace")).hexdigest()
    return f"{safe_id(facts['doi'])}.{digest[:6]}" if facts["doi"] else digest[:12]


def _distinct(values: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(value for value in values if value)


@dataclass(frozen=True)
class _Taking:
    """What fills the fields of one entry. ``A1+AU``: both, as they stand; ``UR~pattern``: what its group catches."""

    entry: Entry
    program: Program

    @cached_property
    def told(self) -> Mapping[str, tuple[str, ...]]:
        """The alternatives of each field that the entry has."""
        return self.program.fields_among(frozenset(self.entry.values))

    def alternatives(self, name: str) -> Iterator[list[str]]:
        for one in self.told.get(name, ()):
            tag, _, pattern = one.partition("~")
            if pattern:
                found = [re.search(pattern, value) for value in self.entry.values.get(tag, ())]
                values = [match[1] for match in found if match and match[1].strip()]
            elif "+" in one:
                among = one.split("+")
                values = [value for tag, value in self.entry.pairs if tag in among and value.strip()]
            else:
                values = [value for value in self.entry.values.get(one, ()) if value.strip()]
            if values:
                yield values

    def all(self, name: str) -> list[str]:
        """Return every value of the first alternative that has any."""
        return next(self.alternatives(name), [])

    def first(self, name: str) -> str:
        """Return the first value; an abstract may stand in several lines."""
        values = self.all(name)
        return " ".join(values) if name == "abstract" else next(iter(values), "")

    def every(self, *names: str) -> Iterator[str]:
        for name in names:
            for values in self.alternatives(name):
                yield from values

    def doi(self) -> str:
        told = [plain_doi(value) for value in self.every("doi")]
        told += [plain_doi(value) for value in self.every("links") if _LINK.match(value)]
        return next(filter(None, told), "")

    def pmid(self) -> str:
        told = [digits(value) for value in self.every("pmid")]
        marked = [_MARK.match(part) for value in self.every("links") for part in value.split("\n")]
        told += [digits(found[1] or found[2]) for found in marked if found]
        return next(filter(None, told), "")

    def pmcid(self) -> str:
        told = [plain_pmcid(value) for value in self.every("pmcid")]
        marked = [_MARK_PMC.match(part) for value in self.every("links") for part in (value, *value.split("\n"))]
        told += [found[1] for found in marked if found]
        return next(filter(None, told), "")

    def year(self) -> str:
        years = (year_in(value) for value in self.every("year"))
        return next((str(year) for year in years if year), "")

    def pages(self) -> str:
        for value in self.every("pages"):
            if pages := page_range(value):
                return pages
        first, last = (page_range(self.first(name)) for name in ("first_page", "last_page"))
        if first and last and first != last and "-" not in first:
            return f"{first}-{last}"
        if first or last:
            return first or last
        cited = page_range(self.first("article_number"))
        return cited or next(filter(None, map(article_number, self.all("publisher_id"))), "")

    def people(self, name: str) -> Iterator[str]:
        """Yield names, each once; several in one value stand between semicolons, bars, or commas after initials."""
        values = self.all(name)
        pieces = [piece for value in values for piece in _people(value, alone=len(values) == 1)]
        yield from _distinct(one for one in map(_name, pieces) if not _NOBODY.fullmatch(one))

    def pieces(self, name: str) -> Iterator[str]:
        for value in self.all(name):
            yield from (plain(one) for one in value.split(";"))

    def parts(self) -> Mapping[str, str]:
        """Return what a source told in one line holds: journal, year, volume, issue, pages."""
        found = self.program.parts.search(self.first("source")) if self.program.parts else None
        return {name: value for name, value in found.groupdict().items() if value} if found else {}


def _people(value: str, *, alone: bool) -> Sequence[str]:
    if ";" in value or "|" in value:
        return re.split("[;|]", value)
    by_and = re.split(r"\s+and\s+", value)
    if len(by_and) > 1 and all("," in one for one in by_and):
        return by_and
    commas = [piece.strip(" .") for piece in value.split(",")]
    if alone and len(commas) > 2 and not len(commas) % 2 and all(map(_GIVEN.fullmatch, commas[1::2])):
        return [", ".join(pair) for pair in zip(value.split(",")[::2], value.split(",")[1::2], strict=True)]
    if alone and "," in value and ", " not in value and all(" " in one for one in commas):
        return commas  # Anna Imaginary,Wu Li
    if alone and len(commas) > 1:
        named = [one.strip(" …") for one in commas if one.strip(" …") and not _NOBODY.fullmatch(one)]
        if any(all(map(form.fullmatch, named)) for form in (_INITIALS, _INITIALS_FIRST)):
            return value.split(",")
    return [value]


def _name(text: str) -> str:
    return re.sub(r"\s+,", ",", re.sub(r",\s*null$|\s+et\.? al\.?$", "", plain(text).strip(" ,…")))
