"""Single patients: how each fared (swimmer plot), and what they had received before. Published patients only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from casepool.model.protocol import Protocol
from casepool.model.study import study
from casepool.model.vocabulary import Answer, CaseKind, ReportType
from casepool.report.figures.canvas.frame import (
    MOST_LINES,
    alt_sentences,
    draw_axes,
    draw_notes,
    draw_title,
    notes_height,
)
from casepool.report.figures.canvas.palette import CORRECTED, GRID, INK, MARGIN, PALE
from casepool.report.figures.canvas.typesetting import STYLE, fit, wrap
from casepool.report.figures.canvas.waiting import FEWEST, waiting
from casepool.report.tables.display import TableStyle
from casepool.report.words.catalogue import Catalogue, load_catalogue
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of
from casepool.typing import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casepool.report.figures.canvas.drawn import Drawn

WIDTH, ROW, _TOP, _FOOT, _SIZE = 7.4, 0.2, 1.05, 0.55, 7.5
_LEFT, _RIGHT = 2.7, 2.2
_WEEKS_A_MONTH = 365.25 / 12 / 7
_COLUMN = 1.1  # of an earlier treatment


def published_patients(unique: pd.DataFrame) -> list[Row]:
    """Return the rows of single published patients who count; a registry patient is never one of them."""
    return [
        row
        for row in rows_of(unique)
        if row["counted"] == Answer.YES
        and row["eligible"] == Answer.YES
        and row["kind"] == CaseKind.PATIENT
        and row["report_type"] != ReportType.REGISTRY_CALL
    ]


def swimmer_figure(unique: pd.DataFrame, names: Mapping[str, str], protocol: Protocol, language: str = "en") -> Drawn:
    """Return a bar for each patient whose follow-up is known, with response and relapse; from ten patients on.

    Of very many those who were followed longest, and a note that says so.

    Parameters
    ----------
    unique : table ``unique_patients``.
    names : short citations by report id.
    """
    catalogue = load_catalogue(language)
    order = list(protocol.eligible_ids)
    rows = [row for row in published_patients(unique) if not is_missing(row["follow_up_months"])]
    rows = [row for row in rows if row["disease"] in order]
    if len(rows) < FEWEST:
        return waiting("swimmer", len(rows), catalogue, synthetic=protocol.synthetic)
    notes, everyone = [catalogue.text("swimmer_note")], len(rows)
    rows.sort(key=lambda row: (-float(row["follow_up_months"]), str(row["case_id"])))
    if everyone > MOST_LINES:
        rows, numbers = rows[:MOST_LINES], catalogue.numbers
        notes.append(catalogue.text("swimmer_longest", n=numbers.integer(MOST_LINES), every=numbers.integer(everyone)))
    rows.sort(key=lambda row: order.index(row["disease"]))
    return _swimmer(rows, names, notes, TableStyle(protocol, catalogue))


def _swimmer(rows: Sequence[Row], names: Mapping[str, str], notes: Sequence[str], style: TableStyle) -> Drawn:
    import matplotlib as mpl

    from casepool.report.figures.canvas.drawn import Drawn

    catalogue = style.catalogue
    tall, wide = len(rows) * ROW, WIDTH - _LEFT - _RIGHT
    height = _TOP + tall + _FOOT + notes_height(notes, WIDTH) + 0.1
    labels = [f"{names[str(row['report_id'])]}, {style.disease(row['disease'], short=True)}" for row in rows]
    with mpl.rc_context(dict(STYLE)):
        figure = Drawn(figsize=(WIDTH, height))
        ax = figure.add_axes((_LEFT / WIDTH, 1 - (_TOP + tall) / height, wide / WIDTH, tall / height))
        ax.set_xlim(0, max(float(row["follow_up_months"]) for row in rows) * 1.04)
        ax.set_ylim(tall, 0)
        ax.set_yticks([])
        draw_axes(ax, _SIZE)
        ax.set_xlabel(catalogue.text("swimmer_axis"), fontsize=_SIZE, labelpad=3)
        for place, (row, label) in enumerate(zip(rows, labels, strict=True)):
            _draw_course(ax, (place + 0.5) * ROW, row, label, wide, catalogue)
        texts = (catalogue.text("swimmer_title"), catalogue.text("swimmer_subtitle"))
        draw_title(figure, *texts, catalogue, synthetic=style.protocol.synthetic)
        draw_notes(figure, notes, _TOP + tall + _FOOT)
        told = [(label, _course(row, catalogue)) for row, label in zip(rows, labels, strict=True)]
        figure.alt = alt_sentences(texts, told, catalogue)
    return figure


def _course(row: Row, catalogue: Catalogue) -> list[str]:
    """Return the course of a patient in words."""
    short, text = catalogue.numbers.short, catalogue.text
    told = [catalogue.label(row["response"]), text("swimmer_followed", months=short(row["follow_up_months"]))]
    if not is_missing(row["time_to_response_weeks"]):
        told.append(text("swimmer_responded", months=short(float(row["time_to_response_weeks"]) / _WEEKS_A_MONTH)))
    if not is_missing(lost := row.get(study().months_to_loss)):
        told.append(text("swimmer_relapsed", months=short(lost)))
    return told


def _marks(row: Row) -> list[tuple[float, str, str]]:
    """Return months from the start, sign and fill of response and of loss, whose months count from the response."""
    if is_missing(row["time_to_response_weeks"]):
        return []
    response = float(row["time_to_response_weeks"]) / _WEEKS_A_MONTH
    lost = row.get(study().months_to_loss)
    return [(response, "^", "white"), *([] if is_missing(lost) else [(response + float(str(lost)), "X", INK)])]


def _draw_course(ax: Axes, y: float, row: Row, label: str, wide: float, catalogue: Catalogue) -> None:
    face = (CORRECTED if row["n_response"] else PALE) if row["n_evaluable"] else "white"
    ax.barh(y, float(row["follow_up_months"]), height=ROW * 0.55, facecolor=face, edgecolor=INK, linewidth=0.5)
    for months, marker, filled in _marks(row):
        ax.plot([months], [y], marker=marker, markersize=4.6, markerfacecolor=filled,
                markeredgecolor=INK, markeredgewidth=0.7, linestyle="none", zorder=3, clip_on=False)  # fmt: skip
    inches = ax.get_xlim()[1] / wide
    _text(ax, (MARGIN - _LEFT) * inches, y, fit(label, _SIZE, _LEFT - MARGIN - 0.1))
    _text(ax, (wide + 0.1) * inches, y, fit(catalogue.label(row["response"]), _SIZE, _RIGHT - MARGIN - 0.1))


def prior_figure(unique: pd.DataFrame, protocol: Protocol, language: str = "en") -> Drawn:
    """Return the response by the pattern of earlier treatments of patients of whom all are known; from ten on.

    Parameters
    ----------
    unique : table ``unique_patients``.
    """
    catalogue = load_catalogue(language)
    treatments = [one.id for one in protocol.covariates]
    known = [
        row
        for row in published_patients(unique)
        if row["n_evaluable"] and all(row[one] in {Answer.YES, Answer.NO} for one in treatments)
    ]
    if len(known) < FEWEST or not treatments:
        return waiting("prior", len(known), catalogue, synthetic=protocol.synthetic)
    return _prior(known, treatments, protocol, catalogue)


def _prior(rows: Sequence[Row], treatments: Sequence[str], protocol: Protocol, catalogue: Catalogue) -> Drawn:
    import matplotlib as mpl

    from casepool.report.figures.canvas.drawn import Drawn

    total: Counter[tuple[bool, ...]] = Counter()
    responders: Counter[tuple[bool, ...]] = Counter()
    for row in rows:
        pattern = tuple(row[one] == Answer.YES for one in treatments)
        total[pattern] += 1
        responders[pattern] += int(row["n_response"])
    patterns = sorted(total, key=lambda one: (-total[one], one))
    heads = [one.name[catalogue.language] for one in protocol.covariates]
    notes = [catalogue.text("prior_note")]
    tall, left = len(patterns) * ROW * 1.3, MARGIN + _COLUMN * len(treatments) + 0.2
    height = _TOP + 0.2 + tall + _FOOT + notes_height(notes, WIDTH) + 0.1
    with mpl.rc_context(dict(STYLE)):
        figure = Drawn(figsize=(WIDTH, height))
        wide = WIDTH - left - MARGIN - 0.6
        ax = figure.add_axes((left / WIDTH, 1 - (_TOP + 0.2 + tall) / height, wide / WIDTH, tall / height))
        ax.set_xlim(0, max(total.values()) * 1.02)
        ax.set_ylim(len(patterns) - 0.5, -0.5)
        ax.set_yticks([])
        draw_axes(ax, _SIZE)
        ax.set_xlabel(catalogue.text("prior_axis"), fontsize=_SIZE, labelpad=3)
        inches = ax.get_xlim()[1] / wide
        for place, head in enumerate(heads):
            at = (MARGIN - left + _COLUMN * (place + 0.5)) * inches
            for above, line in enumerate(reversed(wrap(head, _SIZE, _COLUMN - 0.1))):
                _text(ax, at, -0.8 - 0.5 * above, line, ha="center")
        for y, pattern in enumerate(patterns):
            counts = (responders[pattern], total[pattern])
            _draw_pattern(ax, y, pattern, counts, left, inches, catalogue)
        texts = (catalogue.text("prior_title"), catalogue.text("prior_subtitle"))
        draw_title(figure, *texts, catalogue, synthetic=protocol.synthetic)
        draw_notes(figure, notes, _TOP + 0.2 + tall + _FOOT)
        told = [
            (
                catalogue.join([head for head, yes in zip(heads, one, strict=True) if yes])
                or catalogue.text("prior_none"),
                [catalogue.numbers.count(responders[one], total[one])],
            )
            for one in patterns
        ]
        figure.alt = alt_sentences(texts, told, catalogue)
    return figure


def _draw_pattern(
    ax: Axes, y: int, pattern: Sequence[bool], counts: tuple[int, int], left: float, inches: float, catalogue: Catalogue
) -> None:
    x, n = counts
    ax.barh(y, n, height=0.55, facecolor="white", edgecolor=INK, linewidth=0.6)
    ax.barh(y, x, height=0.55, facecolor=CORRECTED, edgecolor=INK, linewidth=0.6)
    _text(ax, n + 0.08 * inches, y, catalogue.numbers.count(x, n))
    for place, yes in enumerate(pattern):
        at = (MARGIN - left + _COLUMN * (place + 0.5)) * inches
        ax.plot([at], [y], marker="o", markersize=6, markerfacecolor=INK if yes else "white",
                markeredgecolor=INK if yes else PALE, linestyle="none", clip_on=False)  # fmt: skip
    ax.axhline(y + 0.5, color=GRID, linewidth=0.4, zorder=0.3)


def _text(ax: Axes, x: float, y: float, text: str, *, size: float = _SIZE, **look: Any) -> None:
    look = {"color": INK, "ha": "left", **look}
    ax.text(x, y, text, fontsize=size, va="center_baseline", clip_on=False, parse_math=False, **look)
