"""Whatever the decisions, the boxes of the flow add up in each arm, and the web tool tells the same numbers."""

from __future__ import annotations

from collections import Counter

import invented
from hypothesis import given, settings, strategies as st

from casepool.flow.boxes import box_reasons, box_total, prisma_counts
from casepool.flow.prisma_web import prisma_web
from casepool.model.vocabulary import Arm, Origin, label

few = settings(derandomize=True, max_examples=25, deadline=None)
STATES = ("to_screen", "excluded_title_abstract", "awaiting_full_text", "conflict", "excluded_full_text", "included")


@st.composite
def flows(draw):
    """Draw up to twelve screened records, up to four duplicates and a second search; return what is counted."""
    origins = st.sampled_from([origin.value for origin in Origin])
    rows = []
    for number in range(draw(st.integers(0, 12))):
        name = draw(st.sampled_from(STATES))
        row = {"record_id": f"ris:{number}", "origin": draw(origins), "source_file": "b_1.ris", "state": name}
        row |= {"study_id": f"study{draw(st.integers(0, 3))}"} if name == "included" else {}
        row |= {"exclusion_reason": draw(st.sampled_from(["review", "oncology"]))} if "excluded" in name else {}
        rows.append(row)
    gone = [
        {"record_id": f"bib:{n}", "origin": draw(origins), "source_file": "a.bib", "number": 1, "kept_as": "ris:0"}
        for n in range(draw(st.integers(0, 4)))
    ]
    new = [row["record_id"] for row in rows if draw(st.booleans())]
    told = {"snapshot": "2027-01-01", "previous": "2026-01-01", "n_previous": len(rows) - len(new), "n_new": len(new)}
    frames = [invented.frame("screening_state", *rows), invented.frame("cases"), invented.frame("unique_patients")]
    frames += [
        invented.frame("merges", *gone),
        invented.frame("search_update", *([told] if draw(st.booleans()) else [])),
    ]
    return rows, gone, prisma_counts(*frames, invented.frame("new_records", *({"record_id": one} for one in new)))


ARMS = ((Arm.DATABASES, "dbr", {"database", "register"}), (Arm.OTHER, "other", {"website"}))
NOT_RETRIEVED = {"awaiting_full_text", "conflict"}


def recounted(rows, kind, origins):
    """Return the numbers of the reports of one arm, counted from the records alone."""
    states = [row["state"] for row in rows if row["origin"] in origins]
    assessed = sum(one in {"excluded_full_text", "included"} for one in states)
    missed = sum(one in NOT_RETRIEVED for one in states)
    excluded = Counter(
        row["exclusion_reason"] for row in rows if row["origin"] in origins and row["state"] == "excluded_full_text"
    )
    told = {f"{kind}_sought_reports": assessed + missed, f"{kind}_notretrieved_reports": missed}
    told |= {f"{kind}_assessed": assessed}
    return told | {f"{kind}_excluded": "; ".join(f"{label(r, 'en')}, {n}" for r, n in sorted(excluded.items())) or 0}


@few
@given(flows())
def test_every_number_of_the_web_tool_is_that_of_the_records(flow):
    """Counted again here, box by box; no other number stands in its table."""
    rows, gone, boxes = flow
    databases = [row for row in rows if row["origin"] != "website"]
    states = Counter(row["state"] for row in databases)
    merged = Counter(one["origin"] for one in gone)
    found = Counter(row["origin"] for row in rows)
    expected = {"database_results": found["database"] + merged["database"]}
    expected |= {"register_results": found["register"] + merged["register"], "website_results": found["website"]}
    expected |= {"duplicates": merged["database"] + merged["register"]}
    for origin in ("database", "register"):
        files = {"a": merged[origin], "b": found[origin]}
        expected[f"{origin}_specific_results"] = "; ".join(f"{name}, {n}" for name, n in files.items() if n) or 0
    expected |= {"records_screened": len(databases) - states["to_screen"]}
    expected |= {"records_excluded": states["excluded_title_abstract"]}
    for _, kind, origins in ARMS:
        expected |= recounted(rows, kind, origins)
    included = [row for row in rows if row["state"] == "included"]
    expected |= {"total_reports": len(included), "total_studies": len({row["study_id"] for row in included})}
    web = prisma_web(boxes).set_index("data")["n"]
    shown = {name: n for name, n in web.items() if n and not name.startswith(("previous_", "new_")) and name != "NA"}
    assert shown == {name: n for name, n in expected.items() if n}
    for unit in ("studies", "reports"):
        assert web[f"total_{unit}"] == web[f"previous_{unit}"] + web[f"new_{unit}"]


@few
@given(flows())
def test_the_boxes_and_the_web_tool_say_the_same(flow):
    """The table of the tool is a view: each of its numbers stands in the flow, in its arm."""
    _, _, boxes = flow
    web = prisma_web(boxes).set_index("data")["n"]
    for arm, kind, _ in ARMS:
        for shown, box in (
            ("sought_reports", "sought"),
            ("notretrieved_reports", "not_retrieved"),
            ("assessed", "assessed"),
        ):
            assert web[f"{kind}_{shown}"] == box_total(boxes, f"reports_{box}", arm), (kind, shown)
        reasons = sum(box_reasons(boxes, "reports_excluded", arm).values())
        assert reasons == box_total(boxes, "reports_excluded", arm)
    screened = {name: box_total(boxes, name, Arm.DATABASES) for name in ("records_screened", "records_excluded")}
    assert {name: web[name] for name in screened} == screened
    for unit in ("studies", "reports"):
        assert web[f"total_{unit}"] == box_total(boxes, f"{unit}_included")
