"""Which registry patients may appear in public, and in which totals.

Registry patients leave the private side only as totals of groups; every public number is computed from the published
literature and from these totals alone, so no output, however precise, tells more than they do. A group is released
only if the rule of disclosure allows it (``rule.Rule``), and allows everything that follows from it by adding and
subtracting what is or was public (``combinations.Told``).

What a total does tell, and is meant to tell, is how many of its patients responded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from casepool.contract.cases import CASES, SEVERAL_DISEASES, released_report
from casepool.model.study import Counted, study
from casepool.model.vocabulary import (
    Answer,
    Autoimmune,
    Basis,
    CaseKind,
    ReportType,
    Route,
    Setting,
    Undisclosed,
)
from casepool.registry.release.combinations import Told
from casepool.registry.release.published import Before
from casepool.registry.release.rule import UNPRINTED, n_centres
from casepool.typing import Row

# What is counted of every patient of a total, and of the evaluable ones.
EVERYBODY, RESPONSE = "patients", "n_response"
_NOT_AS_SUCH = "_origin_not_sure"
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
    autoimmune : whether the antibodies of all of them are known to be their own. Nobody is in a group with others, so
        that the word changes for no single patient.
    members : rows of ``people.registry_patients``.
    """

    disease: str
    ascertainment: str
    autoimmune: bool
    members: pd.DataFrame

    @property
    def case_id(self) -> str:
        """The id of the group among the public cases."""
        return f"{released_report(self.ascertainment)}/{self.disease}{'' if self.autoimmune else _NOT_AS_SUCH}"


@dataclass
class Totals:
    """The totals of a release.

    Attributes
    ----------
    told : what is public, these totals included.
    groups : the new ones; their rows in ``rows``.
    rows : id → row of ``cases``, new or as published earlier; without the published cases inside.
    staying : ids of totals that stay as they were published.
    counted : name of a group → case id → what was counted.
    decisions : rows of the table ``registry_withheld``.
    """

    told: Told
    before: Before
    groups: list[Group] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    staying: list[str] = field(default_factory=list)
    counted: dict[str, dict[str, str]] = field(default_factory=dict)
    decisions: list[Row] = field(default_factory=list)

    def take(self, what: str, name: str, counted: dict[str, str]) -> None:
        """Take note of a group that is released."""
        self.told.take(what, counted)
        self.counted[f"{what}:{name}"] = counted


def released_totals(registry: pd.DataFrame, told: Told, before: Before) -> Totals:
    """Return the totals that may be released; patients in none of them stay private.

    Parameters
    ----------
    registry : counted registry patients (``people.registry_patients``).
    told : what was published, with the rule.
    before : the ledger behind it.

    Notes
    -----
    Each disease of one ascertainment that may be counted alone is a group. The other diseases become a group of several
    diseases, if it may be counted. A total that was published and may not be replaced stays as it was published; its
    patients and those of its disease are in no other total.
    """
    totals = Totals(told, before)
    for group, rest in _blocks(registry):
        for one in group:
            _decide(one, totals, instead=SEVERAL_DISEASES)
        left = [one.members for one in group if one.case_id not in totals.rows]
        together = Group(rest.disease, rest.ascertainment, rest.autoimmune, pd.concat(left) if left else rest.members)
        together = _without(together, _cases_of_staying(totals))
        if len(together.members):
            _decide(together, totals, instead="")
    for name in before.latest:
        if name not in totals.rows:
            _stay(name, totals)
    return totals


def _blocks(registry: pd.DataFrame) -> Iterator[tuple[list[Group], Group]]:
    """Yield the groups by disease of each kind of ascertainment and origin, and an empty one of several diseases."""
    sure = (registry["autoimmune"] == Autoimmune.YES).fillna(value=False).astype(bool)
    for (ascertainment, autoimmune), block in registry.groupby([registry["ascertainment"], sure], sort=True):
        kind = str(ascertainment), bool(autoimmune)
        yield (
            [Group(str(disease), *kind, members) for disease, members in block.groupby("disease", sort=True)],
            Group(SEVERAL_DISEASES, *kind, block.iloc[:0]),
        )


def _decide(group: Group, totals: Totals, *, instead: str) -> None:
    """Release a group, leave its total as it was published, or say where its patients go instead."""
    why = _refusal(group, totals)
    if why is None:
        totals.groups.append(group)
        totals.rows[group.case_id] = group_row(group, totals)
        return
    if group.case_id in totals.before.latest:
        _stay(group.case_id, totals)
        instead = group.case_id
    hidden = int(group.members["protected"].sum())
    totals.decisions.append(
        {
            "total": group.case_id,
            "n_treated": int(group.members["n_treated"].sum()),
            "n_unpublished": hidden,
            "n_centres": n_centres(group.members[group.members["protected"]]),
            "reason": why,
            "told_in": instead or None,
        }
    )


def _refusal(group: Group, totals: Totals) -> Undisclosed | None:
    """Return why a group may not be counted in public: by itself, or beside what was published."""
    people = group.members[group.members["secret"]]
    why = totals.told.rule.refusal(people)
    if why or people.empty:
        return why or Undisclosed.TOO_FEW
    everybody, responses = _everybody(group.members), _values(group.members, "n_response", _evaluable(group.members))
    apart = _apart(totals, EVERYBODY, everybody) and _apart(totals, RESPONSE, responses)
    sums = {name: int(group.members[name].sum()) for name in ("n_treated", "n_evaluable", "n_response", "n_none")}
    near = any(_nearly(sums, row, totals.told.rule.threshold) for row in totals.before.rows_of(group.case_id))
    if near or not apart:
        return Undisclosed.NEAR_PUBLISHED
    for what, counted in ((EVERYBODY, everybody), (RESPONSE, responses)):
        totals.take(what, group.case_id, counted)
    return None


def _apart(totals: Totals, what: str, counted: dict[str, str]) -> bool:
    """Return whether a group obeys the rule beside what is public, the linkage included."""
    told = totals.told
    linked = linkage_of(what)
    return told.allows((what,), counted) and (not told.has(linked) or told.allows((what, linked), counted, UNPRINTED))


def linkage_of(what: str) -> str:
    """Return the kind of the groups of unpublished patients of whom the linkage counts something."""
    return f"linkage {what}"


def _nearly(sums: Mapping[str, int], published: Mapping[str, str | int], threshold: int) -> bool:
    """Return whether a total differs from a published one by fewer patients than the threshold, or in their outcomes.

    Holds too where no patient can be compared, for instance under another key of the pseudonyms.
    """
    apart = {name: abs(n - int(published.get(name, 0))) for name, n in sums.items()}
    patients = (apart["n_treated"], apart["n_evaluable"])
    return any(0 < n < threshold for n in patients) or (not any(patients) and any(apart.values()))


def _stay(name: str, totals: Totals) -> None:
    totals.rows[name] = dict(totals.before.latest[name][0])
    totals.staying.append(name)


def _cases_of_staying(totals: Totals) -> set[str]:
    return {case for name in totals.staying for case in members_of(name, totals.before)}


def members_of(name: str, before: Before) -> set[str]:
    """Return the case ids of the patients of a published total, as it was published last."""
    _, release = before.latest[name]
    return {case for case, one in release.members.items() if f"{EVERYBODY}:{name}" in one.groups}


def _without(group: Group, cases: set[str]) -> Group:
    members = group.members[~group.members["case_id"].isin(cases)]
    return Group(group.disease, group.ascertainment, group.autoimmune, members)


def _evaluable(members: pd.DataFrame) -> pd.Series:
    return (members["n_evaluable"] > 0).astype(bool)


def _everybody(members: pd.DataFrame) -> dict[str, str]:
    return dict.fromkeys(members["case_id"], "1")


def _values(members: pd.DataFrame, column: str, known: pd.Series) -> dict[str, str]:
    """Return case id → what was counted, of those of whom it is known."""
    rows = members[known]
    return dict(zip(rows["case_id"], rows[column].astype(int).astype(str), strict=True))


def group_row(group: Group, totals: Totals) -> Row:
    """Return a group as a row of ``cases``: its counts, each only where it may be told of those of whom it is known."""
    members = group.members
    report = released_report(group.ascertainment)
    declared = study()
    row: Row = dict.fromkeys(CASES.names) | _UNTOLD
    row |= {covariate.id: Answer.NOT_REPORTED for covariate in declared.covariates}
    row |= {"case_id": group.case_id, "report_id": report, "study_id": report}
    row |= {"disease": group.disease, "ascertainment": group.ascertainment}
    row["autoimmune"] = Autoimmune.YES if group.autoimmune else Autoimmune.UNCERTAIN
    row["n_centres"] = n_centres(members[members["protected"]])
    row |= {name: int(members[name].sum()) for name in ("n_treated", "n_evaluable", "n_response", "n_none")}

    withheld = {f"n_{event.id}" for event in declared.events.values() if event.disclosure == "withheld"}

    def may_be_told(count: str, known: pd.Series) -> bool:
        return count not in withheld and _count_may_be_told(count, known, group, totals)

    events = [declared.counted[event] for event in declared.events]
    for count, known in (("n_female", "n_sex_known"), *((of.least, of.known) for of in events)):
        told = may_be_told(count, members[known] > 0)
        row[count] = int(members[count].sum()) if told else 0
        row[known] = int(members[known].sum()) if told else 0
    row |= {of.most: row[of.least] for of in events}  # of a patient it is known or not
    for outcome in declared.further_outcomes:
        row |= _graded_responses(members, declared.counted[outcome.id], may_be_told)
    return row


def _count_may_be_told(count: str, known: pd.Series, group: Group, totals: Totals) -> bool:
    """Return whether a count may be told of those of whom it is known; it is taken note of if so."""
    counted = _values(group.members, count, known.fillna(value=False).astype(bool))
    people = totals.told.people.loc[list(counted)]
    if not people["secret"].any() or totals.told.rule.refusal(people) or not _apart(totals, count, counted):
        return False
    totals.take(count, group.case_id, counted)
    return True


def _graded_responses(members: pd.DataFrame, of: Counted, may_be_told: Callable[[str, pd.Series], bool]) -> Row:
    """Return how many had a further outcome; nothing of it where too few have a known degree."""
    told = may_be_told(of.least, _evaluable(members) & (members[of.least] == members[of.most]))
    return {
        of.least: int(members[of.least].sum()) if told else 0,
        of.most: int(members[of.most if told else "n_response"].sum()),
    }
