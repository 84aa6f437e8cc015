"""Patients by the sources that tell them, and no way back from what is shown to what is withheld."""

from __future__ import annotations

from itertools import product

import invented
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casepool import tables
from casepool.analysis.told_where import told_where
from casepool.linkage.identity import link

S, C, RS, RC = "literature_selective", "literature_complete", "registry_selective", "registry_complete"


def told(unique, threshold=1):
    """Return combination of kinds → number (or status where there is none)."""
    table = told_where(unique, threshold)
    found = {}
    for row in table.to_dict("records"):
        kinds = tuple(kind for kind in (S, C, RS, RC) if row[kind] == "yes")
        assert kinds not in found
        found[kinds] = int(row["n"]) if row["status"] == "shown" else row["status"]
    return found


def linked(cases, *decisions):
    """Return the unique patients of cases."""
    made = invented.frame("identity_decisions", *(invented.decision(*one) for one in decisions))
    return link(invented.frame("cases", *cases), made).unique


def call(number, ascertainment="complete", **changes):
    """Return a registry case."""
    kind = {"report_type": "registry_call", "report_id": f"registry-{ascertainment}", "ascertainment": ascertainment}
    return invented.case(f"registry/{number:012x}", **(kind | changes))


def test_each_patient_counts_once_with_all_the_sources_that_tell_them():
    """Letter and registry; cohort and registry; registry alone; unclear is selective."""
    cases = [invented.case("alpha2020/p1"), invented.case("beta2021/p1", ascertainment="unclear"), call(1), call(2)]
    cases += [call(3, "selective"), call(4), invented.cohort_case("trial2022/all", 10, ascertainment="complete")]
    decided = (("alpha2020/p1", "registry/000000000001"), ("registry/000000000002", "trial2022/all"))
    assert told(linked(cases, *decided)) == {(S,): 1, (S, RC): 1, (RS,): 1, (RC,): 1, (C,): 9, (C, RC): 1}


def test_a_patient_subtracted_from_a_cohort_is_told_in_both():
    """The cohort without counts has lost her already."""
    cases = [call(1), invented.cohort_case("series2022/all", 5, 0, 0, includes_case="registry/000000000001")]
    assert told(linked(cases)) == {(S,): 4, (S, RC): 1}


def test_all_tellings_of_a_patient_inside_a_cohort_are_one_patient():
    """Two letters, the registry and a trial."""
    cases = [invented.case("alpha2020/p1"), invented.case("beta2021/p1"), call(1)]
    cases.append(invented.cohort_case("trial2022/all", 3, 3, 1, ascertainment="complete", includes_case="alpha2020"))
    decided = (("alpha2020/p1", "beta2021/p1"), ("beta2021/p1", "registry/000000000001"))
    assert told(linked(cases, *decided)) == {(C,): 2, (S, C, RC): 1}


def test_an_earlier_cut_of_a_cohort_is_the_same_patients():
    """Three of the five were told before."""
    early = invented.cohort_case("abstract2021/all", 3, 3, 1)
    late = invented.cohort_case("trial2022/all", 5, 5, 2, ascertainment="complete", includes_case="abstract2021/all")
    assert told(linked([early, late])) == {(C,): 2, (S, C): 3}


def test_a_published_patient_whose_registry_case_stays_private_is_told_in_the_literature():
    """Rows of patients that may not be told are taken out before; two letters on one stay one patient."""
    cases = [invented.case("alpha2020/p1"), invented.case("beta2021/p1"), call(1)]
    unique = linked(cases, ("alpha2020/p1", "registry/000000000001"), ("beta2021/p1", "registry/000000000001"))
    assert told(unique[unique["report_type"] != "registry_call"]) == {(S,): 1}


def test_a_cohort_whose_number_treated_is_not_told_counts_those_evaluated():
    """Nothing is made up."""
    cohort = invented.cohort_case("series2022/all", None, 4, 2)
    assert told(linked([cohort])) == {(S,): 4}


def test_no_patient_gives_an_empty_table(tmp_path):
    """A project that starts; the table fits its contract."""
    table = told_where(invented.frame("unique_patients"), 11)
    tables.write_table("told_where", table, tmp_path / "told.csv")
    assert len(tables.read_table("told_where", tmp_path / "told.csv")) == 0


def population(**cells):
    """Return unique patients: so many of each combination, as s, c, rs, rc joined by underscores."""
    rows = []
    kinds = {
        "s": ("lit", "selective"),
        "c": ("lit", "complete"),
        "rs": ("call", "selective"),
        "rc": ("call", "complete"),
    }
    for name, n in cells.items():
        for number in range(n):
            ids = [f"{name}{number}{kind}" for kind in name.split("_")]
            for case, kind in zip(ids, name.split("_"), strict=True):
                source, ascertainment = kinds[kind]
                row = invented.case(f"{case}/p1", ascertainment=ascertainment)
                row |= {"report_type": "registry_call"} if source == "call" else {}
                first = f"{ids[0]}/p1"
                row |= {"counted": "yes" if case == ids[0] else "no", "kept_as": first}
                row["also_told_in"] = "; ".join(f"{one}/p1" for one in ids[1:]) if case == ids[0] else None
                rows.append(row)
    return invented.frame("unique_patients", *rows)


def test_cells_large_enough_are_shown_with_their_numbers():
    """Publications alone are shown whatever their number."""
    assert told(population(s=3, c=5, s_rc=12, rc=20), 11) == {(S,): 3, (C,): 5, (S, RC): 12, (RC,): 20}


def test_a_small_cell_is_withheld_together_with_those_that_would_give_it_away():
    """Readers count the letters, and are told how many patients the registry has."""
    assert told(population(s=30, c=40, s_rc=4, c_rc=12, rc=20), 11) == {
        (S,): "withheld",
        (S, RC): "small",
        (C,): "withheld",
        (C, RC): "withheld",
        (RC,): 20,
    }


def test_an_empty_cell_protects_where_no_other_can():
    """Nobody knows that it is empty."""
    found = told(population(s=30, s_rc=4, rc=20, c_rs=20), 11)
    assert found[S, RC] == "small"
    assert "withheld" in found.values()


def test_where_nothing_protects_the_registry_is_left_out():
    """A single letter, whose patient is the only one in the registry."""
    assert told(population(s_rc=1), 11) == {(S,): 1}


def test_a_registry_too_small_to_be_told_is_not_given_away_by_its_total():
    """Its total is told nowhere."""
    assert told(population(s=3, rc=4), 11) == {(S,): 3, (RC,): "small"}


def possible(table, grid, threshold):
    """Return, for each small cell, the values that fit all that readers may know (by trying all)."""
    small = [cell for cell, value in table.items() if value == "small"]
    hidden = [cell for cell, value in table.items() if value != "shown" and not isinstance(value, int)]
    literature, registry = (lambda cell: cell & {S, C}), (lambda cell: cell & {RS, RC})
    lines = [(part, value) for part in (literature, registry) for value in {part(frozenset(cell)) for cell in grid}]
    known = []
    for part, value in lines:
        total = sum(n for cell, n in grid.items() if part(frozenset(cell)) == value)
        called = (part is registry and value) or (part is literature and not value)
        if not called or total >= threshold:
            members = [cell for cell in hidden if part(frozenset(cell)) == value]
            shown = sum(n for cell, n in table.items() if isinstance(n, int) and part(frozenset(cell)) == value)
            known.append((members, total - shown))
    most = max(grid.values()) + 3
    ranges = [range(1, threshold) if cell in small else range(most) for cell in hidden]
    values = {cell: set() for cell in small}
    for guess in product(*ranges):
        world = dict(zip(hidden, guess, strict=True))
        if all(sum(world[cell] for cell in members) == total for members, total in known):
            for cell in small:
                values[cell].add(world[cell])
    return values


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=5, max_size=5), st.sampled_from([3, 4]))
def test_no_small_number_follows_from_sums_and_differences(numbers, threshold):
    """Tried out against every table that fits what readers know."""
    cells = dict(zip(("s", "s_rc", "rc", "rs", "s_rs"), numbers, strict=True))
    names = {"s": S, "rs": RS, "rc": RC}
    grid = {tuple(names[kind] for kind in cell.split("_")): n for cell, n in cells.items()}
    if not any(grid.values()):
        return
    table = told(population(**cells), threshold)
    if any(RS in cell or RC in cell for cell in table):
        assert sum(n for n in table.values() if isinstance(n, int)) <= sum(numbers)
        for values in possible(table, grid, threshold).values():
            assert len(values) > 1
    else:
        assert table == (
            {(S,): cells["s"] + cells["s_rc"] + cells["s_rs"]} if any(S in c and n for c, n in grid.items()) else {}
        )


@pytest.mark.parametrize("threshold", [5, 11, 20])
def test_every_number_of_registry_patients_shown_reaches_the_threshold(threshold):
    """Whatever the mixture."""
    draw = np.random.default_rng(threshold)
    for _ in range(5):
        cells = {name: int(draw.integers(0, 30)) for name in ("s", "c", "s_c", "rc", "rs", "s_rc", "c_rs", "s_c_rc")}
        found = told(population(**cells), threshold)
        assert all(n >= threshold for kinds, n in found.items() if isinstance(n, int) and {RS, RC} & set(kinds))
