"""The forest plot of a project: which lines there are, in which order, on which page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from casepool.contract.cases import SEVERAL_DISEASES
from casepool.defaults import LEVEL
from casepool.model.estimate import ALL, NEW_DISEASE, OVERALL, OWN, POOLED, Estimate
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import label
from casepool.report.estimates import Estimates
from casepool.report.figures.forest.layout import ForestLayout
from casepool.report.figures.forest.lines import (
    ForestLine,
    ForestResult,
    balanced,
    corrected_line,
    pooled_line,
    prediction_of,
)
from casepool.report.words.catalogue import Catalogue
from casepool.report.words.citations import citations
from casepool.report.words.naming import Origin, Origins
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of

MIN_SOURCES = 5
_ORDER = {"complete": 0, "unclear": 1, "selective": 2}


def forest_results(
    results: pd.DataFrame,
    study_counts: pd.DataFrame,
    reports: pd.DataFrame,
    protocol: Protocol,
    catalogue: Catalogue,
    rows_per_page: int,
    level: float = LEVEL,
    origins: pd.DataFrame | None = None,
    layout: ForestLayout | None = None,
) -> list[ForestResult]:
    """Return the pages of the forest plot as rows.

    Parameters
    ----------
    origins : table of that name; patients of a disease whose antibodies differ in origin get a line each.
    layout : further columns and another order of the sources.
    study_counts : with the exact interval of each report in ``ci_lower, ci_upper`` and, if wanted, ``citation``.
    """
    estimates = Estimates(results, protocol.outcomes[0].id)
    names = citations(reports, catalogue.language)
    studies = rows_of(study_counts)
    found = Origins(pd.DataFrame(columns=["disease"]) if origins is None else origins)
    layout = layout or ForestLayout()
    blocks = [
        _disease_block(one, studies, names, estimates, protocol, catalogue, found.split(one), layout)
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
    pages = balanced(blocks, rows_per_page)
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
        columns=layout.heads(catalogue),
        remark=_remark(estimates, catalogue),
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
    layout: ForestLayout,
) -> list[ForestLine]:
    title = protocol.by_id[disease].name[catalogue.language]
    told = [row for row in studies if row["disease"] == disease and not is_missing(row["n_evaluable"])]
    told = sorted((row for row in told if row["n_evaluable"]), key=lambda row: (*layout.place(row), *_study_order(row)))
    total = sum(int(str(row["n_evaluable"])) for row in told)
    lines = [replace(_study_line(row, names), cells=layout.cells(row, total, catalogue)) for row in told]
    raw = estimates.get(disease, "raw", "exact")
    if not lines and raw.value is None:
        return [ForestLine("no_data", title)]
    mixed = estimates.get(disease, "raw", "glmm")
    return [
        ForestLine("header", title, raw),
        *lines,
        ForestLine("raw", catalogue.text("forest_raw"), raw, prediction=_prediction_over(mixed, raw)),
        *(_origin_line(one, catalogue) for one in origins),
        corrected_line(estimates.get(disease, OWN, OWN), catalogue.text("forest_corrected"), catalogue),
        *pooled_line(estimates.get(disease, POOLED), catalogue.text("forest_pooled")),
    ]


def _several_block(
    studies: Sequence[dict[str, object]], names: dict[str, str], catalogue: Catalogue
) -> list[list[ForestLine]]:
    """Return the registry patients whose disease is not disclosed, as a block without a rate."""
    told = [row for row in studies if row["disease"] == SEVERAL_DISEASES and row["n_evaluable"]]
    if not told:
        return []
    events, n = (sum(int(str(row[name])) for row in told) for name in ("n_response", "n_evaluable"))
    total = Estimate(disease=SEVERAL_DISEASES, n_response=events, n_evaluable=n)
    title = label(SEVERAL_DISEASES, catalogue.language)
    return [[ForestLine("header", title, total), *(_study_line(row, names) for row in sorted(told, key=_study_order))]]


def _overall_block(estimates: Estimates, catalogue: Catalogue) -> list[ForestLine]:
    raw = estimates.get(OVERALL, "raw", "exact")
    own, new = estimates.get(OVERALL, OWN, OWN), estimates.get(NEW_DISEASE, POOLED)
    lines = [ForestLine("header", catalogue.text("forest_overall"), raw)]
    lines.append(ForestLine("raw", catalogue.text("forest_raw"), raw))
    if own.value is not None:
        lines.append(corrected_line(own, catalogue.text("forest_anchored_mean"), catalogue))
    before = estimates.get(OVERALL, "uncorrected")
    if before.value is not None:
        lines.append(ForestLine("mean", catalogue.text("forest_uncorrected_mean"), before))
    lines += pooled_line(estimates.get(OVERALL, POOLED), catalogue.text("forest_pooled_mean"))
    if new.headlined and prediction_of(new):
        lines.append(
            ForestLine("new_disease", catalogue.text("forest_new_disease"), new, prediction=prediction_of(new))
        )
    return lines


def _remark(estimates: Estimates, catalogue: Catalogue) -> str:
    """Return how far the diseases differ by the pooled model, where it says it."""
    tau = estimates.get(ALL, "tau")
    return "" if tau.value is None else catalogue.text("forest_tau", tau=catalogue.numbers.decimal(tau.value))


def _prediction_over(mixed: Estimate, raw: Estimate) -> tuple[float, float] | None:
    """Return the prediction interval of the mixed model where it says more than the interval above it.

    None with fewer than five sources, where the variance between them is zero or unknown, and where it would be
    narrower than the exact interval of the rate: it would seem to know more of one new source than of the mean.
    """
    limits = prediction_of(mixed)
    told = mixed.status == "ok" and (mixed.k or 0) >= MIN_SOURCES and raw.shown
    if not told or limits is None or limits[0] > (raw.ci_lower or 0.0) or limits[1] < (raw.ci_upper or 1.0):
        return None
    return limits


def _origin_line(origin: Origin, catalogue: Catalogue) -> ForestLine:
    name = catalogue.text(f"origin_of_{origin.autoimmune}")
    estimate = Estimate(
        value=origin.proportion, ci_lower=origin.ci_lower, ci_upper=origin.ci_upper,
        n_response=origin.n_response, n_evaluable=origin.n_evaluable,
    )  # fmt: skip
    return ForestLine("origin", catalogue.text("origin_row", origin=name), estimate)


def _study_line(row: dict[str, object], names: dict[str, str]) -> ForestLine:
    n_response, n_evaluable = (int(str(row[name])) for name in ("n_response", "n_evaluable"))
    low, high = (None if is_missing(row[name]) else float(str(row[name])) for name in ("ci_lower", "ci_upper"))
    rate = n_response / n_evaluable
    estimate = Estimate(value=rate, ci_lower=low, ci_upper=high, n_response=n_response, n_evaluable=n_evaluable)
    return ForestLine("study", _citation(row, names), estimate, str(row["ascertainment"]))


def _study_order(row: dict[str, object]) -> tuple[int, float, str]:
    year = 0.0 if is_missing(row["year"]) else float(str(row["year"]))
    return _ORDER.get(str(row["ascertainment"]), 9), year, str(row["report_id"])


def _citation(row: dict[str, object], names: dict[str, str]) -> str:
    told = row.get("citation")
    report = str(row["report_id"])
    return names.get(report, report) if is_missing(told) else str(told)
