"""Writing display tables: CSV and HTML; in `latex` LaTeX, in `docx` Word."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from casepool.files.atomic import write_bytes, write_text
from casepool.files.formulas import rows_as_csv
from casepool.report.files import table_stem
from casepool.report.tables.display import DisplayTable, InLanguage
from casepool.report.tables.latex import latex_text, style_file
from casepool.report.tables.widths import SOFT_HYPHEN
from casepool.report.words.catalogue import Catalogue, load_catalogue

# With the mark by which Excel knows UTF-8, and the sign by which a spreadsheet of the language parts its cells.
_BYTE_ORDER_MARK = "\ufeff"
_DELIMITERS = {"en": ",", "fr": ";"}
_COUNT = re.compile(r"([\d\u202f,]+)/([\d\u202f,]+)")
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
    """Write every table into a folder, in every form, named by its place and key; return the paths written.

    The style that the tables need in LaTeX is written beside the folder.
    """
    mark = next((table.mark for table in tables.values()), "")
    write_text(Path(folder).parent / "casepool.sty", style_file(mark))
    stems = {key: Path(folder) / table_stem(key) for key in sorted(tables)}
    return [path for key, stem in stems.items() for path in write_display_table(tables[key], stem, language)]


def csv_text(table: DisplayTable) -> str:
    """Return the table as CSV that a spreadsheet of its language opens, cells as displayed.

    A missing value is an empty cell. A count such as 5/6, which a spreadsheet takes for the fifth of June, is written
    "5 of 6". A last column holds the keys of sources, and another the mark of invented data, that no copy of a row
    loses it.
    """
    catalogue = load_catalogue(table.language)
    header = [column.label.replace(SOFT_HYPHEN, "") for column in table.columns]
    header += [catalogue.text("column_key")] if table.row_keys else []
    rows = [[_csv_cell(cell, catalogue) for cell in row] for row in table.rows]
    rows = [[*row, key] for row, key in zip(rows, table.row_keys, strict=True)] if table.row_keys else rows
    mark = [table.mark] if table.mark else []
    text = rows_as_csv([[*row, *mark] for row in (header, *rows)], _DELIMITERS[table.language])
    return _BYTE_ORDER_MARK + text


def _csv_cell(cell: str, catalogue: Catalogue) -> str:
    if cell == catalogue.numbers.missing:
        return ""
    count = _COUNT.fullmatch(cell)
    return catalogue.text("count_of", part=count[1], whole=count[2]) if count else cell


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
    text, address = escape(cell), address_of(cell)
    if not address:
        return text
    shown = text.replace("/", "/<wbr>") if "doi.org" in address else text
    return f'<a href="{escape(address)}">{shown}</a>'


def address_of(cell: str) -> str:
    """Return the address of the publication that a DOI, PMCID or PMID names; empty for any other cell."""
    if re.fullmatch(r"10\.\d{4,9}/\S+", cell):
        return f"https://doi.org/{cell}"
    if re.fullmatch(r"PMC\d+", cell):
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{cell}/"
    found = re.fullmatch(r"PMID\u00a0(\d+)", cell)
    return f"https://pubmed.ncbi.nlm.nih.gov/{found[1]}/" if found else ""


def html_document(table: DisplayTable, language: str) -> str:
    """Return the table as a small HTML document of its own."""
    return (
        f'<!doctype html>\n<html lang="{load_catalogue(language).language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(table.title)}</title>\n<style>{_STYLE}</style></head>\n"
        f"<body>\n{html_fragment(table)}</body>\n</html>\n"
    )
