"""Pooled rates: the joint model, in which diseases learn from each other (methods: estimator M*)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import lru_cache

from casepool.contract.cases import SEVERAL_DISEASES
from casepool.counting.outcomes import OutcomeCounts
from casepool.model.configuration import Pooling
from casepool.model.estimate import ALL, NEW_DISEASE, NOTE, OK, OVERALL, POOLED, Estimate
from casepool.model.headline import Standing, standing_of_all, standing_of_disease
from casepool.model.vocabulary import RateStatus
from casepool.pooling.evidence import unestimated
from casepool.stats.joint.fit import DiseaseRate, JointData, JointFit, JointPriors, Source, fit_with
from casepool.stats.joint.mixture import Hyperpriors, fit_mixture_with
from casepool.stats.joint.settings import GridName, Settings

# Of thousands of sources most tell the same counts.
_source = lru_cache(maxsize=8192)(Source)
FAIR = 1.0  # reporting ratio where responders and others are published alike


def joint_data(counts: OutcomeCounts, diseases: Sequence[str]) -> JointData:
    """Return the counts as the joint model takes them: D diseases, two kinds of ascertainment.

    Sources with two or more patients are named so that their patients may be clustered. Registry
    patients of several diseases, told as one total, stand behind the diseases as a group.
    """
    groups = [SEVERAL_DISEASES] if SEVERAL_DISEASES in counts.disease else []
    told = [*diseases, *groups]
    position = {disease: index for index, disease in enumerate(told)}
    rows = zip(counts.disease, counts.complete, counts.events, counts.n, counts.clustered, strict=True)
    sources: dict[bool, list[Source]] = {True: [], False: []}
    for disease, complete, events, n, clustered in rows:
        if disease in position:
            sources[bool(clustered)].append(_source(position[disease], bool(complete), int(events), int(n)))
    return JointData.of_sources(
        len(told), sources[True], apart=sources[False], linkage=counts.linkage, n_groups=len(groups)
    )


def settings_of(pooling: Pooling, grid: GridName = "reporting") -> Settings:
    """Return the switches of the joint model as configured."""
    return Settings(
        JointPriors(*pooling.prior_mu, pooling.prior_tau, *pooling.prior_beta),
        pooling.level,
        pooling.clustering,
        thresholds=pooling.thresholds,
        grid=grid,
        min_diseases=pooling.min_diseases,
    )


def fit(counts: OutcomeCounts, diseases: Sequence[str], settings: Settings) -> JointFit:
    """Return the joint fit of the diseases."""
    return fit_with(joint_data(counts, diseases), settings)


def fit_mixture(
    counts: OutcomeCounts, diseases: Sequence[str], settings: Settings, hyperpriors: Hyperpriors
) -> JointFit:
    """Return the joint fit with assumptions integrated over their priors, otherwise as in the settings."""
    return fit_mixture_with(joint_data(counts, diseases), hyperpriors, settings).fit


def pooled_rows(counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> Iterator[Estimate]:
    """Yield the pooled rate of every disease, their mean, and what the joint model says of the ratio."""
    joint = fit(counts, diseases, settings_of(pooling))
    standing = standing_of_all(joint)
    for disease, rate in zip(diseases, joint.diseases, strict=True):
        yield from _disease_rows(counts.of(disease), disease, rate, standing_of_disease(rate, joint))
    yield from _summary_rows(counts, joint, standing)
    yield from _uncorrected_mean(counts, diseases, pooling)
    yield from _ratio_rows(counts, joint)
    yield from _notes(counts, joint)


def _disease_rows(counts: OutcomeCounts, disease: str, rate: DiseaseRate, standing: Standing) -> Iterator[Estimate]:
    if standing.status == RateStatus.NO_DATA:
        none = Estimate(outcome=counts.outcome, disease=disease, analysis=POOLED, model="joint")
        yield replace(none, **asdict(standing))
        return
    pooled = replace(unestimated(counts, disease, POOLED, "joint"), **asdict(standing))
    with_limits = replace(pooled, ci_lower=rate.ci[0], ci_upper=rate.ci[1])
    yield replace(with_limits, value=rate.mean)
    yield replace(with_limits, analysis="pooled_median", value=rate.median)
    for threshold, probability in rate.probability_above.items():
        yield replace(pooled, analysis="above", measure="probability", threshold=threshold, value=probability)


def _summary_rows(counts: OutcomeCounts, joint: JointFit, standing: Standing) -> Iterator[Estimate]:
    none = replace(unestimated(counts, OVERALL, POOLED, "joint"), **asdict(standing))
    if joint.overall is not None:
        lower, upper = joint.overall.ci
        yield replace(none, value=joint.overall.mean, ci_lower=lower, ci_upper=upper)
    if joint.new_disease is not None:
        lower, upper = joint.new_disease.ci
        yield replace(none, disease=NEW_DISEASE, value=joint.new_disease.mean, pi_lower=lower, pi_upper=upper)


def _uncorrected_mean(counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> Iterator[Estimate]:
    """Yield the mean of the diseases without selective reporting: what the pooled mean is to be compared with."""
    fair = fit(counts, diseases, replace(settings_of(pooling), ratio=FAIR)).overall
    if fair is not None:
        none = unestimated(counts, OVERALL, "uncorrected", "joint")
        yield replace(none, status=OK, value=fair.mean, ci_lower=fair.ci[0], ci_upper=fair.ci[1])


def _ratio_rows(counts: OutcomeCounts, joint: JointFit) -> Iterator[Estimate]:
    """Yield what the joint model says beside the rates: the reporting ratio, and how far diseases differ."""

    def row(analysis: str, measure: str, value: float | None) -> Estimate:
        none = Estimate(
            outcome=counts.outcome, disease=ALL, analysis=analysis, model="joint", measure=measure, k=counts.n_reports
        )
        if value is None:
            return replace(none, status="no_data", reason="no_data")
        return replace(none, status=OK, value=value)

    ratio = joint.reporting_ratio
    yield replace(row("reporting_ratio", "ratio", ratio.median), ci_lower=ratio.ci[0], ci_upper=ratio.ci[1])
    yield row("reporting_ratio_above_1", "probability", ratio.probability_above_1)
    yield row("tau", "log_odds_sd", joint.tau.mean if joint.tau is not None else None)


def _notes(counts: OutcomeCounts, joint: JointFit) -> Iterator[Estimate]:
    """Yield what a reader must know of the fit, one row each: its id is the analysis."""
    for note in joint.notes:
        yield Estimate(
            outcome=counts.outcome, disease=ALL, analysis=note.id, model="joint", measure=NOTE, status=NOTE,
            value=note.value, threshold=note.limit,
        )  # fmt: skip
