"""Own rates: each disease by its own evidence, and what moved it there (methods: the own rate)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from casepool.counting.outcomes import OutcomeCounts
from casepool.model.configuration import Pooling
from casepool.model.estimate import AT_RATIO, OK, OVERALL, OWN, POOLED, Estimate
from casepool.model.headline import standing_of_disease
from casepool.model.vocabulary import RateStatus
from casepool.pooling.evidence import unestimated
from casepool.stats.bias.bounds import deflate
from casepool.stats.binomial import clopper_pearson
from casepool.stats.own.data import Allowances, Kind, OwnData, OwnSource
from casepool.stats.own.fit import OwnFit, OwnRate, fit_own
from casepool.stats.own.mean import mean_rate
from casepool.stats.own.steps import own_steps
from casepool.typing import Row

# The steps before and after those of the own model.
RAW, COMPLETE = "raw", "complete"
_Place = tuple[str, float | None, tuple[float, float]]  # a step, the rate after it, its limits


def own_data(counts: OutcomeCounts, diseases: Sequence[str]) -> OwnData:
    """Return the counts as the own model takes them; patients of several diseases told as one total stay out."""
    position = {disease: index for index, disease in enumerate(diseases)}
    rows = zip(counts.disease, counts.complete, counts.registry, counts.events, counts.n, counts.centres, strict=True)
    sources = [
        OwnSource(position[disease], _kind(complete, registry), int(events), int(n), int(centres))
        for disease, complete, registry, events, n, centres in rows
        if disease in position
    ]
    linkage = [(position.get(disease or ""), table) for disease, table in counts.linkages]
    return OwnData(len(diseases), sources, linkage)


def _kind(complete: bool, registry: bool) -> Kind:
    if not complete:
        return Kind.SELECTIVE
    return Kind.REGISTRY if registry else Kind.COMPLETE


def allowances_of(pooling: Pooling) -> Allowances:
    """Return what the own rate allows to be wrong, as configured."""
    own, (mean, sd) = pooling.own, pooling.prior_beta
    return Allowances(own.source_sd, own.label_error, own.registry_sd, own.ratio_sd, mean, sd)


@dataclass(frozen=True)
class OwnResult:
    """The own rates of an outcome, with what they were made of."""

    counts: OutcomeCounts
    diseases: tuple[str, ...]
    pooling: Pooling
    data: OwnData
    fit: OwnFit

    @classmethod
    def of(cls, counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> OwnResult:
        """Fit the own model to the counts of an outcome."""
        data = own_data(counts, diseases)
        return cls(counts, tuple(diseases), pooling, data, fit_own(data, allowances_of(pooling)))

    @property
    def anchored(self) -> list[int]:
        """Positions of the diseases of which a source reports all its patients."""
        return [d for d, rate in enumerate(self.fit.rates) if rate is not None and rate.anchored]

    def rows(self) -> Iterator[Estimate]:
        """Yield the own rate of every disease, the mean of the anchored ones, and the rates at fixed ratios."""
        for disease, rate in zip(self.diseases, self.fit.rates, strict=True):
            yield from self._disease(self.counts.of(disease), disease, rate)
        yield from self._mean()
        for disease, rate in zip(self.diseases, self.fit.rates, strict=True):
            if rate is not None and not rate.anchored:
                yield from _at_ratios(self.counts.of(disease), disease, self.pooling)

    def _disease(self, counts: OutcomeCounts, disease: str, rate: OwnRate | None) -> Iterator[Estimate]:
        own = replace(unestimated(counts, disease, OWN, OWN), **asdict(standing_of_disease(counts)))
        if rate is None:
            yield replace(own, n_response=None, n_evaluable=None, k=None)
            return
        lower, upper = rate.interval(self.pooling.level)
        limits = replace(own, ci_lower=lower, ci_upper=upper)
        if own.reason is not None:
            yield limits
            return
        yield replace(limits, value=rate.mean)
        yield replace(limits, analysis="own_median", value=rate.quantile(0.5))
        for threshold in self.pooling.thresholds:
            yield replace(
                own, analysis="above", measure="probability", threshold=threshold, value=rate.above(threshold)
            )

    def _mean(self) -> Iterator[Estimate]:
        """Yield the mean of the anchored diseases, each with the same weight, where there are two or more."""
        if len(self.anchored) < 2:
            return
        found = mean_rate(self.fit, self.anchored, self.pooling.level)
        of = self.counts.among([self.diseases[d] for d in self.anchored])
        yield replace(
            unestimated(of, OVERALL, OWN, OWN), status=OK, value=found.mean, ci_lower=found.ci[0], ci_upper=found.ci[1]
        )

    def steps(self, pooled: Sequence[Estimate]) -> Iterator[Row]:
        """Yield the rows of the table ``steps``: what moved the rate of each disease, step by step.

        A disease without complete evidence has no number from the last steps on, only their limits.

        Parameters
        ----------
        pooled : rows of the pooled model, for the last step.
        """
        ladders = own_steps(self.data, allowances_of(self.pooling), self.fit)
        level = self.pooling.level
        borrowed = {one.disease: one for one in pooled if one.analysis == POOLED}
        for disease, ladder in zip(self.diseases, ladders, strict=True):
            if not ladder:
                continue
            told = self.counts.of(disease)
            point = standing_of_disease(told).reason is None
            places: list[_Place] = [(RAW, *_exact(told, level))]
            if point:
                places.append((COMPLETE, *_exact(told.only(complete=True), level)))
            for step in ladder:
                shown = point or step.name != ladder[-1].name
                places.append((step.name.value, step.rate.mean if shown else None, step.rate.interval(level)))
            last = borrowed[disease]
            if last.ci_lower is not None and last.ci_upper is not None:
                places.append((POOLED, last.value if last.reason is None else None, (last.ci_lower, last.ci_upper)))
            yield from _step_rows(self.counts.outcome, disease, places)


def _exact(counts: OutcomeCounts, level: float) -> tuple[float, tuple[float, float]]:
    events, n = counts.total
    lower, upper = clopper_pearson(events, n, level)
    return events / n, (float(lower), float(upper))


def _step_rows(outcome: str, disease: str, places: Sequence[_Place]) -> Iterator[Row]:
    before: float | None = None
    for position, (step, value, (lower, upper)) in enumerate(places):
        change = None if position == 0 or value is None or before is None else value - before
        yield {
            "outcome": outcome, "disease": disease, "position": position, "step": step, "value": value,
            "ci_lower": lower, "ci_upper": upper, "change": change,
        }  # fmt: skip
        before = value


def _at_ratios(counts: OutcomeCounts, disease: str, pooling: Pooling) -> Iterator[Estimate]:
    """Yield x/n with its exact interval, deflated by each of the configured reporting ratios."""
    rate, limits = _exact(counts, pooling.level)
    none = replace(unestimated(counts, disease, AT_RATIO, "exact"), status=RateStatus.ASSUMED.value)
    for ratio in pooling.ratios:
        value, lower, upper = (float(deflate(one, ratio)) for one in (rate, *limits))
        yield replace(none, threshold=ratio, value=value, ci_lower=lower, ci_upper=upper)
