"""results.json: every estimate, one row each, and what the build was made of."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import NormalDist

import pandas as pd

from casepool.contract import TABLES
from casepool.contract.columns import Kind
from casepool.contract.results import plain_cell
from casepool.counting.counts import counted_cases
from casepool.defaults import LEVEL, PRIOR_BETA, THRESHOLDS
from casepool.files.atomic import write_text
from casepool.model.configuration import Configuration
from casepool.report.words.numbers import is_missing

SCHEMA_VERSION = "4.1"
_TALLIED = ("n_treated", "n_evaluable", "n_response")
_MOVES_NOTHING = frozenset({"authors", "published", "publication", "explanation", "also_told_in"})
LISTS = ("cases",)  # columns whose cells hold several ids

MedianAndLimits = tuple[float, float, float]


@dataclass(frozen=True)
class BuildMeta:
    """What a build was made of.

    Attributes
    ----------
    version : of casepool.
    snapshot : date of the search, YYYY-MM-DD.
    protocol : id of the protocol.
    level : coverage of the intervals.
    thresholds : response rates that probabilities and tipping ratios refer to.
    prior_beta : mean and standard deviation of the logarithm of the reporting ratio as assumed before the data.
    disclosure_threshold : registry totals below it are not public.
    commit : of the source, where known.
    """

    version: str
    snapshot: str
    protocol: str
    level: float = LEVEL
    thresholds: tuple[float, ...] = THRESHOLDS
    prior_beta: tuple[float, float] = PRIOR_BETA
    disclosure_threshold: int = 11
    synthetic: bool = False
    commit: str = ""

    @property
    def prior_ratio(self) -> MedianAndLimits:
        """Median and limits of the reporting ratio as assumed before the data: log-normal."""
        mean, deviation = self.prior_beta
        reach = NormalDist().inv_cdf((1 + self.level) / 2) * deviation
        return math.exp(mean), math.exp(mean - reach), math.exp(mean + reach)


def build_meta(
    configuration: Configuration, protocol: str, version: str, *, synthetic: bool = False, commit: str = ""
) -> BuildMeta:
    """Return the description of a build from its configuration."""
    return BuildMeta(
        version=version,
        snapshot=configuration.pubmed.snapshot,
        protocol=protocol,
        level=configuration.pooling.level,
        thresholds=tuple(configuration.pooling.thresholds),
        prior_beta=configuration.pooling.prior_beta,
        disclosure_threshold=configuration.disclosure.threshold,
        synthetic=synthetic,
        commit=commit,
    )


def results_document(
    results: pd.DataFrame, counts: pd.DataFrame, unique: pd.DataFrame, meta: BuildMeta
) -> dict[str, object]:
    """Return all estimates and counts as plain data; missing numbers are null, never NaN.

    Parameters
    ----------
    results, counts : the stage tables.
    unique : the table ``unique_patients``, public: of the registry it holds released totals only.
    meta : what the build was made of.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {
            **asdict(meta),
            "thresholds": list(meta.thresholds),
            "prior_ratio": list(meta.prior_ratio),
            "prior_beta": list(meta.prior_beta),
        },
        "results": _rows(results, "results"),
        "counts": _rows(counts, "counts"),
        "sources": source_prints(unique),
    }


def source_prints(unique: pd.DataFrame) -> list[dict[str, object]]:
    """Return what each source gives to each disease, with a checksum: two builds differ where the checksums do.

    A name or a title moves no number; all else that a counted case says is in the checksum.
    """
    counted = counted_cases(unique).sort_values(["report_id", "disease", "case_id"], kind="stable")
    said = [name for name in counted.columns if name not in _MOVES_NOTHING]
    return [
        {
            "report_id": str(report),
            "disease": str(disease),
            **{name: int(rows[name].sum()) for name in _TALLIED},
            "sha256": hashlib.sha256(rows[said].to_csv(index=False).encode()).hexdigest(),
        }
        for (report, disease), rows in counted.groupby(["report_id", "disease"], sort=True)
    ]


def write_results(document: Mapping[str, object], path: str | Path) -> None:
    """Write the document with sorted keys, atomically."""
    write_text(path, json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n")


def _rows(frame: pd.DataFrame, name: str) -> list[dict[str, object]]:
    table = TABLES[name]
    ordered = frame.sort_values(list(table.key), kind="stable")
    kinds = {column.name: column.kind for column in table.columns}
    return [
        {column: _plain(row[column], kinds[column], column) for column in table.names}
        for row in ordered.to_dict("records")
    ]


def _plain(value: object, kind: Kind, column: str) -> object:
    if column in LISTS:
        return [] if is_missing(value) else [case.strip() for case in str(value).split(";")]
    return None if is_missing(value) else plain_cell(value, kind)
