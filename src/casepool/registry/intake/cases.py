"""Accepted registry rows as cases: the same facts, counts and verdict as a patient of the literature."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from casepool.cases.eligibility import judge
from casepool.cases.patient_counts import patient_counts, publication_ids
from casepool.contract.cases import CASES
from casepool.model.protocol import Protocol
from casepool.model.study import study
from casepool.model.vocabulary import Answer, Basis, CaseKind, Population, ReportType, ScreeningDecision
from casepool.rows import rows_of
from casepool.typing import Row

_JUDGED = ["disease", "autoimmune", "age_years"]  # what the verdict depends on
_CALL: Row = {"decision": ScreeningDecision.INCLUDE}


def registry_cases(registry: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Return the accepted rows (table ``registry``) as cases (table ``cases``).

    The report and the study of a case are its centre; whether that is complete, the row says.
    """
    counts = _for_each(registry, ["response", "sex", *study().events], patient_counts)
    verdicts = _for_each(registry, _JUDGED, lambda row: _verdict(row, protocol))
    given = registry.drop(columns=[name for name in (*counts, *verdicts) if name in registry])
    centre = registry["centre_pseudonym"]
    cases = pd.concat([given, counts, verdicts], axis="columns").assign(
        case_id="registry/" + registry["pseudonym"],
        report_id=centre,
        study_id=centre,
        kind=CaseKind.PATIENT.value,
        report_type=ReportType.REGISTRY_CALL.value,
        basis=Basis.FULL_TEXT.value,
        publication=_publications(registry),
    )
    typed = cases.reindex(columns=CASES.names).astype(CASES.dtypes)
    return typed.sort_values("case_id").reset_index(drop=True)


def _for_each(registry: pd.DataFrame, names: list[str], function: Callable[[Row], Row]) -> pd.DataFrame:
    """Return the function's answer for each row, asked once for rows that agree in the columns named."""
    group = registry.groupby(names, dropna=False, sort=False).ngroup()
    distinct = registry.loc[~group.duplicated(), names]
    answers = pd.DataFrame([function(row) for row in rows_of(distinct)])
    return answers.reindex(group).set_axis(registry.index)


def _verdict(row: Row, protocol: Protocol) -> Row:
    verdict = judge(row | {"population": Population.NOT_REPORTED}, _CALL, protocol)
    return {
        "eligible": Answer.YES if verdict.eligible else Answer.NO,
        "exclusion_reason": verdict.reason,
        "age_not_reported": Answer.YES if verdict.age_not_reported else Answer.NO,
    }


def _publications(registry: pd.DataFrame) -> pd.Series:
    cited = registry[registry[["publication_pmid", "publication_doi"]].notna().any(axis="columns")]
    pairs = zip(cited["publication_pmid"], cited["publication_doi"], strict=True)
    ids = pd.Series([publication_ids(pmid, doi) for pmid, doi in pairs], index=cited.index, dtype="string")
    return ids.reindex(registry.index)
