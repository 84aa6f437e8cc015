"""Exports of REDCap: raw and with labels, flat and with repeated instruments."""

from __future__ import annotations

import pytest
from bad_returns import KEY, text
from invented import protocol
from redcap_returns import BOXES, CENTRE, RAW, REPEATS, centre, export, patient

from casepool.contract.registry import FORM
from casepool.registry.form.redcap import checkbox_header, label_headers
from casepool.registry.intake.reading import Intake, read_registry

PROTOCOL = protocol()


def take(folder, content: bytes) -> Intake:
    (folder / "export.csv").write_bytes(content)
    return read_registry(folder, KEY, PROTOCOL)


def test_the_centre_of_a_record_holds_for_its_repeated_patients(tmp_path):
    rows = [centre(1), patient(1), patient(2), centre(2, centre="Beta"), patient(1, record=2)]
    intake = take(tmp_path, export(*rows))
    assert intake.quarantine.empty
    assert sorted(zip(intake.registry["centre"], intake.registry["patient_code"], strict=True)) == [
        ("Alpha", "P1"),
        ("Alpha", "P2"),
        ("Beta", "P1"),
    ]
    assert list(intake.receipts["n_rows"]) == [3]


def test_a_patient_whose_record_tells_no_centre_waits(tmp_path):
    intake = take(tmp_path, export(centre(1), patient(1), patient(1, record=2)))
    assert (len(intake.registry), set(intake.quarantine["row"])) == (1, {4})


def test_a_flat_export_tells_the_centre_with_each_patient(tmp_path):
    header = [name for name in RAW if name not in REPEATS]
    rows = [patient(number, record=number) | CENTRE for number in (1, 2)]
    assert len(take(tmp_path, export(*rows, header=header)).registry) == 2


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("marks", [("Checked", "Unchecked"), ("Coché", "Non coché"), ("1", "0")])
def test_an_export_with_labels_gives_the_same_rows_as_a_raw_one(tmp_path, language, marks):
    rows = [centre(), patient(**{BOXES[0]: 1})]
    raw = take(tmp_path, export(*rows)).registry
    shown = {name: header for header, name in label_headers(PROTOCOL, language).items()}
    shown |= {"redcap_repeat_instrument": "Repeat Instrument", "redcap_repeat_instance": "Repeat Instance"}
    shown |= {"redcap_survey_identifier": "Survey Identifier", "patient_timestamp": "Survey Timestamp"}
    shown |= dict.fromkeys(["centre_complete", "patient_complete"], "Complete?")
    labelled = [row | {box: marks[0] if row.get(box) else marks[1] for box in BOXES} for row in rows]
    disease = {"disease": PROTOCOL.by_id["itp"].name[language]} if language == "fr" else {}
    labelled[1] |= disease | {"sex": "Femme", "objection_checked": "oui", "response": "partielle"}
    header = [shown.get(name, name) for name in RAW if not name.startswith("prior_treatments____")]
    names = [name for name in RAW if not name.startswith("prior_treatments____")]
    content = text(header, [[str(row.get(name, "")) for name in names] for row in labelled]).encode()
    assert take(tmp_path, content).registry.drop(columns="row").equals(raw.drop(columns="row"))


TICKS = [
    ((), ("not_reported", "not_reported")),
    (("rituximab",), ("yes", "no")),
    (("rituximab", "bortezomib"), ("yes", "yes")),
    (("none_of_these",), ("no", "no")),
    (("not_known",), ("not_reported", "not_reported")),
    (("bortezomib", "not_known"), ("not_reported", "yes")),
]


@pytest.mark.parametrize(("ticked", "meant"), TICKS)
@pytest.mark.parametrize("together", [False, True])
def test_ticked_boxes_answer_for_both_earlier_treatments(tmp_path, ticked, meant, together):
    header = [name for name in RAW if name not in BOXES] + ["prior_treatments"] if together else RAW
    told = {"prior_treatments": ",".join(ticked)} if together else {checkbox_header(code): 1 for code in ticked}
    row = take(tmp_path, export(centre(), patient(**told), header=header)).registry.iloc[0]
    assert (row["prior_rituximab"], row["prior_bortezomib"]) == meant


def test_a_box_ticked_with_the_one_for_none_waits(tmp_path):
    told = dict.fromkeys((checkbox_header("rituximab"), checkbox_header("none_of_these")), 1)
    quarantine = take(tmp_path, export(centre(), patient(**told))).quarantine
    assert list(quarantine["expected"]) == ["either treatments, or the box for none of them"]


@pytest.mark.parametrize("mark", ["2", "x"])
def test_a_box_that_cannot_be_read_waits(tmp_path, mark):
    quarantine = take(tmp_path, export(centre(), patient(**{BOXES[0]: mark}))).quarantine
    assert list(quarantine["expected"]) == ["boxes that are ticked (1, Checked) or not (0, Unchecked)"]


@pytest.mark.parametrize("code", ["NI", "UNK", "NASK", "ASKU", "NAV", "MSK", "NA", "NP", "INV", "OTH"])
def test_a_code_for_missing_data_is_an_empty_cell(tmp_path, code):
    told = dict.fromkeys(["age_years", "n_doses", "sex", "route", "dose", "relapse"], code)
    row = take(tmp_path, export(centre(), patient(**told))).registry.iloc[0]
    assert row[["age_years", "n_doses", "dose"]].isna().all()
    assert set(row[["sex", "route", "relapse"]]) == {"not_reported"}


@pytest.mark.parametrize("code", ["-9", "-99", "-999", "999"])
def test_a_number_for_missing_data_is_an_empty_cell_where_no_value_can_be_meant(tmp_path, code):
    told = dict.fromkeys(["age_years", "n_doses", "sex", "relapse"], code)
    row = take(tmp_path, export(centre(), patient(**told))).registry.iloc[0]
    assert row[["age_years", "n_doses"]].isna().all()
    assert set(row[["sex", "relapse"]]) == {"not_reported"}


def test_a_number_that_can_be_meant_stays(tmp_path):
    rows = [centre(centre_n_treated=999, centre_n_reported=999), patient()]
    assert list(take(tmp_path, export(*rows)).registry["centre_n_treated"]) == [999]


def test_codes_for_missing_data_are_those_of_redcap_alone(tmp_path):
    content = text(FORM.names, [[str((CENTRE | patient(sex="UNK")).get(name, "")) for name in FORM.names]])
    assert list(take(tmp_path, content.encode()).quarantine["column"]) == ["sex"]


def test_a_missing_answer_on_the_right_to_object_waits(tmp_path):
    quarantine = take(tmp_path, export(centre(), patient(objection_checked="UNK"))).quarantine
    assert list(quarantine["column"]) == ["objection_checked"]


@pytest.mark.parametrize("of", [centre, patient])
def test_an_export_that_tells_who_answered_is_refused(tmp_path, of):
    rows = [centre(), patient()]
    rows[of is patient]["redcap_survey_identifier"] = "x"
    receipt = take(tmp_path, export(*rows)).receipts.iloc[0]
    assert receipt["status"] == "refused"
    assert "redcap_survey_identifier: name" in receipt["message"]


def test_a_record_named_after_a_person_is_refused(tmp_path):
    rows = [centre(record="Mme Zorglub"), patient(record="Mme Zorglub")]
    assert list(take(tmp_path, export(*rows)).receipts["status"]) == ["refused"]
