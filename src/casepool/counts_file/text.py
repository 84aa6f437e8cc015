"""Rendering of pooled counts for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from casepool.typing import Json


def as_text(result: Json, notes: Sequence[str] = ()) -> str:
    """Return the result of ``pool`` as an aligned table, with its notes in words."""
    render = {"glmm": _glmm, "exact": _exact, "joint": _joint}[result["model"]]
    return "\n".join([*render(result), *(f"Note: {note}" for note in notes)])


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"


def _interval(limits: list[float | None] | None) -> str:
    if limits is None:
        return "-"
    lower, upper = limits
    return f"{_percent(lower)} to {_percent(upper)}"


def _number(value: float | None, digits: int = 4) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _table(header: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]

    def line(cells: list[str]) -> str:
        padded = [cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))]
        return "  ".join(padded).rstrip()

    return [line(header), "-" * len(line(header)), *(line(row) for row in rows)]


def _glmm(result: Json) -> list[str]:
    proportion = result["proportion"]
    level = f"{100 * result['level']:g} %"
    lines = [
        f"Random-intercept logistic model, {result['k']} studies: {result['status']}",
        *([f"  {result['reason']}"] if result["reason"] else []),
        *([] if proportion["interval"] == "exact" else _studies(result, level)),
        f"  logit (standard error)        {_number(result['estimate'])} ({_number(result['se'])})",
        f"  tau2                          {_number(result['tau2'])}",
        f"  log-likelihood                {_number(result['loglik'])}",
    ]
    exact = result["exact"]
    return [*lines, f"  all patients, exact           {_percent(exact['proportion'])} % ({_interval(exact['ci'])})"]


def _studies(result: Json, level: str) -> list[str]:
    found = result["proportion"]
    # One or two degrees of freedom are left: both cover more than they promise.
    wide = " (three studies: wider than it need be)" if result["k"] == 3 else ""
    return [
        f"  response in the median study  {_percent(found['estimate'])} % ({level}: {_interval(found['ci'])}){wide}",
        f"  prediction for a new study    {_interval(found['pi'])}{wide if found['pi'] else ''}",
        f"  mean over studies             {_percent(found['marginal'])} % ({_interval(found['marginal_ci'])})",
    ]


def _exact(result: Json) -> list[str]:
    level = f"{100 * result['level']:g} % exact"
    rows = [
        [row["study"], f"{row['events']}/{row['n']}", _percent(row["proportion"]), _interval(row["ci"])]
        for row in result["rows"]
    ]
    return _table(["study", "responders", "%", level], rows)


def _joint(result: Json) -> list[str]:
    level = f"{100 * result['level']:g} %"
    header = ["disease", "complete", "selective", "raw %", "corrected %", level, "worth n", "status"]
    rows = [_disease(row) for row in result["diseases"]]
    lines = _table(header, rows)
    if result["overall"]:
        overall = result["overall"]
        lines += ["", f"All diseases, equal weight: {_percent(overall['mean'])} % ({_interval(overall['ci'])})"]
    if result["new_disease"]:
        new = result["new_disease"]
        lines.append(f"A further disease:          {_percent(new['mean'])} % ({_interval(new['ci'])})")
    return [*lines, "", *_ratio(result, level), *_sweep(result)]


def _ratio(result: Json, level: str) -> list[str]:
    if result["status"] == "no_complete_source":
        return ["Reporting ratio: not estimable without complete ascertainment"]
    ratio, gain = result["reporting_ratio"], result["anchor_gain"]
    low, high = ratio["ci"]
    lines = [f"Reporting ratio: {ratio['median']:.2f} ({level}: {low:.2f} to {high:.2f})"]
    return lines if gain is None else [*lines, f"Anchor gain:     {gain:.2f}"]


def _disease(row: Json) -> list[str]:
    counts = [f"{row[kind]['responders']}/{row[kind]['n']}" for kind in ("complete", "selective")]
    raw, corrected = _percent(row["raw"]["proportion"]), row["corrected"]
    if corrected is None or row["status"] == "no-data":
        return [row["disease"], *counts, raw, "-", "-", "-", row["status"]]
    worth = f"{corrected['worth_n']:.0f}"
    return [row["disease"], *counts, raw, _percent(corrected["mean"]), _interval(corrected["ci"]), worth, row["status"]]


def _sweep(result: Json) -> list[str]:
    rows = result["sweep"]
    if not rows:
        return []
    names = [row["disease"] for row in result["diseases"] if row["status"] != "no-data"]
    header = ["if the reporting ratio were", *(f"{row['ratio']:g}" for row in rows)]
    body = [[name, *(_percent(row["diseases"][name]["mean"]) for row in rows)] for name in names]
    if rows[0]["overall"] is not None:
        body.append(["all diseases", *(_percent(row["overall"]) for row in rows)])
    return ["", *_table(header, body), ""]
