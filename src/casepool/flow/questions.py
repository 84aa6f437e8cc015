"""What could not be settled from the sources read so far, one question a row, for a human."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.contract.cases import OPEN_QUESTIONS
from casepool.counting.counts import counted_cases
from casepool.extraction.appraisal import DECIDING, ascertainment_of, holding
from casepool.model.vocabulary import (
    Answer,
    Ascertainment,
    Autoimmune,
    MetBy,
    ReadingStatus,
    ReportType,
    ScreeningDecision,
)
from casepool.rows import missing, rows_of, split_ids
from casepool.screening.state import INCLUDED

Question = tuple[str, str, str, str]  # as the columns of the table


def open_questions(
    unique: pd.DataFrame,
    reports: pd.DataFrame,
    reading_list: pd.DataFrame,
    recall: pd.DataFrame | None = None,
    notices: pd.DataFrame | None = None,
    appraisal: pd.DataFrame | None = None,
    readings: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the table ``open_questions``: question, the case or publication it is about, and what is known of it.

    Parameters
    ----------
    appraisal : of every reader; where one has settled the matter, that row alone says nothing any more.
    readings : the table ``reading_conflicts``.
    """
    told = counted_cases(unique)
    told = told[told["report_type"] != ReportType.REGISTRY_CALL]  # a total raises no question that it could answer
    questions = [*_case_questions(told), *_publication_questions(reports, reading_list)]
    questions += [] if recall is None else _recall_questions(recall)
    questions += [] if notices is None else _notice_questions(notices)
    questions += [] if appraisal is None else _appraisal_questions(appraisal)
    questions += [] if readings is None else _reading_questions(readings)
    asked = pd.DataFrame(questions, columns=OPEN_QUESTIONS.names).replace("", pd.NA)
    return asked.drop_duplicates(["question", "id"])  # two records of a report may carry the same notice


def _case_questions(cases: pd.DataFrame) -> Iterator[Question]:
    doubts = {
        "outcome_not_reported": cases["n_evaluable"] == 0,
        "ascertainment_unclear": cases["ascertainment"] == Ascertainment.UNCLEAR,
        "age_not_reported": cases["age_not_reported"] == Answer.YES,
        "autoimmune_uncertain": cases["autoimmune"] == Autoimmune.UNCERTAIN,
    }
    for question, mask in doubts.items():
        for case in cases.loc[mask, "case_id"]:
            yield question, case, "", ""


def _recall_questions(recall: pd.DataFrame) -> Iterator[Question]:
    lost = recall[recall["in_snapshot"] == Answer.NO]
    for report, pmid, met_by in zip(lost["report_id"], lost["pmid"], lost["met_by"], strict=True):
        if not missing(pmid):
            yield "not_found_by_search", report, f"PMID {pmid} is not among the records of the search", ""
        elif met_by == MetBy.NONE:
            unmet = "the query meets neither the title nor what is stored of the record"
            yield "not_found_by_search", report, unmet, ""


def _notice_questions(notices: pd.DataFrame) -> Iterator[Question]:
    told = notices[notices["report_id"].notna() & (notices["state"] == INCLUDED)]
    for report, kinds, sources in zip(told["report_id"], told["notices"], told["notice_sources"], strict=True):
        for kind, question in (("concern", "concern_expressed"), ("erratum", "erratum_published")):
            if kind in split_ids(kinds):
                yield question, report, "" if missing(sources) else sources, ""


def _publication_questions(reports: pd.DataFrame, reading_list: pd.DataFrame) -> Iterator[Question]:
    awaiting = reports[reports["decision"] == ScreeningDecision.AWAITING]
    for report, note in zip(awaiting["report_id"], awaiting["note"].fillna(""), strict=True):
        yield "awaiting_full_text", report, note, ""
    unidentified = reading_list[reading_list["status"] == ReadingStatus.UNIDENTIFIED]
    for key, replaces in zip(unidentified["citation_key"], unidentified["replaces"].fillna(""), strict=True):
        yield "publication_unidentified", key, "", replaces


def _appraisal_questions(appraisal: pd.DataFrame) -> Iterator[Question]:
    """Yield each report whose readers answer otherwise what decides between complete and selective.

    The detail holds ``reader=ascertainment`` for each of them.
    """
    for report, rows in holding(appraisal).groupby("report_id", sort=True):
        told = [(row["reader"], tuple(row[name] for name in DECIDING)) for row in rows_of(rows)]
        if len({tuple(map(str, answers)) for _, answers in told}) > 1:
            verdicts = (f"{reader}={ascertainment_of(*answers).value}" for reader, answers in told)
            yield "appraisal_readers_differ", str(report), "; ".join(verdicts), ""


def _reading_questions(conflicts: pd.DataFrame) -> Iterator[Question]:
    """Yield each row in which two readings differ and nobody has decided; the detail holds its ``table.column``."""
    for (report, label), rows in conflicts.fillna({"label": ""}).groupby(["report_id", "label"], sort=True):
        fields = [f"{table}.{column}" for table, column in zip(rows["table"], rows["column"], strict=True)]
        yield "readings_differ", f"{report}/{label}", "; ".join(dict.fromkeys(fields)), ""
