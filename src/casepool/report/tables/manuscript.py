"""Every table of the manuscript, and the frames that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from casepool.defaults import LEVEL
from casepool.model.protocol import Protocol
from casepool.report.tables import (
    certainty,
    checks,
    details,
    diagnostics,
    harm,
    outcomes,
    patients,
    rates,
    readings,
    sensitivity,
    sources,
    steps,
    trials,
)
from casepool.report.tables.display import DisplayTable, TableStyle
from casepool.report.words.catalogue import Catalogue

_OF_RESPONSE = ("results", "origins", "cumulative_incidences", "unique_patients", "reports")
# Its key, the frames that a table needs, in the order in which its function takes them, and the function.
TABLES: tuple[tuple[str, tuple[str, ...], Callable[..., DisplayTable | None]], ...] = (
    (
        "response",
        ("results", "origins", "cumulative_incidences", "unique_patients", "reports"),
        rates.response_by_disease,
    ),
    ("characteristics", ("characteristics", "reports"), patients.patient_characteristics),
    ("other_outcomes", ("results",), outcomes.other_outcomes),
    ("safety", ("safety",), harm.safety_overall),
    ("steps", ("steps",), steps.steps_table),
    ("at_ratios", ("results",), rates.rates_at_ratios),
    ("what_if", ("results",), rates.what_if),
    ("ratio_sweep", ("sensitivity",), sensitivity.ratio_sweep),
    ("bounds", ("sensitivity", "results"), sensitivity.bounds),
    ("sensitivity", ("sensitivity", "reports"), sensitivity.sensitivity_analyses),
    ("leave_one_out", ("sensitivity", "reports"), sensitivity.leave_one_out),
    ("diagnostics", ("diagnostics", "reports"), diagnostics.diagnostics_in_words),
    ("simulation", ("simulation",), checks.simulation_table),
    ("characteristics_overall", ("characteristics",), patients.overall_characteristics),
    ("safety_by_disease", ("safety",), harm.safety_by_disease),
    ("moderators", ("moderators",), outcomes.response_by_moderator),
    ("times", ("times",), outcomes.times_to_events),
    ("included_sources", ("reports", "study_counts"), sources.included_sources),
    ("excluded_reports", ("reports",), sources.excluded_reports),
    ("excluded_cases", ("cases", "unique_patients", "reports"), sources.excluded_cases),
    ("registered_trials", ("registered_trials", "reports"), trials.registered_trials),
    ("extraction_agreement", ("extraction_agreement",), readings.extraction_agreement),
    ("open_questions", ("open_questions", "reports", "reading_list"), checks.open_questions),
    ("summary_of_findings", ("results", "study_counts", "unique_patients", "grade"), certainty.summary_of_findings),
    ("appraisal", ("appraisal", "reports"), certainty.appraisal_answers),
    ("source_details", ("patients", "cohorts", "reports"), details.source_details),
    ("reading_list", ("reading_list",), sources.waiting_to_be_read),
)


def display_tables(
    frames: Mapping[str, pd.DataFrame],
    protocol: Protocol,
    catalogue: Catalogue,
    *,
    level: float = LEVEL,
) -> dict[str, DisplayTable]:
    """Return every table of the manuscript by its key.

    Parameters
    ----------
    frames : stage and curated tables by name: results, steps, origins, cumulative_incidences, study_counts,
        characteristics, safety, reports,
        cases, unique_patients, reading_list, sensitivity, diagnostics, moderators, times, open_questions,
        simulation, registered_trials, extraction_agreement, grade, appraisal, patients, cohorts. A table is left out
        where its frame is not given, or where there is nothing of the kind that it shows.
    level : coverage of the intervals.
    """
    style = TableStyle(protocol, catalogue, level)
    tables: dict[str, DisplayTable] = {}
    for key, needed, build in TABLES:
        if all(name in frames for name in needed):
            table = build(*(frames[name] for name in needed), style)
            tables |= {key: table} if table else {}
    return tables
