"""The words and tables of docs/simulation.md, from the numbers of `simulation.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from casepool.stats.simulation.layout import Layout
from casepool.stats.simulation.violations import NONE, VIOLATIONS

HERE = Path(__file__).resolve().parent
CORRELATED = "correlated-0.1"
RIGHT = (NONE.name, CORRELATED)
# Coverage that an estimator must reach, in percent: by class in right and in wrong worlds, for each disease.
LEAST_RIGHT, LEAST_WRONG, LEAST_DISEASE = 93.0, 90.0, 87.0
WIDEST = {"today": 53.0, "registry": 49.0}
CALIBRATED, UNIFORM = (94.0, 96.5), 0.001
TOO_LOW = " **too low**"
LAYOUTS = {"today": "the counts at hand", "registry": "the same with a registry"}
REFERENCE_NAMES = {
    "own": "own rate",
    "joint": "pooled rate",
    "complete_only": "complete sources only, pooled",
    "naive": "raw rate",
    "glmm": "raw rate, mixed model",
    "trim_and_fill": "trim and fill",
}
REFERENCE_TITLES = {
    "overall": "Mean of the diseases",
    "anchored": "Diseases with complete evidence",
    "literature_only": "Diseases known by selected cases only",
}
WORDS = {
    NONE.name: "nothing wrong",
    CORRELATED: "patients of a source correlated by 0.1",
    "correlated-0.2": "correlated by 0.2",
    "literature-worse": "literature-only diseases respond in 35 %, the others in 75 to 85 %",
    "one-bad": "one disease with a trial responds in 35 %, all others in 88 %",
    "two-humped": "each disease responds in 35 % or in 85 %",
    "ratio-in-trials": "the ratio only in diseases with a trial, fair reporting elsewhere",
    "ratio-elsewhere": "the ratio only in diseases without a trial",
    "ratio-spread": "the ratio differs between diseases, log SD 0.7",
    "registry-odds-2": "the registry takes responders with odds of 2",
    "registry-odds-3": "with odds of 3",
    "registry-odds-half": "with odds of 1/2",
    "mislabelled-first": "the largest trial chose its patients, and does not say so",
    "mislabelled-second": "the second trial did",
}


class Cells:
    """The simulated numbers of one estimator, looked up by world."""

    def __init__(self, found: pd.DataFrame, estimator: str) -> None:
        rows = found[found["estimator"] == estimator]
        self.rows = rows.set_index(["layout", "violation", "ratio", "target"]).sort_index()
        self.replicates = sorted(set(rows["n_replicates"]))

    def value(self, world: tuple[str, str, float], target: str, measure: str) -> float:
        """Return a measure in percentage points."""
        return 100 * float(self.rows.loc[(*world, target), measure])

    def worst(self, world: tuple[str, str, float]) -> tuple[float, str]:
        """Return the lowest coverage of one disease, and which."""
        targets = [name for name in self.rows.loc[world].index if name.startswith("disease ")]
        return min((self.value(world, name, "coverage"), name.removeprefix("disease ")) for name in targets)

    def cell(self, world: tuple[str, str, float], target: str, least: float) -> str:
        """Return bias, RMSE, coverage and width; a coverage that is too low is called so."""
        bias, rmse, coverage, width = (
            self.value(world, target, name) for name in ("bias", "rmse", "coverage", "width")
        )
        mark = TOO_LOW if coverage < least else ""
        return f"{bias:+.0f} / {rmse:.0f} / {coverage:.0f}{mark} / {width:.0f}"

    def worst_cell(self, world: tuple[str, str, float]) -> str:
        """Return the lowest coverage of a disease with its name."""
        coverage, name = self.worst(world)
        return f"{coverage:.0f}{TOO_LOW if coverage < LEAST_DISEASE else ''} {name}"


def worlds(found: Cells, names: tuple[str, ...], layout: str = "") -> Iterator[tuple[str, str, float]]:
    """Yield the worlds of these names that were simulated, in the order of the declarations."""
    known = {key[:3] for key in found.rows.index}
    for where in LAYOUTS:
        for name in names:
            for ratio in (NONE if name == NONE.name else VIOLATIONS[name]).ratios:
                if (where, name, ratio) in known and where == (layout or where):
                    yield where, name, ratio


def own_table(own: Cells, names: tuple[str, ...], layout: str, least: float) -> list[str]:
    """Return the own rate in worlds of a layout."""
    lines = [
        f"| {LAYOUTS[layout]} | ratio | anchored | literature-only | worst disease | mean of the anchored |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for world in worlds(own, names, layout):
        classes = [own.cell(world, target, least) for target in ("anchored", "literature_only")]
        mean = own.cell(world, "anchored_mean", LEAST_WRONG)
        lines.append(f"| {WORDS[world[1]]} | {world[2]:g} | {' | '.join(classes)} | {own.worst_cell(world)} | {mean} |")
    return [*lines, ""]


def beside_table(pooled: Cells, raw: Cells, layout: str) -> list[str]:
    """Return the pooled and the raw rate in the same worlds."""
    lines = [
        f"| {LAYOUTS[layout]} | ratio | pooled: anchored | literature-only | worst disease | mean of all "
        "| raw: anchored | literature-only |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for world in worlds(pooled, tuple(WORDS), layout):
        targets = "anchored", "literature_only"
        cells = [pooled.cell(world, target, LEAST_WRONG) for target in targets]
        cells += [pooled.worst_cell(world), pooled.cell(world, "overall", LEAST_WRONG)]
        cells += [raw.cell(world, target, LEAST_WRONG) for target in targets]
        lines.append(f"| {WORDS[world[1]]} | {world[2]:g} | {' | '.join(cells)} |")
    return [*lines, ""]


def verdict(what: str, wanted: str, found: str, met: bool) -> str:
    """Return a target, what was found and whether it is met."""
    return f"| {what} | {wanted} | {found} | {'yes' if met else '**no, it fails**'} |"


def targets(own: Cells, calibration: pd.DataFrame) -> list[str]:
    """Return the targets set beforehand."""
    lines = ["| target | wanted | found | met |", "| --- | --- | --- | --- |"]
    wrong = tuple(name for name in VIOLATIONS if name != CORRELATED)
    classes = "anchored", "literature_only"

    def lowest(names: tuple[str, ...], of: tuple[str, ...]) -> float:
        return min(own.value(world, target, "coverage") for world in worlds(own, names) for target in of)

    def least(what: str, bound: float, found: float) -> None:
        lines.append(verdict(what, f"at least {bound:g}", f"{found:.1f}", found >= bound))

    least("coverage by class, right worlds and correlation 0.1", LEAST_RIGHT, lowest(RIGHT, classes))
    for layout, bound in WIDEST.items():
        widths = [own.value(world, "anchored", "width") for world in worlds(own, (NONE.name,), layout)]
        mean = sum(widths) / len(widths)
        lines.append(
            verdict(
                f"mean width of anchored diseases, {LAYOUTS[layout]}",
                f"at most {bound:g}",
                f"{mean:.1f}",
                mean <= bound,
            )
        )
    least("coverage by class, wrong worlds", LEAST_WRONG, lowest(wrong, classes))
    least("coverage of each disease, wrong worlds", LEAST_DISEASE, min(own.worst(w)[0] for w in worlds(own, wrong)))
    least(
        "coverage of the mean of the anchored rates, all worlds", LEAST_WRONG, lowest(tuple(WORDS), ("anchored_mean",))
    )
    covered, (low, high) = 100 * calibration["coverage"], CALIBRATED
    least_covered, most_covered, p = covered.min(), covered.max(), float(calibration["p"].min())
    span, met = f"{least_covered:.1f} to {most_covered:.1f}", bool(low <= least_covered and most_covered <= high)
    lines.append(verdict("coverage, truth drawn from the priors", f"{low:g} to {high:g}", span, met))
    what = "the truth lies anywhere in its posterior: smallest p"
    lines.append(verdict(what, f"at least {UNIFORM:g}", f"{p:.3f}", p >= UNIFORM))
    return [*lines, ""]


def failures(own: Cells) -> list[str]:
    """Return a sentence for each world in which a target of the own rate is missed."""
    lines = []
    for world in worlds(own, tuple(WORDS)):
        least = LEAST_RIGHT if world[1] in RIGHT else LEAST_WRONG
        bounds = {"anchored": least, "literature_only": least, "anchored_mean": LEAST_WRONG}
        missed = [
            f"{name.replace('_', ' ')} {own.value(world, name, 'coverage'):.1f}"
            for name, bound in bounds.items()
            if own.value(world, name, "coverage") < bound
        ]
        coverage, disease = own.worst(world)
        missed += [f"{disease} {coverage:.1f}"] if world[1] not in RIGHT and coverage < LEAST_DISEASE else []
        if missed:
            place = f"{WORDS[world[1]]}, ratio {world[2]:g}, {LAYOUTS[world[0]]}"
            lines.append(f"- **The own rate fails** ({place}): coverage {'; '.join(missed)} %.")
    return [*(lines or ["The own rate misses no target in any world."]), ""]


def reference_table(found: pd.DataFrame, target: str) -> list[str]:
    """Return the estimators under the general mechanism, true odds ratios across."""
    rows = found[found["target"] == target].set_index(["estimator", "ratio"])
    ratios = sorted(set(found["ratio"]))
    lines = [f"| {REFERENCE_TITLES[target]} | " + " | ".join(f"odds ratio {ratio:g}" for ratio in ratios) + " |"]
    lines.append("| --- " * (len(ratios) + 1) + "|")
    for name, words in REFERENCE_NAMES.items():
        if (name, ratios[0]) in rows.index:
            measures = (rows.loc[(name, ratio)] for ratio in ratios)
            cells = (
                f"{100 * m['bias']:+.1f} / {100 * m['rmse']:.1f} / {100 * m['coverage']:.0f} / {100 * m['width']:.0f}"
                for m in measures
            )
            lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def promises(own: Cells, pooled: Cells) -> dict[str, str]:
    """Return the numbers of the first paragraph: the worst that was found of what is not promised."""
    every = list(worlds(pooled, tuple(WORDS)))
    rates = min(pooled.value(world, name, "coverage") for world in every for name in ("anchored", "literature_only"))
    bias = max(abs(own.value(world, "literature_only", "bias")) for world in worlds(own, tuple(WORDS)))
    mean = min(pooled.value(world, "overall", "coverage") for world in every)
    return {"pooled": f"{rates:.0f}", "mean": f"{mean:.0f}", "bias": f"{bias:.0f}"}


def calibration_table(found: pd.DataFrame) -> list[str]:
    """Return coverage and uniformity by layout and class."""
    lines = [
        "| truth from the priors | class | draws | coverage | p of uniformity |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in found.itertuples():
        words = str(row.target).replace("_", "-")
        lines.append(
            f"| {LAYOUTS[str(row.layout)]} | {words} | {row.n_replicates} | {100 * row.coverage:.1f} | {row.p:.3f} |"
        )
    return [*lines, ""]


def page(found: Mapping[str, pd.DataFrame], layouts: Mapping[str, Layout], seed: int) -> str:
    """Return docs/simulation.md."""
    own, raw, pooled = Cells(found["own"], "own"), Cells(found["own"], "naive"), Cells(found["pooled"], "joint")
    today, registry = layouts["today"], layouts["registry"]
    sizes = zip(today.diseases, today.complete_n, today.selective_n, strict=True)
    shares = "; ".join(f"{registry.diseases[s.disease]} {s.n}" for s in registry.sources if s.registry)
    head = (HERE / "simulation_head.md").read_text(encoding="utf-8")
    head = head.format(
        seed=seed,
        replicates=own.replicates[-1],
        pooled_replicates=pooled.replicates[-1],
        reference_replicates=max(found["reference"]["n_replicates"]),
        layout="; ".join(f"{name} {complete} + {selective}" for name, complete, selective in sizes),
        registry=sum(s.n for s in registry.sources if s.registry),
        shares=shares,
        **{f"{name}_worst": value for name, value in promises(own, pooled).items()},
    )
    wrong = tuple(name for name in WORDS if name not in RIGHT)
    lines = [head, "## The own rate against its targets", "", *targets(own, found["calibration"]), *failures(own)]
    lines += ["### Right worlds", ""]
    lines += [line for layout in LAYOUTS for line in own_table(own, RIGHT, layout, LEAST_RIGHT)]
    lines += ["### Wrong worlds", ""]
    lines += [line for layout in LAYOUTS for line in own_table(own, wrong, layout, LEAST_WRONG)]
    lines += ["### Truth drawn from the priors", "", *calibration_table(found["calibration"])]
    lines += ["## The pooled and the raw rate in the same worlds", ""]
    lines += [line for layout in LAYOUTS for line in beside_table(pooled, raw, layout)]
    lines += ["## The general mechanism", ""]
    lines += [line for target in REFERENCE_TITLES for line in reference_table(found["reference"], target)]
    return "\n".join(lines)
