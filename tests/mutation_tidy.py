"""What a person would mend at once when the check lists it, so that more mutants come to be built."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mutation_draft import Draft
from mutation_scenes import READ

from casepool.model.errors import Problem


def tidy(draft: Draft, problems: Iterable[Problem]) -> bool:
    """Mend decisions, terms and appraisals that no longer fit; return whether anything was mended."""
    mended = [_decision(draft, one) or _term(draft, one) for one in problems]
    return any(mended)


def _decision(draft: Draft, problem: Problem) -> bool:
    if problem.file != "reports.csv" or problem.column != "decision":
        return False
    report, expected = problem.key.removeprefix("report_id="), problem.expected
    if expected.startswith("a row in appraisal.csv"):
        draft.tables["appraisal"].append(draft.blank("appraisal", report_id=report, murad_1="no") | READ)
    elif expected.startswith("exclude: the protocol's rules"):
        draft.decide(report, "exclude", "disease_not_eligible")
    elif expected.startswith("include: by the protocol's rules"):
        draft.decide(report, "include", "")
    elif expected.startswith("at least one row"):
        draft.decide(report, "exclude", "other")
    else:
        return _follow_screening(draft, report, expected)
    return True


def _follow_screening(draft: Draft, report: str, expected: str) -> bool:
    agreed = re.match(r"(include|exclude|awaiting)(?: (\w+))?, as screening\.csv says", expected)
    for row in draft.tables["reports"]:
        if agreed and row["report_id"] == report:
            row |= {"decision": agreed[1], "exclusion_reason": agreed[2] or ""}
    return bool(agreed)


def _term(draft: Draft, problem: Problem) -> bool:
    if problem.column != "disease_as_reported" or " for " not in problem.expected:
        return False
    disease = problem.expected.split(" for ", 1)[1].split(" ", 1)[0]
    row = draft.blank("disease_terms", term=problem.found, disease=disease, language="en")
    kept = [one for one in draft.tables["disease_terms"] if one["term"].casefold() != problem.found.casefold()]
    draft.tables["disease_terms"] = [*kept, row]
    return True
