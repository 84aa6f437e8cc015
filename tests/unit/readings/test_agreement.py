"""Agreement is that of the readings before anybody adjudicated, and equals what a hand reckons."""

from __future__ import annotations

import invented
import pytest
from double_readings import Scene, series

from casepool.files import store
from casepool.model.message import text
from casepool.model.vocabulary import ReadingMode
from casepool.readings.agreement import appraisals_read, extraction_agreement, reading_conflicts
from casepool.readings.showing import agreement_lines


def by_field(scene: Scene) -> dict[tuple[str, str], dict[str, object]]:
    """Return (table, column) → row of the table of agreement."""
    found = extraction_agreement(scene.work.compared(), 0.95)
    return {(row["table"], row["column"]): row for row in found.to_dict("records")}


def test_agreement_equals_a_hand_calculation(differing):
    """Responses of the five whom both have: cppcn against pppcn; ages 34, 52, 67, 45, 29 against 34, 58, –, 45, 29."""
    found = by_field(differing)
    response = found["patients", "response"]
    # Of 5: 4 equal. Margins complete 2/1, partial 2/3, none 1/1: by chance (2*1 + 2*3 + 1*1)/25 = 9/25.
    assert (response["n"], response["n_agreed"], response["agreed"]) == (5, 4, 0.8)
    assert response["kappa"] == pytest.approx((4 / 5 - 9 / 25) / (1 - 9 / 25))
    age = found["patients", "age_years"]
    assert (age["n"], age["n_agreed"], age["largest_difference"]) == (5, 3, 6.0)
    assert (found["patients", "patient_label"]["n"], found["patients", "patient_label"]["n_agreed"]) == (6, 5)
    assert (found["appraisal", "murad_1"]["n"], found["appraisal", "murad_1"]["n_agreed"]) == (1, 0)
    assert (found["reports", "report_id"]["n"], found["reports", "report_id"]["n_agreed"]) == (1, 0)
    fields = [row for (table, _), row in found.items() if table in ("patients", "appraisal") and row["kind"] != "rows"]
    for name in ("n", "n_agreed"):
        assert found["all", "all"][name] == sum(row[name] for row in fields)


def test_what_is_adjudicated_changes_no_agreement(differing):
    before = extraction_agreement(differing.work.compared(), 0.95)
    rows = [
        {
            **{name: getattr(one, name) or None for name in ("table", "key", "column", "value_a", "value_b")},
            "reader_a": one.reader_a,
            "reader_b": one.reader_b,
            "value": one.value_b or None,
            "reason": "table 2",
            "adjudicator": "carla",
            "date": "2026-03-02",
        }
        for one in differing.work.compared()[0].unsettled
    ]
    store.write_table("adjudications", invented.frame("adjudications", *rows), differing.folder / "adjudications.csv")
    differing.do(differing.work.adjudicate(None))
    assert differing.problems() == []
    assert extraction_agreement(differing.work.compared(), 0.95).equals(before)
    assert reading_conflicts(differing.work.compared()).empty


def test_the_tables_of_a_build_can_be_stored(differing, tmp_path):
    compared = differing.work.compared()
    for name, frame in (
        ("extraction_agreement", extraction_agreement(compared, 0.95)),
        ("reading_conflicts", reading_conflicts(compared)),
    ):
        store.write_table(name, frame, tmp_path / f"{name}.csv")
        assert len(store.read_table(name, tmp_path / f"{name}.csv")) == len(frame) > 0


def test_verification_is_kept_apart_from_blind_reading(scene):
    scene.read("anne", *series(2))
    scene.do(scene.work.begin("boris", "alpha2020", ReadingMode.VERIFICATION))
    scene.do(scene.work.close("boris", "alpha2020"))
    scene.confirm()
    found = extraction_agreement(scene.work.compared(), 0.95)
    assert set(found["mode"]) == {"verification"}
    assert (found["n"] == found["n_agreed"]).all()


def test_nothing_read_twice_gives_an_empty_table_and_one_line(scene):
    found = extraction_agreement(scene.work.compared(), 0.95)
    assert found.empty
    assert [text(one, "fr") for one in agreement_lines(found)] == ["aucune paire de lectures n’a été comparée"]


def test_the_lines_of_the_command_speak_both_languages(differing):
    lines = [text(one, "fr") for one in agreement_lines(extraction_agreement(differing.work.compared(), 0.95))]
    assert lines[0] == "en aveugle : 1 publication lue deux fois, dont 0 sans aucune différence"
    assert any("patients.age_years : 3 sur 5 égaux (60 %) ; plus grand écart 6" in one for one in lines)
    assert any("kappa 0,69" in one for one in lines)


def test_appraisals_of_both_readers_are_known_until_they_are_settled(differing):
    curated = differing.table("appraisal")
    found = appraisals_read(curated, differing.work.compared())
    assert found["reader"].tolist() == ["anne", "boris"]
