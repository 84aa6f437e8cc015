"""The sensitivity figures: other data and assumptions, and the rate as reports accumulated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from casepool.defaults import LEVEL
from casepool.model.protocol import Protocol
from casepool.model.variant import Variant
from casepool.report.figures.dots import DotLine, DotPage, dot_page, mark_primary
from casepool.report.sensitivity_rows import DATA, PRIMARY, Sensitivities, variant_label
from casepool.report.words.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    from casepool.report.figures.canvas.drawn import Drawn

_ASSUMPTIONS = ("kappa", "clustering", "ratio_sd", "prior")


def sensitivity_figure(
    sensitivity: pd.DataFrame,
    names: Mapping[str, str],
    protocol: Protocol,
    language: str = "en",
    *,
    level: float = LEVEL,
) -> Drawn:
    """Return the pooled rate under every variant, in groups, on an A4 page.

    It is the mean of the diseases; of too few diseases for a mean it is the rate of the one with most patients.

    Parameters
    ----------
    sensitivity : stage table.
    names : short citations by report id.
    """
    catalogue = load_catalogue(language)
    rows = Sensitivities(sensitivity)
    lines = [DotLine(variant_label(Variant(DATA, PRIMARY), catalogue, names), rows.primary, "primary")]
    data = [one for one in rows.variants(DATA) if one.variant != PRIMARY]
    lines += _group(rows, data, catalogue, names)
    lines += _group(rows, [one for one, _ in rows.extremes()], catalogue, names)
    for analysis in _ASSUMPTIONS:
        group = _group(rows, rows.variants(analysis), catalogue, names, level)
        lines += mark_primary(group, catalogue.text("primary_mark"), rows.primary)
    shown = catalogue.numbers.percent(level)
    notes = (catalogue.text("sensitivity_note"), catalogue.text("sensitivity_note_assumptions", level=shown))
    about = _about(rows, protocol, language)
    page = DotPage("sensitivity", tuple(lines), _reference(rows), notes, level, protocol.synthetic, about=about)
    return dot_page(page, catalogue)


def _about(rows: Sensitivities, protocol: Protocol, language: str) -> str:
    """Return the disease that the figure is about, or nothing where it is about the mean of the diseases."""
    return "" if rows.has_mean else protocol.by_id[rows.target].name[language]


def by_year_figure(
    sensitivity: pd.DataFrame, protocol: Protocol, language: str = "en", *, level: float = LEVEL
) -> Drawn:
    """Return the pooled rate from all reports up to each year; of what, see ``sensitivity_figure``."""
    catalogue = load_catalogue(language)
    rows = Sensitivities(sensitivity)
    years = [one for one in rows.variants("by_year") if rows.of(one).n_evaluable]
    lines = [DotLine(variant_label(one, catalogue, {}), rows.of(one)) for one in years]
    notes = (catalogue.text("by_year_note"),)
    about = _about(rows, protocol, language)
    page = DotPage(
        "by_year", tuple(lines), _reference(rows), notes, level, protocol.synthetic, whole_page=False, about=about
    )
    return dot_page(page, catalogue)


def _reference(rows: Sensitivities) -> float | None:
    return rows.primary.value if rows.primary.headlined else None


def _group(
    rows: Sensitivities,
    variants: list[Variant],
    catalogue: Catalogue,
    names: Mapping[str, str],
    level: float = LEVEL,
) -> list[DotLine]:
    if not variants:
        return []
    heading = DotLine(catalogue.text(f"group_{variants[0].analysis}"), kind="heading")
    return [heading, *(DotLine(variant_label(one, catalogue, names, level), rows.of(one)) for one in variants)]
