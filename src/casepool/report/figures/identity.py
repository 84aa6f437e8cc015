"""Who is told where: patients by the combination of sources that tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from casepool.report.figures.canvas.frame import alt_sentences, draw_notes, draw_title, notes_height
from casepool.report.figures.canvas.palette import BAND, CORRECTED, GREY, GRID, INK, MARGIN, PALE, SOFT
from casepool.report.figures.canvas.typesetting import STYLE, wrap
from casepool.report.words.catalogue import Catalogue, load_catalogue
from casepool.rows import rows_of
from casepool.typing import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casepool.report.figures.canvas.drawn import Drawn

KINDS = ("literature_selective", "literature_complete", "registry_selective", "registry_complete")
WIDTH, _TOP, _ROW, _SIZE = 7.4, 1.45, 0.27, 7.5
# In inches: the columns of signs, the gap between publications and registry, the bars.
_COLUMN, _GAP, _BARS, _COUNT = 0.78, 0.14, 2.6, 0.55
_SIGN_X = tuple(_COLUMN * (place + 0.5) + (_GAP if place > 1 else 0.0) for place in range(len(KINDS)))
_BAR_X = 4 * _COLUMN + _GAP + 0.2


def draw_identity(cells: pd.DataFrame, language: str = "en", *, threshold: int = 11, synthetic: bool = False) -> Drawn:
    """Return the figure of who is told where, one row for each combination of sources.

    Parameters
    ----------
    cells : table ``told_where``.
    threshold : the smallest number of registry patients that is told.
    """
    import matplotlib as mpl

    from casepool.report.figures.canvas.drawn import Drawn

    catalogue = load_catalogue(language)
    rows = sorted(rows_of(cells), key=_place)
    notes = _notes(rows, catalogue, threshold)
    tall = max(len(rows), 1) * _ROW
    height = _TOP + tall + 0.5 + notes_height(notes, WIDTH) + 0.1
    wide = WIDTH - 2 * MARGIN
    with mpl.rc_context(dict(STYLE)):
        figure = Drawn(figsize=(WIDTH, height))
        ax = figure.add_axes((MARGIN / WIDTH, 1 - (_TOP + tall) / height, wide / WIDTH, tall / height))
        ax.set_xlim(0, wide)
        ax.set_ylim(tall, 0)
        ax.set_axis_off()
        _draw_heads(ax, catalogue)
        scale = _scale(rows)
        _draw_axis(ax, scale, tall, catalogue)
        for place, row in enumerate(rows):
            words = catalogue.numbers.integer(int(row["n"]))
            _draw_row(ax, (place + 0.5) * _ROW, row, scale, words, striped=place % 2 == 1)
        if not rows:
            _text(ax, 0.1, _ROW / 2, catalogue.text("identity_empty"), color=SOFT)
        texts = (catalogue.text("identity_title"), catalogue.text("identity_subtitle"))
        draw_title(figure, *texts, catalogue, synthetic=synthetic)
        draw_notes(figure, notes, _TOP + tall + 0.5)
        figure.alt = alt_sentences(texts[:1], [(texts[1], [_words(row, catalogue) for row in rows])], catalogue)
    return figure


def _told(row: Row) -> tuple[bool, ...]:
    return tuple(row[kind] == "yes" for kind in KINDS)


def _words(row: Row, catalogue: Catalogue) -> str:
    """Return a row in words: in which kinds of publications, in which of the registry, how many patients."""
    named = []
    for first, kind in ((0, "identity_publications"), (2, "identity_registry")):
        parts = [
            catalogue.text(f"identity_{KINDS[place].split('_')[1]}")
            for place in (first, first + 1)
            if _told(row)[place]
        ]
        named += [f"{catalogue.text(kind)} ({catalogue.join(parts)})"] if parts else []
    return f"{catalogue.join(named)}, {catalogue.plural('n_patients', int(row['n']))}"


def _place(row: Row) -> tuple[int, int, tuple[bool, ...]]:
    """Order the rows: publications alone, both, registry alone; then by the number of patients."""
    told = _told(row)
    group = 0 if not any(told[2:]) else 1 if any(told[:2]) else 2
    return group, -int(row["n"]), tuple(not one for one in told)


def _notes(rows: list[Row], catalogue: Catalogue, threshold: int) -> list[str]:
    notes = [catalogue.text("identity_note")]
    if not any(any(_told(row)[2:]) for row in rows):
        notes.append(catalogue.text("identity_note_registry", threshold=catalogue.numbers.integer(threshold)))
    return notes


def _scale(rows: list[Row]) -> int:
    """Return the number at the end of the axis, one of 10, 20, 50, 100 and so on."""
    most = max((int(row["n"]) for row in rows), default=1)
    steps = (step * 10**power for power in range(1, 9) for step in (1, 2, 5))
    return int(next(step for step in steps if step >= most))


def _draw_heads(ax: Axes, catalogue: Catalogue) -> None:
    for first, name in ((0, "identity_publications"), (2, "identity_registry")):
        left, right = _SIGN_X[first] - 0.36, _SIGN_X[first + 1] + 0.36
        _text(ax, (left + right) / 2, -0.48, catalogue.text(name), ha="center", weight="bold")
        ax.plot([left, right], [-0.38, -0.38], color=INK, linewidth=0.7, clip_on=False)
    for place, kind in enumerate(KINDS):
        lines = wrap(catalogue.text(f"identity_{kind.split('_')[1]}"), _SIZE - 0.5, _COLUMN - 0.04)
        for index, line in enumerate(lines):
            _text(
                ax,
                _SIGN_X[place],
                -0.12 + 0.12 * (index + 1 - len(lines)),
                line,
                ha="center",
                size=_SIZE - 0.5,
                color=SOFT,
            )


def _draw_axis(ax: Axes, scale: int, tall: float, catalogue: Catalogue) -> None:
    for share in (0.0, 0.5, 1.0):
        x = _BAR_X + share * _BARS
        ax.plot([x, x], [0, tall], color=GREY if share == 0 else GRID, linewidth=0.6, zorder=0.6)
        _text(ax, x, tall + 0.1, catalogue.numbers.integer(round(share * scale)), ha="center", size=_SIZE - 0.5)
    _text(ax, _BAR_X + _BARS / 2, tall + 0.25, catalogue.text("identity_x"), ha="center", size=_SIZE - 0.5)


def _draw_row(ax: Axes, y: float, row: Row, scale: int, words: str, *, striped: bool) -> None:
    from matplotlib.patches import Rectangle

    told = _told(row)
    if striped:
        band = (0, y - _ROW / 2)
        ax.add_patch(Rectangle(band, _BAR_X + _BARS + _COUNT, _ROW, facecolor=BAND, edgecolor="none", zorder=0.3))
    used = [x for x, yes in zip(_SIGN_X, told, strict=True) if yes]
    ax.plot([used[0], used[-1]], [y, y], color=INK, linewidth=1.2, zorder=1)
    for x, yes in zip(_SIGN_X, told, strict=True):
        look: dict[str, Any] = {"markerfacecolor": INK if yes else "white", "markeredgecolor": INK if yes else PALE}
        ax.plot([x], [y], marker="o", markersize=5.5, markeredgewidth=0.8, linestyle="none", zorder=2, **look)
    length = int(row["n"]) / scale * _BARS
    ax.add_patch(Rectangle((_BAR_X, y - 0.075), length, 0.15, linewidth=0.6, zorder=1.5, facecolor=_colour(told)))
    _text(ax, _BAR_X + length + 0.06, y, words)


def _colour(told: tuple[bool, ...]) -> str:
    """Return the colour of a bar: told in publications and registry, in one of them."""
    if any(told[:2]) and any(told[2:]):
        return CORRECTED
    return GREY if any(told[:2]) else INK


def _text(ax: Axes, x: float, y: float, text: str, *, size: float = _SIZE, **look: Any) -> None:
    look = {"color": INK, "ha": "left", **look}
    ax.text(x, y, text, fontsize=size, va="center_baseline", clip_on=False, parse_math=False, **look)
