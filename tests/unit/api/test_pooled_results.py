"""A table of counts, five lines of Python: rates, notes, a table, a forest plot."""

from __future__ import annotations

import json

import invented
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import casepool as cp
from casepool.cli.main import app

JOINT = invented.ROOT / "docs" / "examples" / "daratumumab_2026.csv"
STUDIES = invented.ROOT / "docs" / "examples" / "pritz1997.csv"


def cli(*arguments: object) -> str:
    """Return what a command prints."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def texts(figure) -> str:
    """Return every text of a figure."""
    shown = "\n".join(text.get_text() for text in figure.findobj(lambda one: hasattr(one, "get_text")))
    return shown.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def joint():
    """Return the pooled counts of the example."""
    return cp.pool(pd.read_csv(JOINT))


def test_five_lines_pool_a_frame_and_draw_its_forest_plot(tmp_path):
    """As in the README."""
    frame = pd.read_csv(JOINT)
    result = cp.pool(frame)
    figure = result.forest(title="Daratumumab")
    figure.savefig(tmp_path / "forest.pdf")
    assert (tmp_path / "forest.pdf").stat().st_size > 10_000
    shown = texts(figure)
    assert "Daratumumab" in shown
    own = result.rates["itp"]
    assert f"{100 * own.estimate:.0f}% ({100 * own.ci[0]:.0f}–{100 * own.ci[1]:.0f})" in shown
    assert "56% (38–74)" in shown
    mean = result.overall["pooled"]
    assert f"{100 * mean.estimate:.0f}% ({100 * mean.ci[0]:.0f}–{100 * mean.ci[1]:.0f})" in shown


@pytest.mark.parametrize(("path", "model"), [(JOINT, "joint"), (STUDIES, "glmm"), (STUDIES, "exact")])
def test_python_and_the_command_give_the_same_numbers_to_the_digit(path, model):
    """One computation behind both."""
    document = cp.pool(pd.read_csv(path), model).document
    assert json.loads(cli("pool", path, "--model", model, "--format", "json")) == document
    assert cli("pool", path, "--model", model).rstrip("\n") == str(cp.pool(path, model))


def test_choices_typed_at_the_command_are_those_of_the_class():
    """Fixed ratio, another level."""
    document = cp.JointModel(ratio=4, level=0.9, thresholds=[0.4]).fit(JOINT).document
    typed = ("--ratio", "4", "--level", "0.9", "--thresholds", "0.4")
    assert json.loads(cli("pool", JOINT, "--model", "joint", "--format", "json", *typed)) == document


def test_attributes_table_and_document_agree(joint):
    """Three views of one fit."""
    rate, row = joint.rates["itp"], joint.to_frame().set_index("disease").loc["itp"]
    told = joint.document["diseases"][0]
    assert (rate.estimate, rate.ci) == (told["own"]["estimate"], told["own"]["ci"])
    assert (row["own"], row["own_lower"], row["status"]) == (rate.estimate, rate.ci[0], "registry-anchored")
    assert row["pooled"] == joint.pooled["itp"].estimate == told["pooled"]["estimate"]
    assert (row["complete_response"], row["complete_n"]) == (14, 26)
    assert joint.ratio.median == joint.document["reporting_ratio"]["own"]["median"]
    assert joint.overall["pooled"].estimate == joint.document["overall"]["mean"]
    assert joint.status == "ok"


def test_a_disease_of_selected_cases_has_limits_and_no_point(joint):
    """In the table, as an attribute, in the sentence."""
    row, rate = joint.to_frame().set_index("disease").loc["waiha"], joint.rates["waiha"]
    assert rate.estimate is None
    assert np.isnan([row["own"], row["pooled"]]).all()
    assert (row["own_lower"], row["own_upper"]) == tuple(rate.ci)
    assert "waiha: no source reports all its patients, so no single number can be given" in str(joint)


def test_without_complete_evidence_nothing_corrected_is_given():
    """Neither as an attribute, nor in the table, nor in the plot."""
    columns = ["disease", "source", "ascertainment", "response", "n"]
    rows = [("a", "s", "selective", 3, 4), ("b", "t", "selective", 5, 6), ("c", "u", "selective", 2, 2)]
    result = cp.pool(pd.DataFrame(rows, columns=columns))
    assert [rate.estimate for rate in (*result.rates.values(), *result.pooled.values())] == [None] * 6
    assert [result.overall[which].estimate for which in ("own", "pooled")] == [None, None]
    assert result.to_frame()[["own", "pooled"]].isna().all(axis=None)
    assert result.status == "no_complete_source"
    assert any("No source reports all its patients" in note for note in result.notes)


def test_a_disease_without_patients_has_its_row_and_no_number():
    """The plot names it."""
    columns = ["disease", "complete_response", "complete_n", "selective_response", "selective_n"]
    result = cp.pool(pd.DataFrame([("a", 3, 5, 3, 4), ("b", 0, 0, 0, 0)], columns=columns))
    row = result.to_frame().set_index("disease").loc["b"]
    assert row["status"] == "no-data"
    assert row[["raw", "own", "own_lower", "pooled"]].isna().all()
    assert "no data" in texts(result.forest())


def test_the_table_of_a_notebook_escapes_what_people_typed():
    """Names of diseases are texts, never markup."""
    columns = ["disease", "complete_response", "complete_n", "selective_response", "selective_n"]
    html = cp.pool(pd.DataFrame([("<b>a & b</b>", 3, 5, 3, 4)], columns=columns))._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;a &amp; b&lt;/b&gt;" in html
    assert "Diseases with data: 1, fewer than 3" in html


def test_every_result_shows_itself_shortly():
    """In a terminal and in a debugger."""
    results = [cp.pool(STUDIES, model) for model in ("glmm", "exact")]
    assert [repr(one) for one in results] == ["<GlmmResult: 1 rows, status ok>", "<ExactResult: 14 rows, status ok>"]
    assert "pi_upper" in results[0].to_frame()
    assert results[1].to_frame()["ci_lower"].iloc[0] == results[1].document["rows"][0]["ci"][0]
    assert [one.notes for one in results] == [(), ()]


def test_a_forest_plot_of_many_sources_is_pages(tmp_path):
    """Not one sheet as tall as a door: a PDF holds them all, other files are numbered."""
    rows = [(d, f"source {i}", "selective", 1, 2) for d in "abc" for i in range(40)]
    result = cp.pool(pd.DataFrame(rows, columns=["disease", "source", "ascertainment", "response", "n"]))
    pages = result.forest_pages()
    assert [tuple(page.get_size_inches()) for page in pages] == [tuple(pages[0].get_size_inches())] * 3
    assert "source 39" in texts(result.forest(page=3))
    assert [path.name for path in result.save_forest(tmp_path / "f.svg")] == ["f.svg", "f-2.svg", "f-3.svg"]
    assert result.save_forest(tmp_path / "f.pdf") == [tmp_path / "f.pdf"]
    assert (tmp_path / "f.pdf").read_bytes().count(b"/Type /Page ") == 3


def test_studies_are_drawn_with_the_median_study_and_no_word_of_correction():
    """In both languages; each study by itself has no pooled line."""
    shown = texts(cp.forest_plot(cp.Glmm().fit(STUDIES), language="fr"))
    assert "Modèle à intercept aléatoire, étude médiane" in shown
    assert "taux corrigé" not in shown
    assert "Random-intercept" not in texts(cp.forest_plot(STUDIES, "exact"))


def test_sources_are_drawn_one_by_one(tmp_path):
    """In the order given; the command draws them too."""
    path = tmp_path / "counts.csv"
    path.write_text("disease,source,ascertainment,response,n\nitp,Trial A,complete,8,12\nitp,Case B,selective,1,1\n")
    cli("pool", path, "--model", "joint", "--forest", tmp_path / "forest.svg")
    assert (tmp_path / "forest.svg").stat().st_size > 10_000
    shown = texts(cp.forest_plot(path))
    assert shown.index("Trial A") < shown.index("Case B")
    assert "2 reports" in shown or "2 sources" in shown


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([1, 2], "counts: found list; expected a DataFrame"),
        ({"disease": ["a"], "n": [1, 2]}, "expected columns of equal length"),
        ("nowhere.csv", "no such file"),
    ],
)
def test_what_is_no_table_is_refused(counts, message):
    """Before anything is computed."""
    with pytest.raises(cp.FileError, match=message):
        cp.pool(counts)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: cp.pool(JOINT, "joined"), cp.ConfigError, "model = joined; expected one of joint, glmm, exact"),
        (lambda: cp.pool(JOINT, clusterin=0.1), cp.ConfigError, r"clusterin \(did you mean clustering\?\)"),
        (lambda: cp.JointModel(level=2), cp.ConfigError, "level = 2"),
        (lambda: cp.Glmm(level=0), cp.ConfigError, "level = 0"),
        (lambda: cp.binomial_interval(1, 2, method="wald"), cp.ConfigError, "expected one of exact, wilson, jeffreys"),
        (lambda: cp.binomial_interval(3, 2), cp.FileError, "expected 0 <= events <= n"),
        (lambda: cp.load_project("nowhere"), cp.ConfigError, "expected the folder of a project"),
    ],
)
def test_wrong_use_is_one_sentence_with_what_was_expected(call, error, message):
    """Errors of casepool, each of its kind."""
    with pytest.raises(error, match=message):
        call()


def test_a_project_is_loaded_and_checked():
    """The shipped one is sound."""
    project = cp.load_project(invented.ROOT)
    assert isinstance(project.protocol, cp.Protocol)
    assert isinstance(project.configuration, cp.Configuration)
    assert cp.check(project).problems == ()
