"""What is wrong with the registry returns, for the coordinator who can ask the centres."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from casepool.checks.data import CheckReport
from casepool.model.configuration import Registry
from casepool.model.errors import CuratedDataError, PrivacyError, Problem
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.privacy.pseudonym import load_key
from casepool.registry.intake.centres import CENTRE_FILES
from casepool.registry.intake.decisions import read_decisions
from casepool.registry.intake.forgetting import Forgetting, find_patient, forget
from casepool.registry.intake.reading import Intake, key_of_returns, read_registry
from casepool.registry.intake.rules import reading_rules

NOT_SHOWN = Message("not_shown")
_PRIVATE = Path("results") / "private"


def take_in(
    root: str | Path,
    registry: Registry,
    protocol: Protocol,
    environment: Mapping[str, str] = os.environ,
    last_day: dt.date | None = None,
) -> Intake:
    """Return the intake of a project's returns.

    Parameters
    ----------
    last_day : the day by which files came whose arrival is not noted (None: today).

    Raises
    ------
    PrivacyError
        If there are returns and no key.
    CuratedDataError
        With every problem of the decisions on centres.
    ConfigError
        If a second reader of names is asked for and not installed.
    """
    folder = Path(root) / registry.dir
    key = key_of_returns(folder, environment, Path(root) / registry.key_file)
    rules = reading_rules(registry.missing_codes, registry.harmless_words, registry.second_reader)
    return read_registry(
        folder,
        key,
        protocol,
        rules,
        last_day=last_day,
        evaluable_share=registry.evaluable_share,
        only_complete=registry.only_complete,
    )


def forget_patient(
    root: str | Path,
    registry: Registry,
    protocol: Protocol,
    centre: str,
    patient_code: str,
    *,
    do_it: bool,
    environment: Mapping[str, str] = os.environ,
) -> Forgetting:
    """Return what a project holds of a patient; with `do_it`, forget the patient.

    Raises
    ------
    PrivacyError
        If there is no key.
    FileError
        If no return names the centre, the number is none, or a file cannot be rewritten.
    """
    folder = Path(root) / registry.dir
    key = load_key(environment, Path(root) / registry.key_file)
    found = find_patient(folder, Path(root) / _PRIVATE, key, protocol, centre, patient_code)
    if do_it:
        forget(found, folder, key, protocol, dt.datetime.now(dt.UTC).date().isoformat())
    return found


def registry_problems(intake: Intake, *, named: bool) -> list[Problem]:
    """Return what the coordinator must settle: rows that wait, then names that may mean one centre.

    Parameters
    ----------
    named : give the names of files and centres (for a screen), not their labels (for whatever may be kept).
    """
    return [*row_problems(intake, named=named), *_centre_problems(intake, named=named)]


def row_problems(intake: Intake, *, named: bool) -> list[Problem]:
    """Return each row that waits as a problem: file, row, column, expectation; never what stands there."""
    names = intake.file_names if named else {label: label for label in intake.file_names}
    return [Problem(names[one.label], one.row, "", one.column, NOT_SHOWN, one.expected) for one in intake.reasons]


def _centre_problems(intake: Intake, *, named: bool) -> list[Problem]:
    problems = []
    for question in intake.questions:
        one, other = question.names if named else question.pseudonyms
        found = Message("centre_names", one=one, other=other, why=question.why)
        problems.append(Problem(CENTRE_FILES[0], 0, "", "", found, Message("centre_decision")))
    return problems


def with_registry(
    report: CheckReport,
    root: str | Path,
    registry: Registry,
    protocol: Protocol,
    *,
    named: bool,
) -> CheckReport:
    """Return the report of a check with the problems of the registry returns behind those of the tables."""
    try:
        intake = take_in(root, registry, protocol)
    except PrivacyError as error:
        return _more(report, [Problem(registry.dir, 0, "", "", error.message, Message("key_of_the_team"))], 0)
    except CuratedDataError as error:
        return _more(report, list(error.problems), 0)
    problems = registry_problems(intake, named=named)
    try:
        read_decisions(Path(root) / registry.dir)
    except CuratedDataError as error:
        problems += error.problems
    return _more(report, problems, len(intake.registry))


def _more(report: CheckReport, problems: list[Problem], n_rows: int) -> CheckReport:
    return replace(report, problems=(*report.problems, *problems), n_rows={**report.n_rows, "registry": n_rows})
