"""Rows of the checks: what was learnt of the reporting ratio, what contradicts it, what each rate rests on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from casepool.contract.cases import SEVERAL_DISEASES
from casepool.contract.estimates import FLAGGED, NOT_ESTIMABLE
from casepool.counting.outcomes import OutcomeCounts
from casepool.model.configuration import Pooling
from casepool.model.estimate import ALL
from casepool.model.vocabulary import Ascertainment
from casepool.pooling.own import allowances_of, own_data
from casepool.pooling.pooled import joint_data, settings_of
from casepool.rows import split_ids
from casepool.stats.checks import heterogeneity, nodes, preference
from casepool.stats.checks.left_out import LeftOut, left_out
from casepool.stats.joint.data import JointData
from casepool.stats.joint.predictive import left_out_checks
from casepool.stats.joint.settings import Settings
from casepool.stats.own.data import Allowances, OwnData
from casepool.stats.own.fit import OwnFit, fit_own
from casepool.stats.quadrature import GridDistribution
from casepool.typing import Row

OK = "ok"
# Why there is no number of a node of the ratio.
_WITHOUT = {"within": "no_shared_disease", "between": "no_other_disease", "linkage": "no_registry"}
# From how many bits on something was learnt of the ratio, and from how many on much.
LITTLE, MUCH = 0.25, 1.0


@dataclass(frozen=True)
class Evidence:
    """The counts as both models take them, and the own rates."""

    counts: OutcomeCounts
    diseases: Sequence[str]
    pooling: Pooling
    own: OwnData
    joint: JointData
    allowances: Allowances
    settings: Settings
    fit: OwnFit

    @classmethod
    def of(cls, counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> Evidence:
        """Fit the own model to the counts."""
        own, allowances = own_data(counts, diseases), allowances_of(pooling)
        joint, settings = joint_data(counts, diseases), settings_of(pooling)
        return cls(counts, diseases, pooling, own, joint, allowances, settings, fit_own(own, allowances))

    def source(self, position: int) -> str:
        """Return the report of a source of the own model, whose sources are those of the counts, in their order."""
        cases = [told for told, d in zip(self.counts.cases, self.counts.disease, strict=True) if d in self.diseases]
        return split_ids(cases[position])[0].split("/")[0]


def check_rows(counts: OutcomeCounts, diseases: Sequence[str], pooling: Pooling) -> Iterator[Row]:
    """Yield the rows of all checks for the table ``diagnostics``.

    Parameters
    ----------
    counts : the primary counts.
    diseases : ids, in the order of the protocol.
    pooling : level, thresholds, priors and allowances.
    """
    evidence = Evidence.of(counts, diseases, pooling)
    yield from _learnt(evidence)
    yield from _nodes(evidence)
    yield _preference(evidence)
    yield _heterogeneity(evidence)
    left = tuple(left_out(evidence.own, evidence.allowances))
    yield _least_likely_source(evidence, left)
    yield _least_likely_disease(evidence)
    for position, rate in enumerate(evidence.fit.rates):
        if rate is not None and rate.anchored:
            yield _rests_on(evidence, position, left)
            yield _tipping(evidence, position)


def _row(diagnostic: str, value: float | None = None, disease: str = ALL, **more: object) -> Row:
    return {"diagnostic": diagnostic, "disease": disease, "value": value, "status": OK, **more}


def _without(diagnostic: str, reason: str, disease: str = ALL, **more: object) -> Row:
    return _row(diagnostic, None, disease, status=NOT_ESTIMABLE, reason=reason, **more)


def learnt(bits: float) -> str:
    """Return the word for an amount of information about the ratio: nothing, little or much."""
    if bits < LITTLE:
        return "nothing"
    return "little" if bits < MUCH else "much"


def _learnt(evidence: Evidence) -> Iterator[Row]:
    """Yield what the own rates have learnt of the ratio, and its probability above 1 before and after."""
    told = sum(evidence.own.informs(d) for d in range(evidence.own.n_diseases))
    bits = nodes.divergence(evidence.fit.ratio, evidence.allowances)
    yield _row("information", bits, n=told, reason=learnt(bits))
    before = 1.0 - NormalDist(evidence.allowances.ratio_mean, evidence.allowances.ratio_prior_sd).cdf(0.0)
    yield _row("ratio_above_1", 1.0 - evidence.fit.ratio.cdf(0.0), compared=before)


def _nodes(evidence: Evidence) -> Iterator[Row]:
    """Yield the ratio by where it is learnt, and whether these agree."""
    told = evidence.own, evidence.joint, evidence.allowances, evidence.settings
    wide, added = nodes.ratio_nodes(*told), nodes.prior_nodes(*told)
    for name, reason in _WITHOUT.items():
        node, beside_prior = getattr(wide, name), getattr(added, name)
        if node is None:
            yield _without(f"ratio_{name}", reason)
            continue
        bits = nodes.divergence(beside_prior, evidence.allowances)
        yield _row(f"ratio_{name}", bits=bits, reason=learnt(bits)) | _ratio(node, evidence.pooling.level)
    for other in ("between", "linkage"):
        node = getattr(wide, other)
        missing = "within" if wide.within is None else other
        found = nodes.conflict(wide.within, node)
        name = f"within_against_{other}"
        yield _without(name, _WITHOUT[missing]) if found is None else _verdict(name, found, nodes.ALARM)
    yield from _prior_conflict(evidence, wide)


def _ratio(node: GridDistribution, level: float) -> Row:
    tail = (1.0 - level) / 2.0
    median, lower, upper = (math.exp(node.quantile(q)) for q in (0.5, tail, 1.0 - tail))
    return {"value": median, "ci_lower": lower, "ci_upper": upper}


def _verdict(diagnostic: str, probability: float, alarm: float) -> Row:
    return {**_row(diagnostic, probability), "status": FLAGGED if probability < alarm else OK}


def _prior_conflict(evidence: Evidence, wide: nodes.RatioNodes) -> Iterator[Row]:
    """Yield how far what the own rates learn of the ratio lies from its prior."""
    if wide.within is None and wide.linkage is None:
        yield _without("prior_conflict", "nothing_compared")
        return
    yield _row(
        "prior_conflict", nodes.prior_conflict(nodes.ratio_of(evidence.own, evidence.allowances), evidence.allowances)
    )


def _preference(evidence: Evidence) -> Row:
    if not evidence.own.has_registry:
        return _without("registry_preference", "no_registry_patient")
    found = preference.registry_preference(evidence.own, evidence.allowances, evidence.pooling.level)
    if found is None:
        return _without("registry_preference", "nothing_beside_registry")
    odds, lower, upper = found.odds
    status = FLAGGED if found.probability < preference.ALARM else OK
    return _row("registry_preference", odds, ci_lower=lower, ci_upper=upper, compared=found.probability, status=status)


def _heterogeneity(evidence: Evidence) -> Row:
    found = heterogeneity.ratio_heterogeneity(evidence.own, evidence.allowances)
    if found is None:
        return _without("ratio_heterogeneity", "one_ratio_at_most")
    status = FLAGGED if found.bayes_factor > heterogeneity.ALARM else OK
    return _row("ratio_heterogeneity", found.bayes_factor, n=found.n_diseases, status=status)


def _least_likely_source(evidence: Evidence, left: Sequence[LeftOut]) -> Row:
    if not left:
        return _without("least_likely_source", "one_source_at_most")
    least = min(left, key=lambda one: one.probability)
    found = evidence.own.sources[least.position]
    return _row(
        "least_likely_source", least.probability, evidence.diseases[found.disease], n=len(left),
        source=evidence.source(least.position), reason=f"{found.kind.value}: {found.events} of {found.n}",
    )  # fmt: skip


def _least_likely_disease(evidence: Evidence) -> Row:
    """Return the smallest probability, over diseases and kinds, of a count as extreme as observed.

    With n cells the smallest of n probabilities is below 0.05 more often than once in twenty.
    """
    checks = left_out_checks(evidence.joint, evidence.settings)
    if not checks:
        return _without("least_likely_disease", "one_disease_at_most")
    least = min(checks, key=lambda check: check.p_value)
    kind = Ascertainment.COMPLETE if least.complete else Ascertainment.SELECTIVE
    disease = (*evidence.diseases, SEVERAL_DISEASES)[least.disease]
    told = f"{kind.value}: {least.events} of {least.n}, expected {least.expected:.1f}"
    return _row("least_likely_disease", least.p_value, disease, n=len(checks), reason=told)


def _rests_on(evidence: Evidence, disease: int, left: Sequence[LeftOut]) -> Row:
    """Return the source without which the own rate of a disease moves most, and the rate without it."""
    rate, name = evidence.fit.rates[disease], evidence.diseases[disease]
    assert rate is not None, "an anchored disease has patients"
    without = [one for one in left if evidence.own.sources[one.position].disease == disease]
    if not without:
        (only,) = (i for i, one in enumerate(evidence.own.sources) if one.disease == disease and one.n)
        return _without("rests_on", "only_source", name, source=evidence.source(only), compared=rate.mean)
    most = max(without, key=lambda one: abs(one.rate.mean - rate.mean))
    lower, upper = most.rate.interval(evidence.pooling.level)
    return _row(
        "rests_on", most.rate.mean, name, source=evidence.source(most.position),
        ci_lower=lower, ci_upper=upper, compared=rate.mean, n=len(without),
    )  # fmt: skip


def _tipping(evidence: Evidence, disease: int) -> Row:
    """Return how readily responders would have to be included for the rate of a disease to be the highest threshold."""
    rate = max(evidence.pooling.thresholds)
    found = preference.tipping_preference(evidence.own, evidence.allowances, disease, rate)
    status = "out_of_reach" if found.odds is None else OK
    if found.odds == 1.0:
        status = "already"
    reason = "registry" if found.of_registry else "complete"
    return _row(
        "tipping_preference", found.odds, evidence.diseases[disease], compared=rate, status=status, reason=reason
    )
