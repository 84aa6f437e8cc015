"""Which registry patients may appear in public, and in which totals.

The rule is simple enough to be proved. Registry patients leave the private side only as totals of
groups; every public number is computed from the published literature and from these totals, so no
output, however precise, tells more than they do. A group is released only if at least `threshold` of
its evaluable patients are certainly unpublished: taking off what is published leaves that many. Groups
do not overlap and patients in no group appear in no total, so sums and differences of public totals are
unions of groups, again with at least `threshold` unpublished patients.

What a total does tell, and is meant to tell, is how many of its patients responded.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from casepool.contract.cases import CASES, SEVERAL_DISEASES, released_report
from casepool.model.study import Counted, study
from casepool.model.vocabulary import Answer, Autoimmune, Basis, CaseKind, ReportType, Route, Setting
from casepool.typing import Row

# A centre that takes its own patients off a total must not be left with those of one other centre.
LEAST_CENTRES = 3
_UNTOLD: Row = {
    "kind": CaseKind.COHORT,
    "report_type": ReportType.REGISTRY_CALL,
    "basis": Basis.FULL_TEXT,
    "setting": Setting.NOT_REPORTED,
    "route": Route.NOT_REPORTED,
    "eligible": Answer.YES,
    "age_not_reported": Answer.NO,
    "monotherapy": Answer.NOT_REPORTED,
}


@dataclass(frozen=True)
class Group:
    """Registry patients that may be told as one total.

    Attributes
    ----------
    disease : id of the disease, or ``SEVERAL_DISEASES``.
    ascertainment : of the centres.
    members : rows of the registry patients (schema ``unique_patients`` with the column ``hidden``).
    """

    disease: str
    ascertainment: str
    members: pd.DataFrame

    @property
    def case_id(self) -> str:
        """The id of the group among the public cases."""
        return f"{released_report(self.ascertainment)}/{self.disease}"


def released_groups(registry: pd.DataFrame, threshold: int) -> list[Group]:
    """Return the groups that may be released; patients in none of them stay private.

    Parameters
    ----------
    registry : counted registry patients with a boolean column ``hidden``: certainly not published.
    threshold : the smallest number of hidden, evaluable patients behind a public total.

    Notes
    -----
    A disease × ascertainment cell that is large enough is a group of its own. The smaller cells of one
    ascertainment become a group of several diseases, if together they are large enough.
    """
    groups: list[Group] = []
    for ascertainment, block in registry.groupby("ascertainment", sort=True):
        enough = _hidden_evaluable(block).groupby(block["disease"]).sum() >= threshold
        groups += [
            Group(str(disease), str(ascertainment), block[block["disease"] == disease])
            for disease in sorted(enough.index[enough])
        ]
        rest = block[~block["disease"].map(enough).astype(bool)]
        if int(_hidden_evaluable(rest).sum()) >= threshold:
            groups.append(Group(SEVERAL_DISEASES, str(ascertainment), rest))
    return groups


def _hidden_evaluable(rows: pd.DataFrame) -> pd.Series:
    return rows["hidden"].astype(bool) & (rows["n_evaluable"] > 0)


def group_case(group: Group, threshold: int, literature: pd.Series) -> Row:
    """Return a group as a row of ``cases``: counts, and the published cases that lie inside.

    A count is told where it is known for at least `threshold` hidden patients; else for nobody.

    Parameters
    ----------
    literature : case_id of the registry patient → published case, for the links that are sure.
    """
    members = group.members
    report = released_report(group.ascertainment)
    declared = study()
    row: Row = dict.fromkeys(CASES.names) | _UNTOLD
    row |= {covariate.id: Answer.NOT_REPORTED for covariate in declared.covariates}
    row |= {"case_id": group.case_id, "report_id": report, "study_id": report}
    row |= {"disease": group.disease, "ascertainment": group.ascertainment}
    row["n_centres"] = _centres(members)
    alike = (members["autoimmune"] == Autoimmune.YES).all()
    row["autoimmune"] = Autoimmune.YES if alike else Autoimmune.UNCERTAIN
    row |= {name: int(members[name].sum()) for name in ("n_treated", "n_evaluable", "n_response", "n_none")}
    events = {event: declared.counted[event] for event in declared.events}
    withheld = {f"n_{event.id}" for event in declared.events.values() if event.disclosure == "withheld"}
    for count, known in (("n_female", "n_sex_known"), *((of.least, of.known) for of in events.values())):
        told = count not in withheld and int((members["hidden"].astype(bool) & (members[known] > 0)).sum()) >= threshold
        row[count] = int(members[count].sum()) if told else 0
        row[known] = int(members[known].sum()) if told else 0
    row |= {of.most: row[of.least] for of in events.values()}  # of a patient it is known or not
    for outcome in declared.further_outcomes:
        row |= _graded_responses(members, declared.counted[outcome.id], threshold)
    inside = sorted(set(literature[literature.index.isin(list(members["case_id"]))]))
    row["includes_case"] = "; ".join(inside) or None
    return row


def _centres(members: pd.DataFrame) -> int | None:
    """Return the centres of the hidden, evaluable patients; of one or two, each could find out the other's total."""
    centres = int(members.loc[_hidden_evaluable(members), "report_id"].nunique())
    return centres if centres >= LEAST_CENTRES else None


def _graded_responses(members: pd.DataFrame, of: Counted, threshold: int) -> Row:
    """Return how many had a further outcome; nothing of it where too few hidden patients have a known degree."""
    graded = (members["n_evaluable"] > 0) & (members[of.least] == members[of.most])
    told = int((members["hidden"].astype(bool) & graded).sum()) >= threshold
    return {
        of.least: int(members[of.least].sum()) if told else 0,
        of.most: int(members[of.most if told else "n_response"].sum()),
    }
