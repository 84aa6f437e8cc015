"""The table of the PRISMA2020 web tool is a view of the boxes of the flow."""

from __future__ import annotations

import invented
import pytest

from casepool.flow.boxes import prisma_counts
from casepool.flow.prisma_web import COLUMNS, prisma_web


def state(record_id, name, origin="database", **changes):
    """Return the state of a record."""
    return {"record_id": record_id, "origin": origin, "state": name} | changes


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
    for place in before.index[
        plain & before["arm"].notna() | before["box"].isin(["records_website", "studies_included"])
    ]:
        if before.loc[place, "box"] in UNSEEN or (before.loc[place, "arm"], before.loc[place, "box"]) in UNSEEN:
            continue
        changed = before.copy()
        changed.loc[place, "n"] += 1
        assert not prisma_web(changed).equals(prisma_web(before)), tuple(before.loc[place])


# Boxes for which the web tool has none: it tells included reports in total, excluded ones by reason only.
UNSEEN = {
    "reports_included",
    "reports_excluded",
    ("other_methods", "records_to_screen"),
    ("other_methods", "records_screened"),
    ("other_methods", "records_excluded"),
}


def test_databases_and_other_methods_are_told_apart():
    """Websites stand in the other column; the boxes of each column add up."""
    n = numbers()
    assert (n["database_results"], n["register_results"], n["website_results"]) == (6, 1, 2)
    found = n["database_results"] + n["register_results"]
    assert found == n["duplicates"] + n["excluded_other"] + n["records_screened"]
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
