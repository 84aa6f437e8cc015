"""Groups of registry patients that may become a total, what is counted in them, and the row that says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pandas as pd

from casepool.contract.cases import CASES, SEVERAL_DISEASES, released_report
from casepool.model.study import Counted, study
from casepool.model.vocabulary import Answer, Autoimmune, Basis, CaseKind, ReportType, Route, Setting
from casepool.registry.release.rule import n_centres
from casepool.typing import Row

# What is counted of every patient of a total, and of the evaluable ones; without these there is no total.
EVERYBODY, RESPONSE = "n_treated", "n_response"
_OF_MEMBERS = ("case_id", "disease", "ascertainment", "autoimmune", "person", "centres", "protected", "secret")
_ORIGIN_NOT_SURE = "_origin_not_sure"
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
    autoimmune : whether the antibodies of all of them are known to be their own. In a group of one disease nobody is
        with others, in one of several diseases anybody may be: the word changes for no single patient.
    members : rows of ``people.registry_patients``, by ``with_counts``.
    """

    disease: str
    ascertainment: str
    autoimmune: bool
    members: pd.DataFrame

    @property
    def case_id(self) -> str:
        """The id of the group among the public cases."""
        ending = "" if self.autoimmune or self.disease == SEVERAL_DISEASES else _ORIGIN_NOT_SURE
        return f"{released_report(self.ascertainment)}/{self.disease}{ending}"

    def without(self, cases: Collection[str]) -> Group:
        """Return the group less some patients."""
        members = self.members[~self.members["case_id"].isin(list(cases))]
        return Group(self.disease, self.ascertainment, self.autoimmune, members)

    def counts(self) -> dict[str, dict[str, str]]:
        """Return what may be counted: column → case id → what the patient adds to it, of those of whom it is known."""
        known = {EVERYBODY: self._all, RESPONSE: self._evaluable}
        known |= {least: self.members[where] > 0 for least, where in _counted_where_known()}
        for outcome in study().further_outcomes:
            of = study().counted[outcome.id]
            known[of.least] = self._evaluable & (self.members[of.least] == self.members[of.most])
        return {column: self._values(column, of_whom) for column, of_whom in known.items()}

    @property
    def _all(self) -> pd.Series:
        return pd.Series(True, index=self.members.index)

    @property
    def _evaluable(self) -> pd.Series:
        return self.members["n_evaluable"] > 0

    def _values(self, column: str, known: pd.Series) -> dict[str, str]:
        rows = self.members.loc[known, ["case_id", column]]
        return dict(zip(rows["case_id"], rows[column].astype(str), strict=True))

    def row(self, told: Collection[str]) -> Row:
        """Return the group as a row of ``cases``, without the published cases inside.

        Parameters
        ----------
        told : the counts that may be told; the others are told of nobody.
        """
        report, declared = released_report(self.ascertainment), study()
        row: Row = dict.fromkeys(CASES.names) | _UNTOLD
        row |= {covariate.id: Answer.NOT_REPORTED for covariate in declared.covariates}
        row |= {"case_id": self.case_id, "report_id": report, "study_id": report}
        row |= {"disease": self.disease, "ascertainment": self.ascertainment}
        row["autoimmune"] = Autoimmune.YES if self.autoimmune else Autoimmune.UNCERTAIN
        row["n_centres"] = n_centres(self.members[self.members["protected"]])
        row |= {name: self._sum(name) for name in (EVERYBODY, "n_evaluable", RESPONSE, "n_none")}
        row |= {name: 0 for event in declared.events for name in _columns(declared.counted[event])}
        for least, known in _counted_where_known():
            row |= {name: self._sum(name) if least in told else 0 for name in (least, known)}
        row |= {of.most: row[of.least] for of in map(declared.counted.__getitem__, declared.events)}  # known or not
        for outcome in declared.further_outcomes:
            of = declared.counted[outcome.id]
            row[of.least] = self._sum(of.least) if of.least in told else 0
            row[of.most] = self._sum(of.most if of.least in told else RESPONSE)
        return row

    def _sum(self, column: str) -> int:
        return int(self.members[column].sum())


def with_counts(registry: pd.DataFrame) -> pd.DataFrame:
    """Return registry patients with what a group needs of them alone; what is not known counts nothing."""
    of = [study().counted[one] for one in (*study().events, *(outcome.id for outcome in study().further_outcomes))]
    counts = {EVERYBODY, "n_evaluable", RESPONSE, "n_none", "n_female", "n_sex_known"}
    counts |= {name for one in of for name in (one.least, one.most, one.known)}
    numbers = registry[sorted(counts)].fillna(0).astype(int)
    return pd.concat([registry[list(_OF_MEMBERS)], numbers], axis="columns")


def _columns(of: Counted) -> tuple[str, str]:
    return of.least, of.known


def _counted_where_known() -> Iterator[tuple[str, str]]:
    """Yield each count with the column that says of whom it is known."""
    yield "n_female", "n_sex_known"
    yield from (_columns(study().counted[one.id]) for one in study().events.values() if one.disclosure == "counted")
