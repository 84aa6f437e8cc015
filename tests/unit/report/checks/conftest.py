"""Invented rows of the sensitivity analyses, diagnostics, other outcomes and the simulation."""

from __future__ import annotations

import itertools
from dataclasses import asdict
from typing import Any

import pandas as pd
import pytest
import reported
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from casepool.model.variant import Variant
from casepool.report.tables.display import TableStyle
from casepool.report.words.catalogue import load_catalogue
from casepool.sensitivity import analyses
from casepool.stats.joint.settings import Settings

RATES = {"sle": 0.83, "sjogren": 0.77, "itp": 0.64, "waiha": 0.58, "prca": 0.84, "evans": 0.7, "aav": 0.5}
DATA = ("primary", "strict_complete", "missing_as_failures", "missing_as_responders", "without_secondary_sources")
RATIOS = (1, 1.5, 2, 3, 4, 6, 8, 12, 16)


def assumptions() -> list[Variant]:
    """Return the assumptions that the analyses set to other values, the fixed ratios left out."""
    found = [one for one, _ in analyses.assumptions(Settings()) if one.analysis != "ratio"]
    return [*found, *(one for one, _ in analyses.integrated())]


def _rows(analysis: str, variant: str, factor: float, reason: str | None = None) -> list[dict[str, object]]:
    return _rows_of(Variant(analysis, variant), factor, reason)


def _rows_of(variant: Variant, factor: float, reason: str | None = None) -> list[dict[str, object]]:
    common: dict[str, object] = {**asdict(variant), "n_response": 55, "n_evaluable": 75}
    common |= {"status": "literature-only" if reason else "ok", "reason": reason}
    rates = {**RATES, "overall": 0.74}
    rows = [
        {
            **common,
            "disease": one,
            "value": rate * factor,
            "ci_lower": rate * factor * 0.7,
            "ci_upper": min(1.0, rate * factor * 1.2),
        }
        for one, rate in rates.items()
    ]
    return [*rows, {**common, "disease": "all", "value": 1.9, "ci_lower": 0.5, "ci_upper": 8.6}]


@pytest.fixture(scope="session")
def sensitivity() -> pd.DataFrame:
    """Return every kind of sensitivity analysis; the report sle0 moves the rates most."""
    rows: list[dict[str, object]] = []
    for step, variant in enumerate(DATA):
        rows += _rows("data", variant, 1 - 0.03 * step)
    for variant, factor in (("sle0", 0.86), ("itp0", 1.08), ("waiha1", 1.01)):
        rows += _rows("leave_one_out", variant, factor)
    for variant in assumptions():
        rows += _rows_of(variant, 1.0 if variant.odds == 1 or variant.clustering == 0.1 else 1.05)
    for step, ratio in enumerate(RATIOS):
        rows += _rows_of(Variant("ratio", f"{ratio:g}", ratio=ratio), 1.08 - 0.04 * step)
    rows += _rows("by_year", "2020", 1.0, "no_complete_source") + _rows("by_year", "2024", 0.9, "no_complete_source")
    rows += _rows("by_year", "2026", 1.0)
    limits = {"n_response": 7, "n_evaluable": 8, "ci_lower": 0.1, "ci_upper": 0.99, "status": "bounds"}
    rows.append({**asdict(Variant("bounds", "range", ratio=8.0)), "disease": "sle", **limits})
    return reported.table("sensitivity", rows)


@pytest.fixture
def unidentified(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Return the same analyses where the data identify no correction."""
    free = ~sensitivity["analysis"].isin(["ratio", "bounds"])
    return sensitivity.assign(
        status=sensitivity["status"].mask(free, "literature-only"),
        reason=sensitivity["reason"].mask(free, "no_complete_source"),
    )


@pytest.fixture(scope="session")
def diagnostics() -> pd.DataFrame:
    """Return diagnostics of which some cannot be estimated, one is an alarm, and two are of one disease."""
    silent = {"status": "not_estimable", "reason": "no_registry"}
    flagged = {"status": "flagged", "value": 0.04}
    limits = {"ci_lower": 0.1, "ci_upper": 6.1}
    rows = [
        {"diagnostic": "mantel_haenszel", "value": 0.8, **limits, "n": 2, "status": "ok"},
        {"diagnostic": "information", "value": 0.12, "n": 2, "status": "ok", "reason": "nothing"},
        {"diagnostic": "ratio_above_1", "value": 0.74, "compared": 0.71, "status": "ok"},
        {"diagnostic": "ratio_between", "value": 3.0, **limits, "bits": 0.1, "status": "ok", "reason": "nothing"},
        {"diagnostic": "within_against_between", **flagged},
        {"diagnostic": "two_lists", **silent},
        {
            "diagnostic": "rests_on", "disease": "itp", "source": "sle0", "value": 0.66, "ci_lower": 0.28,
            "ci_upper": 0.93, "compared": 0.55, "n": 4, "status": "ok",
        },
        {
            "diagnostic": "tipping_preference", "disease": "itp", "value": 1.34, "compared": 0.5, "status": "ok",
            "reason": "complete",
        },
        {
            "diagnostic": "tipping_preference", "disease": "sle", "compared": 0.5, "status": "out_of_reach",
            "reason": "registry",
        },
        {
            "diagnostic": "rests_on", "disease": "sle", "source": "sle0", "compared": 0.8,
            "status": "not_estimable", "reason": "only_source",
        },
    ]  # fmt: skip
    rows = [{"disease": "all", **row} for row in rows]
    return reported.table("diagnostics", rows)


@pytest.fixture(scope="session")
def moderators() -> pd.DataFrame:
    """Return moderators: one compared, one with a single level."""
    tested = {"n_not_told": 5, "p_exact": 0.048, "status": "ok"}
    alone = {"n_not_told": 17, "status": "one_level_only"}
    rows = [
        {"moderator": "route", "level": "iv", "n_response": 2, "n_evaluable": 3, "proportion": 0.667, **tested},
        {"moderator": "route", "level": "sc", "n_response": 1, "n_evaluable": 1, "proportion": 1.0, **tested},
        {"moderator": "n_prior_lines", "level": "many", "n_response": 4, "n_evaluable": 4, "proportion": 1.0, **alone},
        {"moderator": "n_prior_lines", "level": "few", "n_response": 0, "n_evaluable": 0, **alone},
    ]
    return reported.table("moderators", rows)


@pytest.fixture(scope="session")
def times() -> pd.DataFrame:
    """Return a curve of twelve patients, and an outcome of which one event of five has no date."""
    common = {"outcome": "time_to_response_weeks", "n_total": 12, "n_undated": 0, "status": "ok"}
    limits = {"ci_lower": 0.05, "ci_upper": 0.9}
    rows = [
        {**common, "time": 0, "n_at_risk": 12, "n_event": 0, "cumulative": 0},
        {**common, "time": 6.5, "n_at_risk": 12, "n_event": 4, "cumulative": 1 / 3, **limits},
        reported.withheld_curve("time_to_relapse_months", "undated", n_total=9, n_event=4, n_undated=1),
    ]
    return reported.table("times", rows)


@pytest.fixture(scope="session")
def open_questions() -> pd.DataFrame:
    """Return questions on two patients of one report, a patient of the call, and a publication."""
    rows = [
        {"question": "age_not_reported", "id": "sle0/p1"},
        {"question": "age_not_reported", "id": "sle0/p2"},
        {"question": "age_not_reported", "id": "call/x7"},
        {"question": "publication_unidentified", "id": "li2024", "would_replace": "sle0"},
    ]
    return reported.table("open_questions", rows)


@pytest.fixture(scope="session")
def simulation() -> pd.DataFrame:
    """Return a simulation of three estimators, one of which cannot always be computed."""
    rows: list[dict[str, object]] = []
    for target, (step, ratio) in itertools.product(("overall", "literature_only"), enumerate((1, 2, 4, 8))):
        for estimator, bias, coverage in (("joint", 0.005, 0.955), ("naive", 0.07, 0.3), ("trim_and_fill", 0.04, 0.25)):
            rows.append(
                {
                    "layout": "current",
                    "target": target,
                    "ratio": ratio,
                    "estimator": estimator,
                    "n_replicates": 1200,
                    "bias": bias * step - 0.02,
                    "rmse": 0.08,
                    "coverage": 0.95 - step * (0.95 - coverage) / 3,
                    "width": 0.34,
                    "estimable": 1.0 if estimator != "trim_and_fill" else 0.9,
                }
            )
    return reported.table("simulation", rows)


@pytest.fixture
def checks(
    sensitivity: pd.DataFrame,
    diagnostics: pd.DataFrame,
    moderators: pd.DataFrame,
    times: pd.DataFrame,
    open_questions: pd.DataFrame,
    simulation: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """Return every further frame by name."""
    return {
        "sensitivity": sensitivity,
        "diagnostics": diagnostics,
        "moderators": moderators,
        "times": times,
        "open_questions": open_questions,
        "simulation": simulation,
    }


@pytest.fixture
def style(protocol: Any) -> TableStyle:
    """Return the style of English tables."""
    return TableStyle(protocol, load_catalogue("en"))


def assert_legible(figure: Figure) -> None:
    """No text is cut by the paper, shortened, or overlaps another."""
    canvas: Any = FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    renderer = canvas.get_renderer()
    width, height = figure.get_size_inches() * figure.dpi
    shown = [one for one in figure.findobj(Text) if one.get_visible() and one.get_text().strip()]
    boxes = [(one.get_text(), one.get_window_extent(renderer)) for one in shown]
    assert [text for text, _ in boxes if "…" in text] == []
    cut = [text for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height]
    assert cut == []
    for (text, box), (other, place) in itertools.combinations(boxes, 2):
        beside = place.x0 >= box.x1 - 0.5 or place.x1 <= box.x0 + 0.5
        apart = place.y0 >= box.y1 - 0.5 or place.y1 <= box.y0 + 0.5
        assert beside or apart, f"{text!r} overlaps {other!r}"


@pytest.fixture(scope="session")
def legible() -> Any:
    """Return the check that a figure can be read."""
    return assert_legible
