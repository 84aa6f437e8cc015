"""Where a returned file tells who somebody is: every header and every cell is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from casepool.contract.registry import FORM
from casepool.files.dialect import each_distinct
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.model.vocabulary import canonical
from casepool.privacy.finding.find import Finding, cell_kinds, identifying_columns, identifying_content
from casepool.registry.form.texts import column_of_header, disease_of_label
from casepool.registry.intake.cells import FormCells
from casepool.registry.intake.grids import OUT_OF_PLACE, WHOLE_ROW, Grid, Recognise, any_row
from casepool.registry.intake.headers import SURVEY_ID
from casepool.registry.intake.rules import ReadingRules

OTHER_SHEET, BESIDE = Message("other_sheet"), Message("beside_the_cells")
# In cells that are not used these kinds do no harm.
_HARMLESS_UNUSED = frozenset({"date", "file or web address", "letters of another script"})
_OF_DISEASE = frozenset({"disease", "disease_as_reported"})


def findings_in_headers(grid: Grid, recognise: Recognise) -> list[Finding]:
    """Return the headers that ask who somebody is, those of the other sheets of a workbook included.

    What the form or REDCap is known to write is not looked at.
    """
    known = column_of_header()
    unknown = ["" if recognise(header) is not None else header for header in grid.header]
    findings = [Finding(grid.header_line, one.column, one.kind) for one in identifying_columns(unknown, known)]
    beside = {one.kind for headers in grid.beside for one in identifying_columns(headers, known)}
    return [*findings, *(Finding(grid.header_line, OTHER_SHEET, kind) for kind in sorted(beside))]


def findings_beside(grid: Grid) -> list[Finding]:
    """Return what stands beside the cells of a workbook and tells who somebody is."""
    kinds: dict[str, bool] = {}
    for text in grid.asides.texts:
        for kind, certain in cell_kinds(text, "note").items():
            kinds[kind] = certain or kinds.get(kind, False)
    return [Finding(grid.header_line, BESIDE, kind, certain) for kind, certain in sorted(kinds.items())]


def findings_in_cells(told: FormCells, protocol: Protocol, rules: ReadingRules) -> list[Finding]:
    """Return the cells that tell who somebody is, those of columns that are not used included."""
    diseases = disease_of_label(protocol)
    in_place = ~any_row((fault for fault in told.faults if fault.column == OUT_OF_PLACE), len(told.lines))
    rows = told.form[in_place]
    form = pd.DataFrame({name: _typed_freely(diseases, rows[name]) for name in FORM.names})
    lines = told.lines[in_place].tolist()
    findings = list(identifying_content(form, lines, rules.harmless_words, rules.second_reader))
    for column in FORM.names if not in_place.all() else ():
        # The name of a hospital or country may have come to stand anywhere.
        findings += _in_unused(told.form.loc[~in_place, column], told.lines[~in_place], WHOLE_ROW, "centre")
    for name in told.others:
        place = Message("unread_column", number=int(str(name)))
        findings += _in_unused(told.others[name], told.lines, place, "note")
    answered = told.lines[told.survey_identifiers]
    return [*findings, *(Finding(int(line), SURVEY_ID, "name") for line in answered)]


def _typed_freely(diseases: Mapping[str, str], cells: pd.Series) -> pd.Series:
    """Return the cells but those that the form itself offers: a disease may bear the name of a person."""
    column = str(cells.name)
    return each_distinct(cells, lambda cell: None if _is_offered(column, diseases, cell) else cell)


def _is_offered(column: str, diseases: Mapping[str, str], cell: str) -> bool:
    if not cell:
        return True
    if column in _OF_DISEASE:
        return fold(cell) in diseases
    vocabulary = FORM.column(column).vocabulary
    return vocabulary is not None and canonical(cell, vocabulary) in FORM.column(column).members


def _in_unused(cells: pd.Series, lines: npt.NDArray[np.int64], place: Message, read_as: str) -> list[Finding]:
    """Return the findings in cells that are not used, read like those of a column of the form."""
    found = identifying_content(cells.mask(cells == "").to_frame(read_as), lines.tolist())
    return [replace(one, column=place) for one in found if one.kind not in _HARMLESS_UNUSED]
