"""Who is who: what two readers wrote of SYNTHETIC series is paired, whatever they called and ordered them."""

from __future__ import annotations

import numpy as np
import pytest
from double_readings import REPORT, Scene, series

from casepool.contract import TABLES
from casepool.contract.readings import compared_columns
from casepool.model.errors import CuratedDataError
from casepool.model.study import study
from casepool.readings.pairs import match_rows, pairs_of
from casepool.readings.work import pairs_as_csv

TABLE = TABLES["patients"]
TRIALS = 100  # of each size


def drawn(rng: np.random.Generator, n: int) -> list[dict[str, object]]:
    """Return a series as reports tell of one: one disease and setting, ages and courses of their own."""
    grades = [one.id for one in study().graded]
    return [
        {
            **dict.fromkeys(TABLE.names),
            "age_years": float(rng.integers(20, 80)),
            "sex": str(rng.choice(["female", "male"])),
            "response": str(rng.choice([*grades, "none"])),
            "n_doses": int(rng.integers(1, 10)),
            "time_to_response_weeks": float(rng.integers(1, 20)),
            "follow_up_months": float(rng.integers(2, 40)),
            "n_prior_lines": int(rng.integers(1, 7)),
            "relapse": str(rng.choice(["yes", "no", "not_reported"])),
            "disease": "itp",
            "setting": "primary",
            "population": "adult",
            "basis": "full_text",
        }
        for _ in range(n)
    ]


def changed(rng: np.random.Generator, row: dict[str, object], others: list[dict[str, object]]) -> dict[str, object]:
    """Return a row with a tenth of the cells that are filled in changed, to that of another patient or none."""
    told = [one.name for one in compared_columns(TABLE) if row[one.name] is not None]
    for name in told:
        if rng.random() < 0.1:
            other = others[int(rng.integers(len(others)))][name]
            row = {**row, name: other if other != row[name] else None}
    return row


def test_of_simulated_pairs_at_least_99_in_100_are_right():
    """Series of 3 and of 6, a tenth of the cells changed, labels shuffled."""
    rng = np.random.default_rng(2026)
    right = total = 0
    for n in (3, 6):
        for _ in range(TRIALS):
            rows = drawn(rng, n)
            order = rng.permutation(n)
            other = [changed(rng, rows[place], rows) for place in order]
            found = dict(match_rows(TABLE, rows, other))
            right += sum(found.get(int(place)) == position for position, place in enumerate(order))
            total += n
    assert right / total >= 0.99


def test_patients_who_agree_in_little_are_proposed_as_two(scene):
    """Each reader lacks one: nobody is paired for want of another."""
    one, other = series(3), series(4)
    del other[2]
    scene.read("anne", *one)
    scene.read("boris", *other)
    pairs = pairs_of(scene.work.kept, REPORT)
    assert [(pair.label_a, pair.label_b, pair.label) for pair in pairs] == [
        ("p1", "p1", "p1"),
        ("p2", "p2", "p2"),
        ("p3", "p4", "p3"),
    ] or [(pair.label_a, pair.label_b) for pair in pairs][2:] == [("p3", ""), ("", "p4")]


def test_nothing_is_compared_before_a_person_has_confirmed_who_is_who(scene):
    scene.read("anne", *series(2))
    scene.read("boris", *({**one, "age_years": 20} for one in series(2)))
    (compared,) = scene.work.compared()
    assert compared.differences == ()
    scene.confirm()
    (compared,) = scene.work.compared()
    assert len(compared.differences) == 2


def test_pairs_can_be_corrected_in_a_file(alike, tmp_path):
    scene = alike
    path = tmp_path / "pairs.csv"
    pairs = scene.work.compared()[0].pairs
    content = pairs_as_csv(pairs).decode("utf-8-sig")
    path.write_text(
        content.replace("boris,p1", "boris,x").replace("boris,p2", "boris,p1").replace("boris,x", "boris,p2")
    )
    scene.do(scene.work.confirm_file(scene.work.compared(), path, "carla"))
    found = [(one.label_a, one.label_b, one.confirmed) for one in scene.work.compared()[0].pairs]
    assert found == [("p1", "p2", True), ("p2", "p1", True)]


@pytest.mark.parametrize(("old", "new"), [("boris,p2", "boris,p9"), ("boris,p2", "boris,p1"), ("boris,p2", "boris,")])
def test_a_file_of_pairs_that_names_no_row_or_leaves_one_out_is_refused(alike, tmp_path, old, new):
    scene = alike
    path = tmp_path / "pairs.csv"
    path.write_text(pairs_as_csv(scene.work.compared()[0].pairs).decode("utf-8-sig").replace(old, new))
    with pytest.raises(CuratedDataError, match="each row of boris exactly once"):
        scene.work.confirm_file(scene.work.compared(), path, "carla")


def test_labels_of_the_tables_stay_where_the_second_reader_has_others(scene: Scene):
    """The rows of the first reader stand in the tables already, under their labels."""
    scene.put("patients", *({**one, "reader": "zoe"} for one in series(2)))
    scene.put("appraisal", {"report_id": REPORT, "reader": "zoe", "murad_1": "no", "basis": "full_text",
                            "source_locator": "Methods", "date": "2026-01-31"})  # fmt: skip
    scene.read("boris", *({**one, "patient_label": f"b{one['patient_label']}"} for one in series(2)))
    assert [one.label for one in scene.work.compared()[0].pairs] == ["p1", "p2"]
