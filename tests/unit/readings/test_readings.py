"""A reading is begun, closed, sealed and never shown before it is finished."""

from __future__ import annotations

import subprocess

import invented
import pytest
from double_readings import REPORT, Scene, series

from casepool.files import store
from casepool.model.errors import CuratedDataError, FileError
from casepool.model.message import text
from casepool.model.vocabulary import ReadingMode
from casepool.readings.showing import status_lines
from casepool.readings.source import Source


def status(scene: Scene, language: str = "en") -> str:
    """Return what the command says of the readings."""
    return "\n".join(text(one, language) for one in status_lines(scene.work.kept))


def test_a_project_without_readings_has_none_and_no_problem(scene):
    assert scene.problems() == scene.hints() == []
    assert status(scene, "fr").startswith("aucune publication n’est lue deux fois")
    assert scene.work.compared() == []


def test_an_open_reading_is_shown_to_nobody(scene):
    scene.read("anne", *series(2))
    scene.do(scene.work.begin("boris", REPORT, ReadingMode.BLIND))
    scene.put("patients", *({**one, "reader": "boris", "dose": "SECRET"} for one in series(2)), reader="boris")
    with pytest.raises(FileError, match="waits for boris"):
        scene.work.compared(REPORT)
    assert scene.work.compared() == []
    shown = [status(scene), *scene.problems(), *scene.hints()]
    assert "boris (blind) is reading since 2026-03-01" in shown[0]
    assert "SECRET" not in "".join(shown)


def test_two_finished_readings_wait_while_a_third_one_is_blind(alike):
    scene = alike
    scene.do(scene.work.begin("dora", REPORT, ReadingMode.BLIND))
    assert scene.work.compared() == []


def test_what_is_wrong_in_a_working_copy_stops_its_own_reader_only(scene):
    scene.do(scene.work.begin("anne", REPORT, ReadingMode.BLIND))
    path = scene.folder / "anne" / "open" / "patients.csv"
    invented.write_csv(path, "patients", {**series(1)[0], "reader": "anne", "sex": "femal"})
    assert scene.problems() == []
    with pytest.raises(CuratedDataError, match="Did you mean 'female'"):
        scene.work.close("anne", REPORT)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"disease": "nothing"}, "disease = nothing"),
        ({"reader": "boris"}, "bear the id of its reader"),
        ({"same_patient_as": "gone/p1"}, "same_patient_as = gone/p1"),
    ],
)
def test_a_reading_is_closed_by_the_rules_of_the_check(scene, change, expected):
    scene.do(scene.work.begin("anne", REPORT, ReadingMode.BLIND))
    scene.put("patients", {**series(1)[0], "reader": "anne", **change}, reader="anne")
    scene.put("appraisal", invented.appraisal(REPORT, "anne"), reader="anne")
    with pytest.raises(CuratedDataError, match=expected):
        scene.work.close("anne", REPORT)


def test_a_reading_without_a_row_or_an_appraisal_is_not_closed(scene):
    scene.do(scene.work.begin("anne", REPORT, ReadingMode.BLIND))
    with pytest.raises(CuratedDataError, match="at least one row"):
        scene.work.close("anne", REPORT)
    scene.put("patients", {**series(1)[0], "reader": "anne"}, reader="anne")
    with pytest.raises(CuratedDataError, match=r"a row in appraisal\.csv"):
        scene.work.close("anne", REPORT)


@pytest.mark.parametrize("reader", ["Anne", "../x", "consensus", "9a", "a" * 41, "anne-b", ""])
def test_an_id_that_is_no_folder_or_means_something_else_is_refused(scene, reader):
    with pytest.raises(CuratedDataError, match="the id of a reader"):
        scene.work.begin(reader, REPORT, ReadingMode.BLIND)


def test_an_unknown_report_is_refused_with_the_nearest_one(scene):
    with pytest.raises(CuratedDataError, match="Did you mean 'alpha2020'"):
        scene.work.begin("anne", "alpa2020", ReadingMode.BLIND)


@pytest.mark.parametrize("change", ["changed", "new", "missing"])
@pytest.mark.parametrize("compared", [False, True])
def test_a_closed_reading_that_is_touched_is_an_error_that_names_the_row(alike, change, compared):
    scene = alike
    if compared:
        scene.confirm()
    rows = [{**one, "reader": "boris"} for one in series({"new": 3, "missing": 1, "changed": 2}[change])]
    rows[-1]["age_years"] = 77
    if change == "missing":
        rows = [{**one, "reader": "boris"} for one in series(1)]
    scene.put("patients", *rows, reader="boris", working=False)
    (problem,) = scene.problems()
    label = "p3" if change == "new" else "p2"
    assert f"patient_label={label}: {change}" in problem
    assert "readings/boris/patients.csv" in problem
    assert ("as it was compared on" if compared else "as it was closed on") in problem
    with pytest.raises(CuratedDataError):
        scene.work.compared()


def test_a_reading_saved_by_a_spreadsheet_is_the_same_reading(scene):
    """Semicolons, a decimal comma, another order of rows, words for ids."""
    scene.read("anne", *series(2))
    path = scene.folder / "anne" / "patients.csv"
    rows = store.read_table("patients", path).astype("string").fillna("").to_dict("records")
    for one in rows:
        one["sex"], one["age_years"] = (
            {"female": "femme", "male": "homme"}[one["sex"]],
            one["age_years"].replace(".", ","),
        )
    invented.write_csv(path, "patients", *reversed(rows), separator=";")
    assert scene.problems() == []


def test_a_reading_can_be_opened_again_until_somebody_compares_it(scene):
    scene.read("anne", *series(2))
    scene.do(scene.work.begin("anne", REPORT, ReadingMode.BLIND))
    assert scene.work.kept.rows("anne", REPORT, "patients") == []
    assert len(scene.work.kept.numbered("anne", REPORT, "patients", working=True)) == 2
    scene.do(scene.work.close("anne", REPORT))
    scene.read("boris", *series(2))
    scene.confirm()
    with pytest.raises(FileError, match="not changed any more"):
        scene.work.begin("anne", REPORT, ReadingMode.BLIND)


def test_a_working_copy_changed_after_closing_is_named(scene):
    scene.read("anne", *series(2))
    scene.put("patients", {**series(1)[0], "reader": "anne"}, reader="anne")
    (hint,) = scene.hints()
    assert "open/patients differs from what was closed" in hint


def first_reader(scene: Scene, n: int = 2) -> None:
    """Put rows of somebody who read alone into the tables."""
    scene.put("patients", *({**one, "reader": "reader_one"} for one in series(n)))
    scene.put("appraisal", invented.appraisal(REPORT, "reader_one"))


def commit(scene: Scene) -> None:
    """Commit the tables."""
    identity = ["-c", "user.name=SYNTHETIC", "-c", "user.email=synthetic@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", "-C", str(scene.root), *command], check=True, capture_output=True)


def test_a_second_reader_may_come_later_and_the_first_rows_are_those_of_git(scene):
    first_reader(scene)
    commit(scene)
    rows = [{**one, "reader": "reader_one", "age_years": 20} for one in series(2)]
    scene.put("patients", *rows)  # changed since, and not what the first reader had committed
    step = scene.do(scene.work.begin("boris", REPORT, ReadingMode.BLIND, Source.GIT))
    assert "3 rows of reader_one on alpha2020 are kept as the first reading" in str(step.told[0])
    assert [row["age_years"] for row in scene.work.kept.rows("reader_one", REPORT, "patients")] == [34.0, 52.0]
    assert scene.work.kept.find("reader_one", REPORT).closed
    assert scene.work.kept.numbered("boris", REPORT, "patients", working=True) == []


def test_without_git_the_first_rows_are_those_of_the_tables(scene):
    first_reader(scene)
    with pytest.raises(FileError, match="git holds no last version"):
        scene.work.begin("boris", REPORT, ReadingMode.BLIND, Source.GIT)
    scene.do(scene.work.begin("boris", REPORT, ReadingMode.BLIND))
    assert len(scene.work.kept.rows("reader_one", REPORT, "patients")) == 2


def test_a_verifying_reader_starts_from_the_first_reading(scene):
    first_reader(scene)
    scene.do(scene.work.begin("boris", REPORT, ReadingMode.VERIFICATION))
    found = scene.work.kept.numbered("boris", REPORT, "patients", working=True)
    assert [(row["age_years"], row["reader"]) for _, row in found] == [(34.0, "boris"), (52.0, "boris")]
    scene.do(scene.work.close("boris", REPORT))
    assert scene.work.kept.find("boris", REPORT).mode == "verification"


def test_there_is_nothing_to_verify_before_somebody_has_read(scene):
    with pytest.raises(CuratedDataError, match="a finished reading of this report"):
        scene.work.begin("boris", REPORT, ReadingMode.VERIFICATION)


def test_while_an_adjudicator_is_awaited_the_row_of_the_first_reader_may_stand(scene):
    """A project that is read alone goes on building when a second reader comes."""
    first_reader(scene)
    scene.read("boris", *({**one, "age_years": 20} for one in series(2)))
    scene.confirm()
    assert scene.problems() == []
    (hint,) = scene.hints()
    assert "2 fields wait for an adjudicator" in hint
    rows = scene.table("patients").to_dict("records")
    scene.put("patients", *({**one, "reader": "consensus"} for one in rows))
    assert len(scene.problems()) == 2
    assert "expected an adjudication: boris, reader_one differ here" in scene.problems()[0]


def test_a_row_that_no_reader_has_is_named(scene):
    first_reader(scene)
    scene.read("boris", *series(2))
    scene.confirm()
    rows = scene.table("patients").to_dict("records")
    scene.put("patients", *rows, {**series(3)[2], "reader": "reader_one"})
    (problem,) = scene.problems()
    assert "patient_label=p3" in problem
    assert "a row of one of the readings" in problem


def test_a_row_that_is_only_begun_is_no_patient_lost_in_silence(scene):
    scene.do(scene.work.begin("anne", REPORT, ReadingMode.BLIND))
    begun = {"report_id": REPORT, "patient_label": "p2", "reader": "anne"}
    path = scene.folder / "anne" / "open" / "patients.csv"
    invented.write_csv(path, "patients", {**series(1)[0], "reader": "anne"}, begun)
    with pytest.raises(
        CuratedDataError, match=r"patient_label=p2: \(empty\); expected what the source says, or no row"
    ):
        scene.work.close("anne", REPORT)


def test_what_is_read_otherwise_than_typed_is_said_when_a_reading_is_closed(scene):
    scene.do(scene.work.begin("anne", REPORT, ReadingMode.BLIND))
    path = scene.folder / "anne" / "open" / "patients.csv"
    invented.write_csv(path, "patients", {**series(1)[0], "reader": "anne", "sex": "femme"}, separator=";")
    scene.put("appraisal", invented.appraisal(REPORT, "anne"), reader="anne")
    told = [str(one) for one in scene.work.close("anne", REPORT).told]
    assert told[0] == "patients: semicolon as separator"
    assert any("sex" in one for one in told[1:-1])


def test_rows_begun_in_the_tables_are_filled_in_by_the_readers_and_all_others_keep_their_bytes(alike):
    """`casepool add` has begun p1; another report stands there in the words of its own reader."""
    path = alike.folder.parent / "patients.csv"
    other = {**series(1)[0], "report_id": "zeta2021", "note": 'says "é", twice'}
    invented.write_csv(path, "patients", {"report_id": REPORT, "patient_label": "p1"}, other)
    before = path.read_bytes().splitlines()[-1]
    alike.confirm()
    alike.do(alike.work.adjudicate(None))
    assert path.read_bytes().splitlines()[-1] == before
    assert alike.table("patients")["patient_label"].tolist() == ["p1", "p2", "p1"]


def test_nothing_is_written_while_git_is_at_work(alike):
    (alike.root / ".git").mkdir()
    (alike.root / ".git" / "index.lock").touch()
    before = {path: path.read_bytes() for path in alike.root.rglob("*.csv")}
    with pytest.raises(FileError, match="git"):
        alike.confirm()
    assert before == {path: path.read_bytes() for path in alike.root.rglob("*.csv")}


def test_an_abandoned_reading_is_withdrawn_and_what_was_typed_stays(scene):
    """The others are compared then; beginning again takes the rows up where they were left."""
    for reader in ("anne", "boris"):
        scene.read(reader, *series(2))
    scene.do(scene.work.begin("carla", REPORT, ReadingMode.BLIND))
    scene.put("patients", *series(1), reader="carla")
    with pytest.raises(FileError, match="carla"):
        scene.work.compared(REPORT)
    step = scene.do(scene.work.withdraw("carla", REPORT))
    assert "retirée" in text(step.told[0], "fr")
    assert scene.work.compared(REPORT)
    scene.do(scene.work.begin("carla", REPORT, ReadingMode.BLIND))
    assert len(scene.work.kept.numbered("carla", REPORT, "patients", working=True)) == 1


def test_a_finished_reading_is_not_withdrawn_nor_one_that_was_never_begun(scene):
    """What was read is kept: agreement is of all readings."""
    scene.read("anne", *series(2))
    with pytest.raises(FileError, match="a finished reading is not withdrawn"):
        scene.work.withdraw("anne", REPORT)
    with pytest.raises(CuratedDataError, match="a reading that was begun"):
        scene.work.withdraw("boris", REPORT)


def test_labels_of_a_second_reader_may_be_others_than_those_that_other_tables_name(scene):
    """A decision on identity names a patient of the first reader; who reads blind cannot know that name."""
    own = {"report_id": REPORT, "reader": "reader_one"}
    told = invented.patient("beta2021", "p1", age_years=34, same_patient_as=f"{REPORT}/p1")
    scene.put("reports", invented.report(REPORT), invented.report("beta2021"))
    scene.put("patients", *({**one, **own} for one in series(2)), told)
    scene.put("identity_decisions", invented.decision(f"{REPORT}/p2", "beta2021/p1", "different"))
    renamed = [{**one, "patient_label": f"case{n}"} for n, one in enumerate(series(2))]
    scene.read("boris", *renamed)
    assert scene.work.kept.find("boris", REPORT).closed
