"""Pooled counts for a terminal: tables, and what a reader may conclude, in each language."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from casepool.model.message import Message, text
from casepool.model.vocabulary import RateStatus, Withheld
from casepool.typing import Json

_HALF = 0.5
_MOST_DIGITS = 10


def as_text(result: Json, notes: Sequence[str] = (), language: str = "en") -> str:
    """Return the result of ``pool`` as aligned tables and sentences, with its notes in words.

    Parameters
    ----------
    result : the result as plain data.
    notes : remarks, in the words of the language.
    language : "en" or "fr".
    """
    show = _Show(language, result["level"])
    render = {"glmm": _glmm, "exact": _exact, "joint": _joint}[result["model"]]
    return "\n".join([*render(result, show), *(show(Message("pool_note", note=note)) for note in notes)])


@dataclass(frozen=True)
class _Show:
    """Words and numbers of one language; `level` is the coverage of the intervals."""

    language: str
    level: float

    def __call__(self, said: Message) -> str:
        return text(said, self.language)

    def number(self, value: float, digits: int = 4) -> str:
        shown = f"{value:.{digits}f}"
        return shown.replace(".", ",") if self.language == "fr" else shown

    def short(self, value: float) -> str:
        shown = f"{value:.3g}"
        return shown.replace(".", ",") if self.language == "fr" else shown

    def percent(self, value: float) -> str:
        """Return a share in percent with one decimal; two significant digits close to 0 (and, closer, to 100)."""
        shown = 100.0 * value
        edge, near = (shown, 1.0) if value < _HALF else (100.0 - shown, 0.1)
        digits = 1 - math.floor(math.log10(edge) + 1e-9) if 0.0 < edge < near else 1
        return self.number(shown, min(digits, _MOST_DIGITS))

    def range(self, limits: Sequence[float]) -> str:
        return self(Message("pool_range", low=self.percent(limits[0]), high=self.percent(limits[1])))

    def rate(self, value: float | None, limits: Sequence[float] | None) -> str:
        """Return a rate with its limits, the limits alone, or nothing."""
        if limits is None:
            return ""
        return self.range(limits) if value is None else f"{self.percent(value)} ({self.range(limits)})"

    @property
    def coverage(self) -> str:
        return f"{self.short(100 * self.level)} %"


def _table(header: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]

    def line(cells: list[str]) -> str:
        padded = [cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))]
        return "  ".join(padded).rstrip()

    return [line(header), "-" * len(line(header)), *(line(row) for row in rows)]


def _glmm(result: Json, show: _Show) -> Iterator[str]:
    proportion = result["proportion"]
    yield show(Message("pool_glmm", n=result["k"], status=_STATUSES[result["status"]]))
    exact = {"value": result["exact"]["estimate"], "limits": result["exact"]["ci"]}
    median = {"value": proportion["estimate"], "limits": proportion["ci"]}
    if proportion["interval"] != "exact":
        yield from _line(show, Message("pool_median_study", coverage=show.coverage), **median)
        yield from _line(show, Message("pool_new_study", coverage=show.coverage), None, proportion["pi"])
        yield from _line(
            show, Message("pool_mean_study", coverage=show.coverage), proportion["marginal"], proportion["marginal_ci"]
        )
        if result["k"] == 3:
            yield f"  {show(Message('pool_three_studies'))}"
    yield from _line(show, Message("pool_exact", coverage=show.coverage), **exact)
    if result["tau2"] is None or result["estimate"] is None:
        return
    yield f"  {show(Message('pool_logit')):36}{show.number(result['estimate'])} ({show.number(result['se'])})"
    yield f"  tau2{'':32}{show.number(result['tau2'])}"
    yield f"  {show(Message('pool_loglik')):36}{show.number(result['loglik'])}"


_STATUSES = {
    "ok": Message("glmm_ok"),
    "boundary_tau2": Message("glmm_boundary_tau2"),
    "single_study": Message("glmm_single_study"),
    "all_events": Message("glmm_all_events"),
    "no_events": Message("glmm_no_events"),
    "no_data": Message("glmm_no_data"),
    "unbounded_tau2": Message("glmm_unbounded_tau2"),
    "not_converged": Message("glmm_not_converged"),
}


def _line(show: _Show, label: Message, value: float | None, limits: Sequence[float] | None = None) -> Iterator[str]:
    """Yield a line with a rate, where there is one."""
    shown = show.rate(value, limits) if limits else "" if value is None else show.percent(value)
    if shown:
        yield f"  {show(label):36}{shown} %"


def _exact(result: Json, show: _Show) -> list[str]:
    header = [
        show(Message("pool_study")),
        show(Message("pool_responders")),
        "%",
        show(Message("pool_exact_limits", coverage=show.coverage)),
    ]
    rows = []
    for row in result["rows"]:
        cells = [row["study"], f"{row['events']}/{row['n']}"]
        known = (
            [show.percent(row["proportion"]), show.range(row["ci"])] if row["n"] else ["", show(Message("pool_nobody"))]
        )
        rows.append([*cells, *known])
    return _table(header, rows)


def _joint(result: Json, show: _Show) -> Iterator[str]:
    counts = Message("pool_disease"), Message("pool_complete"), Message("pool_selective"), Message("pool_raw")
    coverage = show.coverage
    header = [
        show(one)
        for one in (*counts, Message("pool_own", coverage=coverage), Message("pool_pooled", coverage=coverage))
    ]
    yield from _table(header, [_disease(row, show) for row in result["diseases"]])
    yield ""
    yield from _overall(result, show)
    yield from _ratio(result["reporting_ratio"], show)
    yield from _at_ratios(result, show)
    yield from _sweep(result, show)
    yield ""
    yield show(Message("pool_conclusions"))
    for row in result["diseases"]:
        yield f"  {_conclusion(row, result, show)}"


def _disease(row: Json, show: _Show) -> list[str]:
    counts = [f"{row[kind]['responders']}/{row[kind]['n']}" for kind in ("complete", "selective")]
    raw, own, pooled = row["raw"], row["own"], row["pooled"]
    if raw["estimate"] is None:
        return [row["disease"], *counts, "", show(Message("pool_nobody")), ""]
    point = pooled["estimate"] if _is_shown(pooled) else None
    return [
        row["disease"],
        *counts,
        show.percent(raw["estimate"]),
        show.rate(own["estimate"], own["ci"]),
        show.rate(point, pooled["ci"]),
    ]


def _is_shown(rate: Json) -> bool:
    """Return whether a point may be read: it rests on the disease, or on a ratio that the reader fixed."""
    return rate["reason"] in (None, Withheld.RATIO_FIXED)


def _overall(result: Json, show: _Show) -> Iterator[str]:
    own, pooled, new = result["overall"]["own"], result["overall"]["pooled"], result["new_disease"]
    if own["estimate"] is not None:
        rate = show.rate(own["estimate"], own["ci"])
        yield show(Message("pool_mean_anchored", diseases=tuple(own["diseases"]), rate=rate))
    else:
        yield show(Message("pool_no_mean", n=len(own["diseases"])))
    if pooled["estimate"] is not None:
        yield show(Message("pool_mean_all", rate=show.rate(pooled["estimate"], pooled["ci"])))
    if new is not None:
        yield show(Message("pool_further", rate=show.range(new["ci"])))


def _ratio(ratio: Json, show: _Show) -> Iterator[str]:
    own = ratio["own"]
    if own["beforehand"] is None:
        yield show(Message("pool_ratio_fixed", ratio=show.short(own["median"])))
        return
    learnt = {
        "above": show.percent(own["probability_above_1"]),
        "beforehand": show.percent(own["beforehand"]),
    }
    yield show(Message("pool_ratio_own", **_ratio_words(own, show), **learnt))
    yield show(Message("pool_ratio_pooled", **_ratio_words(ratio, show)))


def _ratio_words(ratio: Json, show: _Show) -> dict[str, str]:
    low, high = ratio["ci"]
    return {"ratio": show.short(ratio["median"]), "low": show.short(low), "high": show.short(high)}


def _at_ratios(result: Json, show: _Show) -> Iterator[str]:
    """Yield the exact rates of the diseases without complete evidence, for each reporting ratio."""
    rows = [row for row in result["diseases"] if row["at_ratio"]]
    if rows:
        yield ""
        header = [show(Message("pool_at_ratio", coverage=show.coverage))]
        header += [show.short(one["ratio"]) for one in rows[0]["at_ratio"]]
        body = [[row["disease"], *(show.rate(one["estimate"], one["ci"]) for one in row["at_ratio"])] for row in rows]
        yield from _table(header, body)


def _sweep(result: Json, show: _Show) -> Iterator[str]:
    rows = result["sweep"]
    if not rows:
        return
    names = [row["disease"] for row in result["diseases"] if row["raw"]["estimate"] is not None]
    body = [[name, *(show.percent(row["diseases"][name]["mean"]) for row in rows)] for name in names]
    if rows[0]["overall"] is not None:
        body.append([show(Message("pool_all_diseases")), *(show.percent(row["overall"]) for row in rows)])
    yield ""
    yield from _table([show(Message("pool_sweep")), *(show.short(row["ratio"]) for row in rows)], body)


def _conclusion(row: Json, result: Json, show: _Show) -> str:
    """Return what a reader may conclude of a disease, in one sentence."""
    own, name = row["own"], row["disease"]
    if own["ci"] is None:
        return show(Message("pool_says_nothing", disease=name))
    words: dict[str, Any] = {"disease": name, "low": show.percent(own["ci"][0]), "high": show.percent(own["ci"][1])}
    if own["status"] == RateStatus.ASSUMED:
        fixed = show.short(result["reporting_ratio"]["own"]["median"])
        return show(Message("pool_says_assumed", **words, own=show.percent(own["estimate"]), ratio=fixed))
    if own["estimate"] is None:
        first, last = row["at_ratio"][0], row["at_ratio"][-1]
        ends = {"first": show.range(first["ci"]), "last": show.range(last["ci"])}
        return show(Message("pool_says_interval", **words, **ends, ratio=show.short(last["ratio"])))
    low, high = own["ci"]
    verdict = Message("verdict_above" if low > _HALF else "verdict_below" if high < _HALF else "verdict_open")
    return show(Message("pool_says", **words, own=show.percent(own["estimate"]), verdict=verdict))
