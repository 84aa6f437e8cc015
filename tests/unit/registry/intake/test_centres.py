"""One centre under several names: spellings are one, likeness is asked, the coordinator decides. SYNTHETIC."""

from __future__ import annotations

import pytest
from bad_returns import KEY, entry, french
from invented import protocol

from casepool.model.errors import CuratedDataError
from casepool.registry.intake.centre_questions import alike
from casepool.registry.intake.reading import Intake, read_registry
from casepool.report.registry_status import status_text

PROTOCOL = protocol()
TLON, WARD = "CHU Tlön", "CHU Tlön, médecine interne"
# Facts by which no two patients here are alike.
AGES = {"P1": 31, "P2": 42, "P3": 53, "P4": 64}


def rows(centre: str, *codes: str, **changes) -> list[dict]:
    return [entry(code, **({"centre": centre, "age_years": AGES[code]} | changes)) for code in codes]


def take(folder, *files: list[dict], decided: str = "") -> Intake:
    for number, told in enumerate(files):
        (folder / f"{number}.csv").write_bytes(french(*told))
    if decided:
        (folder / "centres.csv").write_text(f"name,centre\n{decided}", encoding="utf-8")
    return read_registry(folder, KEY, PROTOCOL)


def asked(intake: Intake) -> list[tuple[str, str]]:
    return [one.names for one in intake.questions]


ALIKE = [
    (TLON, WARD),
    (TLON, "CHU de Tlön"),
    (TLON, "Centre hospitalier universitaire de Tlön"),
    (TLON, "Tlön, CHU"),
    ("CHU Uqbarville", "CHU Uqbarvile"),
    ("CHU Uqbarville", "CHU Uqbravlile"),
    ("Hôpital Orbis Tertius", "Hôpital Tertius Orbis"),
    ("Hôpital Port-Uqbar", "Hôpital Portuqbar"),
    ("HUOT", "Hôpital Universitaire Orbis Tertius"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_may_mean_one_centre_are_alike(one, other):
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{TLON}, hématologie", WARD),
        ("Centre 1", "Centre 2"),
        ("Centre A1", "Centre A2"),
        ("CHU", "CHU Tlön"),
        ("CH Lune", "CH Mars"),
        ("Hôpital Orbis, Tlön", "Hôpital Tertius, Tlön"),
    ],
)
def test_names_of_two_departments_numbers_or_towns_are_not_alike(one, other):
    assert not alike(one, other)
    assert not alike(other, one)


@pytest.mark.parametrize("again", ["C.H.U. TLON", "chu  tlön"])
def test_a_corrected_row_replaces_the_earlier_one_whatever_the_spelling(tmp_path, again):
    intake = take(tmp_path, rows(TLON, "P1"), rows(again, "P1", filled_on="28/02/2026", response="aucune"))
    assert list(intake.registry["response"]) == ["none"]
    assert asked(intake) == []


def test_alike_names_are_asked_and_not_merged(tmp_path):
    intake = take(tmp_path, rows(TLON, "P1", "P2"), rows(WARD, "P3"))
    assert intake.registry["centre_pseudonym"].nunique() == 2
    assert asked(intake) == [(TLON, WARD)]
    assert not intake.is_settled


@pytest.mark.parametrize("lines", [f'"{WARD}",{TLON}', f'{TLON},"{WARD}"', f"chu tlon;{WARD}"])
def test_a_decision_makes_two_names_one_centre(tmp_path, lines):
    header = "name;centre" if ";" in lines else "name,centre"
    (tmp_path / "centres.csv").write_text(f"{header}\n{lines}\n", encoding="utf-8")
    intake = take(tmp_path, rows(TLON, "P1", "P2"), rows(WARD, "P2", "P3", filled_on="28/02/2026"))
    assert intake.registry["centre_pseudonym"].nunique() == 1
    assert sorted(intake.registry["patient_code"]) == ["P1", "P2", "P3"]
    assert intake.questions == ()


def test_a_decision_that_two_names_are_two_centres_ends_the_question(tmp_path):
    intake = take(tmp_path, rows(TLON, "P1"), rows(WARD, "P3"))
    (question,) = intake.questions
    settled = take(tmp_path, rows(TLON, "P1"), rows(WARD, "P3"), decided="\n".join(question.two))
    assert settled.registry["centre_pseudonym"].nunique() == 2
    assert settled.is_settled


def test_the_line_that_is_offered_makes_them_one(tmp_path):
    (question,) = take(tmp_path, rows(TLON, "P1"), rows(WARD, "P3")).questions
    settled = take(tmp_path, rows(TLON, "P1"), rows(WARD, "P3"), decided=question.one)
    assert settled.registry["centre_pseudonym"].nunique() == 1


def test_a_name_that_comes_later_is_asked_of_those_that_were_decided(tmp_path):
    files = (rows(TLON, "P1"), rows(WARD, "P2"), rows("CHU de Tlön", "P3"))
    intake = take(tmp_path, *files, decided=f'{TLON},{TLON}\n"{WARD}",{TLON}\n')
    assert asked(intake) == [("CHU de Tlön", TLON), ("CHU de Tlön", WARD)]
    assert {one.one for one in intake.questions} == {f"CHU de Tlön,{TLON}"}


def test_names_that_share_half_of_their_patients_are_asked(tmp_path):
    intake = take(tmp_path, rows("Alpha", "P1", "P2", "P3", "P4"), rows("Uqbar", "P1", "P2"))
    assert asked(intake) == [("Alpha", "Uqbar")]
    assert str(intake.questions[0].why) == "2 patients of one have a double in the other"


@pytest.mark.parametrize(
    "other", [{"disease": "LES"}, {"sex": "homme"}, {"response": "aucune"}, {"sex": ""}, {"treatment_year": ""}]
)
def test_patients_who_differ_in_a_fact_or_lack_one_are_no_doubles(tmp_path, other):
    assert asked(take(tmp_path, rows("Alpha", "P1", "P2"), rows("Uqbar", "P1", "P2", **other))) == []


def test_fewer_doubles_than_half_are_not_asked(tmp_path):
    few = [*rows("Uqbar", "P1"), *rows("Uqbar", "P2", "P3", disease="LES")]
    assert asked(take(tmp_path, rows("Alpha", "P1", "P2", "P3"), few)) == []


def test_every_contradiction_of_the_decisions_is_named_at_once(tmp_path):
    decided = f"{TLON},Alpha\nChu Tlon,Beta\nGamma,{TLON}\n"
    with pytest.raises(CuratedDataError) as refused:
        take(tmp_path, rows(TLON, "P1"), decided=decided)
    assert [(one.row, one.column) for one in refused.value.problems] == [(3, "name"), (4, "centre")]
    told = refused.value.text("fr")
    assert "« Chu Tlon », auquel une autre ligne donne un autre centre ; attendu : un seul centre par nom" in told


def test_the_status_offers_the_lines_that_decide(tmp_path):
    intake = take(tmp_path, rows(TLON, "P1"), rows(WARD, "P3"))
    one, two = f'"{WARD}",{TLON}', f'{TLON},{TLON} + "{WARD}","{WARD}"'
    told = f"  “{TLON}” and “{WARD}”: their names are alike. One centre: {one}. Two: {two}"
    assert told in status_text(intake, "en").splitlines()
    assert f"« {TLON} » et « {WARD} » : leurs noms se ressemblent. Un seul centre : {one}" in status_text(intake, "fr")


def test_a_file_of_more_centres_than_hospitals_is_not_read(tmp_path):
    intake = take(tmp_path, [entry("P1", centre=f"Centre {number}") for number in range(1_001)])
    assert "more than 1,000 centres" in intake.receipts["message"].iloc[0]
    assert not intake.is_settled
