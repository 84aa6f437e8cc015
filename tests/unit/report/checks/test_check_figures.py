"""The figures of sensitivity, ratio, size, years and simulation."""

import pytest
from matplotlib.text import Text

from casepool.pooling.size_limits import size_limits
from casepool.report.figures.canvas.frame import spread
from casepool.report.figures.canvas.palette import A4, MARGIN
from casepool.report.figures.canvas.saving import pdf_bytes
from casepool.report.figures.canvas.vector import svg_text
from casepool.report.figures.ratio import ratio_figure
from casepool.report.figures.sensitivity import by_year_figure, sensitivity_figure
from casepool.report.figures.simulation import simulation_figure
from casepool.report.figures.size import size_figure
from casepool.report.words.citations import citations


@pytest.fixture
def draw(sensitivity, simulation, results, study_counts, reports, protocol):
    def figure(name, language="en", rows=sensitivity, results=results, synthetic=False):
        asked = protocol.model_copy(update={"synthetic": synthetic})
        names = citations(reports, language)
        makers = {
            "sensitivity": lambda: sensitivity_figure(rows, names, asked, language),
            "by_year": lambda: by_year_figure(rows, asked, language),
            "ratio_sweep": lambda: ratio_figure(rows, results, asked, language),
            "size": lambda: size_figure(study_counts, size_limits(study_counts, 0.95), language, synthetic=synthetic),
            "simulation": lambda: simulation_figure(simulation, language, synthetic=synthetic),
        }
        return makers[name]()

    return figure


NAMES = ("sensitivity", "by_year", "ratio_sweep", "size", "simulation")


def words(figure):
    return [one.get_text() for one in figure.findobj(Text)]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_cut_shortened_or_overlaps_another(name, language, draw, legible):
    legible(draw(name, language, synthetic=True))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", ["sensitivity", "by_year"])
def test_no_text_reaches_beyond_the_rule_below_the_heads(name, language, draw):
    """The head of the last column was longer in French than the line under it."""
    figure = draw(name, language)
    figure.draw_without_rendering()
    right = (A4[0] - MARGIN + 0.05) * figure.dpi
    assert [one.get_text() for one in figure.findobj(Text) if one.get_window_extent().x1 > right] == []


@pytest.mark.parametrize("name", NAMES)
def test_french_figures_have_decimal_commas(name, draw):
    shown = " ".join(words(draw(name, "fr")))
    assert not any(
        before.isdigit() and after.isdigit()
        for before, _, after in zip(shown, shown[1:], shown[2:], strict=False)
        if _ == "."
    )


@pytest.mark.parametrize("name", NAMES)
def test_two_drawings_have_the_same_bytes(name, draw):
    assert pdf_bytes([draw(name)]) == pdf_bytes([draw(name)])
    assert svg_text(draw(name)) == svg_text(draw(name))


@pytest.mark.parametrize("name", NAMES)
def test_invented_data_are_marked(name, draw):
    assert any(one.startswith("SYNTHETIC") for one in words(draw(name, synthetic=True)))


def test_the_reports_that_move_the_rate_most_are_named(draw, reports):
    names = citations(reports, "en")
    shown = {one for one in words(draw("sensitivity")) if one.startswith("Without Dupont")}
    assert shown == {f"Without {names[report]}" for report in ("sle0", "itp0")}


def test_the_line_that_repeats_the_primary_analysis_says_so(draw):
    assert "Correlation within a source:\u00a00.1 (primary)" in words(draw("sensitivity"))


def test_words_stand_where_the_data_identify_no_rate(draw, unidentified):
    shown = words(draw("sensitivity", rows=unidentified))
    assert "no complete source" in shown
    assert not [one for one in shown if "74%" in one]


@pytest.mark.parametrize(
    ("language", "name", "axis", "mean"),
    [
        ("en", "Immune thrombocytopenia", "Pooled rate", "Mean of the diseases"),
        ("fr", "Thrombopénie immunologique", "Taux mis en commun", "Moyenne des maladies"),
    ],
)
def test_where_there_is_no_mean_the_figures_are_about_one_disease(
    draw, sensitivity, legible, language, name, axis, mean
):
    one = sensitivity[sensitivity["disease"].isin(["itp", "all"])]
    for figure in ("sensitivity", "by_year"):
        drawn = draw(figure, language, rows=one)
        legible(drawn)
        shown = words(drawn)
        assert axis in shown
        assert [text for text in shown if text.startswith(name)]
        assert not [text for text in shown if text.startswith(mean)]
        assert [text for text in words(draw(figure, language)) if text.startswith(mean)]


def test_years_before_the_first_complete_source_have_no_rate(draw):
    shown = words(draw("by_year"))
    assert {"no complete source", "74%\u00a0(52–89)"} <= set(shown)


def test_no_ratio_is_marked_where_the_data_do_not_tell_it(draw, withheld):
    assert any("estimated" in one for one in words(draw("ratio_sweep")))
    assert not any("estimated" in one for one in words(draw("ratio_sweep", results=withheld)))


def test_every_report_with_a_told_response_has_a_sign(draw, study_counts):
    told = int((study_counts["n_evaluable"] > 0).sum())
    signs = [one for one in draw("size").axes[0].lines if one.get_transform() == draw("size").axes[0].transData or True]
    markers = [one for one in signs if one.get_marker() in {"s", "o", "^"}]
    assert len(markers) == told + 3  # and three in the legend


def test_a_simulation_names_every_estimator(draw):
    shown = words(draw("simulation", "fr"))
    assert {"mis en commun (modèle conjoint)", "taux brut", "trim and fill"} <= set(shown)
    assert "1\u202f200 littératures simulées pour chaque rapport" in shown


def test_labels_keep_their_order_and_a_least_gap():
    assert spread([0.5, 0.5, 0.1], 0.2, 0, 1) == pytest.approx([0.4, 0.6, 0.1])
    assert spread([0.95, 1.0], 0.2, 0, 1) == pytest.approx([0.8, 1.0])
    assert spread([], 0.2, 0, 1) == []
