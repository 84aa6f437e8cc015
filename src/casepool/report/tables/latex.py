"""Writing display tables for LaTeX: they fit the line of the document that takes them in, whatever its type size.

What the tables need is in ``casepool.sty``. It measures the columns of numbers in the type of the document; the columns
of texts share what is left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from string import ascii_lowercase
from unicodedata import name, normalize

from casepool.report.files import TABLES, table_stem
from casepool.report.tables.display import DisplayTable
from casepool.report.tables.widths import (
    LATEX_BOLD,
    SOFT_HYPHEN,
    Column,
    columns_of,
    hyphenated,
    least_width,
    shared_widths,
)
from casepool.report.words.numbers import NARROW_SPACE, NO_BREAK_SPACE

# As Unicode names the letters, so TeX does; capitals that look like Latin ones have no command.
_GREEK = {
    **{sign: name(sign).split()[-1].lower().replace("lamda", "lambda") for sign in "αβγδεζηθικλμνξπρστυφχψω"},
    **{sign: name(sign).split()[-1].capitalize().replace("Lamda", "Lambda") for sign in "ΓΔΘΛΞΠΣΥΦΨΩ"},
    "ς": "varsigma",
    "µ": "mu",
}
_LATEX = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    **{sign: rf"\ensuremath{{\{command}}}" for sign, command in _GREEK.items()},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    NO_BREAK_SPACE: "~",
    NARROW_SPACE: r"\,",
    "\u2009": r"\,",
    "\u2003": r"\quad{}",
    SOFT_HYPHEN: r"\-",
    "\u2010": "-",
    "\u2011": "-",
    "\u2013": "--",
    "\u2014": "---",
    "\u2026": r"\ldots{}",
    "\u2018": "`",
    "\u2019": "'",
    "\u201c": "``",
    "\u201d": "''",
    "«": r"\guillemotleft{}",
    "»": r"\guillemotright{}",
    "\u2212": r"\ensuremath{-}",
    "∞": r"\ensuremath{\infty}",
    "≤": r"\ensuremath{\leq}",
    "≥": r"\ensuremath{\geq}",
    "×": r"\ensuremath{\times}",
    "±": r"\ensuremath{\pm}",
    "→": r"\ensuremath{\rightarrow}",
    "≈": r"\ensuremath{\approx}",
    "≠": r"\ensuremath{\neq}",
    "\u2060": "",
    "·": r"\textperiodcentered{}",
    "ﬁ": "fi",
    "ﬂ": "fl",
}
# Letters of Latin Extended-A that pdfLaTeX does not know.
_UNKNOWN = frozenset("ĦħĸĿŀŉŦŧ")
_LAST_KNOWN = 0x17F
# Sizes of type by their name, in points where the document is set in twelve, and the space between columns with each.
_SIZES = ((r"\small", 10.95, 6.0), (r"\footnotesize", 10.0, 6.0), (r"\scriptsize", 8.0, 4.0))
# The line of a portrait page of 16 cm and of the same page in landscape, in points.
_LINE, _LONG_LINE = 455.0, 700.0
# Width of the type of a thesis beside that by which widths are estimated.
_NARROWER = 0.95
_DOI = re.compile(r"10\.\d{4,9}/[^\s\\{}%#^]+")
# A range or a rate with its interval: no ordinary space in it, an en dash between figures.
_UNBROKEN = re.compile(r"[^ ]*[\d∞]–[\d∞][^ ]*")


@dataclass(frozen=True)
class _Setting:
    """How a table is set: size of the type, space between columns in points, room for the cells in em, orientation."""

    size: str
    gap: float
    room: float
    landscape: bool


def style_file(mark: str = "") -> str:
    """Return the text of ``casepool.sty``; `mark` says that the data are invented."""
    head = f"% {mark}\n" if mark else ""
    style = files("casepool.report.tables").joinpath("casepool.sty").read_text(encoding="utf-8")
    places = [f"\\@namedef{{casepool@file@{key}}}{{{table_stem(key)}}}\n" for key in TABLES]
    known = f"\\def\\casepool@tables{{{', '.join(TABLES)}}}\n"
    return head + style.replace("\\endinput\n", "".join((*places, known, "\\endinput\n")))


def latex_escape(text: str) -> str:
    """Return the text with every sign that LaTeX would read as a command, or not know, replaced."""
    return "".join(_latex_sign(sign) for sign in normalize("NFC", text))


def _latex_sign(sign: str) -> str:
    if sign in _LATEX:
        return _LATEX[sign]
    known = ord(sign) <= _LAST_KNOWN and sign not in _UNKNOWN
    return sign if known else rf"\casepoolsign{{{ord(sign):X}}}{{{sign}}}"


def latex_text(table: DisplayTable) -> str:
    """Return the table as a ``longtable`` with booktabs rules, label ``tab:<key>`` and its notes below.

    It needs the package ``casepool``. The type is the largest (small, footnotesize, scriptsize) in which nothing of it
    need be broken on a line of 16 cm; a table too wide for the smallest lies on its side.
    """
    columns = columns_of(table, LATEX_BOLD)
    setting = _setting(columns)
    kinds = _kinds(columns, setting.room)
    head = " & ".join(_heading(table, place, kind) for place, kind in enumerate(kinds))
    lines = [
        r"% needs \usepackage{casepool} (the file beside the folder of the tables)",
        *([r"\begin{landscape}"] if setting.landscape else []),
        rf"\begingroup\casepoolbegin{{{setting.size}}}{{{setting.gap / 2:g}pt}}{{{len(columns)}}}",
        *_measured(table, columns),
        rf"\begin{{longtable}}{{@{{}}{''.join(kinds)}@{{}}}}",
        rf"\caption{{{latex_escape(table.title)}}}\label{{tab:{table.key}}}\\",
        rf"\toprule {head} \\ \midrule \endfirsthead",
        rf"\toprule {head} \\ \midrule \endhead",
        r"\bottomrule \endfoot",
        *(_latex_row(table, index) for index in range(len(table.rows))),
        r"\end{longtable}",
        *(rf"\casepoolnote{{{latex_in_text(note)}}}" for note in table.notes),
        r"\endgroup",
        *([r"\end{landscape}"] if setting.landscape else []),
    ]
    return "\n".join(lines) + "\n"


def _setting(columns: list[Column]) -> _Setting:
    """Return the largest type in which nothing need be broken on a portrait page; else the smallest, on its side."""
    needed = _NARROWER * least_width(columns)
    for line in (_LINE, _LONG_LINE):
        for size, points, gap in _SIZES:
            room = line - gap * (len(columns) - 1)
            if needed * points <= room:
                return _Setting(size, gap, room / (_NARROWER * points), landscape=line > _LINE)
    return _Setting(size, gap, room / (_NARROWER * points), landscape=True)


def _kinds(columns: list[Column], room: float) -> list[str]:
    """Return the columns as LaTeX declares them; numbers by their measured width, texts by their share of the rest."""
    widths = shared_widths(columns, room)
    texts = sum(width for width, column in zip(widths, columns, strict=True) if not column.number)
    return [
        rf">{{\casepoolnumber}}p{{\casepoolwidth{{{letter}}}}}"
        if column.number
        else rf">{{\casepooltext}}p{{{width / texts:.4f}\casepoolroom}}"
        for column, width, letter in zip(columns, widths, ascii_lowercase, strict=False)
    ]


def _heading(table: DisplayTable, place: int, kind: str) -> str:
    first, last = (r"@{}" if place == end else "" for end in (0, len(table.columns) - 1))
    label = latex_in_text(hyphenated(table.columns[place].label, table.language))
    return rf"\multicolumn{{1}}{{{first}{kind.replace('}p{', '}b{', 1)}{last}}}{{\textbf{{{label}}}}}"


def _measured(table: DisplayTable, columns: list[Column]) -> list[str]:
    """Return the commands that measure the columns of numbers: cells by shape, and the words of headings."""
    lines = []
    for place, (column, letter) in enumerate(zip(columns, ascii_lowercase, strict=False)):
        if column.number:
            heading = hyphenated(table.columns[place].label, table.language).replace(SOFT_HYPHEN, "- ")
            shapes = {
                (re.sub(r"\d", "0", row[place]), index in table.bold_rows) for index, row in enumerate(table.rows)
            }
            widest = [rf"\textbf{{{latex_in_text(word)}}}" for word in heading.split(" ") if word]
            widest += [
                rf"\textbf{{{latex_in_text(cell)}}}" if bold else latex_in_text(cell) for cell, bold in sorted(shapes)
            ]
            lines.append(rf"\casepoolmeasure{{{letter}}}{{" + r"\\".join(widest) + "}")
    return lines


def _latex_row(table: DisplayTable, index: int) -> str:
    cells = [_latex_cell(hyphenated(cell, table.language)) for cell in table.rows[index]]
    if table.row_keys and table.row_keys[index]:
        cells[0] += rf"\casepoolcite{{{table.row_keys[index]}}}"
    if cells and cells[0].startswith(("[", "*")):  # after the \\ of the row before, LaTeX takes them for its options
        cells[0] = f"{{}}{cells[0]}"
    if index not in table.bold_rows:
        return " & ".join(cells) + r" \\"
    rule = r"\midrule " if index == min(table.bold_rows) and index else ""
    return rule + " & ".join(rf"\textbf{{{cell}}}" for cell in cells) + r" \\"


def _latex_cell(cell: str) -> str:
    if _DOI.fullmatch(cell):
        return rf"\casepooldoi{{{cell}}}"
    return re.sub(r"(?<=\w)\\_(?=\w)|(?<=[a-z])/(?=[a-z])", r"\g<0>\\allowbreak{}", latex_in_text(cell))


def latex_in_text(text: str) -> str:
    """Return a text for LaTeX whose ranges and rates with their intervals stay in one line."""
    places = [0, *(place for found in _UNBROKEN.finditer(text) for place in found.span()), len(text)]
    parts = [text[first:last] for first, last in pairwise(places)]
    return "".join(
        rf"\mbox{{{latex_escape(part)}}}" if place % 2 else latex_escape(part) for place, part in enumerate(parts)
    )
