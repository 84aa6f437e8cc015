"""Corrected rates: the joint model of complete and selective sources (methods: estimator M*)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from casepool.contract.cases import SEVERAL_DISEASES
from casepool.counting.outcomes import OutcomeCounts
from casepool.model.configuration import Pooling
from casepool.model.estimate import ALL, NEW_DISEASE, OVERALL
from casepool.model.vocabulary import RateStatus
from casepool.pooling.result_rows import ResultRow
from casepool.stats.joint.fit import DiseaseRate, JointData, JointFit, JointPriors, Source, fit_joint
from casepool.stats.joint.mixture import Hyperpriors, fit_joint_mixture
from casepool.stats.joint.settings import GridName, Settings

FAIR = 1.0  # reporting ratio where responders and others are published alike
NOT_HEADLINED = frozenset({RateStatus.PRIOR_DRIVEN, RateStatus.NO_DATA})


def joint_data(counts: OutcomeCounts, diseases: Sequence[str]) -> JointData:
    """Return the counts as the joint model takes them: D diseases, two kinds of ascertainment.

    Sources with two or more patients are named so that their patients may be clustered. Registry
    patients of several diseases, told as one total, stand behind the diseases as a group.
    """
    groups = [SEVERAL_DISEASES] if SEVERAL_DISEASES in counts.disease else []
    told = [*diseases, *groups]
    position = {disease: index for index, disease in enumerate(told)}
    totals = {complete: [counts.of(disease, complete=complete).total for disease in told] for complete in (True, False)}
    sources = tuple(
        Source(position[disease], bool(complete), int(events), int(n))
        for disease, complete, events, n, clustered in zip(
            counts.disease, counts.complete, counts.events, counts.n, counts.clustered, strict=True
        )
        if n > 1 and clustered
    )
    return JointData(
        complete_events=[x for x, _ in totals[True]],
        complete_n=[n for _, n in totals[True]],
        selective_events=[x for x, _ in totals[False]],
        selective_n=[n for _, n in totals[False]],
        linkage=counts.linkage,
        sources=sources,
        n_groups=len(groups),
    )


def fit(counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling, **options: object) -> JointFit:
    """Return the joint fit with the priors and choices of the configuration."""
    priors = JointPriors(*pooling.prior_mu, pooling.prior_tau, *pooling.prior_beta)
    chosen: dict[str, object] = {
        "priors": priors,
        "level": pooling.level,
        "clustering": pooling.clustering,
        "thresholds": pooling.thresholds,
        **options,
    }
    return fit_joint(joint_data(counts, diseases), **chosen)  # type: ignore[arg-type]


def settings_of(pooling: Pooling, grid: GridName = "reporting") -> Settings:
    """Return the switches of the joint model as configured."""
    priors = JointPriors(*pooling.prior_mu, pooling.prior_tau, *pooling.prior_beta)
    return Settings(priors, pooling.level, pooling.clustering, thresholds=pooling.thresholds, grid=grid)


def fit_mixture(counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling, hyperpriors: Hyperpriors) -> JointFit:
    """Return the joint fit with assumptions integrated over their priors, otherwise as configured."""
    chosen = settings_of(pooling)
    return fit_joint_mixture(
        joint_data(counts, diseases),
        hyperpriors,
        priors=chosen.priors,
        level=chosen.level,
        clustering=chosen.clustering,
        thresholds=chosen.thresholds,
    ).fit


def corrected_rows(counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> Iterator[ResultRow]:
    """Yield the corrected rate of every disease, the overall rate, and what the correction rests on."""
    joint = fit(counts, diseases, pooling)
    headline = joint.anchor_gain is not None and joint.anchor_gain >= pooling.headline_gain
    for disease, rate in zip(diseases, joint.diseases, strict=True):
        yield from _disease_rows(counts.of(disease), disease, rate)
    yield from _summary_rows(counts, joint, headline=headline)
    yield from _uncorrected_mean(counts, diseases, pooling)
    yield from _ratio_rows(counts, joint)


def _uncorrected_mean(counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> Iterator[ResultRow]:
    """Yield the mean of the diseases without selective reporting: what the corrected mean is to be compared with."""
    fair = fit(counts, diseases, pooling, ratio=FAIR)
    if fair.overall is None:
        return
    lower, upper = fair.overall.ci
    yield ResultRow(
        counts.outcome, OVERALL, "uncorrected", "joint", "proportion", "ok", fair.overall.mean, lower, upper,
        **_rests_on(counts),
    )  # fmt: skip


def _rests_on(counts: OutcomeCounts) -> dict[str, Any]:
    """Return the fields of a row that tell of the patients behind it."""
    events, n = counts.total
    return {"n_response": events, "n_evaluable": n, "k": counts.n_reports, "cases": counts.listed_cases}


def _disease_rows(counts: OutcomeCounts, disease: str, rate: DiseaseRate) -> Iterator[ResultRow]:
    if rate.status == RateStatus.NO_DATA:
        yield ResultRow(counts.outcome, disease, "corrected", "joint", "proportion", rate.status, reason="no_data")
        return
    reason = "prior_driven" if rate.status in NOT_HEADLINED else None

    def row(analysis: str, measure: str, value: float | None, ci: tuple[float, float] | None = None) -> ResultRow:
        return ResultRow(
            counts.outcome,
            disease,
            analysis,
            "joint",
            measure,
            rate.status,
            value=value,
            ci_lower=ci[0] if ci else None,
            ci_upper=ci[1] if ci else None,
            reason=reason,
            **_rests_on(counts),
        )

    yield row("corrected", "proportion", rate.mean, rate.ci)
    yield row("corrected_median", "proportion", rate.median, rate.ci)
    yield row("worth_n", "worth_n", rate.worth_n)
    for threshold, probability in rate.probability_above.items():
        yield row(f"above_{threshold:g}", "probability", probability)


def _summary_rows(counts: OutcomeCounts, joint: JointFit, *, headline: bool) -> Iterator[ResultRow]:
    status = "ok" if headline else RateStatus.PRIOR_DRIVEN.value
    reason = None if headline else "prior_driven"
    if joint.overall is not None:
        lower, upper = joint.overall.ci
        yield ResultRow(
            counts.outcome, OVERALL, "corrected", "joint", "proportion", status, joint.overall.mean,
            lower, upper, reason=reason, **_rests_on(counts),
        )  # fmt: skip
    if joint.new_disease is not None:
        lower, upper = joint.new_disease.ci
        yield ResultRow(
            counts.outcome, NEW_DISEASE, "corrected", "joint", "proportion", status, joint.new_disease.mean,
            pi_lower=lower, pi_upper=upper, reason=reason, **_rests_on(counts),
        )  # fmt: skip


def _ratio_rows(counts: OutcomeCounts, joint: JointFit) -> Iterator[ResultRow]:
    ratio = joint.reporting_ratio
    lower, upper = ratio.ci

    def row(analysis: str, measure: str, value: float | None, ci: tuple[float, float] | None = None) -> ResultRow:
        status = "ok" if value is not None else "no_data"
        return ResultRow(
            counts.outcome, ALL, analysis, "joint", measure, status, value,
            ci[0] if ci else None, ci[1] if ci else None,
            k=counts.n_reports, reason=None if value is not None else "no_data",
        )  # fmt: skip

    yield row("reporting_ratio", "ratio", ratio.median, (lower, upper))
    yield row("reporting_ratio_above_1", "probability", ratio.probability_above_1)
    yield row("anchor_gain", "share", joint.anchor_gain)
    yield row("tau", "log_odds_sd", joint.tau.mean if joint.tau is not None else None)
