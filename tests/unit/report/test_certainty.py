"""The summary of findings: very low from the start, with reasons from the data, and what the authors say instead."""

from __future__ import annotations

import pytest
import reported

from casepool.model.vocabulary import AppraisalAnswer
from casepool.report.tables.certainty import appraisal_answers, summary_of_findings
from casepool.report.tables.checklists import standing_tables
from casepool.report.tables.details import source_details
from casepool.report.tables.display import InLanguage, TableStyle
from casepool.report.words.catalogue import load_catalogue


@pytest.fixture
def style(protocol):
    return TableStyle(protocol, load_catalogue("en"))


@pytest.fixture
def unique():
    case = {"disease": "sle", "counted": "yes", "n_evaluable": 1, "autoimmune": "yes"}
    rows = [
        case | {"case_id": "a/1", "basis": "abstract"},
        case | {"case_id": "a/2", "basis": "full_text", "autoimmune": "no", "n_evaluable": 2},
        case | {"case_id": "a/3", "basis": "title", "counted": "no"},
    ]
    return reported.table("unique_patients", rows)


def findings(results, study_counts, unique, style, *rows):
    table = summary_of_findings(results, study_counts, unique, reported.table("grade", list(rows)), style)
    return {row[0]: row for row in table.rows}


def test_every_disease_with_a_known_response_is_rated_very_low_with_its_reasons(results, study_counts, unique, style):
    told = findings(results, study_counts, unique, style)
    assert {row[5] for row in told.values()} == {"very low"}
    assert set(told) == {style.disease(one) for one in ("sle", "sjogren", "aav", "itp", "waiha", "evans", "prca")}
    sle = told["Systemic lupus erythematosus"]
    assert sle[1:3] == ("5", "19/22")
    assert reported.plain(sle[6]) == (
        "no comparison group; chosen cases, or choice not stated: 4/22 patients; few patients (22); "
        "wide interval (44–100%); not read in full text: 1/2 entries; not known to be autoimmune: 2/22 patients"
    )
    assert "no source reports all its patients; a single source; few patients (2)" in told["Sjögren disease"][6]


def test_the_authors_overrule_a_rating_with_their_reason_and_the_generated_one_stays(
    results, study_counts, unique, style
):
    own = {"disease": "itp", "certainty": "low", "reason": "SYNTHETIC: two trials agree."}
    told = findings(results, study_counts, unique, style, own)
    assert told["Immune thrombocytopenia"][5] == "low"
    assert told["Immune thrombocytopenia"][6].startswith(
        "Judgement of the authors: SYNTHETIC: two trials agree. Generated: no comparison group; "
    )
    assert told["Evans syndrome"][5] == "very low"


def test_the_appraisal_shows_each_answer_of_each_reader_of_an_included_report(reports, style):
    answers = {"murad_1": "yes", "murad_2": "unclear", "jbi_4": "not_applicable", "basis": "abstract"}
    rows = [
        {"report_id": one, "reader": reader, **answers} for one, reader in (("sle0", "b"), ("sle0", "a"), ("out0", "a"))
    ]
    table = appraisal_answers(reported.table("appraisal", rows), reports, style)
    assert table.row_keys == ("sle0", "sle0")
    assert table.rows[0][1:4] == ("yes", "?", "—")
    assert table.rows[0][9:] == ("n/a", "—", "abstract")
    assert "M1: whole experience; " in table.notes[1]
    assert len(AppraisalAnswer) == 4


def test_details_of_a_source_say_what_was_not_extracted(reports, style):
    patients = [
        {"report_id": "sle0", "disease": "sle", "dose": "16 mg/kg", "n_doses": 4, "monotherapy": "yes"},
        {"report_id": "sle0", "disease": "sle", "concomitant": "prednisone", "response_as_reported": "better"},
    ]
    cohorts = [{"report_id": "itp0", "disease": "itp", "response_definition": "platelets above 30"}]
    table = source_details(reported.table("patients", patients), reported.table("cohorts", cohorts), reports, style)
    told = {row[1]: row for row in table.rows}
    assert told["SLE"][2:] == ("16 mg/kg, 4 doses", "nothing; prednisone", "better")
    assert told["ITP"][2:] == ("—", "not extracted", "platelets above 30")
    assert isinstance(told["ITP"][4], InLanguage)
    assert not isinstance(told["ITP"][3], InLanguage)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_checklists_have_every_item_once_and_are_open_where_nobody_searched(language, protocol):
    style = TableStyle(protocol, load_catalogue(language))
    searched, not_searched = (standing_tables(style, searched=one) for one in (True, False))
    numbers = {key: [row[0] for row in searched[key].rows] for key in ("prisma2020", "prisma_s")}
    assert numbers["prisma_s"] == [str(one) for one in range(1, 17)]
    assert {int("".join(filter(str.isdigit, one))) for one in numbers["prisma2020"]} == set(range(1, 28))
    assert len(numbers["prisma2020"]) == len(set(numbers["prisma2020"])) == 42
    missing = style.catalogue.text("checklist_open")
    n_open = [sum(row[2] == missing for row in tables["prisma_s"].rows) for tables in (searched, not_searched)]
    assert n_open == [5, 9]


def test_the_dictionary_explains_every_column_of_the_curated_tables(protocol):
    from casepool.contract import CURATED

    table = standing_tables(TableStyle(protocol, load_catalogue("fr")), searched=True)["data_dictionary"]
    assert len(table.rows) == sum(len(one.columns) + 1 for one in CURATED)
    assert [table.rows[index][0] for index in table.bold_rows] == [f"{one.name}.csv" for one in CURATED]
    assert not [cell for row in table.rows for cell in row if not cell.strip()]
