"""Whatever the check passes, the build finishes: some mutated projects (``make mutations`` tries 2,000)."""

from __future__ import annotations

import random
from copy import deepcopy

import pytest
from mutation_bases import shipped_base
from mutation_cells import legal_cell
from mutation_draft import Draft
from mutation_run import BUILT, RAISED, STOPPED, Trial, closing, trials
from mutations import KINDS, mutate

from casepool.contract import CURATED

NUMBER = 12
FIRST = 20_000


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> list[Trial]:
    """Check and build the mutants."""
    return list(trials(range(FIRST, FIRST + NUMBER), tmp_path_factory.mktemp("mutants")))


def test_what_the_check_passes_is_built(tried):
    """No mutant stops a stage unless the check has said so."""
    assert [str(one) for one in tried if one.verdict == STOPPED] == []


def test_the_check_itself_never_stops(tried):
    """Whatever stands in the tables, it is told as a problem."""
    assert [str(one) for one in tried if one.verdict == RAISED] == []


def test_a_third_of_the_mutants_is_built(tried):
    """A check that refuses everything would prove nothing."""
    assert sum(one.verdict == BUILT for one in tried) >= 0.35 * NUMBER


def test_the_closing_summary_counts_every_mutant_once(tried):
    """In all, and under each kind of mutation."""
    lines = closing(tried, 60.0).splitlines()
    assert lines[0] == f"{NUMBER} tables tried in 1.0 minutes"
    assert sum(int(line.split()[-1 if "(" not in line else -2]) for line in lines[1:5]) == NUMBER
    assert len(lines) == 7 + len(KINDS)


def test_a_mutant_is_repeated_by_its_seed():
    """Same seed, same cells, same words."""
    base = shipped_base()
    assert mutate(base, 7) == mutate(base, 7)
    assert mutate(base, 7).words() != mutate(base, 8).words()


def test_every_column_of_every_table_is_mutated_in_time():
    """A column that is added to a schema later is mutated without a line here."""
    base, rng = shipped_base(), random.Random(1)
    draft = Draft(deepcopy(base.tables), base.protocol, base.records)
    changed = set()
    for _ in range(24):  # a cell may be changed back: what counts is that it was changed once
        for _ in range(500):
            legal_cell(draft, rng)
        rows_of_both = [(name, zip(rows, base.tables[name], strict=True)) for name, rows in draft.tables.items()]
        pairs = [(name, new, old) for name, both in rows_of_both for new, old in both]
        changed |= {(name, column) for name, new, old in pairs for column in new if new[column] != old[column]}
    several = {table.name for table in CURATED if len(base.tables[table.name]) > 1}
    columns = {(table.name, name) for table in CURATED for name in table.names if base.tables[table.name]}
    alone = {(table.name, name) for table in CURATED for name in table.key if table.name not in several}
    assert changed >= columns - alone  # the id of a table's only row has no other value to take
