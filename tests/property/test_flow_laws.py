"""Whatever the decisions, the boxes of the flow add up in each arm, and the web tool tells the same numbers."""

from __future__ import annotations

import invented
from hypothesis import given, settings
from hypothesis import strategies as st

from casepool.flow.boxes import box_total, prisma_counts
from casepool.flow.prisma_web import prisma_web
from casepool.model.vocabulary import Arm, Origin

few = settings(derandomize=True, max_examples=25, deadline=None)
STATES = ("to_screen", "excluded_title_abstract", "awaiting_full_text", "conflict", "excluded_full_text", "included")


@st.composite
def flows(draw):
    """Draw up to twelve screened records, up to four duplicates and a second search; return what is counted."""
    origins = st.sampled_from([origin.value for origin in Origin])
    rows = []
    for number in range(draw(st.integers(0, 12))):
        name = draw(st.sampled_from(STATES))
        row = {"record_id": f"ris:{number}", "origin": draw(origins), "state": name}
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


@few
@given(flows())
def test_the_arms_make_up_the_flow_and_the_web_tool_tells_it(flow):
    """Counted again here, from the records."""
    rows, gone, boxes = flow
    web = prisma_web(boxes).set_index("data")["n"]
    for arm, kind, origins in ((Arm.DATABASES, "dbr", {"database", "register"}), (Arm.OTHER, "other", {"website"})):
        states = [row["state"] for row in rows if row["origin"] in origins]
        assert box_total(boxes, "records_screened", arm) == sum(one != "to_screen" for one in states)
        assert box_total(boxes, "reports_assessed", arm) == web[f"{kind}_assessed"]
        assert web[f"{kind}_assessed"] == sum(one in {"excluded_full_text", "included"} for one in states)
        assert web[f"{kind}_sought_reports"] == web[f"{kind}_notretrieved_reports"] + web[f"{kind}_assessed"]
    assert web["website_results"] == sum(row["origin"] == "website" for row in rows)
    assert web["duplicates"] == sum(one["origin"] != "website" for one in gone)
    assert web["total_studies"] == web["previous_studies"] + web["new_studies"] == box_total(boxes, "studies_included")
    assert web["total_reports"] == web["previous_reports"] + web["new_reports"] == box_total(boxes, "reports_included")
