"""One estimate, from the model that makes it to the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from casepool.model.vocabulary import RateStatus

# What an estimate is of, where it is not of one disease.
OVERALL = "overall"
NEW_DISEASE = "new_disease"
ALL = "all"

OWN = "own"  # the analysis and the model of a rate from the evidence of its disease
POOLED = "pooled"  # the analysis of a rate for which diseases learn from each other
AT_RATIO = "at_ratio"  # the analysis that takes a reporting ratio for granted
TIPPING = "tipping"  # the analysis that names the ratio which would bring a rate down to a threshold
OK = "ok"
NOTE = "note"  # measure and status of a remark on a fit, named by its analysis


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One number with its intervals, what it is of, what stands behind it, and whether it may be shown.

    Attributes
    ----------
    outcome : id of the outcome or event.
    disease : id of a disease, or overall, new_disease, all.
    analysis, model, measure : what was computed, by which model, on which scale (ids).
    threshold : the rate that a probability or a tipping ratio refers to; the reporting ratio taken for granted; what
        the value of a note falls short of.
    status : whether there is a number and what it rests on.
    value : the number; None where it cannot be estimated.
    ci_lower, ci_upper : limits of the confidence or credible interval.
    pi_lower, pi_upper : limits of the prediction interval.
    lowest, highest : bounds of a rate where the sources leave open whether some patients had the outcome; the limits
        of the interval are then those of the two ends, and there is no value.
    n_response, n_at_most : patients who surely had the outcome; those who had it or may have had it.
    n_evaluable : patients of whom it is known.
    k : number of reports.
    reason : why there is no number, or why it is not to be shown; None where it may be.
    cases : ids of the cases behind it, joined by semicolons.
    """

    outcome: str = ""
    disease: str = ""
    analysis: str = ""
    model: str = ""
    measure: str = "proportion"
    threshold: float | None = None
    status: str = RateStatus.NO_DATA.value
    value: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    pi_lower: float | None = None
    pi_upper: float | None = None
    lowest: float | None = None
    highest: float | None = None
    n_response: int | None = None
    n_at_most: int | None = None
    n_evaluable: int | None = None
    k: int | None = None
    reason: str | None = None
    cases: str | None = None

    @property
    def name(self) -> str:
        """The unique name of the estimate."""
        at = "" if self.threshold is None or self.measure == NOTE else f"_{self.threshold:g}"
        return f"{self.outcome}.{self.disease}.{self.analysis}{at}.{self.model}"

    @property
    def headlined(self) -> bool:
        """Whether the number may stand in tables, figures and prose (else its status words do)."""
        return self.value is not None and self.reason is None

    @property
    def limits_only(self) -> bool:
        """Whether there is an interval, but no point that may be shown."""
        return self.value is None and None not in (self.ci_lower, self.ci_upper)

    @property
    def shown_status(self) -> str:
        """What to name in place of a number that is not shown: why it is not, else its status."""
        return self.reason or self.status

    @property
    def shown(self) -> bool:
        """Whether there is a value and an interval to draw."""
        return None not in (self.value, self.ci_lower, self.ci_upper)


EMPTY = Estimate()
