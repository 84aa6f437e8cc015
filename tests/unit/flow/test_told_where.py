"""Patients by the sources that tell them."""

from __future__ import annotations

import invented

from casepool.files import store
from casepool.flow.told_where import told_where
from casepool.identity.ledger import link

S, C, RS, RC = "literature_selective", "literature_complete", "registry_selective", "registry_complete"


def told(unique):
    """Return combination of kinds → number."""
    found = {}
    for row in told_where(unique).to_dict("records"):
        kinds = tuple(kind for kind in (S, C, RS, RC) if row[kind] == "yes")
        assert kinds not in found
        found[kinds] = int(row["n"])
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
    table = told_where(invented.frame("unique_patients"))
    store.write_table("told_where", table, tmp_path / "told.csv")
    assert len(store.read_table("told_where", tmp_path / "told.csv")) == 0


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


def test_kinds_that_tell_the_same_patients_are_added_up():
    """Each combination is one row."""
    assert told(population(s=3, c=5, s_rc=12, rc=20)) == {(S,): 3, (C,): 5, (S, RC): 12, (RC,): 20}


def test_published_patients_inside_a_released_total_are_told_in_both():
    """The public side: the registry is a total that names the letters inside it."""
    total = invented.cohort_case(
        "registry_complete/itp", 20, 20, 9, ascertainment="complete", includes_case="alpha2020/p1; beta2021/p1"
    )
    letters = [invented.case(f"{name}/p1") for name in ("alpha2020", "beta2021", "gamma2022")]
    assert told(linked([total | {"report_type": "registry_call"}, *letters])) == {(S,): 1, (S, RC): 2, (RC,): 18}
