"""The table of the PRISMA2020 web tool is a view of the boxes of the flow."""

from __future__ import annotations

import invented
import pytest

from casepool.flow.boxes import database_of, prisma_counts
from casepool.flow.prisma_web import COLUMNS, prisma_web

FILES = {"database": "data/raw/pubmed/2026-11-22/records.xml.gz", "register": "trials_2026.ris", "website": "web.ris"}


def state(record_id, name, origin="database", **changes):
    """Return the state of a record."""
    return {"record_id": record_id, "origin": origin, "source_file": FILES[origin], "state": name} | changes


STATES = (
    state("pmid:1", "to_screen"),
    state("pmid:2", "excluded_title_abstract", exclusion_reason="review"),
    state("pmid:3", "excluded_full_text", exclusion_reason="under_18"),
    state("pmid:4", "included", study_id="a"),
    state("pmid:5", "included", study_id="a"),
    state("ris:6", "awaiting_full_text", "register"),
    state("ris:7", "included", "website", study_id="b"),
    state("ris:8", "excluded_full_text", "website", exclusion_reason="review"),
)


def boxes(*new, update=False):
    """Return the boxes of the flow."""
    merges = [
        {"record_id": "bib:9", "origin": "database", "source_file": "a.bib", "number": 1, "kept_as": "pmid:1"},
        {"record_id": "bib:10", "origin": "website", "source_file": "b.bib", "number": 1, "kept_as": "pmid:1"},
    ]
    records = invented.frame("new_records", *({"record_id": one, "source_file": "x"} for one in new))
    told = {"snapshot": "2027-01-01", "previous": "2026-01-01", "n_previous": 8 - len(new), "n_new": len(new)}
    frames = [invented.frame("screening_state", *STATES), invented.frame("cases"), invented.frame("unique_patients")]
    frames += [invented.frame("merges", *merges), invented.frame("search_update", *([told] if update else []))]
    return prisma_counts(*frames, records)


def numbers(*new, update=False):
    """Return data → n of the table."""
    frame = prisma_web(boxes(*new, update=update))
    assert tuple(frame.columns) == COLUMNS
    return dict(zip(frame["data"], frame["n"], strict=True))


def test_every_number_of_the_table_is_a_box_of_the_flow():
    """Whatever the flow says, the web tool says: each box changed alone is seen there."""
    before = boxes("ris:7", update=True)
    plain = before["detail"].isna() & ~before["box"].str.startswith("patients_")
    alone = before["box"].isin(["records_website", "studies_included", "studies_analysed", "reports_analysed"])
    of_databases = before["box"].isin(["records_database", "records_register"])
    for place in before.index[plain & (before["arm"].notna() | alone) | of_databases]:
        if before.loc[place, "box"] in UNSEEN or (before.loc[place, "arm"], before.loc[place, "box"]) in UNSEEN:
            continue
        changed = before.copy()
        changed.loc[place, "n"] += 1
        assert not prisma_web(changed).equals(prisma_web(before)), tuple(before.loc[place])


# Boxes for which the web tool has none: it tells included reports in total, excluded ones by reason only.
UNSEEN = {
    "reports_included",
    "reports_excluded",
    ("other_methods", "records_screened"),
    ("other_methods", "records_excluded"),
}


def test_databases_and_other_methods_are_told_apart():
    """Websites stand in the other column; the boxes of each column add up."""
    n = numbers()
    assert (n["database_results"], n["register_results"], n["website_results"]) == (6, 1, 2)
    found = n["database_results"] + n["register_results"]
    assert found == n["duplicates"] + n["records_screened"] + 1  # one waits, and is not removed for another reason
    assert n["excluded_other"] == 0
    assert (n["database_specific_results"], n["register_specific_results"]) == ("PubMed, 5; a, 1", "trials, 1")
    assert n["records_screened"] == n["records_excluded"] + n["dbr_sought_reports"]
    assert n["dbr_sought_reports"] == n["dbr_notretrieved_reports"] + n["dbr_assessed"]
    assert n["website_results"] == n["other_sought_reports"] == n["other_assessed"]
    assert (n["dbr_excluded"], n["other_excluded"]) == ("under 18 years, 1", "review, 1")


@pytest.mark.parametrize(
    ("new", "update", "counts"),
    [
        ((), False, (0, 0, 2, 3, 2, 3)),
        (("pmid:5",), True, (2, 2, 0, 1, 2, 3)),
        (("ris:7",), True, (1, 2, 1, 1, 2, 3)),
    ],
)
def test_studies_of_an_earlier_search_are_previous(new, update, counts):
    """A new report of a known study is a new report, and no new study."""
    n = numbers(*new, update=update)
    kinds = [f"{kind}_{unit}" for kind in ("previous", "new", "total") for unit in ("studies", "reports")]
    assert tuple(n[kind] for kind in kinds) == counts


def test_records_that_wait_are_said_to_wait():
    """The tool has no box for them; the text of the box says so, and no box that nothing waits for."""
    frame = prisma_web(boxes()).set_index("data")
    assert frame.loc["records_screened", "boxtext"] == "Records screened so far; 1 more wait for screening"
    assert frame.loc["website_results", "boxtext"] == "Websites"


def test_the_rows_are_those_that_the_package_asks_for():
    """PRISMA2020 1.1 finds each row by the name in its first column, and stops where one is missing."""
    names = [name for name in prisma_web(boxes())["data"] if name != "NA"]
    assert len(names) == len(set(names)) == 31
    assert {"total_studies_ma", "total_reports_ma"} <= set(names)
    for asked in {*names} - {"total_studies", "total_reports"}:  # these it asks for with an end
        assert [name for name in names if asked in name] == [asked]


def test_only_reports_with_an_evaluable_patient_are_in_the_meta_analysis():
    """Of two included reports of one study and one of another, two hold a patient who can be evaluated."""
    included = [
        state(f"pmid:{n}", "included", study_id=study, report_id=f"r{n}") for n, study in ((1, "a"), (2, "a"), (3, "b"))
    ]
    told = [invented.case(f"r{n}/p1", n_evaluable=evaluable) for n, evaluable in ((1, 1), (2, 1), (3, 0))]
    counted = [{**row, "counted": "yes", "kept_as": row["case_id"]} for row in told]
    frames = [invented.frame("cases", *told), invented.frame("unique_patients", *counted)]
    table = prisma_web(prisma_counts(invented.frame("screening_state", *included), *frames)).set_index("data")["n"]
    assert (table["total_reports"], table["total_reports_ma"], table["total_studies_ma"]) == (3, 2, 1)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("data/raw/imports/embase_1.ris", "embase"),
        ("data/raw/imports/embase-2026-01-30.csv", "embase"),
        ("data/raw/imports/Web of Science part 2.txt", "Web of Science"),
        ("data/raw/imports/2026.ris", "2026"),
        ("data/raw/imports/added_by_readers/dupont2026.ris", "added by readers"),
    ],
)
def test_a_database_has_the_name_of_its_files(file, name):
    """What is of the download, a number or a date, is left out."""
    assert database_of(file) == name
