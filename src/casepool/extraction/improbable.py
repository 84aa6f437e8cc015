"""What is possible and improbable in the curated tables: warnings for a person, which stop nothing.

A rule looks at one row and its report and names the column, or nothing; those over several rows stand at the end.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from casepool.contract import TABLES
from casepool.extraction.appraisal import ascertainment_of
from casepool.extraction.curated import Curated
from casepool.files import sheets
from casepool.model.errors import Problem
from casepool.model.folding import fold
from casepool.model.message import Message
from casepool.model.protocol import Protocol
from casepool.model.study import Study, study
from casepool.model.vocabulary import Answer, AppraisalAnswer, Ascertainment, Basis, Population, ReportType, canonical
from casepool.rows import missing, numbered_rows, rows_of, split_ids
from casepool.typing import Row

_WEEKS_A_MONTH = 365.25 / 12 / 7
_ROUNDED = 1.0  # what rounding to whole weeks or months may add
_OLDEST = 105
_YEARS = re.compile(r"\b(?:19|20)\d{2}\b")
_NOTHING = frozenset({"none", "no", "non", "aucun", "aucune", "nil", "-", "0", "rien"})
_USUAL_LEVELS = (0.8, 0.9, 0.95, 0.99)
_DECIDING = ("murad_1", "jbi_4", "jbi_5")


@dataclass(frozen=True)
class Beside:
    """What a row is compared with: its report, the question, and the day on which it is looked at (None: not asked)."""

    report: Row
    protocol: Protocol
    declared: Study
    today: dt.date | None

    @property
    def year(self) -> float:
        """The year of the report; without one, no year is too late."""
        return _number(self.report.get("year"), math.inf)


Found: TypeAlias = tuple[str, Message]
RowRule: TypeAlias = Callable[[Row, Beside], Iterator[Found]]


def improbabilities(curated: Curated, protocol: Protocol, today: dt.date | None = None) -> Iterator[Problem]:
    """Yield what a person should look at, in the order of the tables; a row that breaks its contract is not judged.

    Parameters
    ----------
    today : the day after which nothing can have been read; None in a build, which is the same on every day.
    """
    reports = {row["report_id"]: row for row in rows_of(curated["reports"])}
    wrong = {(Path(one.file).stem, one.row) for one in curated.problems}
    for name, rules in _RULES.items():
        for line, row in numbered_rows(curated[name]):
            if (name, line) in wrong:
                continue
            beside = Beside(reports.get(row.get("report_id"), {}), protocol, study(), today)
            for rule in rules:
                for column, expected in rule(row, beside):
                    yield _problem(name, line, row, column, expected)
    yield from _told_as_both(curated)
    yield from _typed_twice(curated)
    yield from _falling(curated)


def _problem(name: str, line: int, row: Row, column: str, expected: Message) -> Problem:
    found = Message("empty") if missing(row[column]) else _as_typed(row[column])
    return Problem(f"{name}.csv", line, sheets.key_of(row, TABLES[name]), column, found, expected)


def _as_typed(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _number(value: Any, otherwise: float = math.nan) -> float:
    return otherwise if value is None or missing(value) else float(value)


def _told(value: object) -> bool:
    return value is not None and not missing(value)


def _times(row: Row, beside: Beside) -> Iterator[Found]:
    """Yield what is said to be seen after the last news of a patient, or after the publication."""
    months, limit = _number(row["follow_up_months"]), {"limit": _as_typed(_number(row["follow_up_months"]))}
    if _number(row["time_to_response_weeks"]) > months * _WEEKS_A_MONTH + _ROUNDED:
        yield "time_to_response_weeks", Message("within_follow_up", **limit)
    lost = beside.declared.months_to_loss
    if lost and _number(row[lost]) > months + _ROUNDED:
        yield lost, Message("within_follow_up", **limit)
    begun = _number(row["treatment_year"])
    if begun + math.floor(months / 12 if months == months else 0) > beside.year:
        expected = Message("not_after_report", year=_as_typed(beside.year))
        yield ("treatment_year" if begun > beside.year else "follow_up_months"), expected


def _responses(row: Row, beside: Beside) -> Iterator[Found]:
    """Yield times of what did not happen, and words of the source that mean another degree."""
    declared = beside.declared
    if _told(row["time_to_response_weeks"]) and row["response"] not in declared.responded:
        yield "time_to_response_weeks", Message("only_of_responder", response=str(row["response"]))
    lost = declared.months_to_loss
    if lost and declared.loss and _told(row[lost]) and row[declared.loss.id] != Answer.YES:
        yield lost, Message("only_after_event", event=declared.loss.id)
    if _told(row["response_as_reported"]):
        words = canonical(str(row["response_as_reported"]), declared.response)
        if words in tuple(declared.response) and words != row["response"]:
            yield "response_as_reported", Message("words_of_response", response=str(row["response"]))


def _treatments(row: Row, beside: Beside) -> Iterator[Found]:
    """Yield what was given before and beside the drug where another column says otherwise."""
    given = "" if missing(row["concomitant"]) else fold(str(row["concomitant"]))
    if row["monotherapy"] == Answer.YES and given and given not in _NOTHING:
        yield "concomitant", Message("nothing_beside")
    before = [one.id for one in beside.declared.covariates if row[one.id] == Answer.YES]
    if _number(row["n_prior_lines"]) < len(before):
        yield "n_prior_lines", Message("lines_at_least", n=len(before), columns=tuple(before))
    if _number(row["n_doses"]) < 1:
        yield "n_doses", Message("treated_has_dose")


def _route_in_dose(row: Row, beside: Beside) -> Iterator[Found]:
    """Yield a dose whose words name another route than the column does."""
    words = set(re.findall(r"\w+", fold(str(row["dose"])))) if _told(row["dose"]) else set()
    routes = {
        route.id: {fold(one) for one in (route.id, *route.name.spoken, *route.spellings)}
        for route in beside.protocol.routes
        if route.given  # the others name several ways at once
    }
    named = [id_ for id_, names in routes.items() if words & names]
    if len(named) == 1 and row["route"] in routes and row["route"] not in named:
        yield "dose", Message("dose_by_route", route=str(row["route"]))


def _ages(row: Row, beside: Beside) -> Iterator[Found]:
    column = "age_years" if "age_years" in row else "age_median"
    age, adult = _number(row[column]), beside.protocol.eligibility.minimum_age_years
    if age > _OLDEST:
        yield column, Message("age_at_most", n=_OLDEST)
    if (row["population"] == Population.ADULT and age < adult) or (
        row["population"] == Population.CHILD and age >= adult
    ):
        yield column, Message("age_of_population", population=str(row["population"]), n=adult)


def _sources(row: Row, beside: Beside) -> Iterator[Found]:
    """Yield places that nobody can find, and days before the source was published or after today."""
    if not re.search(r"\w", str(row["source_locator"])):
        yield "source_locator", Message("place_in_source")
    day = dt.date.fromisoformat(str(row["date"])) if _told(row["date"]) else None
    if day and beside.today and day > beside.today:
        yield "date", Message("not_in_future", day=beside.today.isoformat())
    elif day and day.year < _number(beside.report.get("year")) - 1:
        yield "date", Message("not_before_report", year=_as_typed(beside.year))


def _cohorts(row: Row, beside: Beside) -> Iterator[Found]:
    """Yield cohorts in which somebody is not accounted for, or of one patient."""
    known = _number(row["n_response"]) + _number(row["n_none"])
    if known < _number(row["n_evaluable"]):
        yield "n_none", Message("evaluable_accounted", n=int(_number(row["n_evaluable"]) - known))
    if _number(row["n_treated"]) == 1:
        yield "n_treated", Message("one_is_a_patient")
    years = [int(one) for one in _YEARS.findall(str(row["treatment_year"]))]
    if years and max(years) > beside.year:
        yield "treatment_year", Message("not_after_report", year=_as_typed(beside.year))


def _intervals(row: Row, beside: Beside) -> Iterator[Found]:  # noqa: ARG001 (a rule takes both)
    level = _number(row["level"])
    if level == level and not any(math.isclose(level, one) for one in _USUAL_LEVELS):
        yield "level", Message("usual_level")


def _appraisals(row: Row, beside: Beside) -> Iterator[Found]:
    """Yield sources called complete by their title or as a case report, and appraisals without an answer."""
    if not any(_told(row[name]) for name in _DECIDING):
        yield "murad_1", Message("answer_that_decides")
    if ascertainment_of(*(row[name] for name in _DECIDING)) is Ascertainment.COMPLETE:
        if row["basis"] in {Basis.TITLE, Basis.SECONDARY_SOURCE}:
            yield "basis", Message("complete_needs_text")
        if beside.report.get("report_type") == ReportType.CASE_REPORT and row["murad_1"] == AppraisalAnswer.YES:
            yield "murad_1", Message("case_report_seldom_complete")


def _reports(row: Row, beside: Beside) -> Iterator[Found]:
    first, last = ([int(one) for one in _YEARS.findall(str(row[name]))] for name in ("data_from", "data_to"))
    if first and last and min(first) > max(last):
        yield "data_to", Message("not_before_begin", begin=str(row["data_from"]))
    if last and max(last) > _number(row["year"], math.inf):
        yield "data_to", Message("not_after_report", year=_as_typed(row["year"]))
    if beside.today and _number(row["year"]) > beside.today.year + 1:
        yield "year", Message("not_in_future", day=beside.today.isoformat())


def _corrections(row: Row, beside: Beside) -> Iterator[Found]:  # noqa: ARG001 (a rule takes both)
    old, new = ("" if missing(row[name]) else str(row[name]) for name in ("old", "new"))
    if old == new:
        yield "new", Message("other_than_old")


_RULES: dict[str, tuple[RowRule, ...]] = {
    "reports": (_reports,),
    "patients": (_times, _responses, _treatments, _route_in_dose, _ages, _sources),
    "cohorts": (_cohorts, _route_in_dose, _ages, _sources),
    "cumulative_incidences": (_intervals, _sources),
    "appraisal": (_appraisals, _sources),
    "context": (_sources,),
    "corrections": (_corrections,),
}


def _told_as_both(curated: Curated) -> Iterator[Problem]:
    """Yield cohorts of a report that describes patients of the same disease alone, if they do not hold them."""
    alone: dict[tuple[object, object], list[Row]] = {}
    for row in rows_of(curated["patients"]):
        alone.setdefault((row["report_id"], row["disease"]), []).append(row)
    for line, row in numbered_rows(curated["cohorts"]):
        others = alone.get((row["report_id"], row["disease"]), [])
        may_be = [
            one for one in others if {one["population"], row["population"]} != {Population.ADULT, Population.CHILD}
        ]
        cases = [f"{one['report_id']}/{one['patient_label']}" for one in may_be]
        held = split_ids(row["includes_case"])
        if cases and not set(held) & {*cases, row["report_id"]}:
            expected = Message("held_by_cohort", cases=tuple(cases[:3]))
            yield _problem("cohorts", line, row, "includes_case", expected)


def _typed_twice(curated: Curated) -> Iterator[Problem]:
    """Yield patients of a report who are alike in every column that is filled: one may have been typed twice."""
    aside = {"patient_label", "stratum", "source_locator", "reader", "date", "note"}
    for name, label in (("patients", "patient_label"), ("cohorts", "stratum")):
        seen: dict[tuple[object, ...], str] = {}
        for line, row in numbered_rows(curated[name]):
            said = [column for column in ("age_years", "n_treated") if _told(row.get(column))]
            alike = tuple(str(row[column]) for column in TABLES[name].names if column not in aside)
            before = seen.setdefault(alike, str(row[label]))
            if said and before != row[label]:
                yield _problem(name, line, row, label, Message("other_than_row", other=before))


def _falling(curated: Curated) -> Iterator[Problem]:
    """Yield cumulative incidences below that of an earlier time of their stratum."""
    known: dict[tuple[object, object], list[tuple[float, float]]] = {}
    for line, row in numbered_rows(curated["cumulative_incidences"]):
        time, proportion = _number(row["time_months"]), _number(row["proportion"])
        others = known.setdefault((row["report_id"], row["stratum"]), [])
        if any((time - t) * (proportion - p) < 0 for t, p in others):
            yield _problem("cumulative_incidences", line, row, "proportion", Message("never_falls"))
        others.append((time, proportion))
