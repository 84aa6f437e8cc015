"""Invented rows of the stage tables that the reports are made of: no patient here exists."""

from __future__ import annotations

import pandas as pd

from casepool.contract import TABLES


def table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return rows as a frame of a stage or curated table; columns not given are empty."""
    schema = TABLES[name]
    frame = pd.DataFrame(rows, columns=schema.names)
    return frame.astype(schema.dtypes)


def rough_interval(x: int, n: int) -> tuple[float, float]:
    """Return an interval wide enough to draw (the figures compute nothing, so any will do)."""
    half = 1.0 / (n + 1) ** 0.5
    return max(0.0, x / n - half), min(1.0, x / n + half)


def estimate(disease: str, analysis: str, model: str, value: object = None, **cells: object) -> dict[str, object]:
    """Return one row of the results."""
    at = f"_{cells['threshold']:g}" if cells.get("threshold") else ""
    return {
        "name": f"any_response.{disease}.{analysis}{at}.{model}",
        "outcome": "any_response",
        "disease": disease,
        "analysis": analysis,
        "model": model,
        "measure": "proportion",
        "value": value,
        "status": "ok",
        **cells,
    }


def bounds(disease: str, outcome: str, least: int, most: int, n: int) -> dict[str, object]:
    """Return the row of an outcome that is open of some patients: two shares, no rate."""
    low, high = rough_interval(least, n)[0], rough_interval(most, n)[1]
    row = estimate(disease, "raw", "exact", status="bounds", reason="not_reported", ci_lower=low, ci_upper=high, k=9)
    row |= {"name": f"{outcome}.{disease}.raw.exact", "outcome": outcome, "n_response": least, "n_at_most": most}
    return row | {"n_evaluable": n, "lowest": least / n, "highest": most / n}


def harm(
    disease: str, setting: str, event: str, least: int, most: int, known: int, at_risk: int, **cells: object
) -> dict[str, object]:
    """Return one row of the events: a share where nothing is open, two bounds where something is."""
    row: dict[str, object] = {"disease": disease, "setting": setting, "event": event, "n_event": least}
    row |= {"n_at_most": most, "n_known": known, "n_at_risk": at_risk, "status": "ok" if known else "no_data"}
    if known:
        low, high = rough_interval(least, known)[0], rough_interval(most, known)[1]
        row |= {"lowest": least / known, "highest": most / known, "ci_lower": low, "ci_upper": high}
        row |= {"proportion": least / known} if least == most else {"status": "bounds"}
    return row | cells


def origin(disease: str, autoimmune: str, x: int, n: int, **cells: object) -> dict[str, object]:
    """Return one row of the table ``origins``: x of n evaluable patients, all of them treated."""
    low, high = rough_interval(x, n) if n else (None, None)
    row = {"disease": disease, "autoimmune": autoimmune, "n_reports": 1, "n_treated": n, "n_evaluable": n}
    row |= {"n_response": x, "n_post_hsct": 0, "proportion": x / n if n else None, "ci_lower": low, "ci_upper": high}
    return {**row, "cases": f"{disease}0:P1", **cells}


def study_rows(layout: dict[str, list[tuple[str, int, int]]]) -> pd.DataFrame:
    """Return study counts with interval and citation for reports per disease."""
    rows: list[dict[str, object]] = []
    for disease, reports in layout.items():
        for index, (ascertainment, x, n) in enumerate(reports):
            rows.append(
                {
                    "disease": disease,
                    "report_id": f"{disease}{index}",
                    "study_id": f"{disease}{index}",
                    "report_type": "case_report",
                    "year": 2015 + index % 11,
                    "ascertainment": ascertainment,
                    "n_treated": max(n, 1),
                    "n_evaluable": n,
                    "n_response": x,
                    "n_complete": 0,
                    "n_complete_at_most": x,
                    "cases": f"{disease}{index}:P1",
                }
            )
    frame = table("study_counts", rows)
    limits = [
        rough_interval(int(x), int(n)) if n else (None, None)
        for x, n in zip(frame["n_response"], frame["n_evaluable"], strict=True)
    ]
    names = ["Dupont", "Ostendorf", "Schuetz", "Annals of the Rheumatic Diseases", "Vandenbroucke-Menu", "Li"]
    citation = [f"{names[i % 6]} {year}" for i, year in enumerate(frame["year"])]
    return frame.assign(ci_lower=[low for low, _ in limits], ci_upper=[high for _, high in limits], citation=citation)


def withheld_curve(outcome: str, status: str, **counts: int) -> dict[str, object]:
    """Return the row of an outcome without a curve."""
    return {"outcome": outcome, "n_at_risk": counts["n_total"], "n_undated": 0, "status": status, **counts}


def plain(*sentences: str) -> str:
    """Return sentences as one text with plain spaces, to compare words and numbers only."""
    return " ".join(sentences).translate(dict.fromkeys((0xA0, 0x202F), " ")).replace("\u2060", "")
