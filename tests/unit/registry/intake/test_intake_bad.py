"""Bad files and rows: each gets one clear answer, no row is lost, and nothing of the file is repeated."""

from __future__ import annotations

import os
import random

import pytest
from bad_returns import FILES, KEY, REFUSED, ROWS, SECRETS, Bad, entry, french, sheet
from invented import protocol

from casepool.registry.intake.reading import Intake, read_registry

PROTOCOL = protocol()
FATES = ["n_accepted", "n_quarantined", "n_already_known", "n_replaced", "n_objected"]


def take(folder) -> Intake:
    return read_registry(folder, KEY, PROTOCOL)


def answers(intake: Intake) -> list[str]:
    """Return what a folder is answered: messages of receipts, reasons of rows that do not point to a receipt."""
    messages = [str(message) for label in intake.receipts["return_label"] for message in intake.messages[label]]
    reasons = intake.quarantine["column"] + ": " + intake.quarantine["expected"]
    told = [*messages, *dict.fromkeys(reasons)]
    return [one for one in told if not one.startswith("normalised: ") and "see its receipt" not in one]


def conserves(intake: Intake) -> bool:
    """Return whether every row of every file has one fate, and every row that waits a reason."""
    receipts = intake.receipts.set_index("return_label")
    waiting = intake.quarantine[intake.quarantine["row"] > 1].groupby("return_label")["row"].nunique()
    reasons = waiting.reindex(receipts.index, fill_value=0)
    return bool(
        (receipts["n_rows"] == receipts[FATES].sum(axis="columns")).all()
        and (receipts["n_quarantined"] == reasons).all()
        and len(intake.registry) == receipts["n_accepted"].sum()
    )


def repeats_nothing(intake: Intake, bad: Bad) -> bool:
    public = intake.receipts.to_csv() + intake.quarantine.to_csv()
    return not any(secret in public for secret in (*SECRETS, *bad.secrets))


def check_answer(intake: Intake, bad: Bad) -> None:
    """Check that a fault has one answer, at its place, that repeats nothing, and that no row is lost."""
    (answer,) = answers(intake)
    assert bad.told in answer
    assert answer.startswith(f"{bad.column}: ") or not bad.column
    assert list(intake.receipts["n_rows"]) == [bad.n_rows]
    assert conserves(intake)
    assert repeats_nothing(intake, bad)


@pytest.mark.parametrize("bad", FILES, ids=lambda bad: bad.name)
def test_a_bad_file_gets_one_clear_answer_that_repeats_nothing(tmp_path, bad):
    bad.make(tmp_path / bad.file)
    check_answer(take(tmp_path), bad)


@pytest.mark.parametrize("bad", ROWS, ids=lambda bad: bad.name)
def test_a_bad_row_waits_with_one_clear_reason_and_the_others_go_on(tmp_path, bad):
    bad.make(tmp_path / bad.file)
    intake = take(tmp_path)
    check_answer(intake, bad)
    assert list(intake.receipts["status"]) == ["read"]
    assert (list(intake.registry["row"]), set(intake.quarantine["row"])) == ([2], {3})


@pytest.mark.parametrize("bad", REFUSED, ids=lambda bad: bad.name)
def test_a_file_that_tells_who_somebody_is_is_refused_whole(tmp_path, bad):
    bad.make(tmp_path / bad.file)
    (tmp_path / "sound.csv").write_bytes(french(entry("P8"), entry("P9")))
    intake = take(tmp_path)
    receipts = intake.receipts.set_index("status")
    assert bad.told in receipts.loc["refused", "message"]
    assert (receipts.loc["refused", "n_quarantined"], receipts.loc["read", "n_accepted"]) == (bad.n_rows, 2)
    assert conserves(intake)
    assert repeats_nothing(intake, bad)
    assert list(intake.registry["patient_code"].sort_values()) == ["P8", "P9"]
    assert intake.waiting.empty


def test_many_findings_are_counted_and_the_first_are_named(tmp_path):
    rows = [entry(f"P{number}", note="a@zorglub.invalid") for number in range(1, 9)]
    (tmp_path / "a.csv").write_bytes(french(*rows))
    (message,) = take(tmp_path).receipts["message"]
    assert "line 6, note: e-mail; 3 more)" in message


def test_a_bad_file_does_not_hold_up_the_others(tmp_path):
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "sound.csv").write_bytes(french(entry()))
    intake = take(tmp_path)
    assert sorted(intake.receipts["status"]) == ["read", "unreadable"]
    assert len(intake.registry) == 1


NAMES = [
    "\n.csv",
    "a;b.csv",
    "=cmd.csv",
    "[red]x.csv",
    "\u00e9.csv",
    "e\u0301.csv",
    "😀.csv",
    f"{'x' * 240}.csv",
    " .csv",
]


def test_odd_file_names_are_read_and_can_be_shown(tmp_path):
    for place, name in enumerate(NAMES):
        (tmp_path / name).write_bytes(french(entry(f"P{place}")))
    (tmp_path / os.fsdecode(b"\xff\xfe.csv")).write_bytes(french(entry("P99")))
    intake = take(tmp_path)
    assert len(intake.receipts) == len(intake.file_names) == len(intake.registry) == len(NAMES) + 1
    assert all(name.isprintable() and name.encode() for name in intake.file_names.values())


def test_the_name_of_a_file_stands_in_no_table(tmp_path):
    (tmp_path / "Zorglub Quetzal.csv").write_bytes(french(entry("P1"), entry("P2", sex="?")))
    intake = take(tmp_path)
    tables = (intake.registry, intake.receipts, intake.quarantine, intake.waiting)
    assert not any("Zorglub Quetzal" in table.to_csv() for table in tables)
    assert list(intake.file_names.values()) == ["Zorglub Quetzal.csv"]


def test_an_unforeseen_fault_is_told_by_its_kind_alone(tmp_path, monkeypatch):
    def fail(*_):
        message = "Zorglub"
        raise ZeroDivisionError(message)

    monkeypatch.setattr("casepool.registry.intake.judged_returns.form_cells", fail)
    (tmp_path / "a.csv").write_bytes(french(entry()))
    (message,) = take(tmp_path).receipts["message"]
    assert message == "reading stopped at an unforeseen fault (ZeroDivisionError); please report it"


def test_a_file_that_may_not_be_opened_is_told(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    (tmp_path / "Zorglub.csv").write_bytes(b"x")
    (message,) = take(tmp_path).receipts["message"]
    assert message.startswith("cannot be read (Permission denied)")


SOUND = sheet(*(entry(f"P{number}") for number in range(1, 6)))


@pytest.mark.parametrize("seed", range(15))
def test_a_workbook_with_random_damage_never_raises_and_loses_no_row(tmp_path, seed):
    chance = random.Random(seed)
    damaged = bytearray(SOUND)
    for _ in range(chance.choice([1, 3, 30])):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    (tmp_path / "a.xlsx").write_bytes(damaged)
    intake = take(tmp_path)
    assert conserves(intake)
    assert len(intake.receipts) == 1


@pytest.mark.parametrize("seed", range(15))
def test_a_text_file_with_random_damage_never_raises_and_loses_no_row(tmp_path, seed):
    chance = random.Random(seed)
    damaged = bytearray(french(*(entry(f"P{number}") for number in range(1, 6))))
    for _ in range(chance.choice([1, 3, 30])):
        damaged[chance.randrange(len(damaged))] = chance.choice(b'";,\n\r\t=\xe9\xff\x00aZ9@')
    (tmp_path / "a.csv").write_bytes(damaged)
    intake = take(tmp_path)
    assert conserves(intake)
    assert len(intake.receipts) == 1
