"""The forest plot: what stands on which page, and that nothing is cut or overlaps."""

import itertools
from typing import Any

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.text import Text

from casepool.model.configuration import Forest
from casepool.report.figures.canvas.palette import CORRECTED
from casepool.report.figures.forest.layout import ForestLayout, forest_layout
from casepool.report.figures.forest.lines import ForestResult
from casepool.report.figures.forest.pages import forest_figures
from casepool.report.figures.forest.plot import forest_plot
from casepool.report.figures.forest.rows import forest_results
from casepool.report.words.catalogue import load_catalogue


def texts(figure: Figure) -> dict[str, list[Any]]:
    canvas: Any = FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    renderer = canvas.get_renderer()
    found: dict[str, list[Any]] = {}
    for artist in figure.findobj(Text):
        if artist.get_visible() and artist.get_text():
            found.setdefault(artist.get_text(), []).append(artist.get_window_extent(renderer))
    return found


def pages_drawn(*given: Any, **more: Any) -> list[Figure]:
    return forest_figures(*given, **more)[1]


def assert_nothing_overlaps_or_is_cut(figure: Figure):
    width, height = figure.get_size_inches() * figure.dpi
    boxes = [(text, box) for text, places in texts(figure).items() for box in places]
    cut = [text for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height]
    assert cut == []
    boxes.sort(key=lambda pair: -pair[1].y1)
    for index, (text, box) in enumerate(boxes):
        for other, place in itertools.takewhile(lambda pair, low=box.y0: pair[1].y1 > low + 0.5, boxes[index + 1 :]):
            beside = place.x0 >= box.x1 - 0.5 or place.x1 <= box.x0 + 0.5
            assert beside or place.y1 <= box.y0 + 0.5, f"{text!r} overlaps {other!r}"


def pages_of(results, study_counts, reports, protocol, language="en", rows=52) -> list[ForestResult]:
    return forest_results(results, study_counts, reports, protocol, load_catalogue(language), rows)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("k", [1, 30, 80])
def test_no_text_is_cut_or_overlaps_another(k, language, results, many_studies, reports, protocol):
    for figure in pages_drawn(results, many_studies(k), reports, protocol, language, 52):
        assert_nothing_overlaps_or_is_cut(figure)


def test_the_fullest_page_is_not_cut(results, many_studies, reports, synthetic):
    studies = many_studies(80).assign(citation="Vandenbroucke-Menuisier de la Fontaine-Saint-Martin and others 2021")
    for figure in pages_drawn(results, studies, reports, synthetic, "fr", 60):
        assert_nothing_overlaps_or_is_cut(figure)


def test_every_report_with_a_told_response_is_plotted_once(results, study_counts, reports, protocol):
    lines = [line for page in pages_of(results, study_counts, reports, protocol) for line in page.lines]
    plotted = sorted(line.label for line in lines if line.kind == "study")
    assert plotted == sorted(study_counts.loc[study_counts["n_evaluable"] > 0, "citation"])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_of_very_many_reports_the_one_figure_leaves_the_longest_lists_to_its_pages(
    language, results, many_studies, reports, protocol
):
    sheet, pages = forest_figures(results, many_studies(400), reports, protocol, language, 52)
    assert_nothing_overlaps_or_is_cut(sheet)
    assert float(sheet.get_figheight()) < 40
    folded = [one for one in texts(sheet) if one.startswith("240 sources")]
    assert len(folded) == 1  # of the disease with most; the lists of the others fit
    assert folded[0] in sheet.alt
    assert sum(len(texts(page)) for page in pages) > 400


def test_a_figure_that_fits_folds_nothing(results, many_studies, reports, protocol):
    sheet, _ = forest_figures(results, many_studies(100), reports, protocol, "en", 52)
    assert [one for one in texts(sheet) if "each on the pages" in one] == []


def test_reports_without_response_are_named_at_the_foot_of_the_last_page(results, study_counts, reports, protocol):
    *others, last = pages_of(results, study_counts, reports, protocol, rows=20)
    silent = study_counts.loc[study_counts["n_evaluable"] == 0, "citation"]
    assert last.not_told == tuple(silent)
    assert all(page.not_told == () for page in others)


@pytest.mark.parametrize("rows", [10, 14, 25, 52])
def test_no_page_ends_with_a_header_or_is_longer_than_allowed(rows, results, many_studies, reports, protocol):
    for page in pages_of(results, many_studies(80), reports, protocol, rows=rows):
        assert page.lines[-1].kind not in {"header", "gap"}
        assert page.height <= rows


def test_a_disease_that_runs_over_a_page_repeats_its_header(results, many_studies, reports, protocol):
    pages = pages_of(results, many_studies(80), reports, protocol, rows=30)
    assert any(page.lines[0].continued for page in pages[1:])
    assert all(page.lines[0].kind in {"header", "no_data"} for page in pages)


def test_pages_are_numbered(results, many_studies, reports, protocol):
    figures = pages_drawn(results, many_studies(80), reports, protocol, "fr", 40)
    assert [f"page {n} sur {len(figures)}" in texts(one) for n, one in enumerate(figures, start=1)] == [True] * len(
        figures
    )


def test_diseases_without_data_share_one_line(results, study_counts, reports, protocol):
    (page,) = pages_of(results, study_counts, reports, protocol, rows=56)
    names = [line.label for line in page.lines if line.kind == "no_data"]
    assert names == ["APS, SSc, MCTD, RA, Myositis, Mixed cryo"]


def test_no_line_of_empty_diseases_where_all_have_data(results, study_counts, reports, protocol):
    told = results.copy()
    empty = (told["analysis"] == "raw") & (told["model"] == "exact") & told["value"].isna()
    told.loc[empty, ["value", "ci_lower", "ci_upper"]] = [0.5, 0.1, 0.9]
    pages = pages_of(told, study_counts, reports, protocol, rows=56)
    assert not [line for page in pages for line in page.lines if line.kind == "no_data"]


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en", ["of which: autoimmune", "of which: alloimmune"]),
        ("fr", ["dont\u00a0: origine auto-immune", "dont\u00a0: origine allo-immune"]),
    ],
)
def test_patients_whose_antibodies_differ_in_origin_have_a_line_each(
    language, labels, results, study_counts, reports, protocol, origins
):
    pages = forest_results(
        results, study_counts, reports, protocol, load_catalogue(language), 56, origins=origins
    )  # fmt: skip
    lines = [line for page in pages for line in page.lines]
    kinds = [line.kind for line in lines]
    place = kinds.index("origin")
    assert [line.label for line in lines if line.kind == "origin"] == labels
    assert kinds[place - 1 : place + 3] == ["raw", "origin", "origin", "corrected"]
    counts = [(line.estimate.n_response, line.estimate.n_evaluable) for line in lines[place - 1 : place + 2]]
    assert counts[0] == tuple(map(sum, zip(*counts[1:], strict=True)))


def test_lines_by_origin_are_drawn_and_fit_the_page(results, study_counts, reports, protocol, origins):
    for language in ("en", "fr"):
        (figure,) = pages_drawn(results, study_counts, reports, protocol, language, 56, origins=origins)
        assert_nothing_overlaps_or_is_cut(figure)
    assert "dont\u00a0: origine allo-immune" in texts(figure)


def test_the_raw_rate_has_one_line_and_the_mixed_model_none(results, study_counts, reports, protocol):
    (page,) = pages_of(results, study_counts, reports, protocol, rows=56)
    headers = sum(line.kind == "header" for line in page.lines)
    raw = [line for line in page.lines if line.kind == "raw"]
    assert len(raw) == headers
    assert {line.label for line in raw} == {"All sources, raw rate"}


@pytest.mark.parametrize(
    ("cells", "drawn"),
    [
        ({}, True),
        ({"k": 4}, False),
        ({"k": None}, False),
        ({"status": "zero_variance"}, False),
        ({"pi_lower": None}, False),
        ({"pi_upper": None}, False),
        ({"pi_lower": 0.7}, False),
        ({"pi_upper": 0.9}, False),
    ],
)
def test_a_prediction_interval_is_drawn_only_where_it_holds_the_exact_one(
    cells, drawn, results, study_counts, reports, protocol
):
    """Of five sources or more, with a variance between them: of one new source less is known than of all."""
    told = results.copy()
    raw = told.loc[told["name"] == "any_response.sle.raw.exact"].iloc[0]
    limits = {"pi_lower": raw["ci_lower"] - 0.1, "pi_upper": min(1.0, raw["ci_upper"]), "status": "ok", "k": 5}
    mixed = told["name"] == "any_response.sle.raw.glmm"
    for column, value in {**limits, **cells}.items():
        told.loc[mixed, column] = pd.NA if value is None else value
    (page,) = pages_of(told, study_counts, reports, protocol, rows=56)
    line = next(line for line in page.lines if line.kind == "raw")
    assert line.prediction == ((limits["pi_lower"], limits["pi_upper"]) if drawn else None)


def test_one_disease_has_no_block_of_all_diseases(results, study_counts, reports, protocol):
    alone = results.copy()
    others = ~alone["disease"].isin(["sle", "overall", "all", "new_disease"])
    alone.loc[others, ["value", "ci_lower", "ci_upper"]] = None
    of_it = study_counts[study_counts["disease"] == "sle"]
    (page,) = pages_of(alone, of_it, reports, protocol, rows=56)
    assert [line.label for line in page.lines if line.kind == "header"] == ["Systemic lupus erythematosus"]
    assert not {"new_disease"} & {line.kind for line in page.lines}


def test_the_mean_of_the_diseases_is_called_so(results, study_counts, reports, protocol):
    (page,) = pages_of(results, study_counts, reports, protocol, rows=56)
    assert [line.label for line in page.lines if line.kind == "corrected"][
        -1
    ] == "Corrected, mean of the anchored diseases"


def test_without_complete_evidence_there_is_a_bar_and_no_diamond(withheld, study_counts, reports, protocol):
    (figure,) = pages_drawn(withheld, study_counts, reports, protocol, "en", 56)
    diamonds = [one for one in figure.axes[0].findobj(Polygon) if one.get_closed() and len(one.get_xy()) == 5]
    blue = [one for one in diamonds if one.get_facecolor()[2] > one.get_facecolor()[0] + 0.2]
    assert blue == []
    told = [text for text in texts(figure) if text.startswith("Corrected, own evidence (interval only")]
    assert sum(len(texts(figure)[text]) for text in told) == 7


def test_a_corrected_rate_is_a_coloured_diamond(results, study_counts, reports, protocol):
    (page,) = pages_of(results, study_counts, reports, protocol, rows=56)
    ax = forest_plot(page)
    from matplotlib.colors import to_rgba

    faces = [one.get_facecolor() for one in ax.findobj(Polygon)]
    assert faces.count(to_rgba(CORRECTED)) == sum(
        line.kind == "corrected" and line.estimate.headlined for line in page.lines
    )


def test_the_plot_is_drawn_on_the_axes_that_are_given(results, study_counts, reports, protocol):
    ax = Figure().add_subplot()
    (page,) = pages_of(results, study_counts, reports, protocol, rows=56)
    assert forest_plot(page, ax=ax, show_prediction_interval=False, show_weights=False, language="fr") is ax


def test_ascertainment_chooses_the_marker(results, study_counts, reports, protocol):
    (page,) = pages_of(results, study_counts, reports, protocol, rows=56)
    markers = {line.get_marker() for line in forest_plot(page, show_prediction_interval=False).lines}
    assert {"s", "o", "^"} <= markers


def test_invented_data_are_marked_on_every_page(results, many_studies, reports, synthetic):
    for figure in pages_drawn(results, many_studies(30), reports, synthetic, "fr", 30):
        assert any("SYNTHÉTIQUES" in text for text in texts(figure))


def test_results_without_any_patient_still_give_a_page(results, study_counts, reports, protocol):
    empty = results.assign(
        value=pd.NA, ci_lower=pd.NA, ci_upper=pd.NA, pi_lower=pd.NA, pi_upper=pd.NA, status="no_data"
    )
    (figure,) = pages_drawn(empty, study_counts.iloc[:0], reports, protocol, "en", 52)
    assert len(texts(figure)["no data"]) == 1
    (line,) = [one for one in texts(figure) if one.startswith("SLE, ")]
    assert line.count(", ") == 12


def test_further_columns_stand_beside_their_source_in_the_order_asked_for(
    results, study_counts, reports, protocol, unique_patients
):
    layout = ForestLayout(("year", "weight", "appraisal", "setting"), "weight", {}, {"sle0": "Y Y ?"})
    whole, _ = forest_figures(results, study_counts, reports, protocol, "en", 56, layout=layout)
    assert_nothing_overlaps_or_is_cut(whole)
    pages = forest_results(results, study_counts, reports, protocol, load_catalogue("en"), 56, layout=layout)
    rows = [line for page in pages for line in page.lines if line.kind == "study"]
    first = [line for line in rows if line.estimate.n_evaluable and line.cells[2] == "Y Y ?"]
    assert [line.cells for line in first] == [("2015", "45%", "Y Y ?", "—")]
    of_sle = rows[: sum(study_counts["disease"] == "sle")]
    assert [line.estimate.n_evaluable for line in of_sle] == sorted(line.estimate.n_evaluable for line in of_sle)


def test_the_settings_and_answers_of_a_source_are_told_in_words():
    unique = pd.DataFrame(
        {"counted": ["yes", "yes", "no"], "setting": ["post_hsct", None, "other"], "disease": "sle",
         "report_id": ["a", "b", "a"]}
    )  # fmt: skip
    answers = {"reader": ["x"], "report_id": ["a"], "murad_1": ["yes"], "jbi_4": [None], "jbi_5": ["unclear"]}
    layout = forest_layout(Forest(rows_per_page=52), unique, pd.DataFrame(answers), "fr")
    assert layout.settings == {("sle", "a"): load_catalogue("fr").label("post_hsct")}
    assert layout.appraisals == {"a": "O · ?"}
