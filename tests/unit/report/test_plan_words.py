"""The plan in words and as a figure: what is said holds for the rows it is said of."""

from __future__ import annotations

import pandas as pd
import pytest

from casepool.contract.estimates import PLAN
from casepool.model.estimate import NEW_DISEASE
from casepool.report.figures.canvas.vector import svg_text
from casepool.report.figures.plan import plan_figure
from casepool.report.words.catalogue import load_catalogue
from casepool.report.words.plan import Plan, PlanWords, plan_text

KINDS = ("further_registry", "further_trial", "further_reports")


def rows(disease, now, gains, *, reports=0.01, excludes=0.0, excludes_now=0.0):
    """Return the rows of a disease whose interval shortens by `gains` with 10 and 20 patients."""
    told = [
        (kind, n, now - (reports if kind == "further_reports" else gain), "ok")
        for kind in KINDS
        for n, gain in zip((10, 20), gains, strict=True)
    ]
    known = {"disease": disease, "n_known": 3, "level": 0.95, "threshold": 0.5}
    widths = {"width_now": now, "excludes_now": excludes_now}
    last = {**known, **widths, "evidence": "further_lookup", "n": 0, "status": "no_registry"}
    sources = [
        {**known, **widths, "evidence": kind, "n": n, "width": width, "excludes": excludes, "status": status}
        for kind, n, width, status in told
    ]
    return [*sources, last]


def frame(*blocks):
    """Return the table `plan` of blocks of rows, with a disease without patients."""
    every = [*blocks, rows(NEW_DISEASE, 0.95, (0.4, 0.5), reports=0.35)]
    return pd.DataFrame([row for block in every for row in block], columns=PLAN.names).astype(PLAN.dtypes)


def sentences(table, language="en"):
    """Return the sentences, diseases named by their ids."""
    return PlanWords(Plan.of(table), load_catalogue(language), str).sentences()


def test_the_largest_and_the_smallest_gain_are_named():
    best, reports, least, *_ = sentences(frame(rows("b", 0.5, (0.03, 0.04)), rows("a", 0.8, (0.2, 0.3))))
    assert best.startswith("Among the diseases with patients so far, 10 further patients with a, all of one registry")
    assert "by 20.0 points on average, from 80.0 points to 60.0 points" in best
    assert reports.startswith(
        "20 further case reports of any of these diseases shorten its interval less: by 1.0 points"
    )
    assert least.endswith("in b: by 3.0 points.")


def test_reports_that_do_as_much_are_said_to():
    _, told, *_ = sentences(frame(rows("a", 0.8, (0.2, 0.3), reports=0.25)))
    assert told.startswith("20 further case reports of a do as much")
    assert "by 25.0 points" in told


@pytest.mark.parametrize(
    ("excludes", "now", "words"),
    [(0.7, 0.0, "is that of a: probability 70%"), (0.01, 0.0, "probability of 5% or more"), (0.9, 1.0, "already")],
)
def test_what_comes_to_one_side_of_the_threshold_is_said(excludes, now, words):
    *_, told, lookup = sentences(frame(rows("a", 0.8, (0.2, 0.3), excludes=excludes, excludes_now=now)))
    assert words in told
    assert lookup == "No registry holds patients whose publication could still be looked up."


def test_a_lookup_that_can_be_had_is_said():
    table = frame(rows("a", 0.8, (0.2, 0.3)))
    place = table.index[(table["disease"] == "a") & (table["evidence"] == "further_lookup")]
    table.loc[place, ["n", "width", "status"]] = [4, 0.77, "ok"]
    assert sentences(table)[-1].endswith("by 3.0 points.")


def test_without_any_patient_there_is_one_sentence():
    (only,) = sentences(frame())
    assert "from 95.0 points to 55.0 points" in only


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_text_shows_every_row_that_can_be_had(language):
    catalogue = load_catalogue(language)
    table = frame(rows("a", 0.8, (0.2, 0.3)))
    shown = plan_text(table, catalogue, str)
    for kind in KINDS:
        assert catalogue.label(kind) in shown
    assert catalogue.label("further_lookup") not in shown
    assert catalogue.numbers.decimal(-20) in shown
    assert all(one in shown for one in sentences(table, language))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_figure_has_a_line_for_each_disease(protocol, language):
    first, second = protocol.eligible_ids[:2]
    table = frame(rows(first, 0.8, (0.2, 0.3)), rows(second, 0.5, (0.03, 0.04)))
    figure = plan_figure(table, protocol, language)
    shown = [one.get_text() for one in figure.axes[0].texts]
    for disease in (first, second):
        assert f"{protocol.by_id[disease].short[language]} (3)" in [text[0].upper() + text[1:] for text in shown]
    assert load_catalogue(language).numbers.decimal(-20) in shown
    assert svg_text(figure) == svg_text(plan_figure(table, protocol, language))


def test_a_disease_without_lookups_says_why_where_others_have_some():
    table = frame(rows("a", 0.8, (0.2, 0.3)), rows("b", 0.5, (0.03, 0.04)))
    place = table.index[(table["disease"] == "a") & (table["evidence"] == "further_lookup")]
    table.loc[place, ["n", "width", "excludes", "status"]] = [4, 0.77, 0.0, "ok"]
    shown = plan_text(table, load_catalogue("en"), str)
    block = shown[shown.index(load_catalogue("en").label("further_lookup")) :].splitlines()
    assert block[2].split()[-2:] == ["\u22123.0", "(0%)"]
    assert block[3].endswith("no registry")
