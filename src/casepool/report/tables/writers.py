"""Writing display tables: CSV, HTML, LaTeX (booktabs) and, in `writers_docx`, Word."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from casepool.files.atomic import write_bytes, write_text
from casepool.files.formulas import rows_as_csv
from casepool.report.tables.display import DisplayColumn, DisplayTable, InLanguage
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.numbers import NARROW_SPACE, NO_BREAK_SPACE, Numbers

SOFT_HYPHEN = "\u00ad"
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda", "µ": "mu", "μ": "mu"}
_LATEX = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    **{sign: rf"\ensuremath{{\{name}}}" for sign, name in _GREEK.items()},
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
    "·": r"\textperiodcentered{}",
    "ﬁ": "fi",
    "ﬂ": "fl",
}
_PACKAGES = r"% needs \usepackage{array,booktabs,longtable}; with pdfLaTeX also inputenc (utf8) and fontenc (T1)"
_STYLE = """
body { font: 15px/1.4 sans-serif; margin: 2rem; }
table { border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid; }
th, td { padding: .25rem .6rem; text-align: left; vertical-align: top; }
thead th { border-bottom: 1px solid; vertical-align: bottom; }
tbody th { font-weight: normal; }
.right { text-align: right; }
td.right { white-space: nowrap; }
.total > * { font-weight: bold; border-top: 1px solid; }
caption { text-align: left; font-weight: bold; padding-bottom: .4rem; }
.notes { font-size: .85em; color: #444; }
figure { margin: 0; }
"""
_LATEX_ALIGN = {"left": r"\raggedright", "right": r"\raggedleft", "center": r"\centering"}


def write_display_table(table: DisplayTable, stem: str | Path, language: str) -> list[Path]:
    """Write a table as ``stem.csv``, ``.html``, ``.tex`` and ``.docx``; return the paths written.

    Parameters
    ----------
    language : of the texts around the cells (the cells already are in the table's language).
    """
    from casepool.report.tables.docx import docx_bytes

    stem = Path(stem)
    texts = {".csv": csv_text(table), ".html": html_document(table, language), ".tex": latex_text(table)}
    paths = []
    for suffix, content in texts.items():
        paths.append(stem.with_name(stem.name + suffix))
        write_text(paths[-1], content)
    paths.append(stem.with_name(f"{stem.name}.docx"))
    write_bytes(paths[-1], docx_bytes(table))
    return paths


def write_display_tables(tables: Mapping[str, DisplayTable], folder: str | Path, language: str) -> list[Path]:
    """Write every table into a folder, in every form, named by its key; return the paths written."""
    return [path for key in sorted(tables) for path in write_display_table(tables[key], Path(folder) / key, language)]


def csv_text(table: DisplayTable) -> str:
    """Return the table as CSV, cells as displayed; a missing value is an empty cell.

    Invented data are marked in a last column of every row, so that no copy of a row loses the mark.
    """
    missing = Numbers(table.language).missing
    mark = [table.mark] if table.mark else []
    header = [*(column.label.replace(SOFT_HYPHEN, "") for column in table.columns), *mark]
    return rows_as_csv([header, *([*("" if cell == missing else cell for cell in row), *mark] for row in table.rows)])


def html_fragment(table: DisplayTable, *, caption: bool = True) -> str:
    """Return the table as an HTML fragment (``<figure class="table">``)."""
    head = "".join(f'<th scope="col" class="{column.align}">{escape(column.label)}</th>' for column in table.columns)
    body = "\n".join(_html_row(table, index) for index in range(len(table.rows)))
    title = f"<caption>{escape(table.title)}</caption>\n" if caption else ""
    total = math.fsum(column.weight for column in table.columns)
    columns = "".join(f'<col style="width:{100 * column.weight / total:.1f}%">' for column in table.columns)
    widths = f"<colgroup>{columns}</colgroup>\n"
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    foot = f'\n<figcaption class="notes">{notes}</figcaption>' if notes else ""
    return (
        f'<figure class="table" id="table-{table.key}">\n<table>\n{title}{widths}<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>{foot}\n</figure>\n"
    )


def _html_row(table: DisplayTable, index: int) -> str:
    cells = []
    for number, (column, cell) in enumerate(zip(table.columns, table.rows[index], strict=True)):
        tag, scope = ("th", ' scope="row"') if number == 0 else ("td", "")
        own = cell.language if isinstance(cell, InLanguage) else table.language
        lang = "" if own == table.language else f' lang="{escape(own)}"'
        cells.append(f'<{tag}{scope} class="{column.align}"{lang}>{_html_cell(cell)}</{tag}>')
    kind = ' class="total"' if index in table.bold_rows else ""
    return f"<tr{kind}>{''.join(cells)}</tr>"


def _html_cell(cell: str) -> str:
    text = escape(cell)
    if re.fullmatch(r"10\.\d{4,9}/\S+", cell):
        return f'<a href="https://doi.org/{text}">{text.replace("/", "/<wbr>")}</a>'
    if re.fullmatch(r"PMC\d+", cell):
        return f'<a href="https://pmc.ncbi.nlm.nih.gov/articles/{text}/">{text}</a>'
    found = re.fullmatch(r"PMID\u00a0(\d+)", cell)
    return f'<a href="https://pubmed.ncbi.nlm.nih.gov/{found[1]}/">{text}</a>' if found else text


def html_document(table: DisplayTable, language: str) -> str:
    """Return the table as a small HTML document of its own."""
    return (
        f'<!doctype html>\n<html lang="{load_catalogue(language).language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(table.title)}</title>\n<style>{_STYLE}</style></head>\n"
        f"<body>\n{html_fragment(table)}</body>\n</html>\n"
    )


def latex_escape(text: str) -> str:
    """Return the text with every sign that LaTeX would read as a command, or not know, replaced."""
    return "".join(_LATEX.get(sign, sign) for sign in text)


def latex_text(table: DisplayTable) -> str:
    """Return the table as a ``longtable`` with booktabs rules, label ``tab:<key>`` and its notes below."""
    total = math.fsum(column.weight for column in table.columns)
    specification = "\n".join(_latex_column(column, column.weight / total) for column in table.columns)
    head = " & ".join(rf"\textbf{{{latex_escape(column.label)}}}" for column in table.columns)
    lines = [
        _PACKAGES,
        r"\begingroup\footnotesize",
        rf"\begin{{longtable}}{{@{{}}%{chr(10)}{specification}@{{}}}}",
        rf"\caption{{{latex_escape(table.title)}}}\label{{tab:{table.key}}}\\",
        rf"\toprule {head} \\ \midrule \endfirsthead",
        rf"\toprule {head} \\ \midrule \endhead",
        r"\bottomrule \endfoot",
        *(_latex_row(table, index) for index in range(len(table.rows))),
        r"\end{longtable}",
        *(rf"\noindent {latex_escape(note)}\par" for note in table.notes),
        r"\endgroup",
    ]
    return "\n".join(lines) + "\n"


def _latex_column(column: DisplayColumn, share: float) -> str:
    width = rf"\dimexpr {share:.4f}\linewidth-2\tabcolsep"
    return rf"  >{{{_LATEX_ALIGN[column.align]}\arraybackslash}}p{{{width}}}"


def _latex_row(table: DisplayTable, index: int) -> str:
    cells = [latex_escape(cell) for cell in table.rows[index]]
    if cells and cells[0].startswith(("[", "*")):  # after the \\ of the row before, LaTeX takes them for its options
        cells[0] = f"{{}}{cells[0]}"
    if index not in table.bold_rows:
        return " & ".join(cells) + r" \\"
    rule = r"\midrule " if index == len(table.rows) - 1 and index else ""
    return rule + " & ".join(rf"\textbf{{{cell}}}" for cell in cells) + r" \\"
