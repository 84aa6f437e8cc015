"""The summary of findings after GRADE, and the answers of the appraisal behind it."""

from __future__ import annotations

import pandas as pd

from casepool.contract.texts import column_label
from casepool.model.estimate import ALL, OWN
from casepool.model.vocabulary import AppraisalAnswer, ScreeningDecision
from casepool.report.certainty import Rating, ratings
from casepool.report.estimates import Estimates
from casepool.report.tables.display import DisplayTable, TableStyle
from casepool.report.words.citations import citations
from casepool.report.words.numbers import is_missing
from casepool.rows import rows_of

_QUESTIONS = (*(f"murad_{number}" for number in range(1, 9)), "jbi_4", "jbi_5")


def summary_of_findings(
    results: pd.DataFrame, study_counts: pd.DataFrame, unique: pd.DataFrame, grade: pd.DataFrame, style: TableStyle
) -> DisplayTable:
    """Return a row for each disease with a known response: rates, certainty and its reasons."""
    estimates = Estimates(results, style.protocol.outcomes[0].id)
    catalogue, diseases = style.catalogue, style.protocol.eligible_ids
    columns = [style.column("disease", weight=1.6), style.column("reports", "right", 0.7)]
    columns += [style.column("raw_count", "right", 0.8), style.column("raw_rate", "right", 1.4, level=style.interval)]
    columns += [style.column("own", "right", 1.4, level=style.interval), style.column("certainty", weight=1.1)]
    columns.append(style.column("certainty_reasons", weight=3.2))
    found = ratings(estimates, study_counts, unique, grade, tuple(diseases), catalogue)
    tau = estimates.get(ALL, "tau").value
    notes = [catalogue.text("note_findings")]
    notes += [catalogue.text("note_findings_tau", tau=catalogue.numbers.decimal(tau))] if tau is not None else []
    return style.table("summary_of_findings", columns, [_row(one, estimates, style) for one in found], notes)


def _row(rating: Rating, estimates: Estimates, style: TableStyle) -> list[str]:
    catalogue, numbers = style.catalogue, style.catalogue.numbers
    raw, own = estimates.get(rating.disease, "raw", "exact"), estimates.get(rating.disease, OWN, OWN)
    corrected = numbers.percent_span(own.ci_lower, own.ci_upper)
    if own.value is not None:
        corrected = numbers.percent_interval(own.value, own.ci_lower, own.ci_upper)
    reasons = catalogue.text("semicolon").join(rating.reasons)
    if rating.overruled:
        reasons = catalogue.text("grade_overruled", own=rating.overruled.rstrip("."), generated=reasons)
    return [
        style.disease(rating.disease),
        numbers.integer(raw.k),
        numbers.count(raw.n_response, raw.n_evaluable),
        numbers.percent_interval(raw.value, raw.ci_lower, raw.ci_upper),
        corrected,
        catalogue.label(rating.certainty),
        reasons,
    ]


def appraisal_answers(appraisal: pd.DataFrame, reports: pd.DataFrame, style: TableStyle) -> DisplayTable:
    """Return what each reader answered of each included report, a question a column."""
    catalogue = style.catalogue
    names = citations(reports, catalogue.language)
    included = set(reports.loc[reports["decision"] == ScreeningDecision.INCLUDE, "report_id"])
    told = [row for row in rows_of(appraisal) if row["report_id"] in included]
    told.sort(key=lambda row: (names[str(row["report_id"])].casefold(), str(row["reader"])))
    columns = [style.column("source", weight=2.0)]
    columns += [style.column(question, "center", 0.7) for question in _QUESTIONS]
    columns.append(style.column("basis", weight=1.4))
    rows = [
        [
            names[str(row["report_id"])],
            *(_answer(row[question], style) for question in _QUESTIONS),
            catalogue.label(row["basis"]),
        ]
        for row in told
    ]
    asked = [f"{catalogue.text(f'column_{one}')}{_subject(one, style)}" for one in _QUESTIONS]
    notes = [catalogue.text("note_appraisal"), catalogue.text("semicolon").join(asked) + "."]
    keys = [str(row["report_id"]) for row in told]
    return style.table("appraisal", columns, rows, notes, row_keys=keys)


def _subject(question: str, style: TableStyle) -> str:
    """Return what a question is about, without the name of its list, which the heading has."""
    label = column_label("appraisal", question, "fr" if style.catalogue.language == "fr" else "en")
    return style.catalogue.text("colon") + label.partition(":")[2].strip().rstrip("?").strip()


def _answer(value: object, style: TableStyle) -> str:
    if is_missing(value):
        return style.catalogue.numbers.missing
    known = {AppraisalAnswer.UNCLEAR: "?", AppraisalAnswer.NOT_APPLICABLE: style.catalogue.text("not_applicable_short")}
    return known.get(AppraisalAnswer(str(value))) or style.catalogue.label(value)
