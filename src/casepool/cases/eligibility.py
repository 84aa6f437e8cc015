"""Eligibility of a case, computed from the protocol (never typed)."""

from __future__ import annotations

from dataclasses import dataclass

from casepool.model.protocol import Protocol
from casepool.model.vocabulary import Autoimmune, ExclusionReason, Population, ScreeningDecision
from casepool.rows import missing
from casepool.typing import Row

# Reasons that stand for what the rules below compute from the case itself.
COMPUTED_REASONS = frozenset({ExclusionReason.UNDER_18, ExclusionReason.DISEASE_NOT_ELIGIBLE})


@dataclass(frozen=True)
class Eligibility:
    """Verdict on one case."""

    reason: str | None
    age_not_reported: bool

    @property
    def eligible(self) -> bool:
        """Whether the case belongs to the question."""
        return self.reason is None


def judge(case: Row, report: Row, protocol: Protocol) -> Eligibility:
    """Return the verdict on a case of a report.

    Order: why its report cannot count (duplicate, other drug, full text awaited), disease, age. Where
    the age is not told, what the source says of its population decides; nothing told = eligible
    with a flag, if the protocol counts unknown ages.
    """
    unknown_age = _age_unknown(case)
    reason = _report_reason(report) or _disease_reason(case, protocol) or _age_reason(case, protocol)
    return Eligibility(reason, unknown_age)


def _report_reason(report: Row) -> str | None:
    if report["decision"] == ScreeningDecision.AWAITING:
        return ExclusionReason.OUTCOME_NOT_REPORTED
    if report["decision"] == ScreeningDecision.INCLUDE:
        return None
    reason = str(report["exclusion_reason"])
    return None if reason in COMPUTED_REASONS else reason


def _disease_reason(case: Row, protocol: Protocol) -> ExclusionReason | None:
    disease = protocol.by_id[str(case["disease"])]
    alloimmune = case["autoimmune"] != Autoimmune.YES
    out = not disease.eligible or (alloimmune and not protocol.eligibility.count_alloimmune)
    return ExclusionReason.DISEASE_NOT_ELIGIBLE if out else None


def _age_unknown(case: Row) -> bool:
    told = not missing(case.get("age_years"))
    return not told and case["population"] in {Population.MIXED, Population.NOT_REPORTED}


def _age_reason(case: Row, protocol: Protocol) -> ExclusionReason | None:
    age = case.get("age_years")
    if age is not None and not missing(age):
        young = float(str(age)) < protocol.eligibility.minimum_age_years
    elif _age_unknown(case):
        young = not protocol.eligibility.count_unknown_age
    else:
        young = case["population"] == Population.CHILD
    return ExclusionReason.UNDER_18 if young else None
