"""Completeness is proved: totals, rows and answers; whatever is open makes a centre selective. SYNTHETIC."""

from __future__ import annotations

import pytest
from bad_returns import KEY, LABELS, cells, entry, french, text
from invented import protocol
from redcap_returns import BOXES, RAW, centre as redcap_centre, export, patient as redcap_patient

from casepool.contract.registry import FORM
from casepool.registry.form.redcap import label_headers
from casepool.registry.intake.cases import registry_cases
from casepool.registry.intake.reading import Intake, read_registry
from casepool.report.registry_status import status_text

PROTOCOL = protocol()


def rows(n_treated: int, n_rows: int, n_reported: int | None = None, **changes) -> list[dict]:
    totals = {"centre_n_treated": n_treated, "centre_n_reported": n_treated if n_reported is None else n_reported}
    return [entry(f"P{number}", **(totals | {"age_years": 20 + number} | changes)) for number in range(1, n_rows + 1)]


def take(folder, *files: list[dict] | bytes, **choices) -> Intake:
    for number, told in enumerate(files):
        (folder / f"{number}.csv").write_bytes(told if isinstance(told, bytes) else french(*told))
    return read_registry(folder, KEY, PROTOCOL, **choices)


def kinds(intake: Intake) -> set[str]:
    return set(registry_cases(intake.registry, PROTOCOL)["ascertainment"])


def reasons(intake: Intake) -> list[str]:
    return [str(one) for lacks in intake.lacking.values() for one in lacks]


def test_a_centre_whose_rows_lack_half_of_the_outcomes_waits_for_them(tmp_path):
    told = [*rows(24, 12), *rows(24, 24, response="")[12:]]
    intake = take(tmp_path, told)
    assert (len(intake.registry), set(intake.quarantine["column"])) == (12, {"response"})
    assert kinds(intake) == {"selective"}
    assert reasons(intake) == ["12 of the 24 patients it treated are not accepted"]


def test_a_centre_that_reports_half_of_its_outcomes_as_not_reported_is_not_complete(tmp_path):
    told = [*rows(24, 12), *rows(24, 24, response="non rapporté")[12:]]
    intake = take(tmp_path, told)
    assert len(intake.registry) == 24
    assert kinds(intake) == {"selective"}
    assert "trop peu de résultats connus : 12 sur 24 ; attendu : au moins 80 %" in status_text(intake, "fr")


@pytest.mark.parametrize(
    ("n_unknown", "share", "kind"), [(1, 0.8, "complete"), (2, 0.8, "selective"), (2, 0.6, "complete")]
)
def test_the_least_share_of_known_outcomes_is_a_choice(tmp_path, n_unknown, share, kind):
    told = [*rows(5, 5 - n_unknown), *rows(5, 5, response="non évaluable")[5 - n_unknown :]]
    assert kinds(take(tmp_path, told, evaluable_share=share)) == {kind}


@pytest.mark.parametrize(("reported", "kind"), [(13, "complete"), (12, "complete"), (11, "selective")])
def test_one_who_objects_keeps_a_centre_complete(tmp_path, reported, kind):
    intake = take(tmp_path, rows(13, 13, reported), [entry("P4", filled_on="12/05/2026", objection_checked="non")])
    assert len(intake.registry) == 12
    assert kinds(intake) == {kind}
    assert intake.centres[["n_accepted", "n_objected"]].iloc[0].tolist() == [12, 1]


def test_an_objection_to_settle_keeps_a_centre_selective(tmp_path):
    intake = take(tmp_path, rows(13, 12), [entry("P99", filled_on="12/05/2026", objection_checked="non")])
    assert kinds(intake) == {"selective"}


def test_centres_of_which_it_is_asked_whether_they_are_one_are_selective(tmp_path):
    intake = take(tmp_path, rows(2, 2, centre="CHU Tlön"), rows(2, 2, centre="CHU de Tlön", sex="homme"))
    assert kinds(intake) == {"selective"}
    assert reasons(intake) == ["a question on its name or on an objection is open"] * 2
    (tmp_path / "centres.csv").write_text("name,centre\nCHU Tlön,CHU Tlön\nCHU de Tlön,CHU de Tlön\n", encoding="utf-8")
    assert kinds(take(tmp_path)) == {"complete"}


def test_a_centre_that_sent_fewer_rows_than_it_says_is_named_with_what_is_missing(tmp_path):
    intake = take(tmp_path, rows(5, 2, centre="CHU Tlön"))
    assert "  CHU Tlön: 3 of the 5 patients it treated are not accepted" in status_text(intake, "en").splitlines()
    row = intake.centres.iloc[0]
    assert (row["centre"], row["n_treated"], row["n_accepted"], row["n_waiting"]) == ("CHU Tlön", 5, 2, 0)


def test_a_centre_with_no_accepted_row_is_listed(tmp_path):
    intake = take(tmp_path, rows(2, 1, age_years=312))
    assert intake.centres[["n_accepted", "n_waiting", "ascertainment"]].iloc[0].tolist() == [0, 1, "selective"]


def cut(n_cells: int, end: str = "\r\n") -> bytes:
    """Return a file whose last line stops after some cells."""
    first, last = cells(entry("P1"), entry("P2"))
    return (text(LABELS["fr"], [first, last[:n_cells]], ";").removesuffix("\r\n") + end).encode("utf-8-sig")


LAST_LIST = max(place for place, column in enumerate(FORM.columns, start=1) if column.vocabulary)


@pytest.mark.parametrize("n_cells", [20, 30, LAST_LIST - 1])
def test_a_line_cut_short_waits(tmp_path, n_cells):
    intake = take(tmp_path, cut(n_cells))
    assert list(intake.registry["patient_code"]) == ["P1"]
    assert list(intake.quarantine["expected"]) == [f"a whole line: this one ends after {n_cells} of 36 cells"]


def test_empty_cells_that_a_spreadsheet_left_out_at_the_end_of_a_line_are_empty(tmp_path):
    assert len(take(tmp_path, cut(LAST_LIST)).registry) == 2


def test_a_last_line_that_breaks_off_waits(tmp_path):
    intake = take(tmp_path, cut(LAST_LIST + 1, end=""))
    assert (list(intake.registry["patient_code"]), list(intake.quarantine["row"])) == (["P1"], [3])


def test_numbers_filled_in_beforehand_are_no_patients_and_are_told(tmp_path):
    empty = [{"patient_code": f"P{number}"} for number in range(3, 43)]
    intake = take(tmp_path, [*rows(2, 2), *empty])
    assert (len(intake.registry), list(intake.receipts["n_rows"])) == (2, [2])
    assert intake.is_settled
    assert "40 lignes qui ne portent qu’un numéro n’ont pas été lues" in status_text(intake, "fr")


DRAFTS = [
    redcap_centre(),
    redcap_patient(1),
    redcap_patient(2, patient_complete=0),
    redcap_patient(3, patient_complete=1),
]


def test_drafts_of_redcap_are_told_and_taken(tmp_path):
    intake = take(tmp_path, export(*DRAFTS))
    assert len(intake.registry) == 3
    told = "2 rows are drafts in REDCap (incomplete or unverified), first rows: 4, 5"
    assert told in intake.receipts["message"].iloc[0]


def test_drafts_of_redcap_wait_where_only_complete_forms_are_wanted(tmp_path):
    intake = take(tmp_path, export(*DRAFTS), only_complete=True)
    assert (list(intake.registry["row"]), list(intake.quarantine["row"])) == ([3], [4, 5])
    assert set(intake.quarantine["column"]) == {"row"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("mark", ["Incomplete", "Unverified", "Non vérifié"])
def test_drafts_are_known_in_exports_with_labels(tmp_path, language, mark):
    shown = {name: header for header, name in label_headers(PROTOCOL, language).items()}
    shown |= {"redcap_repeat_instrument": "Repeat Instrument", "redcap_repeat_instance": "Repeat Instance"}
    shown |= {"redcap_survey_identifier": "Survey Identifier", "patient_timestamp": "Survey Timestamp"}
    shown |= dict.fromkeys(["centre_complete", "patient_complete"], "Complete?")
    names = [name for name in RAW if not name.startswith("prior_treatments____")]
    told = [redcap_centre(centre_complete="Incomplete"), redcap_patient(1, patient_complete="Complete")]
    told += [redcap_patient(2, patient_complete=mark)]
    told = [one | dict.fromkeys(BOXES, "Unchecked") for one in told]
    body = [[str(one.get(name, "")) for name in names] for one in told]
    intake = take(tmp_path, text([shown.get(name, name) for name in names], body).encode(), only_complete=True)
    assert (list(intake.registry["row"]), list(intake.quarantine["row"])) == ([3], [4])


@pytest.mark.parametrize("code", ["UNK", "NASK", "-99"])
def test_a_code_for_missing_data_answers_on_purpose(tmp_path, code):
    told = dict.fromkeys(["response", "autoimmune"], code)
    registry = take(tmp_path, export(redcap_centre(), redcap_patient(**told))).registry
    assert registry[["response", "autoimmune"]].iloc[0].tolist() == ["not_reported", "uncertain"]


def test_an_empty_answer_of_an_export_waits(tmp_path):
    intake = take(tmp_path, export(redcap_centre(), redcap_patient(response="")))
    assert list(intake.quarantine["column"]) == ["response"]
