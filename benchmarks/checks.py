"""Measure false alarms and power of the checks and write their table into docs/methods.md; six minutes of CPU."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import special

from casepool.model.configuration import load_configuration
from casepool.pooling.pooled import settings_of
from casepool.simulation.run import read_layout
from casepool.stats.checks import heterogeneity, nodes, preference
from casepool.stats.joint.data import JointData, Linkage, Source
from casepool.stats.joint.settings import Settings
from casepool.stats.own.data import Allowances, Kind, OwnData, OwnSource
from casepool.stats.simulation.layout import Layout
from casepool.typing import FloatArray

ROOT = Path(__file__).resolve().parent.parent
COUNTS, PAGE = ROOT / "results" / "tables" / "study_counts.csv", ROOT / "docs" / "methods.md"
SEED, REPLICATES = 20261128, 200
RATIOS = (1.0, 2.0, 4.0, 8.0)
MEDIAN_RATE, TAU = 0.60, 0.8
CORRELATED = 0.63  # SD of the logit: a correlation of 0.1 at a rate of one half
BEGIN, END = "<!-- begin: benchmarks/checks.py -->", "<!-- end -->"
REGISTRY_DISEASES, REGISTRY_PATIENTS, PUBLISHED = 4, 10, 0.2


@dataclass(frozen=True)
class Truth:
    """A world: layout, reporting ratio of anchored diseases and of the others, and what is wrong with it.

    Attributes
    ----------
    registry : whether four diseases have ten registry patients each, with linkage by disease.
    ratio, ratio_elsewhere : ratio in diseases with complete sources in print, and in the others.
    odds : how readily the registry includes responders.
    source_sd : SD of the logit effect of a source.
    rates : ``exchangeable``, ``worse`` (35 % without complete sources, 75 to 85 % with) or ``one`` (35 % in the
        disease with most complete patients, 88 % in the others).
    mislabelled : the source called complete that chose its patients, 0 for the largest; None for none.
    """

    registry: bool = False
    ratio: float = 1.0
    ratio_elsewhere: float | None = None
    odds: float = 1.0
    source_sd: float = 0.0
    rates: str = "exchangeable"
    mislabelled: int | None = None

    def theta(self, layout: Layout, rng: np.random.Generator) -> FloatArray:
        """Return the logits of the true rates."""
        complete = np.array(layout.complete_n)
        size = len(complete)
        if self.rates == "worse":
            return special.logit(np.where(complete > 0, rng.uniform(0.75, 0.85, size), 0.35))
        if self.rates == "one":
            return special.logit(np.where(np.arange(size) == complete.argmax(), 0.35, 0.88))
        return special.logit(MEDIAN_RATE) + TAU * rng.standard_normal(size)


def draw(truth: Truth, layout: Layout, rng: np.random.Generator) -> tuple[OwnData, JointData]:
    """Return one data set as both models take it."""
    theta, anchored = truth.theta(layout, rng), np.array(layout.complete_n) > 0
    elsewhere = truth.ratio if truth.ratio_elsewhere is None else truth.ratio_elsewhere
    beta = np.log(np.where(anchored, truth.ratio, elsewhere))
    largest_first = sorted((s for s in layout.sources if s.complete), key=lambda one: -one.n)
    wrong = None if truth.mislabelled is None else largest_first[truth.mislabelled]
    sources = []
    for one in layout.sources:
        shift = 0.0 if one.complete and one is not wrong else beta[one.disease]
        effect = truth.source_sd * rng.standard_normal() if one.n > 1 else 0.0
        events = rng.binomial(one.n, special.expit(theta[one.disease] + shift + effect))
        sources.append(OwnSource(one.disease, Kind.COMPLETE if one.complete else Kind.SELECTIVE, int(events), one.n))
    linkage = []
    if truth.registry:
        size = np.array(layout.complete_n) + np.array(layout.selective_n)
        for disease in np.argsort(-size, kind="stable")[:REGISTRY_DISEASES].tolist():
            source, table = _registry(truth, disease, theta[disease], beta[disease], rng)
            sources.append(source)
            linkage.append((disease, table))
    own = OwnData(len(layout.diseases), sources, linkage)
    return own, pooled(own)


def _registry(
    truth: Truth, disease: int, theta: float, beta: float, rng: np.random.Generator
) -> tuple[OwnSource, Linkage]:
    """Return ten registry patients of a disease and who of them was published, two on average."""
    rate = special.expit(theta + np.log(truth.odds))
    events = int(rng.binomial(REGISTRY_PATIENTS, rate))
    ratio = float(np.exp(beta))
    other = PUBLISHED / (rate * ratio + 1 - rate)
    told = rng.binomial([events, REGISTRY_PATIENTS - events], [min(1.0, ratio * other), other])
    table = Linkage(events, int(told[0]), REGISTRY_PATIENTS - events, int(told[1]))
    return OwnSource(disease, Kind.REGISTRY, events, REGISTRY_PATIENTS), table


def pooled(own: OwnData) -> JointData:
    """Return the data as the pooled model takes them: kinds summed, linkage summed, registries not clustered."""
    named: dict[bool, list[Source]] = {True: [], False: []}
    for one in own.sources:
        several = one.n > 1 and one.kind != Kind.REGISTRY
        named[several].append(Source(one.disease, one.kind != Kind.SELECTIVE, one.events, one.n))
    told = [(t.responders, t.responders_published, t.nonresponders, t.nonresponders_published) for _, t in own.linkage]
    linkage = Linkage(*(int(total) for total in np.sum(told, axis=0))) if told else None
    return JointData.of_sources(own.n_diseases, named[True], apart=named[False], linkage=linkage)


def alarms(own: OwnData, joint: JointData, settings: Settings) -> dict[str, bool | None]:
    """Return which checks are an alarm, None where a check cannot be made."""
    allowances = Allowances()
    preferred = preference.registry_preference(own, allowances, settings.level)
    differ = heterogeneity.ratio_heterogeneity(own, allowances)
    found = nodes.ratio_nodes(own, joint, allowances, settings)
    against = {
        name: nodes.conflict(found.within, node)
        for name, node in (("between", found.between), ("linkage", found.linkage))
    }
    return {
        "preference": None if preferred is None else preferred.probability < preference.ALARM,
        "heterogeneity": None if differ is None else differ.bayes_factor > heterogeneity.ALARM,
        **{name: None if p is None else p < nodes.ALARM for name, p in against.items()},
    }


CHECKS = {
    "between": "within against between diseases",
    "heterogeneity": "ratios differ between diseases",
    "preference": "registry prefers responders",
    "linkage": "within diseases against registry",
}


def cells() -> dict[str, Truth]:
    """Return the worlds by their name on the page."""
    found = {f"today: right, ratio {ratio:g}": Truth(False, ratio) for ratio in RATIOS}
    for ratio in (1.0, 4.0):
        worse = Truth(False, ratio, rates="worse")
        found[f"today: diseases without complete sources respond worse, ratio {ratio:g}"] = worse
    found["today: one disease responds badly, ratio 1"] = Truth(rates="one")
    found |= {f"registry: right, ratio {ratio:g}": Truth(True, ratio) for ratio in RATIOS}
    for odds, ratio in ((3.0, 1.0), (3.0, 4.0), (2.0, 4.0)):
        biased = Truth(True, ratio, odds=odds)
        found[f"registry: it includes responders {odds:g} times as readily, ratio {ratio:g}"] = biased
    for registry, name in ((True, "registry"), (False, "today")):
        for ratio, elsewhere in ((8.0, 1.0), (1.0, 8.0)):
            apart = Truth(registry, ratio, elsewhere)
            found[f"{name}: ratio {ratio:g} in anchored diseases, {elsewhere:g} elsewhere"] = apart
        found[f"{name}: right, ratio 4, correlation 0.1 within sources"] = Truth(registry, 4.0, source_sd=CORRELATED)
        found[f"{name}: largest trial is selective, ratio 4"] = Truth(registry, 4.0, mislabelled=0)
    return found


def line(name: str, truth: Truth, layout: Layout, settings: Settings) -> str:
    """Return one line of the table: how often each check is an alarm, percent of the data sets."""
    rng = np.random.default_rng(SEED)
    found = [alarms(*draw(truth, layout, rng), settings) for _ in range(REPLICATES)]
    shares = []
    for check in CHECKS:
        seen = [one[check] for one in found if one[check] is not None]
        shares.append(f"{100 * np.mean(seen):.0f}" if seen else "–")
    return f"| {name} | " + " | ".join(shares) + " |"


def main() -> None:
    """Measure and write the table between its two marks."""
    if not COUNTS.is_file():
        sys.exit(f"{COUNTS.relative_to(ROOT)}: no such file; run make first")
    configuration = load_configuration(ROOT / "config" / "config.yaml")
    settings, layout = settings_of(configuration.pooling, "simulation"), read_layout(COUNTS)
    lines = ["| truth | " + " | ".join(CHECKS.values()) + " |", "| --- " * (len(CHECKS) + 1) + "|"]
    for name, truth in cells().items():
        lines.append(line(name, truth, layout, settings))
        print(lines[-1], flush=True)
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(head + BEGIN + "\n" + "\n".join(lines) + "\n" + END + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
