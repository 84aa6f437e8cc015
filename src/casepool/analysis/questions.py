"""What could not be settled from the sources read so far, one question a row, for a human."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from casepool.analysis.counts import counted_cases
from casepool.schemas.stages import OPEN_QUESTIONS
from casepool.vocabulary import Answer, Ascertainment, Autoimmune, ReadingStatus, ScreeningDecision

Question = tuple[str, str, str]


def open_questions(unique: pd.DataFrame, reports: pd.DataFrame, reading_list: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``open_questions``: question, the case or publication it is about, detail."""
    questions = [*_case_questions(counted_cases(unique)), *_publication_questions(reports, reading_list)]
    return pd.DataFrame(questions, columns=OPEN_QUESTIONS.names).replace("", pd.NA)


def _case_questions(cases: pd.DataFrame) -> Iterator[Question]:
    doubts = {
        "outcome_not_reported": cases["n_evaluable"] == 0,
        "ascertainment_unclear": cases["ascertainment"] == Ascertainment.UNCLEAR,
        "age_not_reported": cases["age_not_reported"] == Answer.YES,
        "autoimmune_uncertain": cases["autoimmune"] == Autoimmune.UNCERTAIN,
    }
    for question, mask in doubts.items():
        for case in cases.loc[mask, "case_id"]:
            yield question, case, ""


def _publication_questions(reports: pd.DataFrame, reading_list: pd.DataFrame) -> Iterator[Question]:
    awaiting = reports[reports["decision"] == ScreeningDecision.AWAITING]
    for report, note in zip(awaiting["report_id"], awaiting["note"].fillna(""), strict=True):
        yield "awaiting_full_text", report, note
    unidentified = reading_list[reading_list["status"] == ReadingStatus.UNIDENTIFIED]
    for key, replaces in zip(unidentified["citation_key"], unidentified["replaces"].fillna(""), strict=True):
        yield "publication_unidentified", key, f"would replace {replaces}" if replaces else ""
