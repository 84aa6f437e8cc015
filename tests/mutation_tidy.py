"""What a person would mend at once when the check lists it, so that more mutants come to be built."""

from __future__ import annotations

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
    report = str(problem.key).removeprefix("report_id=")
    mended = {
        "exclude_by_rules": ("exclude", "disease_not_eligible"),
        "include_by_rules": ("include", ""),
        "row_for_included": ("exclude", "other"),
    }
    if problem.expected.id == "appraisal_for_included":
        draft.tables["appraisal"].append(draft.blank("appraisal", report_id=report, murad_1="no") | READ)
    elif problem.expected.id in mended:
        draft.decide(report, *mended[problem.expected.id])
    else:
        return problem.expected.id == "as_screened" and _follow_screening(draft, report, problem.expected["decision"])
    return True


def _follow_screening(draft: Draft, report: str, agreed: object) -> bool:
    decision, _, reason = agreed.partition(" ") if isinstance(agreed, str) else ("", "", "")
    for row in draft.tables["reports"]:
        if decision and row["report_id"] == report:
            row |= {"decision": decision, "exclusion_reason": reason}
    return bool(decision)


def _term(draft: Draft, problem: Problem) -> bool:
    if problem.expected.id not in {"no_term_in_text", "text_means", "text_may_mean"}:
        return False
    name, disease = str(problem.found), problem.expected["disease"]
    row = draft.blank("disease_terms", term=name, disease=disease, language="en")
    kept = [one for one in draft.tables["disease_terms"] if one["term"].casefold() != name.casefold()]
    draft.tables["disease_terms"] = [*kept, row]
    return True
