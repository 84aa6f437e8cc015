"""The numbers of figures and tables: one place, the order of the report, names that a manuscript keeps."""

import re

from casepool.report import files
from casepool.report.page.content import ANNEX, FIGURES, FIGURES_OF, MAIN, SECTIONS
from casepool.report.tables.manuscript import TABLES

SHOWN = [key for section in (*MAIN, *ANNEX) for name, *keys in SECTIONS if name == section for key in keys]
STANDING = ("prisma2020", "prisma_s", "data_dictionary")


def test_tables_are_numbered_as_the_report_shows_them():
    assert files.TABLES[: len(SHOWN)] == tuple(SHOWN)


def test_every_table_that_is_written_has_a_number_and_every_number_a_table():
    assert (*(key for key, *_ in TABLES), *STANDING) == files.TABLES


def test_figures_are_numbered_as_the_annex_shows_them():
    annexed = [name for key in ANNEX for name in FIGURES_OF.get(key, (key,)) if name in FIGURES]
    assert list(files.FIGURES) == ["flow", "forest", *annexed]


def test_every_file_of_a_figure_begins_with_its_number_and_gives_back_its_name():
    for name in files.FIGURES:
        stems = {path.rpartition("/")[2].partition(".")[0] for path in files.figure_files(name).values()}
        assert {re.sub(r"_(untitled|caption|alt)$", "", files.name_of(one)) for one in stems} == {name}
        assert {one[:2] for one in stems} == {f"{list(files.FIGURES).index(name) + 1:02}"}


def test_what_has_no_place_keeps_its_name():
    assert files.table_stem("of_ones_own") == "of_ones_own"
    assert files.name_of("12_prior") == "prior"
    assert files.name_of("prior") == "prior"
