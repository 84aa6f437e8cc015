"""A reader with every public file of a build and the published literature, who looks for a registry patient."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.contract.cases import RELEASED_REPORTS
from casepool.counting.counts import disease_counts, study_counts
from casepool.description.characteristics import characteristics
from casepool.description.safety import safety
from casepool.extraction.curated import read_curated
from casepool.files import store
from casepool.identity.ledger import link
from casepool.model.configuration import Configuration, load_configuration
from casepool.model.protocol import Protocol, load_protocol
from casepool.pooling.pool import pool_outcomes

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def readable(path: Path) -> bytes:
    """Return what a file says, with what is packed in it (ZIP members, PDF and PNG streams) laid open."""
    content = path.read_bytes()
    parts = [content]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts += [packed.read(name) for name in packed.namelist()]
    for stream in _STREAM.findall(content):
        try:
            parts.append(zlib.decompress(stream.strip(b"\r\n")))
        except zlib.error:
            parts.append(stream)
    return b"\n".join(parts)


def files_under(folder: Path, *, private: bool) -> Iterator[Path]:
    """Yield the files of a folder of results, those of its private side on request."""
    for path in sorted(folder.rglob("*")):
        shown = private or "private" not in path.relative_to(folder).parts
        if path.is_file() and shown and not path.name.startswith("."):
            yield path


def mentions(folder: Path, needles: list[str], *, private: bool = False) -> list[tuple[str, str]]:
    """Return (file, needle) for every text that stands in a file or in the name of one."""
    found = []
    for path in files_under(folder, private=private):
        content = (readable(path) + str(path.relative_to(folder)).encode()).lower()
        found += [(path.name, needle) for needle in needles if needle.encode().lower() in content]
    return found


@dataclass(frozen=True)
class Literature:
    """What the attacker computes from the publications alone, with the program itself."""

    protocol: Protocol
    configuration: Configuration
    cases: pd.DataFrame
    decisions: pd.DataFrame


def literature_of(project: Path) -> Literature:
    """Return the published side of a project: curated tables and public tables."""
    configuration = load_configuration(project / "config" / "config.yaml")
    decisions = read_curated(project / "data" / "curated")["identity_decisions"]
    cases = store.read_table("cases", project / "results" / "tables" / "literature_cases.csv")
    return Literature(load_protocol(project / configuration.protocol), configuration, cases, decisions)


def tables_of(
    known: Literature, totals: pd.DataFrame, links: pd.DataFrame, linkage: pd.DataFrame, *, pooled: bool = True
) -> dict[str, pd.DataFrame]:
    """Return the tables that a build would publish if the registry consisted of these totals (rates on request)."""
    cases = store.stack("cases", known.cases, totals)
    unique = link(cases, store.stack("identity_decisions", known.decisions, links)).unique
    pooling = known.configuration.pooling
    studies = study_counts(unique, pooling.level)
    rates = {"results": pool_outcomes(studies, unique, linkage, known.protocol, pooling).results} if pooled else {}
    return rates | {
        "unique_patients": unique,
        "study_counts": studies,
        "counts": disease_counts(studies, known.protocol),
        "characteristics": characteristics(unique, known.protocol),
        "safety": safety(unique, known.protocol, pooling.level),
    }


def remainders(public: pd.DataFrame, alone: pd.DataFrame, keys: list[str], columns: list[str]) -> pd.Series:
    """Return what is left of each public count after the literature's own count is taken off."""
    counted = [frame.groupby(keys, dropna=False)[columns].sum() for frame in (public, alone)]
    left = counted[0].sub(counted[1], fill_value=0).stack()
    return left[left != 0].astype(int)


def released(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the totals of the registry among the public cases."""
    return cases[cases["report_id"].isin(list(RELEASED_REPORTS))]


def derived(totals: pd.DataFrame, linkage: pd.DataFrame) -> Iterator[int]:
    """Yield every number of registry patients that follows from the linkage, by itself and by subtraction.

    The unpublished of each row, what a row leaves of the evaluable patients of its totals, and the unpublished of
    whom one outcome is known and another is not. A row without a disease stands for the totals without a row.
    """
    complete = totals[totals["ascertainment"] == "complete"].set_index("disease")["n_evaluable"]
    linkage = linkage.assign(cell=linkage["disease"].fillna("others"))
    rows = linkage.set_index(["outcome", "cell"]).sort_index()
    known = rows["n_response"] + rows["n_none"]
    unpublished = known - rows["n_response_published"] - rows["n_none_published"]
    yield from unpublished
    named = linkage["disease"].dropna()
    for outcome, cell in rows.index:
        of_cell = complete[~complete.index.isin(named)].sum() if cell == "others" else complete[cell]
        if outcome == "any_response" or ("any_response", cell) not in rows.index:
            yield of_cell - known[outcome, cell]
        else:
            yield unpublished["any_response", cell] - unpublished[outcome, cell]
