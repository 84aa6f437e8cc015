"""The report as a PDF for the archive: PDF/A-2a and PDF/UA-1, set by typst from the content of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from casepool.report.figures.canvas.typesetting import font_folder
from casepool.report.page import facts as prose
from casepool.report.page.content import Content
from casepool.report.page.pictures import Picture
from casepool.report.tables.display import DisplayTable, InLanguage
from casepool.report.tables.writers import address_of
from casepool.report.words.catalogue import Catalogue
from casepool.typing import Json

# Rows of a table. typst holds a tenth of a megabyte for each of six cells: 10,000 patients took 6 GB.
LONGEST = 1_000
_WIDE, _TALL = 170.0, 238.0  # room for a figure, in millimetres
_SPOKEN = 16_000  # letters; a string of PDF/A holds 32,767 bytes, and letters that are not Latin take two each


def report_pdf(content: Content) -> bytes:
    """Return the report as a tagged PDF with embedded fonts, the same bytes for the same content.

    Its date is that of the data; its fonts are those of typst and, in figures, of matplotlib, none of the system.
    """
    import typst

    drawings: dict[str, str] = {}
    document = json.dumps(_document(content, drawings), ensure_ascii=False, sort_keys=True).replace("\u2060", "")
    template = files("casepool.report.page").joinpath("templates", "report.typ").read_text(encoding="utf-8")
    texts: Any = {"main.typ": template, "report.json": document, **drawings}  # not in the types of typst
    given: Any = {name: text.encode() for name, text in texts.items()}
    made: bytes = typst.compile(
        given, font_paths=[font_folder()], ignore_system_fonts=True, pdf_standards=["a-2a", "ua-1"], timestamp=0
    )
    return made


def _document(content: Content, drawings: dict[str, str]) -> Json:
    """Return what the template sets; the drawings it names are added to `drawings`."""
    facts, text = content.facts, content.facts.catalogue.text
    year, month, day = facts.meta.snapshot.split("-")
    return {
        "title": facts.protocol.title[facts.catalogue.language],
        "subtitle": text("page_subtitle"),
        "language": facts.catalogue.language,
        "mark": text("synthetic") if facts.protocol.synthetic else "",
        "date": [int(year), int(month), int(day)],
        "provenance": prose.provenance(facts),
        "sections": [_section(key, content, drawings) for key in content.sections],
        "annex": {
            "title": text("section_annex"),
            "sections": [_annexed(key, content, drawings) for key in content.annex],
        },
    }


def _section(key: str, content: Content, drawings: dict[str, str]) -> Json:
    text = content.facts.catalogue.text
    told = content.texts.get(key, [])
    if key == "take":
        told = [f"{content.citation} {text('cite_software')}"]
    listed = key in {"unsettled", "origin"}
    pictures = content.pictures("sensitivity" if key == "sure" else key)
    return {
        "title": text(f"section_{key}"),
        "paragraphs": [] if listed else [*told, *([" ".join(content.question)] if key == "answer" else [])],
        "items": told if listed else [],
        "terms": [[one.title, one.text] for one in content.qualifying] if key == "answer" else [],
        "figures": [*_figures(pictures, key, drawings, text("pdf_words_go_on"))],
        "tables": [table_in_pdf(one, content.facts.catalogue) for one in content.tables_of(key)],
    }


def _annexed(key: str, content: Content, drawings: dict[str, str]) -> Json:
    part, text = content.annex[key], content.facts.catalogue.text
    tables = [table for one in content.behind for table in one.tables] if key == "behind" else part.tables
    return {
        "title": text(f"details_{key}"),
        "paragraphs": part.texts,
        "items": [],
        "terms": [list(one) for one in content.words] if key == "words" else [],
        "figures": [*_figures(part.pictures, f"annex-{key}", drawings, text("pdf_words_go_on"))],
        "tables": [table_in_pdf(one, content.facts.catalogue) for one in tables],
    }


def _figures(pictures: Sequence[Picture], name: str, drawings: dict[str, str], more: str) -> Iterable[Json]:
    for page, one in enumerate(pictures, start=1):
        file = f"{name}-{page}.svg"
        drawings[file] = one.svg
        found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', one.svg)
        wide, tall = (float(size) for size in found.groups()) if found else (1.0, 1.0)
        yield {"file": file, "alt": spoken(one.alt, more), "width": round(min(_WIDE, _TALL * wide / tall), 2)}


def spoken(alt: str, more: str) -> str:
    """Return what a figure shows, as far as the PDF can hold it, whole sentences or lines, and where the rest is."""
    if len(alt) <= _SPOKEN:
        return alt
    kept = alt[:_SPOKEN]
    end = max(kept.rfind(sign) for sign in (". ", "; ", "\n"))
    return f"{kept[: end + 1] if end > 0 else kept} {more}"


def table_in_pdf(table: DisplayTable, catalogue: Catalogue) -> Json:
    """Return a table as the template sets it; of one that is longer than any reader turns pages, where it stands."""
    n, numbers = len(table.rows), catalogue.numbers
    return {
        "title": table.title,
        "elsewhere": catalogue.text("pdf_long_table", n=numbers.integer(n)) if n > LONGEST else "",
        "widths": [column.weight for column in table.columns],
        "aligned": [column.align for column in table.columns],
        "head": [column.label for column in table.columns],
        "rows": [] if n > LONGEST else [[_cell(cell, table.language) for cell in row] for row in table.rows],
        "bold": list(table.bold_rows),
        "notes": list(table.notes),
    }


def _cell(cell: str, language: str) -> Json:
    own = cell.language if isinstance(cell, InLanguage) else language
    return {"text": str(cell), "language": own, "address": address_of(cell)}
