"""An objection always works, says what it did, and stays open until it is settled. SYNTHETIC."""

from __future__ import annotations

import invented
import pytest
from bad_returns import KEY, entry, french, sheet, text
from invented import protocol
from redcap_returns import centre as redcap_centre, export, patient as redcap_patient

from casepool.contract.registry import FORM
from casepool.registry.intake.agreement import Stance, answer_in_form, stance_of
from casepool.registry.intake.reading import Intake, read_registry
from casepool.report.registry_status import status_text

PROTOCOL = protocol()
CHU = "CHU Saint-Uqbar"
FIRST, MAY, JUNE = "12/03/2026", "12/05/2026", "12/06/2026"

# The three columns of an objection as the form calls them.
SHORT = ["Centre (hôpital, service)", "Numéro du patient", "Patient informé, sans opposition"]


def row(code: str = "P1", **changes) -> dict:
    return entry(code, **({"centre": CHU, "filled_on": FIRST, "centre_n_treated": 1, "centre_n_reported": 1} | changes))


def objection(code: str = "P1", **changes) -> dict:
    return row(code, **({"filled_on": MAY, "objection_checked": "non"} | changes))


def take(folder, **files: bytes | list[dict]) -> Intake:
    """Return the intake of files, which are called as the arguments."""
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else french(*content))
    return read_registry(folder, KEY, PROTOCOL)


def status(intake: Intake, language: str = "en") -> list[str]:
    return [line.strip() for line in status_text(intake, language).splitlines()]


def expected(intake: Intake) -> list[str]:
    return list(intake.quarantine["expected"])


WHATEVER = [
    ({}, {}),
    ({"filled_on": "12/04/2031"}, {}),
    ({"filled_on": JUNE}, {}),
    ({}, {"centre": "CHU St Uqbar"}),
    ({}, {"centre": "c.h.u. SAINT UQBAR"}),
    ({}, {"filled_on": ""}),
    ({}, {"filled_on": "31/02/2026"}),
    ({}, {"filled_on": "1/1/1990"}),
    ({}, {"code": "p 01"}),
    ({}, {"code": "n° 1"}),
    ({}, {"code": "patient 1"}),
    ({}, {"code": "Ｐ１"}),
    ({"code": "n° P1"}, {}),
    ({}, {"objection_checked": "NON !"}),
    ({}, {"objection_checked": "s’oppose"}),
    ({}, {"age_years": 312, "disease": "", "response": "?"}),
]


@pytest.mark.parametrize(("first", "second"), WHATEVER)
def test_an_objection_takes_out_the_patient_whatever_date_spelling_or_other_answers(tmp_path, first, second):
    intake = take(tmp_path, brest__csv=[row(**first)], mai__csv=[objection(**second)])
    assert intake.registry.empty
    assert intake.receipts["n_objected"].sum() == 2
    assert intake.is_settled
    assert "mai.csv, row 2: took out 1 row of brest.csv" in status(intake)


def test_an_old_sheet_that_comes_again_with_a_later_date_stays_out(tmp_path):
    again = [row(filled_on="12/09/2026")]
    intake = take(tmp_path, brest__csv=[row()], mai__csv=[objection()], sheet__csv=again)
    assert intake.registry.empty
    assert intake.is_settled
    assert "mai.csv, ligne 2 : a retiré 1 ligne de brest.csv, 1 ligne de sheet.csv" in status(intake, "fr")


def test_an_objection_takes_out_its_patient_alone(tmp_path):
    intake = take(tmp_path, brest__csv=[row("P1"), row("P2"), row("P1", centre="CHU Tlön")], mai__csv=[objection()])
    assert sorted(zip(intake.registry["centre"], intake.registry["patient_code"], strict=True)) == [
        (CHU, "P2"),
        ("CHU Tlön", "P1"),
    ]


def test_data_that_come_after_the_objection_stay_out(tmp_path):
    first = take(tmp_path, mai__csv=[objection()])
    assert not first.is_settled
    assert take(tmp_path, zeta__csv=[row(filled_on=JUNE)]).registry.empty
    assert take(tmp_path).is_settled


def redcap(*rows: dict) -> bytes:
    return export(redcap_centre(centre=CHU), *rows)


@pytest.mark.parametrize(
    "content",
    [
        sheet(objection()),
        redcap(redcap_patient(1, objection_checked="no")),
        redcap(redcap_patient(1, objection_checked="no", patient_complete=0)),
    ],
    ids=["workbook", "export of REDCap", "draft of REDCap"],
)
def test_an_objection_in_any_format_is_one(tmp_path, content):
    name = "mai__xlsx" if content.startswith(b"PK") else "mai__csv"
    intake = take(tmp_path, brest__csv=[row()], **{name: content})
    assert intake.registry.empty
    assert intake.is_settled


def test_nothing_of_a_patient_who_objects_waits_or_is_kept(tmp_path):
    intake = take(tmp_path, brest__csv=[row(age_years=312, note="un mot rare")], mai__csv=[objection()])
    assert intake.quarantine.empty
    assert intake.waiting.empty


def test_an_objection_in_a_refused_file_counts_and_stays_an_error_until_settled(tmp_path):
    named = [objection(note="Mme Zorglub ne souhaite plus participer")]
    intake = take(tmp_path, brest__csv=[row()], mai__csv=named)
    assert intake.registry.empty
    assert not intake.is_settled
    (line,) = [one for one in status(intake) if one.startswith("mai.csv, row 2: took out")]
    assert line.startswith("mai.csv, row 2: took out 1 row of brest.csv; expected an objection in a file that is used")
    assert "`casepool registry forget CENTRE NUMBER`; then delete this file" in line
    assert "It holds 1 objection: settle it, as said below, before you delete" in status_text(intake, "en")
    assert take(tmp_path, mai__csv=[objection()]).is_settled


def test_an_objection_in_a_file_that_lacks_columns_counts_and_stays_an_error(tmp_path):
    names = [name for name in FORM.names if name not in {"disease", "sex"}]
    content = text(names, [[str(one.get(name, "")) for name in names] for one in (objection(), row("P2"))]).encode()
    intake = take(tmp_path, brest__csv=[row()], mai__csv=content)
    assert intake.registry.empty
    assert any("an objection in a file that is used" in one for one in expected(intake))


@pytest.mark.parametrize("header", [["centre", "patient_code", "objection_checked"], SHORT])
def test_a_file_of_objections_needs_three_columns_alone(tmp_path, header):
    content = text(header, [[CHU, "P1", "non"]]).encode()
    intake = take(tmp_path, brest__csv=[row()], mai__csv=content)
    assert intake.registry.empty
    assert intake.is_settled


@pytest.mark.parametrize("changes", [{"code": "P2"}, {"centre": "CHU Tlön"}])
def test_an_objection_that_finds_nobody_is_an_error(tmp_path, changes):
    intake = take(tmp_path, brest__csv=[row()], mai__csv=[objection(**changes)])
    assert len(intake.registry) == 1
    assert not intake.is_settled
    (line,) = [one for one in status(intake) if one.startswith("mai.csv, row 2: took out nobody; expected a patient")]
    assert "Check the centre and the number" in line
    assert not any(one.startswith("Rows to correct") for one in status(intake))


@pytest.mark.parametrize("changes", [{"code": ""}, {"code": "P1-bis"}, {"centre": ""}])
def test_an_objection_without_a_patient_is_an_error(tmp_path, changes):
    intake = take(tmp_path, brest__csv=[row()], mai__csv=[objection(**changes)])
    assert len(intake.registry) == 1
    assert [one for one in expected(intake) if one.startswith("the centre and the number")]


def test_an_objection_that_may_mean_a_patient_of_a_centre_with_a_like_name_holds_that_patient(tmp_path):
    ward = f"{CHU}, médecine interne"
    intake = take(tmp_path, brest__csv=[row("P1", centre=ward), row("P2", centre=ward)], mai__csv=[objection()])
    assert list(intake.registry["patient_code"]) == ["P2"]
    assert sorted(intake.quarantine["column"]) == ["objection_checked", "patient_code"]
    assert intake.waiting.empty
    (tmp_path / "centres.csv").write_text(f'name,centre\n"{ward}",{CHU}\n', encoding="utf-8")
    settled = take(tmp_path)
    assert list(settled.registry["patient_code"]) == ["P2"]
    assert settled.is_settled


def test_of_two_centres_with_like_names_the_one_that_objects_is_meant(tmp_path):
    ward = f"{CHU}, médecine interne"
    rows = [row("P1"), row("P1", centre=ward, age_years=81)]
    intake = take(tmp_path, brest__csv=rows, mai__csv=[objection()])
    assert list(intake.registry["centre"]) == [ward]
    assert [one.names for one in intake.questions] == [(CHU, ward)]


def test_only_an_explicit_revocation_of_a_later_date_brings_back(tmp_path):
    files = {"brest__csv": [row()], "mai__csv": [objection()]}
    intake = take(tmp_path, **files, juin__csv=[row(filled_on=JUNE, objection_checked="opposition levée")])
    assert list(intake.registry["objection_checked"]) == ["revoked"]
    assert intake.is_settled
    assert {"juin.csv, row 2: an objection is revoked, the patient counts again"} < set(status(intake))
    assert "mai.csv, ligne 2 : levée par une ligne plus récente" in status(intake, "fr")


@pytest.mark.parametrize("changes", [{"filled_on": MAY}, {"filled_on": FIRST}, {"filled_on": ""}])
def test_a_revocation_that_is_not_later_changes_nothing_and_is_an_error(tmp_path, changes):
    lifted = row(objection_checked="levée", **changes)
    intake = take(tmp_path, brest__csv=[row()], mai__csv=[objection()], juin__csv=[lifted])
    assert intake.registry.empty
    assert any(one.startswith("a later date than that of the objection") for one in expected(intake))


def test_an_objection_after_a_revocation_stands(tmp_path):
    rows = [row(), objection(), row(filled_on=JUNE, objection_checked="revoked"), objection(filled_on="1/9/2026")]
    intake = take(tmp_path, brest__csv=rows)
    assert intake.registry.empty
    assert not intake.is_settled


def test_a_revocation_without_an_objection_is_read_as_yes_and_told(tmp_path):
    intake = take(tmp_path, brest__csv=[row(objection_checked="opposition levée")])
    assert len(intake.registry) == 1
    assert "brest.csv, row 2: revokes an objection that no file here holds; read as yes" in status(intake)


WORDS = {
    Stance.AGREES: ["oui", "Yes.", "O"],
    Stance.OBJECTS: ["non", "NO", "n", "Non.", "non (12/05)", "non, s’oppose", "refus", "opposition", "objects"],
    Stance.REVOKES: ["opposition levée", "Levée", "ne s’oppose plus", "no longer objects", "objection revoked"],
    Stance.EMPTY: ["", "?", "—"],
    Stance.UNCLEAR: ["peut-être", "non-opposition", "ne s’oppose pas", "no objection", "non informé", "non levée"],
}


@pytest.mark.parametrize(("stance", "answer"), [(one, answer) for one, answers in WORDS.items() for answer in answers])
def test_words_under_the_right_to_object_are_understood_or_asked(stance, answer):
    assert stance_of(answer_in_form(answer)) == stance


def test_a_row_of_the_form_is_valid_where_the_patient_agrees_or_agrees_again():
    (rule,) = [one for one in FORM.rules if one.column == "objection_checked"]
    rows = [invented.form_row(objection_checked=answer) for answer in ("yes", "revoked", "no")]
    assert rule.holds(invented.frame("registry_form", *rows)).tolist() == [True, True, False]
