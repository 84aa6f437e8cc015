"""What the tables that people fill in, and their columns, are called and mean, in each language (``columns.yaml``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from casepool.contract.columns import Table
from casepool.contract.curated import CURATED
from casepool.model.message import FAST_LOADER
from casepool.model.protocol import Bilingual, Language
from casepool.model.study import Study, study
from casepool.model.vocabulary import label

_Part = Literal["label", "help", "example"]
_DAYS = {"en": "2026-03-12", "fr": "12/03/2026"}
LANGUAGES: tuple[Language, ...] = ("en", "fr")
_SOFT_HYPHEN = "\u00ad"
TABLES = {table.name: table for table in CURATED}


def table_title(table: str, language: Language) -> str:
    """Return what a curated table is called."""
    return str(_texts()["tables"][table]["title"][language])


def table_help(table: str, language: Language) -> str:
    """Return what a row of a curated table is."""
    return str(_texts()["tables"][table]["what"][language])


def column_label(table: str, column: str, language: Language) -> str:
    """Return what a column of a curated table is called, unique within the table.

    Parameters
    ----------
    table : name of a curated table, as ``patients``.
    column : id of one of its columns in the study in force.

    Raises
    ------
    KeyError
        If the contract has no text for it.
    """
    said = _said(table, column, "label", language)
    return said[:1].upper() + said[1:]


def column_help(table: str, column: str, language: Language) -> str:
    """Return what is to be typed into a column of a curated table; arguments as of `column_label`."""
    return _said(table, column, "help", language)


def column_example(table: str, column: str, language: Language) -> str:
    """Return a right value of a column of a curated table, as somebody would type it in a language.

    For the questions of the appraisal: what a source may say, and the answer to it.
    """
    described = TABLES[table].column(column)
    if "example" in _entry(table, column, study())[0]:
        return _said(table, column, "example", language)
    return label(described.members[0], language) if described.members else _DAYS[language]


def right_values(table: str, column: str) -> tuple[tuple[str, str], ...]:
    """Return (language, a right value) of a column, as messages give it; nothing for a table that nobody fills in."""
    if table not in TABLES:
        return ()
    return tuple((language, column_example(table, column, language)) for language in LANGUAGES)


def column_named(table: Table, header: str) -> str:
    """Return the id of the column that a header names, by its id or by its label in any language; else the header."""
    return header if header in table.names else _headers(table.name, study()).get(_plain(header), header)


@cache
def _headers(table: str, _declared: Study) -> Mapping[str, str]:
    """Return folded label → id of the column, of every language, for the study in force."""
    labels = ((column_label(table, name, one), name) for one in LANGUAGES for name in TABLES[table].names)
    return {_plain(text): name for text, name in labels} if table in TABLES else {}


def _plain(header: str) -> str:
    return " ".join(header.replace("\xa0", " ").replace("\u202f", " ").replace("'", "’").casefold().split())


@cache
def _texts() -> Any:
    source = files("casepool.contract").joinpath("texts", "columns.yaml")
    return yaml.load(source.read_text(encoding="utf-8"), FAST_LOADER)  # noqa: S506 (safe)


def _said(table: str, column: str, part: _Part, language: Language) -> str:
    entry, name = _entry(table, column, study())
    said = entry[part]
    known = _of_protocol(study(), language) | ({"name": name[language]} if name else {})
    return (said if isinstance(said, str) else str(said[language])).format(**known).replace(_SOFT_HYPHEN, "")


def _entry(table: str, column: str, declared: Study) -> tuple[Mapping[str, Any], Bilingual | None]:
    """Return the texts of a column, and the name that the protocol gives it where it declares the column."""
    texts = _texts()
    own = texts["tables"][table]["columns"]
    found = own.get(column) or texts["shared"].get(column)
    if found:
        return found, None
    role, name = dict(_declared(declared))[column]
    return texts["declared"][role], name


def _declared(declared: Study) -> Iterator[tuple[str, tuple[str, Bilingual]]]:
    """Yield each column that the protocol declares, with what it is of and its name."""
    for covariate in declared.covariates:
        yield covariate.id, ("covariate", covariate.name)
    for grade in declared.graded:
        yield f"n_{grade.id}", ("n_grade", grade.name)
    for event in declared.protocol.events:
        yield event.id, ("loss" if event is declared.loss else "event", event.column)
        yield f"{event.id}_cause", ("cause", event.column)
        yield f"{event.id}_causes", ("causes", event.column)
        yield f"n_{event.id}", ("n_event", event.column)
        yield f"n_{event.id}_at_most", ("n_event_at_most", event.column)
    if declared.loss and declared.loss.time:
        yield declared.months_to_loss, ("months_to_loss", declared.loss.time)


def _of_protocol(declared: Study, language: Language) -> dict[str, str]:
    """Return what the texts name of the question: its drug, its youngest patient, diseases and causes as examples."""
    protocol = declared.protocol
    first = protocol.diseases[0]
    made_of_others = next((one for one in protocol.diseases if one.components), first)
    causes = next((event.causes for event in protocol.events if event.causes), ())
    return {
        "drug": protocol.drug.name,
        "age": str(protocol.eligibility.minimum_age_years),
        "disease": first.id,
        "syndrome": made_of_others.id,
        "causes": "; ".join(f"{cause.id} {n}" for cause, n in zip(causes, (2, 1), strict=False)),
        "name": first.name[language],
    }
