"""Underlying diseases: a patient with a syndrome is filed under the one of its diseases whose response was measured."""

from __future__ import annotations

from collections.abc import Iterator

from casepool.contract import TABLES
from casepool.extraction.curated import Curated
from casepool.files import sheets
from casepool.model.errors import Problem
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.rows import numbered_rows


def underlying_problems(curated: Curated, protocol: Protocol) -> Iterator[Problem]:
    """Yield where an underlying disease is none of the protocol, that of the row itself, or made of others."""
    for name in ("patients", "cohorts"):
        for line, row in numbered_rows(curated[name].dropna(subset=["disease", "underlying_disease"])):
            disease, underlying = str(row["disease"]), str(row["underlying_disease"])
            expected = _expected(disease, underlying, protocol)
            if expected:
                key = sheets.key_of(row, TABLES[name])
                near = "" if underlying in protocol.by_id else sheets.nearest(underlying, sorted(protocol.by_id))
                yield Problem(f"{name}.csv", line, key, "underlying_disease", underlying, expected, near)


def _expected(disease: str, underlying: str, protocol: Protocol) -> Message | None:
    if underlying not in protocol.by_id:
        return Message("disease_id")
    if underlying == disease:
        return Message("other_disease")
    components = protocol.by_id[underlying].components
    if components and disease not in components:
        return Message("filed_under_component", underlying=underlying, components=tuple(components))
    return None
