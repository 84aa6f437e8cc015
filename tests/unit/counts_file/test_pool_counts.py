"""`casepool pool`: the file, the numbers, the text; every problem of a file at once."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reference import cases
from reference.joint_cases import joint_data as stored_data

from casepool.api.models import pool
from casepool.counts_file.read import read_counts
from casepool.counts_file.text import as_text
from casepool.model.errors import ConfigError, FileError
from casepool.model.message import text as words
from casepool.stats.binomial import clopper_pearson
from casepool.stats.joint.fit import fit_joint

HEADER = "disease,complete_response,complete_n,selective_response,selective_n"
REGISTRY = "registry_response_published,registry_response_n,registry_none_published,registry_none_n"
JOINT_KEYS = [
    "model", "level", "status", "diseases", "overall", "new_disease", "reporting_ratio", "tau", "mu_mean",
    "sweep", "notes",
]  # fmt: skip
EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "daratumumab_2026.csv"


def write(folder: Path, text: str) -> Path:
    """Write a counts file."""
    path = folder / "counts.csv"
    path.write_text(text, encoding="utf-8")
    return path


def stored_file(folder: Path) -> Path:
    """Write case S4 of the reference as a counts file."""
    case = cases.joint_case("S4")
    columns = [case["diseases"], *(case["input"][name] for name in ("rx", "rn", "lx", "ln", "q1", "k1", "q0", "k0"))]
    rows = [",".join(str(cell) for cell in row) for row in zip(*columns, strict=True)]
    return write(folder, "\n".join([f"{HEADER},{REGISTRY}", *rows]) + "\n")


@pytest.fixture(scope="module")
def joint_result(tmp_path_factory):
    """Return the pooled case S4 with its sweep."""
    return pool(stored_file(tmp_path_factory.mktemp("counts")), "joint", sweep=True).document


def test_joint_file_gives_the_numbers_of_the_model(joint_result):
    """Nothing is lost or renamed between file and model."""
    fit = fit_joint(stored_data(cases.joint_case("S4")))
    told = [row["pooled"] for row in joint_result["diseases"]]
    assert [row["ci"] for row in told] == [list(rate.ci) for rate in fit.diseases]
    assert [row["estimate"] for row in told] == [rate.mean if rate.n_complete else None for rate in fit.diseases]
    assert joint_result["overall"]["ci"] == list(fit.overall.ci)


def test_joint_result_has_the_promised_keys_and_is_plain_json(joint_result):
    """The keys of the specification, in its order, and nothing that JSON cannot hold."""
    assert list(joint_result) == JOINT_KEYS
    assert json.loads(json.dumps(joint_result, allow_nan=False)) == joint_result
    first = joint_result["diseases"][0]
    assert first["complete"] == {"responders": 5, "n": 8}
    assert first["raw"]["proportion"] == pytest.approx(17 / 21)
    assert set(first["pooled"]["probability_above"]) == {"0.3", "0.5"}
    assert [row["ratio"] for row in joint_result["sweep"]] == [1, 1.5, 2, 3, 4, 6, 8, 12, 16]


def test_joint_text_shows_every_disease_and_every_note(joint_result):
    """What a terminal shows; the notes are worded by the caller."""
    text = as_text(joint_result, ["few diseases", "a weak link"])
    conclusions = text.split("What a reader may conclude:\n")[1].splitlines()
    assert [line.split(":")[0].strip() for line in conclusions[:-2]] == [r["disease"] for r in joint_result["diseases"]]
    assert text.endswith("Note: few diseases\nNote: a weak link")


def test_without_complete_evidence_no_corrected_number_is_given(tmp_path):
    """Only the what-ifs: sweep, bounds and tipping points."""
    path = write(tmp_path, f"{HEADER}\na,0,0,3,4\nb,0,0,5,6\nc,0,0,2,2\n")
    result = pool(path, "joint").document
    assert result["status"] == "no_complete_source"
    for row in result["diseases"]:
        assert (row["own"]["estimate"], row["pooled"]["estimate"], row["pooled"]["ci"]) == (None, None, None)
        assert (row["own"]["status"], row["own"]["reason"]) == ("literature-only", "no_complete_source")
        assert [one["ratio"] for one in row["at_ratio"]] == [1, 2, 4, 8]
    assert [result["overall"][which]["estimate"] for which in ("own", "pooled")] == [None, None]
    assert (result["overall"]["mean"], result["new_disease"]) == (None, None)
    assert len(result["sweep"]) == 9
    assert result["diseases"][2]["sensitivity"]["tipping_ratio"]["0.5"]["point"] is None
    assert "No mean: 0 diseases have a source that reports all its patients" in as_text(result)


def test_a_disease_without_data_keeps_its_row(tmp_path):
    """The text shows no number for it."""
    path = write(tmp_path, f"{HEADER}\na,3,5,3,4\nb,0,0,0,0\n")
    result = pool(path, "joint").document
    assert result["diseases"][1]["status"] == "no-data"
    assert result["diseases"][1]["raw"] == {"estimate": None, "ci": None, "status": "no_data", "proportion": None}
    line = next(line for line in as_text(result).splitlines() if line.startswith("b "))
    assert line.split() == ["b", "0/0", "0/0", "no", "patients"]
    assert "b: of no patient is the response known; nothing can be said." in as_text(result)


def test_glmm_result_has_the_promised_shape(tmp_path):
    """Estimate, standard error and limits on the logit scale, proportions beside them."""
    x, n = cases.counts("pritz1997")
    rows = "\n".join(f"{i},{xi},{ni}" for i, (xi, ni) in enumerate(zip(x, n, strict=True)))
    result = pool(write(tmp_path, f"study,events,n\n{rows}\n"), "glmm").document
    ref = cases.optimum("pritz1997")
    assert result["estimate"] == pytest.approx(ref["mu"], rel=1e-6)
    assert result["ci"] == pytest.approx(ref["ci_wald"], rel=1e-6)
    assert result["pi"] == pytest.approx(ref["pi_wald"], rel=1e-6)
    assert result["proportion"]["pi"][0] < ref["prop_pi"][0] < ref["prop_pi"][1] < result["proportion"]["pi"][1]
    assert result["proportion"]["interval"] == "profile_t"
    assert (result["k"], result["status"]) == (14, "ok")
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert "14 studies: estimated" in as_text(result)


def test_glmm_of_responders_only_falls_back_on_the_exact_interval(tmp_path):
    """No logit, but 7/7 has a lower limit."""
    result = pool(write(tmp_path, "study,events,n\na,3,3\nb,4,4\n"), "glmm").document
    assert (result["estimate"], result["status"]) == (None, "all_events")
    assert result["exact"]["ci"] == pytest.approx([0.5903836, 1.0], abs=1e-6)
    assert "all patients, exact" in as_text(result)


def test_exact_gives_every_row(tmp_path):
    """A study without patients has a status instead of a number."""
    result = pool(write(tmp_path, "study,events,n\na,12,13\nb,0,0\n"), "exact").document
    assert result["rows"][0]["ci"] == pytest.approx([0.639703, 0.998054], abs=1e-6)
    assert result["rows"][1]["status"] == "no_data"
    assert result["rows"][1]["ci"] is None
    assert "12/13" in as_text(result)


@pytest.mark.parametrize("separator", [",", ";"])
def test_spreadsheet_dialects_are_understood(tmp_path, separator):
    """Semicolons, byte-order mark and Windows line ends."""
    text = "\ufeff" + f"{HEADER}\r\nSLE,5,8,12,13\r\n".replace(",", separator)
    path = tmp_path / "counts.csv"
    path.write_bytes(text.encode("utf-8"))
    frame = read_counts(path, "joint")
    assert frame.to_dict("records") == [
        {"disease": "SLE", "complete_response": 5, "complete_n": 8, "selective_response": 12, "selective_n": 13}
    ]


def test_all_problems_of_a_file_are_told_at_once(tmp_path):
    """Negative, fraction, text, empty, too many responders, twice the same disease."""
    path = write(tmp_path, f"{HEADER}\nA,9,8,-1,4\nA,1.5,2,x,\n,1,1,1,1\n")
    with pytest.raises(FileError, match=r"counts\.csv: 7 problems") as caught:
        read_counts(path, "joint")
    for part in (
        "disease=A: found in rows 1, 2; expected one row per disease",
        "row 1, disease=A: complete_response = 9; expected at most complete_n = 8",
        "row 1, disease=A: selective_response = -1; expected a whole number from 0 on",
        "row 2, disease=A: complete_response = 1.5",
        "row 2, disease=A: selective_n = an empty cell",
        "row 3: disease is empty",
    ):
        assert part in str(caught.value)


def test_contradicting_registry_counts_are_told(tmp_path):
    """More published than known, more known than treated."""
    path = write(tmp_path, f"{HEADER},{REGISTRY}\nA,5,8,3,4,6,5,1,4\n")
    with pytest.raises(FileError, match="expected at most registry_response_n = 5") as caught:
        read_counts(path, "joint")
    assert "registry_response_n + registry_none_n = 9; expected at most complete_n = 8" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "model", "message"),
    [
        ("", "glmm", "found no rows"),
        ("study,events,n\n", "glmm", "found no rows; expected a header and one row per study"),
        ('study,events,n\na,"1,000","2,000"\n', "glmm", "events = 1,000; expected a whole number from 0 on, in digits"),
        ("study,events,n\na,1.000,2.000\n", "glmm", "n = 2.000; expected a whole number"),
        ("study,events\na,1\n", "glmm", "missing n"),
        ("study,n,n\na,1,1\n", "glmm", "stands twice"),
        (f"{HEADER},registry_none_n\nA,1,2,1,2,0\n", "joint", "missing registry_response_published"),
        ("study,events,n\na,1,2,3\n", "glmm", "more cells than the header"),
    ],
)
def test_a_file_of_the_wrong_form_is_refused(tmp_path, text, model, message):
    """The message names what is missing."""
    with pytest.raises(FileError, match=message):
        read_counts(write(tmp_path, text), model)


def test_a_missing_file_is_an_error_of_the_source(tmp_path):
    """Not a traceback."""
    with pytest.raises(FileError, match="no such file"):
        read_counts(tmp_path / "none.csv", "glmm")


@pytest.mark.parametrize(
    ("options", "message"),
    [({"thresholds": (2.0,)}, "thresholds"), ({"colour": 1}, "unknown option colour"), ({"level": 0.0}, "level = 0.0")],
)
def test_options_outside_their_range_are_wrong_use(options, message):
    """The message names the option."""
    frame = pd.DataFrame([["a", 1, 2, 1, 2]], columns=HEADER.split(","))
    with pytest.raises(ConfigError, match=message):
        pool(frame, "joint", **options)


def test_options_reach_the_model():
    """A fixed ratio, other priors, other thresholds."""
    frame = pd.DataFrame([["a", 1, 2, 5, 6], ["b", 3, 4, 5, 6]], columns=HEADER.split(","))
    fixed = pool(frame, ratio=3.0, thresholds=(0.4,)).document
    assert fixed["reporting_ratio"]["ci"] == pytest.approx([3.0, 3.0])
    assert list(fixed["diseases"][0]["pooled"]["probability_above"]) == ["0.4"]
    low, default = (pool(frame, **given).document for given in ({"prior_mu": (-2.0, 0.3)}, {}))
    assert low["diseases"][0]["pooled"]["estimate"] < default["diseases"][0]["pooled"]["estimate"]


def test_an_unknown_model_is_wrong_use():
    """The message lists the models."""
    with pytest.raises(ConfigError, match="expected one of joint, glmm, exact"):
        pool(pd.DataFrame(), "linear")


def test_assumptions_can_be_integrated_over_a_prior():
    """The models of the mixture stand beside the result; intervals get wider."""
    frame = read_counts(EXAMPLE, "joint")
    plain, mixed = (
        pool(frame).document,
        pool(frame, kappa_sd=0.4, ratio_spread=0.5).document,
    )
    assert "mixture" not in plain
    assert sum(node["weight"] for node in mixed["mixture"]) == pytest.approx(1.0)
    assert {node["clustering"] for node in mixed["mixture"]} == {0.0}
    width = [result["overall"]["ci"][1] - result["overall"]["ci"][0] for result in (plain, mixed)]
    assert width[1] > width[0]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"clustering": 0.5}, r"clustering: found 0\.5; expected none, for the counts have no source of two patients"),
        ({"clustering_prior": (1.0, 9.0)}, r"clustering_prior: found 1, 9; expected none"),
        (
            {"use_linkage": False},
            "use_linkage: found no; expected none, for the counts have no columns of the registry",
        ),
        ({"ratio": 2.0, "prior_beta": (0.0, 1.0)}, "prior_beta: found 0, 1; expected none, for the reporting ratio is"),
        ({"ratio": 2.0, "ratio_sd": 0.1}, r"ratio_sd: found 0\.1; expected none, for the reporting ratio is fixed"),
        ({"registry_sd": 1.0}, "registry_sd: found 1; expected none, for no source is a registry"),
    ],
)
def test_a_choice_that_cannot_act_is_refused(choices, message):
    """Its user would take it for made."""
    with pytest.raises(ConfigError, match=message):
        pool(EXAMPLE, **choices)


def test_a_choice_of_another_model_is_refused():
    """The random-intercept model has no reporting ratio."""
    with pytest.raises(ConfigError, match="option ratio acts on model joint only; expected one of level"):
        pool({"study": ["a"], "events": [1], "n": [2]}, "glmm", ratio=2.0)


def test_a_prior_that_is_none_is_wrong_use():
    """Zero width."""
    with pytest.raises(ConfigError, match="kappa_sd = 0"):
        pool(read_counts(EXAMPLE, "joint"), kappa_sd=0.0)


SELECTED = {
    "disease": ["a"],
    "complete_response": [0],
    "complete_n": [0],
    "selective_response": [3],
    "selective_n": [3],
}


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"kappa": 1.0}, "kappa: found 1; expected none, for no source reports all its patients"),
        ({"label_error": 0.2}, r"label_error: found 0\.2; expected none, for no source is called complete"),
    ],
)
def test_doubts_of_complete_sources_are_refused_where_there_are_none(choices, message):
    """They would change nothing."""
    with pytest.raises(ConfigError, match=message):
        pool(SELECTED, **choices)


@pytest.mark.parametrize(
    ("rows", "status", "says"),
    [
        ([(1, 1), (1, 1), (0, 1), (2, 2), (1, 1)], "unbounded_tau2", "has no maximum"),
        ([(3, 7)], "single_study", "1 study: one study"),
        ([(0, 3), (0, 4)], "no_events", "no patient responded"),
        ([(3, 3), (4, 4)], "all_events", "every patient responded"),
    ],
)
def test_the_exact_interval_stands_beside_every_status_of_the_mixed_model(rows, status, says):
    """Of all patients; nothing is a dash."""
    events, n = (list(column) for column in zip(*rows, strict=True))
    result = pool({"study": [f"s{i}" for i in range(len(rows))], "events": events, "n": n}, "glmm")
    lower, upper = clopper_pearson(sum(events), sum(n))
    assert result.document["status"] == status
    assert result.document["exact"]["ci"] == [lower, upper]
    text = str(result)
    assert says in text
    assert f"{100 * lower:.1f} to {100 * upper:.1f} %" in text or f"({100 * lower:.1f} to {100 * upper:.1f})" in text
    assert " - " not in text
    assert "14.4" not in text  # the limits of Wald, of one study


def test_nobody_at_all_is_said_in_words():
    """No number, no dash."""
    text = str(pool({"study": ["a"], "events": [0], "n": [0]}, "glmm"))
    assert "no patient at all" in text
    assert "1 study without patients is left out" in text
    assert "%" not in text


def test_small_rates_are_shown_with_significant_digits():
    """22 in 100,000 are not 0.0 %; what is close to 100 % is not 100.0 %."""
    result = pool({"study": ["a", "b", "c"], "events": [3, 1, 15], "n": [200000, 1000000, 900000]}, "exact")
    rows = [line.split() for line in str(result).splitlines()[2:]]
    assert [row[2] for row in rows] == ["0.0015", "0.00010", "0.0017"]
    assert all("0.0" not in row for row in rows)
    (near,) = str(pool({"study": ["a"], "events": [99999], "n": [100000]}, "exact")).splitlines()[2:]
    assert near.split()[2] == "99.9990"


def test_everything_is_said_in_french_too():
    """Tables, sentences, decimal commas, faults."""
    text = pool(EXAMPLE, clustering=0.0).to_text("fr")
    assert "Ce qu'un lecteur peut en conclure" in text
    assert "55,2" in text
    with pytest.raises(FileError) as caught:
        pool({"study": ["a"], "events": [2], "n": [1]}, "exact")
    assert "1 problème dans les effectifs\n  ligne 1, study=a" in words(caught.value.message, "fr")


def test_a_fixed_ratio_rules_both_models():
    """The own rate of a disease of selected cases is what they say at that ratio; it is an assumption."""
    result = pool({**SELECTED, "selective_response": [6], "selective_n": [12]}, ratio=4.0, source_sd=0.0)
    rate = result.rates["a"]
    assert (rate.status, rate.reason) == ("assumed", "ratio_fixed")
    theta = np.linspace(-12, 12, 200001)
    p = 1 / (1 + np.exp(-theta))
    shifted = 1 / (1 + np.exp(-theta - np.log(4.0)))
    weight = p * (1 - p) * shifted**6 * (1 - shifted) ** 6
    assert rate.estimate == pytest.approx(np.sum(weight * p) / np.sum(weight), abs=1e-5)
    assert "were the reporting ratio 4" in str(result)


def test_the_mean_of_the_own_rates_is_that_of_the_anchored_diseases_alone():
    """A mean of all diseases, most of them without a complete source, is not rescuable."""
    own = pool(EXAMPLE).overall["own"]
    rates = pool(EXAMPLE).rates
    assert own.diseases == ["itp", "sle"]
    assert own.estimate == pytest.approx((rates["itp"].estimate + rates["sle"].estimate) / 2)
    assert own.ci[0] < own.estimate < own.ci[1]
