"""The rows of the forest plot: which lines there are, in which order, on which page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from casepool.contract.cases import SEVERAL_DISEASES
from casepool.model.estimate import NEW_DISEASE, OVERALL
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import label
from casepool.report.estimates import EMPTY, Estimate, Estimates
from casepool.report.words.catalogue import Catalogue
from casepool.report.words.citations import citations
from casepool.report.words.naming import Origin, Origins
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of

Kind = Literal["header", "study", "raw", "origin", "mean", "corrected", "new_disease", "no_data", "gap"]
HEIGHTS: dict[str, float] = {"gap": 0.4}
MIN_SOURCES = 5
_ORDER = {"complete": 0, "unclear": 1, "selective": 2}


@dataclass(frozen=True)
class ForestLine:
    """One line of the plot.

    Attributes
    ----------
    kind : what is drawn: a report ("study"), a disease's name ("header"), a pooled rate, a gap.
    label : the text at the left.
    estimate : proportion, interval and counts (empty for headers).
    ascertainment : of a report; chooses the marker.
    prediction : limits of a prediction interval, drawn under a raw rate or for a new disease.
    """

    kind: Kind
    label: str = ""
    estimate: Estimate = EMPTY
    ascertainment: str = ""
    prediction: tuple[float, float] | None = None
    continued: bool = False

    @property
    def height(self) -> float:
        """Height in rows."""
        return HEIGHTS.get(self.kind, 1.0)


@dataclass(frozen=True)
class ForestResult:
    """What one forest plot (one page) shows.

    Attributes
    ----------
    lines : from top to bottom.
    title, subtitle : above the plot.
    not_told : citations of reports whose response is not told; listed at the foot.
    page, pages : which page of how many.
    """

    lines: tuple[ForestLine, ...]
    title: str = ""
    subtitle: str = ""
    not_told: tuple[str, ...] = ()
    page: int = 1
    pages: int = 1
    level: float = 0.95
    synthetic: bool = False

    @property
    def height(self) -> float:
        """Height of all lines in rows."""
        return math.fsum(line.height for line in self.lines)


def forest_results(
    results: pd.DataFrame,
    study_counts: pd.DataFrame,
    reports: pd.DataFrame,
    protocol: Protocol,
    catalogue: Catalogue,
    rows_per_page: int,
    level: float = 0.95,
    origins: pd.DataFrame | None = None,
) -> list[ForestResult]:
    """Return the pages of the forest plot as rows.

    Parameters
    ----------
    origins : table of that name; patients of a disease whose antibodies differ in origin get a line each.
    study_counts : with the exact interval of each report in ``ci_lower, ci_upper`` and, if wanted, ``citation``.
    """
    estimates = Estimates(results, protocol.outcomes[0].id)
    names = citations(reports, catalogue.language)
    studies = rows_of(study_counts)
    found = Origins(pd.DataFrame(columns=["disease"]) if origins is None else origins)
    blocks = [
        _disease_block(one, studies, names, estimates, protocol, catalogue, found.split(one))
        for one in protocol.eligible_ids
    ]
    n_told = sum(len(block) > 1 for block in blocks)
    blocks = [block for block in blocks if len(block) > 1]
    blocks += _several_block(studies, names, catalogue)
    blocks += [_overall_block(estimates, catalogue)] if n_told != 1 else []
    empty = [one for one in protocol.eligible_ids if estimates.get(one, "raw", "exact").value is None]
    blocks += (
        [[ForestLine("no_data", ", ".join(protocol.by_id[one].short[catalogue.language] for one in empty))]]
        if empty
        else []
    )
    pages = _balanced(blocks, rows_per_page)
    silent = sorted(
        {_citation(row, names) for row in studies if is_missing(row["n_evaluable"]) or row["n_evaluable"] == 0}
    )
    shared = ForestResult(
        (),
        title=catalogue.text("forest_title"),
        subtitle=protocol.title[catalogue.language],
        pages=len(pages),
        level=level,
        synthetic=protocol.synthetic,
    )
    return [
        replace(shared, lines=lines, page=page, not_told=tuple(silent) if page == len(pages) else ())
        for page, lines in enumerate(pages, start=1)
    ]


def _disease_block(
    disease: str,
    studies: Sequence[dict[str, object]],
    names: dict[str, str],
    estimates: Estimates,
    protocol: Protocol,
    catalogue: Catalogue,
    origins: Sequence[Origin],
) -> list[ForestLine]:
    title = protocol.by_id[disease].name[catalogue.language]
    told = [row for row in studies if row["disease"] == disease and not is_missing(row["n_evaluable"])]
    lines = [_study_line(row, names) for row in sorted(told, key=_study_order) if row["n_evaluable"]]
    raw = estimates.get(disease, "raw", "exact")
    if not lines and raw.value is None:
        return [ForestLine("no_data", title)]
    mixed = estimates.get(disease, "raw", "glmm")
    return [
        ForestLine("header", title, raw),
        *lines,
        ForestLine("raw", catalogue.text("forest_raw"), raw, prediction=_prediction_over(mixed, raw)),
        *(_origin_line(one, catalogue) for one in origins),
        _corrected_line(estimates.get(disease, "corrected"), catalogue.text("forest_corrected"), catalogue),
    ]


def _several_block(
    studies: Sequence[dict[str, object]], names: dict[str, str], catalogue: Catalogue
) -> list[list[ForestLine]]:
    """Return the registry patients whose disease is not disclosed, as a block without a rate."""
    told = [row for row in studies if row["disease"] == SEVERAL_DISEASES and row["n_evaluable"]]
    if not told:
        return []
    events, n = (sum(int(str(row[name])) for row in told) for name in ("n_response", "n_evaluable"))
    total = Estimate(SEVERAL_DISEASES, n_response=events, n_evaluable=n)
    title = label(SEVERAL_DISEASES, catalogue.language)
    return [[ForestLine("header", title, total), *(_study_line(row, names) for row in sorted(told, key=_study_order))]]


def _overall_block(estimates: Estimates, catalogue: Catalogue) -> list[ForestLine]:
    raw = estimates.get(OVERALL, "raw", "exact")
    corrected, new = estimates.get(OVERALL, "corrected"), estimates.get(NEW_DISEASE, "corrected")
    lines = [ForestLine("header", catalogue.text("forest_overall"), raw)]
    lines.append(ForestLine("raw", catalogue.text("forest_raw"), raw))
    before = estimates.get(OVERALL, "uncorrected")
    if before.value is not None:
        lines.append(ForestLine("mean", catalogue.text("forest_uncorrected_mean"), before))
    if corrected.value is not None:
        lines.append(_corrected_line(corrected, catalogue.text("forest_corrected_mean"), catalogue))
    if new.headlined and _prediction(new):
        lines.append(ForestLine("new_disease", catalogue.text("forest_new_disease"), new, prediction=_prediction(new)))
    return lines


def _corrected_line(estimate: Estimate, label: str, catalogue: Catalogue) -> ForestLine:
    if estimate.headlined and estimate.status != "ok":
        words = catalogue.label(estimate.status, "status_short")
        label = f"{label} ({words})"
    return ForestLine("corrected", label, estimate)


def _prediction(estimate: Estimate) -> tuple[float, float] | None:
    if estimate.pi_lower is None or estimate.pi_upper is None:
        return None
    return estimate.pi_lower, estimate.pi_upper


def _prediction_over(mixed: Estimate, raw: Estimate) -> tuple[float, float] | None:
    """Return the prediction interval of the mixed model where it says more than the interval above it.

    None with fewer than five sources, where the variance between them is zero or unknown, and where it would be
    narrower than the exact interval of the rate: it would seem to know more of one new source than of the mean.
    """
    limits = _prediction(mixed)
    told = mixed.status == "ok" and (mixed.k or 0) >= MIN_SOURCES and raw.shown
    if not told or limits is None or limits[0] > (raw.ci_lower or 0.0) or limits[1] < (raw.ci_upper or 1.0):
        return None
    return limits


def _origin_line(origin: Origin, catalogue: Catalogue) -> ForestLine:
    name = catalogue.text(f"origin_of_{origin.autoimmune}")
    estimate = Estimate(
        origin.autoimmune, origin.proportion, origin.ci_lower, origin.ci_upper,
        n_response=origin.n_response, n_evaluable=origin.n_evaluable,
    )  # fmt: skip
    return ForestLine("origin", catalogue.text("origin_row", origin=name), estimate)


def _study_line(row: dict[str, object], names: dict[str, str]) -> ForestLine:
    n_response, n_evaluable = (int(str(row[name])) for name in ("n_response", "n_evaluable"))
    low, high = (None if is_missing(row[name]) else float(str(row[name])) for name in ("ci_lower", "ci_upper"))
    estimate = Estimate(
        str(row["report_id"]), n_response / n_evaluable, low, high, n_response=n_response, n_evaluable=n_evaluable
    )
    return ForestLine("study", _citation(row, names), estimate, str(row["ascertainment"]))


def _study_order(row: dict[str, object]) -> tuple[int, float, str]:
    year = 0.0 if is_missing(row["year"]) else float(str(row["year"]))
    return _ORDER.get(str(row["ascertainment"]), 9), year, str(row["report_id"])


def _citation(row: dict[str, object], names: dict[str, str]) -> str:
    told = row.get("citation")
    report = str(row["report_id"])
    return names.get(report, report) if is_missing(told) else str(told)


def _balanced(blocks: Sequence[Sequence[ForestLine]], rows_per_page: int) -> list[tuple[ForestLine, ...]]:
    """Return as few pages as fit; among those, diseases kept whole, then pages of like height."""
    most = list(_paged(blocks, rows_per_page))
    layouts = [list(_paged(blocks, limit)) for limit in range(rows_per_page, 1, -1)]
    fitting = [pages for pages in layouts if len(pages) == len(most) and _tallest(pages) <= rows_per_page]
    return min(fitting, key=lambda pages: (_splits(pages), _tallest(pages)), default=most)


def _tallest(pages: Sequence[Sequence[ForestLine]]) -> float:
    return max(_height(page) for page in pages)


def _splits(pages: Sequence[Sequence[ForestLine]]) -> int:
    return sum(line.continued for page in pages for line in page)


def _paged(blocks: Sequence[Sequence[ForestLine]], rows_per_page: int) -> Iterator[tuple[ForestLine, ...]]:
    page: list[ForestLine] = []
    for block in blocks:
        lone = block[0].kind == "no_data"
        for index, atom in enumerate(_atoms(block)):
            gap = [ForestLine("gap")] if page and index == 0 and not (lone and page[-1].kind == "no_data") else []
            if page and _height([*page, *gap, *atom]) > rows_per_page:
                yield tuple(page)
                page, gap = [], []
                if index:
                    page.append(replace(block[0], continued=True))
            page += [*gap, *atom]
    if page:
        yield tuple(page)


def _atoms(block: Sequence[ForestLine]) -> list[list[ForestLine]]:
    """Return the parts of a block that must not be parted: header + first row; last report + pooled rates."""
    studies = [index for index, line in enumerate(block) if line.kind == "study"]
    if len(studies) < 3:
        return [list(block)]
    first, last = studies[0], studies[-1]
    middle = [[line] for line in block[first + 1 : last]]
    return [list(block[: first + 1]), *middle, list(block[last:])]


def _height(lines: Sequence[ForestLine]) -> float:
    return math.fsum(line.height for line in lines)
