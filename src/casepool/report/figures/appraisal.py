"""The appraisal of the included sources: an answer to each question as a sign with a letter, never a colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from casepool.contract.curated import APPRAISAL
from casepool.extraction.appraisal import holding
from casepool.model.vocabulary import AppraisalAnswer
from casepool.report.figures.canvas.frame import MOST_LINES, alt_sentences, draw_notes, draw_title, notes_height
from casepool.report.figures.canvas.palette import CORRECTED, GRID, INK, MARGIN, PALE
from casepool.report.figures.canvas.typesetting import STYLE, fit
from casepool.report.words.catalogue import Catalogue, load_catalogue
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casepool.report.figures.canvas.drawn import Drawn

QUESTIONS = tuple(column.name for column in APPRAISAL.columns if column.name.startswith(("murad_", "jbi_")))
_DIFFER = "differ"
WIDTH, ROW, _TOP, _SIZE = 7.4, 0.21, 1.1, 7.5
# In inches from the left edge of the plot: the first question, the step to the next, what the answers make of it.
_FIRST, _STEP, _VERDICT = 1.95, 0.31, 4.9
_LOOKS: Mapping[str, tuple[str, str, str]] = {  # marker, its face, the colour of the letter
    AppraisalAnswer.YES: ("o", CORRECTED, "white"),
    AppraisalAnswer.NO: ("s", "white", INK),
    AppraisalAnswer.UNCLEAR: ("D", PALE, INK),
    _DIFFER: ("D", "white", INK),
}


@dataclass(frozen=True)
class _Line:
    source: str
    answers: tuple[str, ...]
    verdict: str


def appraisal_figure(
    study_counts: pd.DataFrame,
    appraisal: pd.DataFrame,
    names: Mapping[str, str],
    language: str = "en",
    *,
    synthetic: bool = False,
) -> Drawn:
    """Return a line for each included source with its answers, and what they make of it; of very many, for all alike.

    Parameters
    ----------
    study_counts : stage table.
    appraisal : curated table; readers who disagree and did not settle it are shown as such.
    names : short citations by report id.
    """
    import matplotlib as mpl

    from casepool.report.figures.canvas.drawn import Drawn

    catalogue = load_catalogue(language)
    lines = _lines(study_counts, appraisal, names, catalogue)
    notes = [catalogue.text("appraisal_note"), _questions(catalogue)]
    tall = max(len(lines), 1) * ROW
    height = _TOP + tall + 0.2 + notes_height(notes, WIDTH) + 0.1
    wide = WIDTH - 2 * MARGIN
    with mpl.rc_context(dict(STYLE)):
        figure = Drawn(figsize=(WIDTH, height))
        ax = figure.add_axes((MARGIN / WIDTH, 1 - (_TOP + tall) / height, wide / WIDTH, tall / height))
        ax.set_xlim(0, wide)
        ax.set_ylim(tall, 0)
        ax.set_axis_off()
        _draw_heads(ax, wide, catalogue)
        for place, line in enumerate(lines):
            _draw_line(ax, (place + 0.5) * ROW, line, wide, catalogue)
        texts = (catalogue.text("appraisal_title"), catalogue.text("appraisal_subtitle"))
        draw_title(figure, *texts, catalogue, synthetic=synthetic)
        draw_notes(figure, notes, _TOP + tall + 0.2)
        figure.alt = alt_sentences(texts, [(one.source, _words(one, catalogue)) for one in lines], catalogue)
    return figure


def _lines(
    study_counts: pd.DataFrame, appraisal: pd.DataFrame, names: Mapping[str, str], catalogue: Catalogue
) -> list[_Line]:
    """Return the sources that count and were appraised, those that report all their patients first."""
    kinds = dict(zip(study_counts["report_id"], study_counts["ascertainment"], strict=True))
    answers: dict[str, list[tuple[str, ...]]] = {}
    for row in rows_of(holding(appraisal)):
        told = tuple("" if is_missing(row[one]) else str(row[one]) for one in QUESTIONS)
        answers.setdefault(str(row["report_id"]), []).append(told)
    order = ("complete", "unclear", "selective")
    found = sorted((one for one in answers if one in kinds), key=lambda one: (order.index(kinds[one]), names[one]))
    lines = [_Line(names[one], _settled(answers[one]), catalogue.label(kinds[one], "ascertainment")) for one in found]
    return lines if len(lines) <= MOST_LINES else _together(lines, catalogue)


def _together(lines: Sequence[_Line], catalogue: Catalogue) -> list[_Line]:
    """Return a line for all sources that were answered alike, in the order of the first of each; the rarest as one."""
    alike: dict[tuple[tuple[str, ...], str], list[_Line]] = {}
    for line in lines:
        alike.setdefault((line.answers, line.verdict), []).append(line)
    often = set(sorted(alike, key=lambda one: len(alike[one]), reverse=True)[:MOST_LINES])
    rare = sum(len(some) for one, some in alike.items() if one not in often)
    shown = [
        some[0] if len(some) == 1 else replace(some[0], source=catalogue.plural("n_reports", len(some)))
        for one, some in alike.items()
        if one in often
    ]
    return [*shown, *([_Line(catalogue.plural("appraisal_others", rare), ("",) * len(QUESTIONS), "")] if rare else [])]


def _settled(readers: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the answer to each question; where readers gave several, that they differ."""
    return tuple(each[0] if len(set(each)) == 1 else _DIFFER for each in zip(*readers, strict=True))


def _short(question: str) -> str:
    """Return M1 for murad_1, J4 for jbi_4."""
    tool, _, number = question.partition("_")
    return f"{tool[0].upper()}{number}"


def _questions(catalogue: Catalogue) -> str:
    parts = [f"{_short(one)}\u00a0{catalogue.text(f'appraisal_{one}')}" for one in QUESTIONS]
    return f"{catalogue.text('semicolon').join(parts)}."


def _words(line: _Line, catalogue: Catalogue) -> list[str]:
    told = [
        f"{_short(question)} {catalogue.text(f'appraisal_{answer}')}"
        for question, answer in zip(QUESTIONS, line.answers, strict=True)
        if answer
    ]
    return [part for part in (*told, line.verdict) if part]


def _draw_heads(ax: Axes, wide: float, catalogue: Catalogue) -> None:
    _text(ax, 0.0, -0.14, catalogue.text("column_source"), weight="bold")
    _text(ax, _VERDICT + 0.18, -0.14, catalogue.text("column_ascertainment"), weight="bold")
    for place, question in enumerate(QUESTIONS):
        _text(ax, _FIRST + place * _STEP, -0.14, _short(question), weight="bold", ha="center")
    ax.plot([0, wide], [-0.02, -0.02], color=INK, linewidth=0.7, clip_on=False)


def _draw_line(ax: Axes, y: float, line: _Line, wide: float, catalogue: Catalogue) -> None:
    ax.plot([0, wide], [y + ROW / 2] * 2, color=GRID, linewidth=0.5, zorder=0.5)
    _text(ax, 0.0, y, fit(line.source, _SIZE, _FIRST - 0.25))
    for place, answer in enumerate(line.answers):
        if answer:
            _draw_answer(ax, _FIRST + place * _STEP, y, answer, catalogue)
    _text(ax, _VERDICT + 0.18, y, fit(line.verdict, _SIZE, wide - _VERDICT - 0.18))


def _draw_answer(ax: Axes, x: float, y: float, answer: str, catalogue: Catalogue) -> None:
    letter = catalogue.text(f"appraisal_letter_{answer}")
    if answer not in _LOOKS:
        _text(ax, x, y, letter, ha="center")
        return
    marker, face, color = _LOOKS[answer]
    size = {"D": 8.5}.get(marker, 10.0)
    ax.plot([x], [y], marker=marker, markersize=size, markerfacecolor=face, markeredgecolor=INK, markeredgewidth=0.7,
            linestyle="none", zorder=2, clip_on=False)  # fmt: skip
    _text(ax, x, y, letter, ha="center", color=color, size=6.3, weight="bold", zorder=3)


def _text(ax: Axes, x: float, y: float, text: str, *, size: float = _SIZE, **look: Any) -> None:
    look = {"color": INK, "ha": "left", **look}
    ax.text(x, y, text, fontsize=size, va="center_baseline", clip_on=False, parse_math=False, **look)
