"""The variants of the data that a sensitivity analysis pools again: who counts, and as what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.special import logit, ndtri

from casepool.counting.counts import counted_cases, study_counts
from casepool.counting.outcomes import OutcomeCounts, outcome_counts
from casepool.files import store
from casepool.identity.ledger import Settled, settled, unique_patients
from casepool.model.study import Counted, study
from casepool.model.vocabulary import (
    Answer,
    Ascertainment,
    Autoimmune,
    CaseKind,
    ExclusionReason,
    IdentityDecision,
    ReportType,
    Response,
)
from casepool.rows import missing, rows_of, split_ids
from casepool.typing import Row

# Under the strict reading only these are trusted to tell all their patients.
_STRICT = (ReportType.CLINICAL_TRIAL, ReportType.PROSPECTIVE_COHORT, ReportType.REGISTRY_CALL)
_INCIDENCE_MONTHS = 6


@dataclass(frozen=True)
class Material:
    """What the variants are made from.

    Attributes
    ----------
    cases, decisions, incidences, reading_list, linkage : the tables of these names; the decisions
        hold the registry's doubtful links too.
    outcome : id of the outcome.
    level : coverage of intervals.
    """

    cases: pd.DataFrame
    decisions: pd.DataFrame
    incidences: pd.DataFrame
    reading_list: pd.DataFrame
    linkage: pd.DataFrame
    outcome: str
    level: float

    def asking(self, diseases: Collection[str]) -> Material:
        """Return the material without what the reading list says of diseases that nobody asks about."""
        asked = self.reading_list["disease"].isin(list(diseases))
        return replace(self, reading_list=self.reading_list[asked])

    @cached_property
    def settled(self) -> Settled:
        """What is decided on the pairs of the cases."""
        return settled(self.cases, self.decisions)

    @cached_property
    def unique(self) -> pd.DataFrame:
        """The unique patients, doubtful pairs as different; not to be changed, for all variants begin with them."""
        return self.settled.unique()[0]

    def admitting(self, waiting: Collection[str]) -> Material:
        """Return the material in which some cases count though they are not eligible: their report waits."""
        counts = self.cases["case_id"].isin(list(waiting))
        return replace(self, cases=self.cases.assign(eligible=self.cases["eligible"].mask(counts, Answer.YES.value)))

    def unique_without(self, left_out: pd.Series) -> pd.DataFrame:
        """Return the unique patients without some cases; who was counted as one of them counts as told elsewhere."""
        return unique_without(self.cases, self.decisions, self.unique, left_out)

    def counts(self, unique: pd.DataFrame, *, unclear_as_complete: bool = False) -> OutcomeCounts:
        """Return the counts of the outcome for a table of unique patients."""
        studies = study_counts(unique, self.level)
        return outcome_counts(studies, self.outcome, self.linkage, unclear_as_complete=unclear_as_complete)


def unique_without(
    cases: pd.DataFrame, decisions: pd.DataFrame, unique: pd.DataFrame, left_out: pd.Series
) -> pd.DataFrame:
    """Return the unique patients without some cases.

    Two tellings of one patient stay one, even if it is a case left out that joined them.

    Parameters
    ----------
    unique : the unique patients of all cases.
    left_out : for each case whether it is left out.

    Raises
    ------
    LinkageError
        If a stratum that counts now holds more patients than it treated.
    """
    gone = set(cases.loc[left_out.astype(bool), "case_id"])
    rest = cases[~cases["case_id"].isin(gone)]
    told = unique[unique["also_told_in"].notna()]
    joined = []
    for head, others in zip(told["case_id"], told["also_told_in"], strict=True):
        members = [head, *split_ids(others)]
        if gone.isdisjoint(members):
            continue
        first, *more = [case for case in members if case not in gone] or [head]
        joined += [{"case_a": first, "case_b": other, "decision": IdentityDecision.SAME_PATIENT} for other in more]
    carried = pd.DataFrame(joined, columns=decisions.columns)
    return unique_patients(rest, store.stack("identity_decisions", decisions, carried))


def standing_for_others(unique: pd.DataFrame) -> set[str]:
    """Return the reports that cases of other reports are counted as."""
    gone = unique[unique["counted"] == Answer.NO]
    stands = gone["kept_as"].str.split("/").str[0]
    return set(stands[(stands != gone["report_id"]).astype(bool)])


def data_variants(material: Material) -> Iterator[tuple[str, OutcomeCounts]]:
    """Yield name and counts of every variant of the data; the first is the primary analysis."""
    unique = material.unique
    yield "primary", material.counts(unique)
    yield "unclear_as_complete", material.counts(unique, unclear_as_complete=True)
    yield "doubtful_pairs_same", material.counts(material.settled.doubtful_as_one())
    for name, changed in (*_series_that_may_overlap(material), *_later_series(unique, material.reading_list)):
        yield name, material.counts(changed)
    for name, change in _CHANGES.items():
        yield name, material.counts(change(unique))
    registry = material.cases["report_type"] == ReportType.REGISTRY_CALL
    if registry.any():
        yield "without_registry", material.counts(material.unique_without(registry))
    yield "cumulative_incidences", material.counts(_with_incidences(unique, material.incidences))
    yield "unidentified_counted", material.counts(_with_unidentified(unique, material.reading_list))


def _series_that_may_overlap(material: Material) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the other choices where a report waits because its patients may be those of one that counts.

    Such a pair of cases is decided as unsure. The primary analysis counts one of the two.
    """
    cases = material.cases
    disease = dict(zip(cases["case_id"], cases["disease"], strict=True))
    counts = set(cases.loc[(cases["eligible"] == Answer.YES).fillna(value=False), "case_id"])
    waits = (cases["exclusion_reason"] == ExclusionReason.OUTCOME_NOT_REPORTED).fillna(value=False)
    waiting = set(cases.loc[waits, "case_id"])
    decisions = material.decisions
    unsure = decisions[decisions["decision"] == IdentityDecision.UNSURE]
    couples = [*zip(unsure["case_a"], unsure["case_b"], strict=True)]
    couples += [(other, one) for one, other in couples]
    pairs = [(one, other) for one, other in couples if one in counts and other in waiting]
    pairs = [(one, other) for one, other in pairs if disease[one] == disease[other]]
    if not pairs:
        return
    counted, others = ({pair[place] for pair in pairs} for place in (0, 1))
    left_out = cases["case_id"].isin(list(counted))
    both = material.admitting(others)
    yield "series_exchanged", both.unique_without(left_out)
    yield "series_both", both.unique
    yield "series_neither", material.unique_without(left_out)


def _later_series(unique: pd.DataFrame, reading_list: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield later cuts that cannot be cited yet, in place of the earlier report and beside it."""
    later = reading_list[reading_list["replaces"].isin(list(unique["report_id"])) & reading_list["n_evaluable"].notna()]
    if len(later):
        yield "later_series_instead", _with_unidentified(unique, later)
        yield "later_series_too", _with_unidentified(unique, later.assign(replaces=None))


def _only(column: str, wanted: Callable[[pd.Series], pd.Series]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda unique: unique[wanted(unique[column])]


def _strict(unique: pd.DataFrame) -> pd.DataFrame:
    trusted = unique["report_type"].isin(list(_STRICT))
    complete = unique["ascertainment"] == Ascertainment.COMPLETE
    strict = unique["ascertainment"].mask(complete & ~trusted, Ascertainment.SELECTIVE.value)
    return unique.assign(ascertainment=strict)


def _failures(unique: pd.DataFrame) -> pd.DataFrame:
    """Count the patients who could not be evaluated as failures, where the source tells responses."""
    told = unique["n_evaluable"] > 0
    not_evaluable = (unique["response"] == Response.NOT_EVALUABLE).fillna(value=False)
    return _raise_evaluable(unique, (told & (unique["kind"] == CaseKind.COHORT)) | not_evaluable)


def _missing(unique: pd.DataFrame, *, respond: bool) -> pd.DataFrame:
    """Count every patient of unknown response as failure or responder, those of cohorts without counts too."""
    changed = _raise_evaluable(unique, unique["n_treated"].notna())
    gained = changed["n_evaluable"] - unique["n_evaluable"]
    return changed.assign(n_response=unique["n_response"] + (gained if respond else 0))


def _raise_evaluable(unique: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    treated = unique["n_treated"].fillna(unique["n_evaluable"])
    return unique.assign(n_evaluable=unique["n_evaluable"].mask(rows.astype(bool), treated))


_CHANGES: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "without_alloimmune": _only("autoimmune", lambda values: values != Autoimmune.NO),
    "autoimmune_only": _only("autoimmune", lambda values: values == Autoimmune.YES),
    "without_unknown_age": _only("age_not_reported", lambda values: values == Answer.NO),
    "without_abstracts": _only("report_type", lambda values: values != ReportType.CONFERENCE_ABSTRACT),
    "without_secondary_sources": _only("basis", lambda values: values != "secondary_source"),
    "strict_complete": _strict,
    "not_evaluable_as_failures": _failures,
    "missing_as_failures": lambda unique: _missing(unique, respond=False),
    "missing_as_responders": lambda unique: _missing(unique, respond=True),
}


def effective_counts(proportion: float, lower: float, upper: float, level: float, treated: int) -> tuple[int, int]:
    """Return (events, n) that carry the information of a cumulative incidence and its interval.

    The logit interval has the width of a binomial proportion of n = 1 / (se² p (1 − p)) patients, at
    most as many as were treated; counts are rounded.
    """
    se = (logit(upper) - logit(lower)) / (2 * ndtri(0.5 + level / 2))
    per_patient = se**2 * proportion * (1 - proportion)
    # An interval too narrow for a float has all the patients behind it.
    n = treated if per_patient * treated <= 1 else int(np.round(1 / per_patient))
    return int(np.round(n * proportion)), n


def _with_incidences(unique: pd.DataFrame, incidences: pd.DataFrame) -> pd.DataFrame:
    """Give cohorts known by a cumulative incidence at six months, with its interval, their effective counts.

    An incidence says nothing of the grade: from none to all of the responses may be complete.
    """
    changed = unique.copy()
    told = incidences.dropna(subset=["proportion", "ci_lower", "ci_upper", "level"])
    for row in rows_of(told[told["time_months"] == _INCIDENCE_MONTHS]):
        cohort = changed["case_id"] == f"{row['report_id']}/{row['stratum']}"
        for treated in changed.loc[cohort, "n_treated"].dropna().astype(int):
            interval = (row["proportion"], row["ci_lower"], row["ci_upper"], row["level"])
            n_response, n_evaluable = effective_counts(*interval, treated)
            changed.loc[cohort, ["n_response", "n_evaluable"]] = n_response, n_evaluable
            for of in _further():
                changed.loc[cohort, [of.least, of.most]] = 0, n_response
    return changed


def _further() -> list[Counted]:
    """Return the columns of the outcomes after the first, of which these sources say nothing."""
    return [study().counted[outcome.id] for outcome in study().further_outcomes]


def _with_unidentified(unique: pd.DataFrame, reading_list: pd.DataFrame) -> pd.DataFrame:
    """Add the publications that cannot be cited yet, in place of the earlier cuts they replace."""
    told = reading_list.dropna(subset=["n_evaluable", "n_response", "ascertainment", "disease"])
    replaced = [report for cell in told["replaces"] for report in split_ids(cell)]
    kept = unique[~unique["report_id"].isin(replaced)]
    added = pd.DataFrame([_unidentified_row(row) for row in rows_of(told)], columns=unique.columns)
    return pd.concat([kept, added.astype(unique.dtypes.to_dict())], ignore_index=True)


def _unidentified_row(row: Row) -> Row:
    key = str(row["citation_key"])
    n = int(row["n_evaluable"])
    return {
        "case_id": f"{key}/told",
        "report_id": key,
        "study_id": key if missing(row["study_id"]) else row["study_id"],
        "kind": CaseKind.COHORT.value,
        "report_type": ReportType.CONFERENCE_ABSTRACT.value,
        "ascertainment": row["ascertainment"],
        "disease": row["disease"],
        "counted": Answer.YES.value,
        "n_treated": n,
        "n_evaluable": n,
        "n_response": int(row["n_response"]),
        **{of.least: 0 for of in _further()},
        **{of.most: int(row["n_response"]) for of in _further()},
    }


def by_year(material: Material) -> Iterator[tuple[str, OutcomeCounts]]:
    """Yield the counts of all reports published up to each year."""
    cases = counted_cases(material.unique)
    known = cases[(cases["n_evaluable"] > 0) & cases["year"].notna()]
    for year in sorted(known["year"].unique()):
        yield str(int(year)), material.counts(known[known["year"] <= year])


@dataclass(frozen=True)
class LeavingOut:
    """The reports that are left out in turn.

    Attributes
    ----------
    material : what all variants are made of.
    """

    material: Material

    @cached_property
    def reports(self) -> list[str]:
        """The reports with patients of whom the outcome is known, in the order of their ids."""
        return sorted(self._cases.loc[self._cases["n_evaluable"] > 0, "report_id"].unique())

    def without(self, report: str) -> OutcomeCounts:
        """Return the counts without a report; who is told elsewhere too is counted there."""
        if report in self._needed:
            return self.material.counts(self.material.unique_without(self.material.cases["report_id"] == report))
        if self._whole.registry[self._places.get(report, [])].any():  # what is known of the linkage goes along
            return self.material.counts(self._cases[self._cases["report_id"] != report])
        left = np.zeros(len(self._whole.cases), dtype=bool)
        left[self._places.get(report, [])] = True
        return replace(self._whole.where(~left), linkages=self._whole.linkages)

    @cached_property
    def alike(self) -> Mapping[str, str]:
        """Report → the first whose absence leaves the same counts, so that it stands for all of them.

        It is the same in whichever part of the reports it is asked for.
        """
        heads: dict[object, str] = {}
        return {report: heads.setdefault(self._absence(report), report) for report in self.reports}

    def _absence(self, report: str) -> object:
        """Return what goes with a report, as a key; a report that changes more has one of its own."""
        places, whole = self._places.get(report, []), self._whole
        if report in self._needed or whole.registry[places].any():
            return report
        fields = (whole.disease, whole.complete, whole.events, whole.most, whole.n, whole.clustered, whole.centres)
        return tuple(sorted(tuple(field[place].item() for field in fields) for place in places))

    @cached_property
    def _cases(self) -> pd.DataFrame:
        return counted_cases(self.material.unique)

    @cached_property
    def _needed(self) -> set[str]:
        return standing_for_others(self.material.unique)

    @cached_property
    def _whole(self) -> OutcomeCounts:
        return self.material.counts(self._cases)

    @cached_property
    def _places(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, told in enumerate(self._whole.cases):
            found.setdefault(told.split("/")[0], []).append(place)
        return found
