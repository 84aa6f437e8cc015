"""Forgetting a patient: the lines in the returns are emptied, and a keyed hash keeps the number out for good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casepool.contract.registry import CODE_PATTERN, FORGOTTEN
from casepool.files import store
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.privacy.pseudonym import case_pseudonym
from casepool.registry.intake.cells import form_cells
from casepool.registry.intake.centres import read_centres
from casepool.registry.intake.decisions import REGISTRY_PREFIX, read_decisions
from casepool.registry.intake.erasing import empty_lines
from casepool.registry.intake.forgotten import FORGOTTEN_FILE, read_forgotten, remembered
from casepool.registry.intake.grids import OUT_OF_PLACE, any_row
from casepool.registry.intake.headers import recogniser
from casepool.registry.intake.reading import return_paths
from casepool.registry.intake.returns import read_return
from casepool.registry.intake.row_checks import patients_of
from casepool.registry.release.published import ledger_file, read_ledger, unnamed, write


@dataclass(frozen=True)
class Forgetting:
    """What is there of a patient.

    Attributes
    ----------
    centre, name, patient_code : the key of the centre, its name in the returns, the number as the form writes it.
    lines : file → its lines of this patient.
    not_searched : files that cannot be read, and files with lines whose cells are out of place.
    decisions : lines of the identity decisions that name the patient.
    private : tables of an earlier build that name the patient.
    pseudonym : of the patient.
    """

    centre: str
    name: str
    patient_code: str
    pseudonym: str
    lines: dict[Path, tuple[int, ...]]
    not_searched: tuple[Path, ...]
    decisions: tuple[int, ...]
    private: tuple[Path, ...]


def find_patient(
    folder: Path, private: Path, key: bytes, protocol: Protocol, centre: str, patient_code: str
) -> Forgetting:
    """Return what the returns and an earlier build hold of a patient; nothing is changed.

    Parameters
    ----------
    folder, private : of the returns; of the private results.
    centre, patient_code : as any return may write them.

    Raises
    ------
    FileError
        If no return names the centre, or the number is none.
    """
    centres = read_centres(folder)
    known, code = centres.of(centre), _code(centre, patient_code)
    patients, not_searched = _patients(folder, protocol)
    names = sorted({name for one in patients.values() for name in one["centre"] if name})
    named = [name for name in names if centres.of(name) == known]
    if not named and not centres.is_decided(centre):
        raise FileError(Message("no_such_centre", found=centre, names=tuple(names)))
    lines = {
        path: tuple(int(line) for line in one.index[one["centre"].isin(named) & (one["patient_code"] == code)])
        for path, one in patients.items()
    }
    pseudonym = case_pseudonym(key, known, code)
    return Forgetting(
        known,
        named[0] if named else centre,
        code,
        pseudonym,
        {path: at for path, at in lines.items() if at},
        not_searched,
        tuple(_decisions(folder, pseudonym)),
        tuple(_naming(private, pseudonym)),
    )


def _code(centre: str, patient_code: str) -> str:
    """Return a number as the form writes it."""
    code = str(patients_of(pd.DataFrame({"centre": [centre], "patient_code": [patient_code]}))["patient_code"].iloc[0])
    if not re.fullmatch(CODE_PATTERN, code):
        raise FileError(Message("no_patient_number", found=patient_code))
    return code


def _patients(folder: Path, protocol: Protocol) -> tuple[dict[Path, pd.DataFrame], tuple[Path, ...]]:
    """Return file → centre and number of its patients (index: the line), and the files not searched in whole."""
    recognise = recogniser(protocol)
    patients: dict[Path, pd.DataFrame] = {}
    not_searched = []
    for path in return_paths(folder):
        try:
            told = form_cells(read_return(path, recognise), recognise).of_patients()
        except FileError:
            not_searched.append(path)
            continue
        if any_row((one for one in told.faults if one.column == OUT_OF_PLACE), len(told.lines)).any():
            not_searched.append(path)
        patients[path] = patients_of(told.form).set_axis(told.lines)
    return patients, tuple(not_searched)


def _decisions(folder: Path, pseudonym: str) -> Iterator[int]:
    decided = read_decisions(folder)
    named = (decided[["case_a", "case_b"]] == f"registry/{pseudonym}").any(axis="columns")
    yield from (int(index) + 2 for index in decided.index[named.fillna(value=False)])


def _naming(private: Path, pseudonym: str) -> Iterator[Path]:
    for path in sorted(private.iterdir()) if private.is_dir() else ():
        if path.is_file() and pseudonym.encode() in path.read_bytes():
            yield path


def forget(found: Forgetting, folder: Path, key: bytes, protocol: Protocol, day: str) -> None:
    """Keep the number out for good, take the name out of what was published, empty the lines of the patient.

    Raises
    ------
    FileError
        If a file cannot be rewritten; the number is kept out all the same.
    """
    forgotten = read_forgotten(folder)
    new = remembered(key, read_centres(folder), found.centre, found.patient_code, day)
    new = new[~new["pseudonym"].isin(forgotten["pseudonym"])]
    store.write_table(FORGOTTEN.name, store.stack(FORGOTTEN.name, forgotten, new), folder / FORGOTTEN_FILE)
    ledger, case = read_ledger(ledger_file(folder)), f"{REGISTRY_PREFIX}{found.pseudonym}"
    if any(case in release.members for release in ledger.releases):
        write(unnamed(ledger, case), ledger_file(folder))
    for path, lines in found.lines.items():
        empty_lines(path, lines, recogniser(protocol))
