"""`casepool pool`: the file, the numbers, the text; every problem of a file at once."""

import json
from pathlib import Path

import pandas as pd
import pytest
from reference import cases
from reference.joint_cases import joint_data as stored_data

from casepool.api.models import pool
from casepool.counts_file.read import read_counts
from casepool.counts_file.text import as_text
from casepool.model.errors import ConfigError, FileError
from casepool.stats.joint.fit import fit_joint

HEADER = "disease,complete_response,complete_n,selective_response,selective_n"
REGISTRY = "registry_response_published,registry_response_n,registry_none_published,registry_none_n"
JOINT_KEYS = [
    "model", "level", "status", "diseases", "overall", "new_disease", "reporting_ratio", "tau", "mu_mean",
    "anchor_gain", "sweep", "notes",
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
    assert [row["corrected"]["mean"] for row in joint_result["diseases"]] == [rate.mean for rate in fit.diseases]
    assert joint_result["overall"]["ci"] == list(fit.overall.ci)
    assert joint_result["anchor_gain"] == fit.anchor_gain


def test_joint_result_has_the_promised_keys_and_is_plain_json(joint_result):
    """The keys of the specification, in its order, and nothing that JSON cannot hold."""
    assert list(joint_result) == JOINT_KEYS
    assert json.loads(json.dumps(joint_result, allow_nan=False)) == joint_result
    first = joint_result["diseases"][0]
    assert first["complete"] == {"responders": 5, "n": 8}
    assert first["raw"]["proportion"] == pytest.approx(17 / 21)
    assert set(first["corrected"]["probability_above"]) == {"0.3", "0.5"}
    assert [row["ratio"] for row in joint_result["sweep"]] == [1, 1.5, 2, 3, 4, 6, 8, 12, 16]


def test_joint_text_shows_every_disease_and_every_note(joint_result):
    """What a terminal shows; the notes are worded by the caller."""
    text = as_text(joint_result, ["few diseases", "a weak link"])
    assert all(row["disease"] in text for row in joint_result["diseases"])
    assert text.endswith("Note: few diseases\nNote: a weak link")
    assert "58.8" in text


def test_without_complete_evidence_no_corrected_number_is_given(tmp_path):
    """Only the what-ifs: sweep, bounds and tipping points."""
    path = write(tmp_path, f"{HEADER}\na,0,0,3,4\nb,0,0,5,6\nc,0,0,2,2\n")
    result = pool(path, "joint").document
    assert result["status"] == "no_complete_source"
    assert [row["corrected"] for row in result["diseases"]] == [None, None, None]
    assert (result["overall"], result["new_disease"], result["anchor_gain"]) == (None, None, 0.0)
    assert len(result["sweep"]) == 9
    assert result["diseases"][2]["sensitivity"]["tipping_ratio"]["0.5"]["point"] is None
    assert "not estimable" in as_text(result)


def test_a_disease_without_data_keeps_its_row(tmp_path):
    """The text shows no number for it."""
    path = write(tmp_path, f"{HEADER}\na,3,5,3,4\nb,0,0,0,0\n")
    result = pool(path, "joint").document
    assert result["diseases"][1]["status"] == "no-data"
    assert result["diseases"][1]["raw"] == {"proportion": None, "ci": None}
    line = next(line for line in as_text(result).splitlines() if line.startswith("b "))
    assert "%" not in line
    assert line.split()[3:] == ["-", "-", "-", "-", "no-data"]


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
    assert "14 studies: ok" in as_text(result)


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
    assert list(fixed["diseases"][0]["corrected"]["probability_above"]) == ["0.4"]
    low, default = (pool(frame, **given).document for given in ({"prior_mu": (-2.0, 0.3)}, {}))
    assert low["diseases"][0]["corrected"]["mean"] < default["diseases"][0]["corrected"]["mean"]


def test_an_unknown_model_is_wrong_use():
    """The message lists the models."""
    with pytest.raises(ConfigError, match="expected one of joint, glmm, exact"):
        pool(pd.DataFrame(), "linear")


def test_assumptions_can_be_integrated_over_a_prior():
    """The models of the mixture stand beside the result; intervals get wider."""
    frame = read_counts(EXAMPLE, "joint")
    plain, mixed = (
        pool(frame).document,
        pool(frame, kappa_sd=0.4, ratio_sd=0.5).document,
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
        ({"clustering_prior": (1.0, 9.0)}, r"clustering_prior: found \(1\.0, 9\.0\); expected none"),
        ({"use_linkage": False}, "use_linkage: found no; expected yes for the counts have no columns of the registry"),
        ({"ratio": 2.0, "prior_beta": (0.0, 1.0)}, "prior_beta: found .* beside a fixed ratio of 2"),
    ],
)
def test_a_choice_that_cannot_act_is_refused(choices, message):
    """Its user would take it for made."""
    with pytest.raises(ConfigError, match=message):
        pool(EXAMPLE, **choices)


def test_a_choice_of_another_model_is_refused():
    """The random-intercept model has no reporting ratio."""
    with pytest.raises(ConfigError, match="unknown option ratio; expected one of level"):
        pool({"study": ["a"], "events": [1], "n": [2]}, "glmm", ratio=2.0)


def test_a_prior_that_is_none_is_wrong_use():
    """Zero width."""
    with pytest.raises(ConfigError, match="kappa_sd = 0"):
        pool(read_counts(EXAMPLE, "joint"), kappa_sd=0.0)
