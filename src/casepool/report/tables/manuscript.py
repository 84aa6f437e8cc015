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

# The frames that a table needs, in the order in which its function takes them, and the function.
TABLES: tuple[tuple[tuple[str, ...], Callable[..., DisplayTable | None]], ...] = (
    (("results", "origins", "cumulative_incidences", "unique_patients", "reports"), rates.response_by_disease),
    (("steps",), steps.steps_table),
    (("results",), rates.rates_at_ratios),
    (("results",), rates.what_if),
    (("characteristics", "reports"), patients.patient_characteristics),
    (("characteristics",), patients.overall_characteristics),
    (("safety",), harm.safety_overall),
    (("safety",), harm.safety_by_disease),
    (("reports", "study_counts"), sources.included_sources),
    (("reports",), sources.excluded_reports),
    (("cases", "unique_patients", "reports"), sources.excluded_cases),
    (("reading_list",), sources.waiting_to_be_read),
    (("sensitivity", "reports"), sensitivity.sensitivity_analyses),
    (("sensitivity", "reports"), sensitivity.leave_one_out),
    (("sensitivity",), sensitivity.ratio_sweep),
    (("sensitivity", "results"), sensitivity.bounds),
    (("diagnostics", "reports"), diagnostics.diagnostics_in_words),
    (("results",), outcomes.other_outcomes),
    (("moderators",), outcomes.response_by_moderator),
    (("times",), outcomes.times_to_events),
    (("open_questions", "reports", "reading_list"), checks.open_questions),
    (("extraction_agreement",), readings.extraction_agreement),
    (("simulation",), checks.simulation_table),
    (("registered_trials", "reports"), trials.registered_trials),
    (("results", "study_counts", "unique_patients", "grade"), certainty.summary_of_findings),
    (("appraisal", "reports"), certainty.appraisal_answers),
    (("patients", "cohorts", "reports"), details.source_details),
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
    for needed, build in TABLES:
        if all(name in frames for name in needed):
            table = build(*(frames[name] for name in needed), style)
            tables |= {table.key: table} if table else {}
    return tables
