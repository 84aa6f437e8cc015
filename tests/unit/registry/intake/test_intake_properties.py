"""Laws of the intake: no row is lost, order does not matter, what is accepted comes back unchanged."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from bad_returns import KEY, cells, entry, french, text
from hypothesis import given, settings, strategies as st
from invented import protocol

from casepool.contract.registry import FORM
from casepool.model.study import study
from casepool.model.vocabulary import Answer, Sex
from casepool.registry.intake.reading import Intake, read_registry

PROTOCOL = protocol()
FATES = ["n_accepted", "n_quarantined", "n_already_known", "n_replaced", "n_objected"]
DATES = ["2026-01-31", "2026-02-28", "2026-03-31"]
WORDS = st.sampled_from(["", "corticoïdes", "MMF; IgIV", "forme rare", "à trois doses"])


@st.composite
def rows(draw, sound: bool = False):
    """Return a row of the form; unless it shall be sound, it may have a fault."""
    row = entry(f"P{draw(st.integers(1, 4))}", centre=draw(st.sampled_from(["Alpha", "Bêta"])), relapse="no")
    row |= {"filled_on": draw(st.sampled_from(DATES)), "age_years": draw(st.sampled_from(["", "18", "47,5", "90"]))}
    row |= {"sex": draw(st.sampled_from(list(Sex))), "response": draw(st.sampled_from(list(study().response)))}
    row |= {"setting": draw(st.sampled_from(list(study().setting))), "death": draw(st.sampled_from(list(Answer)))}
    row |= {"concomitant": draw(WORDS), "note": draw(WORDS), "n_doses": draw(st.sampled_from(["", "1", "12"]))}
    if not sound:
        row |= {"objection_checked": draw(st.sampled_from(["oui", "oui", "oui", "non", ""]))}
        row |= {"treatment_year": draw(st.sampled_from(["2023", "2023", "23", "=1"]))}
    return row


def take(*files: list[dict]) -> Intake:
    with tempfile.TemporaryDirectory() as name:
        for number, told in enumerate(files):
            (Path(name) / f"{number}.csv").write_bytes(french(*told))
        return read_registry(Path(name), KEY, PROTOCOL)


FILES = st.lists(st.lists(rows(), max_size=6), min_size=1, max_size=3)


@settings(max_examples=12, deadline=None)
@given(FILES)
def test_every_row_has_one_fate_and_every_patient_one_row(files):
    intake = take(*files)
    sent = pd.Series([len(told) for told in files])
    assert intake.receipts["n_rows"].sum() == sent.sum()
    assert (intake.receipts["n_rows"] == intake.receipts[FATES].sum(axis="columns")).all()
    assert len(intake.registry) == intake.receipts["n_accepted"].sum()
    assert intake.registry["pseudonym"].is_unique
    reasons = intake.quarantine[["return_label", "row"]].drop_duplicates()
    assert len(reasons) == intake.receipts["n_quarantined"].sum()
    assert len(intake.waiting) <= len(reasons)


def one_of_each_date(told: list[dict]) -> list[dict]:
    """Return the rows without those that contradict an earlier one of the same patient and date."""
    return list({(row["centre"], row["patient_code"], row["filled_on"]): row for row in told}.values())


@settings(max_examples=12, deadline=None)
@given(st.lists(rows(), max_size=8).map(one_of_each_date), st.randoms(use_true_random=False), st.integers(1, 3))
def test_the_order_of_rows_and_files_does_not_change_what_is_accepted(told, chance, n_files):
    mixed = chance.sample(told, len(told))
    parts = [mixed[start::n_files] for start in range(n_files)]
    places = ["return_label", "row"]
    expected, found = (one.registry.drop(columns=places) for one in (take(told), take(*parts)))
    pd.testing.assert_frame_equal(found, expected)


@settings(max_examples=12, deadline=None)
@given(st.lists(rows(sound=True), min_size=1, max_size=8))
def test_accepted_rows_written_out_come_back_unchanged(told):
    registry = take(told).registry
    with tempfile.TemporaryDirectory() as name:
        registry[FORM.names].to_csv(Path(name) / "again.csv", index=False)
        again = read_registry(Path(name), KEY, PROTOCOL).registry
    places = ["return_label", "row"]
    pd.testing.assert_frame_equal(again.drop(columns=places), registry.drop(columns=places))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FORM.names), st.text(max_size=12)), max_size=4))
def test_no_cell_raises_or_loses_its_row(typed):
    row = entry() | dict(typed)
    with tempfile.TemporaryDirectory() as name:
        content = text(FORM.names, cells(row)).encode("utf-8", "replace").replace(b"\x00", b"")
        (Path(name) / "a.csv").write_bytes(content)
        receipt = read_registry(Path(name), KEY, PROTOCOL).receipts.iloc[0]
    assert receipt["n_rows"] == receipt[FATES].sum()
    assert "unforeseen" not in str(receipt["message"])
