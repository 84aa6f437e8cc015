"""Registered trials are linked to what was published of them; those that ended in silence are found."""

from __future__ import annotations

import json
from hashlib import sha256

import invented
import pandas as pd
import pytest

from casepool.files import atomic
from casepool.flow.trials import ended, month_of, registered_trials
from casepool.search.formats.trials import numbers_in
from casepool.search.raw import read_raw

TITLE = "A phase 2 study of daratumumab in adults with refractory immune thrombocytopenia"
# SYNTHETIC, in the structure of the registers: one trial as each of them writes it.
STUDY = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT99000001", "briefTitle": "Invented", "officialTitle": TITLE,
            "secondaryIdInfos": [{"id": "2099-000001-11"}],
        },
        "statusModule": {"overallStatus": "COMPLETED", "completionDateStruct": {"date": "2024-05", "type": "ACTUAL"}},
        "contactsLocationsModule": {"overallOfficials": [{"name": "Anna Roux, MD"}]},
        "conditionsModule": {"conditions": ["ITP"]},
        "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": "Daratumumab"}]},
    }
}  # fmt: skip
FILES = {
    "ctgov.json": json.dumps({"studies": [STUDY]}),
    "ctgov.csv": "NCT Number,Study Title,Study Status,Conditions,Interventions,Completion Date,Other IDs,"
    "Investigators\n"
    f"NCT99000001,{TITLE},COMPLETED,ITP,DRUG: Daratumumab,2024-05,2099-000001-11,Anna Roux\n",
    "ictrp.xml": "<?xml version='1.0'?><Trials_downloaded_from_ICTRP><Trial><TrialID>NCT99000001</TrialID>"
    f"<Scientific_title>{TITLE}</Scientific_title><Recruitment_Status>Completed</Recruitment_Status>"
    "<Condition>ITP</Condition><Intervention>Daratumumab</Intervention><Contact_Lastname>Roux</Contact_Lastname>"
    "<SecondaryIDs>2099-000001-11</SecondaryIDs><End_date>2024-05</End_date></Trial></Trials_downloaded_from_ICTRP>",
    "notes.ris": f"TY  - DBASE\nID  - nct99000001\nTI  - {TITLE}\nAU  - Roux, Anna\nN1  - registration: NCT99000001; "
    "EudraCT 2099-000001-11; condition: ITP; status: completed; enrolment 10; completion 2024-05; registry entry; "
    "drug: daratumumab\nER  - \n",
}


@pytest.mark.parametrize("name", FILES)
def test_each_register_tells_the_same_of_a_trial(tmp_path, name):
    """Numbers, status, end, condition, drug, investigator."""
    path = f"data/raw/imports/{name}"
    atomic.write_text(tmp_path / path, FILES[name])
    digest = sha256((tmp_path / path).read_bytes()).hexdigest()
    source = {"path": path, "origin": "register", "accessed_on": "2026-01-31", "sha256": digest, "n_records": 1}
    raw = read_raw(invented.frame("sources", source), tmp_path, "2026-01-31")
    one = raw.trials.iloc[0]
    assert (one["record_id"], len(raw.trials)) == (raw.entries["record_id"][0], 1)
    assert one["record_id"].lower().endswith(":nct99000001")
    assert (one["numbers"].upper(), one["title"]) == ("NCT99000001; 2099-000001-11", TITLE)
    assert (one["status"].casefold(), one["end"][:7], one["conditions"]) == ("completed", "2024-05", "ITP")
    assert "daratumumab" in one["drugs"].casefold()
    assert "Roux" in one["people"]
    assert one["read_on"] == "2026-01-31"


FACTS = {
    "record_id": "ris:nct99000001", "source_file": "trials.ris", "number": 1, "numbers": "NCT99000001", "title": TITLE,
    "status": "completed", "end": "2024-05", "conditions": "ITP", "drugs": "daratumumab", "people": "Anna Roux",
    "read_on": "2026-01-31",
}  # fmt: skip
TRIAL = invented.record("ris:nct99000001", origin="register", title=TITLE)


def table(*records, reports=(), states=()) -> pd.Series:
    """Return the row of the trial."""
    frames = [invented.frame("records", TRIAL, *records), invented.frame("screening_state", *states)]
    told = invented.frame("trial_facts", FACTS)
    found = registered_trials(told, *frames, invented.frame("reports", *reports), invented.protocol())
    return found.fillna("").iloc[0]


def test_a_trial_without_a_publication_is_found():
    """Of the drug, in an eligible disease, ended, and nothing published."""
    row = table(invented.record("pmid:1", title="Daratumumab in another disease: a case report of two patients"))
    assert (row["asked"], row["ended"], row["published"]) == ("yes", "ended_by_status", "nothing_published")
    assert row["publications"] == ""


def test_of_two_readings_of_a_register_the_later_counts():
    """Whatever the order of the files: the trial has ended since."""
    before = {**FACTS, "source_file": "zz_old.csv", "status": "recruiting", "end": "2026-09", "read_on": "2024-01-31"}
    frames = [invented.frame("records", TRIAL), invented.frame("screening_state"), invented.frame("reports")]
    for told in ((FACTS, before), (before, FACTS)):
        found = registered_trials(invented.frame("trial_facts", *told), *frames, invented.protocol())
        assert (found["ended"][0], found["read_on"][0]) == ("ended_by_status", "2026-01-31")


OTHER = "Outcome after anti-CD38 treatment in a prospective cohort of patients"
ALIKE = "A phase 2 study of daratumumab in patients with chronic immune thrombocytopenia"


@pytest.mark.parametrize(
    ("changes", "by"),
    [
        ({"title": OTHER, "registration": "NCT99000001"}, "number"),
        ({"title": f"{OTHER} (nct99000001)"}, "number"),
        ({"title": f"{TITLE}."}, "title"),
        ({"title": ALIKE, "authors": "Martin P; Roux A"}, "investigator"),
        ({"title": ALIKE, "authors": "Martin P"}, ""),
        ({"title": OTHER, "authors": "Roux A"}, ""),
        ({"title": "Daratumumab in ITP", "authors": "Roux A"}, ""),
    ],
)
def test_a_publication_is_known_by_number_title_or_title_and_investigator(changes, by):
    """An investigator alone, or a title that is only alike, is no link."""
    row = table(reports=[invented.report("alpha2020", **changes)])
    assert row["linked_by"] == by
    assert row["published"] == ("article_published" if by else "nothing_published")


def test_all_reports_of_a_linked_study_are_of_the_trial():
    """The follow-up names no number; an abstract alone is told apart from an article."""
    abstract = {"study_id": "s", "report_type": "conference_abstract"}
    linked = invented.report("alpha2020", registration="NCT99000001", **abstract)
    both = table(reports=[linked, invented.report("beta2021", study_id="s", title=OTHER)])
    assert (both["publications"], both["linked_by"]) == ("alpha2020; beta2021", "number; study")
    assert both["published"] == "article_published"
    assert table(reports=[linked])["published"] == "abstract_published"


def test_a_protocol_is_no_result():
    """A record that was screened out as a protocol, found by the number in its abstract."""
    paper = invented.record("pmid:5", title=OTHER, abstract="Registered as NCT99000001.")
    state = {"record_id": "pmid:5", "origin": "database", "state": "excluded_title_abstract"}
    assert table(paper)["published"] == "article_published"
    row = table(paper, states=[state | {"exclusion_reason": "protocol_only"}])
    assert (row["published"], row["publications"]) == ("protocol_published", "pmid:5")


@pytest.mark.parametrize(
    ("title", "reason", "asked"),
    [
        (TITLE, "protocol_only", "yes"),
        (TITLE, "other_drug", "no"),
        (TITLE.replace("daratumumab", "isatuximab"), None, "no"),
        (TITLE.replace("immune thrombocytopenia", "myeloma"), None, "no"),
        (TITLE.replace("adults", "children"), None, "no"),
    ],
)
def test_only_trials_of_the_question_are_asked_for(title, reason, asked):
    """The drug, an eligible disease, adults; what a reader decided holds."""
    state = {"record_id": TRIAL["record_id"], "origin": "register", "state": "x", "exclusion_reason": reason}
    facts = invented.frame("trial_facts")
    frames = [invented.frame("records", TRIAL | {"title": title}), invented.frame("screening_state", state)]
    found = registered_trials(facts, *frames, invented.frame("reports"), invented.protocol())
    assert found["asked"].tolist() == [asked]


@pytest.mark.parametrize(
    ("status", "end", "expected"),
    [
        ("Completed", "", "ended_by_status"),
        ("Prematurely Ended", "", "ended_by_status"),
        ("TERMINATED", "2030-01", "ended_by_status"),
        ("WITHDRAWN", "2020-01", "never_began"),
        ("recruiting (copy of 2023-06-13)", "2023-09-01 (anticipated)", "ended_by_date"),
        ("recruiting", "2026-01-31", "not_ended"),
        ("ACTIVE_NOT_RECRUITING", "", "not_ended"),
        ("UNKNOWN", "", "end_not_known"),
        ("Ongoing, recruitment ended", "", "not_ended"),
        ("Ongoing, recruitment ended", "2025-01", "ended_by_date"),
        ("FR (Completed) DE (Ongoing)", "", "not_ended"),
        ("FR (Completed) DE (Prematurely Ended)", "", "ended_by_status"),
        ("Not Recruiting", "", "end_not_known"),
        ("Recruiting complete, follow-up complete", "", "ended_by_status"),
        ("Recruiting complete, follow-up continuing", "", "not_ended"),
        ("Not authorised", "", "never_began"),
        ("not shown", "", "end_not_known"),
        ("", "", "end_not_known"),
    ],
)
def test_a_trial_has_ended_by_its_status_or_its_own_date(status, end, expected):
    """On the day when the register was read; a month that is not over has not passed."""
    assert ended(status, end, "2026-01-31") == expected


@pytest.mark.parametrize(
    ("text", "month"),
    [("2024-12-01", "2024-12"), ("2024", "2024-12"), ("December 1, 2024", "2024-12"), ("Dec 2024", "2024-12"),
     ("1 March 2024", "2024-03"), ("31/12/2024", "2024-12"), ("", ""), ("soon", "")],
)  # fmt: skip
def test_dates_of_registers_are_months(text, month):
    """As the registers write them; a year alone ends with it."""
    assert month_of(text) == month


def test_numbers_of_registers_are_found_in_any_text():
    """Each once, whatever its case; other figures are none."""
    text = "NCT99000001, nct99000001; EudraCT 2099-000001-11; ISRCTN99000001; jRCT2099000001; page 20240501"
    assert [one.upper() for one in numbers_in(text)] == [
        "NCT99000001", "2099-000001-11", "ISRCTN99000001", "JRCT2099000001",
    ]  # fmt: skip
