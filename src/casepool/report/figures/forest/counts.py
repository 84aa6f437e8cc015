"""The forest plot of counts pooled outside a project: its lines, from the counts and the pooled result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from casepool.model.estimate import ALL, NEW_DISEASE, OK, OVERALL, Estimate
from casepool.model.vocabulary import RateStatus, Withheld
from casepool.report.figures.forest.lines import (
    ForestLine,
    ForestResult,
    balanced,
    corrected_line,
    pooled_line,
    prediction_of,
)
from casepool.report.words.catalogue import Catalogue
from casepool.rows import rows_of
from casepool.stats.binomial import clopper_pearson

Document = Mapping[str, Any]


def counts_forest(
    counts: pd.DataFrame, document: Document, catalogue: Catalogue, subtitle: str = "", rows_per_page: int = 52
) -> list[ForestResult]:
    """Return the pages of the forest plot of pooled counts, diseases kept whole where they can be.

    Parameters
    ----------
    counts : the checked counts that were pooled: one row for each disease, source or study.
    document : the result, as ``casepool pool --format json`` prints it.
    subtitle : a line under the title, such as the drug.
    rows_per_page : most lines of a page.
    """
    joint = document["model"] == "joint"
    blocks = list(_joint_blocks(counts, document, catalogue) if joint else _study_blocks(counts, document, catalogue))
    title = catalogue.text("forest_title" if joint else "forest_title_studies")
    pages = balanced(blocks, rows_per_page)
    return [
        ForestResult(
            lines, title, subtitle, page=number, pages=len(pages), level=document["level"], corrected=joint
        )
        for number, lines in enumerate(pages, 1)
    ]  # fmt: skip


def _joint_blocks(counts: pd.DataFrame, document: Document, catalogue: Catalogue) -> Iterator[list[ForestLine]]:
    sources = "source" in counts.columns
    rows = document["diseases"]
    for row in rows:
        if row["status"] != RateStatus.NO_DATA:
            told = counts[counts["disease"] == row["disease"]] if sources else _kinds(row, catalogue)
            yield _disease_block(row, list(_source_lines(told, document["level"])), catalogue, counted=sources)
    overall = _overall_block(document, catalogue)
    yield from [overall] if overall else []
    empty = [row["disease"] for row in rows if row["status"] == RateStatus.NO_DATA]
    yield from [[ForestLine("no_data", ", ".join(empty))]] if empty else []


def _kinds(row: Document, catalogue: Catalogue) -> pd.DataFrame:
    """Return the two totals of a disease as if each were a source."""
    kinds = ("complete", "selective")
    return pd.DataFrame(
        {
            "source": [catalogue.text(f"legend_{kind}") for kind in kinds],
            "ascertainment": kinds,
            "response": [row[kind]["responders"] for kind in kinds],
            "n": [row[kind]["n"] for kind in kinds],
        }
    )


def _disease_block(
    row: Document, sources: Sequence[ForestLine], catalogue: Catalogue, *, counted: bool
) -> list[ForestLine]:
    name, raw = row["disease"], row["raw"]
    events, n = (row["complete"][key] + row["selective"][key] for key in ("responders", "n"))
    low, high = raw["ci"]
    total = Estimate(
        disease=name, value=raw["estimate"], ci_lower=low, ci_upper=high, n_response=events, n_evaluable=n,
        k=len(sources) if counted else None, status=OK,
    )  # fmt: skip
    return [
        ForestLine("header", name, total),
        *sources,
        ForestLine("raw", catalogue.text("forest_raw"), total),
        corrected_line(_estimate(name, row["own"]), catalogue.text("forest_corrected"), catalogue),
        *pooled_line(_estimate(name, row["pooled"]), catalogue.text("forest_pooled")),
    ]


def _overall_block(document: Document, catalogue: Catalogue) -> list[ForestLine]:
    """Return the mean of the anchored diseases, that of all and a further disease, where there are any."""
    means, new = document["overall"], document["new_disease"]
    own = _estimate(OVERALL, means["own"])
    lines = [corrected_line(own, catalogue.text("forest_anchored_mean"), catalogue)] if own.shown else []
    lines += pooled_line(_estimate(OVERALL, means["pooled"]), catalogue.text("forest_pooled_mean"))
    if new is not None and document["status"] == OK:
        further = Estimate(disease=NEW_DISEASE, pi_lower=new["ci"][0], pi_upper=new["ci"][1], status=OK)
        label = catalogue.text("forest_new_disease")
        lines.append(ForestLine("new_disease", label, further, prediction=prediction_of(further)))
    return [ForestLine("header", catalogue.text("forest_overall")), *lines] if lines else []


def _estimate(disease: str, rate: Document) -> Estimate:
    """Return an own or pooled rate; who fixed the ratio asked for what follows from it."""
    low, high = rate["ci"] or (None, None)
    reason = None if rate["reason"] == Withheld.RATIO_FIXED else rate["reason"]
    return Estimate(
        disease=disease, value=rate["estimate"], ci_lower=low, ci_upper=high, status=rate["status"], reason=reason
    )  # fmt: skip


def _study_blocks(counts: pd.DataFrame, document: Document, catalogue: Catalogue) -> Iterator[list[ForestLine]]:
    studies = counts.rename(columns={"study": "source", "events": "response"}).assign(ascertainment="study")
    lines = list(_source_lines(studies, document["level"]))
    events, n = int(counts["events"].sum()), int(counts["n"].sum())
    total = Estimate(disease=ALL, n_response=events, n_evaluable=n, k=len(lines))
    yield [ForestLine("header", catalogue.text("forest_all_studies"), total), *lines]
    median = document.get("proportion")
    if median and median["estimate"] is not None:
        exact = median["interval"] == "exact"
        low, high = median["ci"]
        pi_low, pi_high = median["pi"] or (None, None)
        pooled = Estimate(
            disease=ALL, value=median["estimate"], ci_lower=low, ci_upper=high, pi_lower=pi_low, pi_upper=pi_high,
            status=OK,
        )  # fmt: skip
        label = catalogue.text("forest_all_exact" if exact else "forest_median_study")
        yield [
            ForestLine("mean", label, pooled, prediction=prediction_of(pooled)),
            *([] if exact else [_mean_over_studies(median, catalogue)]),
        ]


def _mean_over_studies(rates: Document, catalogue: Catalogue) -> ForestLine:
    low, high = rates["marginal_ci"]
    mean = Estimate(disease=ALL, value=rates["marginal"], ci_lower=low, ci_upper=high, status=OK)
    return ForestLine("mean", catalogue.text("forest_mean_over_studies"), mean)


def _source_lines(sources: pd.DataFrame, level: float) -> Iterator[ForestLine]:
    """Yield a line with the exact interval of each source that has patients, in the order given."""
    for row in rows_of(sources[sources["n"] > 0]):
        events, n = int(row["response"]), int(row["n"])
        low, high = (float(limit) for limit in clopper_pearson(events, n, level))
        estimate = Estimate(value=events / n, ci_lower=low, ci_upper=high, n_response=events, n_evaluable=n)
        yield ForestLine("study", str(row["source"]), estimate, str(row["ascertainment"]))
