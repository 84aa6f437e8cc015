"""results.json, its schema, and those of the configuration and the protocol."""

import json
from pathlib import Path

import jsonschema
import pytest
import reported
import yaml

from casepool.model.configuration import load_configuration
from casepool.report.results_json import BuildMeta, build_meta, results_document, source_prints, write_results
from casepool.report.schemas import schema_text

ROOT = Path(__file__).resolve().parents[3]
META = BuildMeta(version="0.1.0", snapshot="2026-11-22", protocol="demo")


@pytest.fixture
def unique():
    """Return two counted patients of one source, and one who is not counted: SYNTHETIC."""
    told = {"report_id": "aav0", "disease": "aav", "n_treated": 1, "n_evaluable": 1, "response": "complete"}
    rows = [
        {**told, "case_id": "aav0/p1", "n_response": 1, "counted": "yes"},
        {**told, "case_id": "aav0/p2", "n_response": 0, "counted": "yes"},
        {**told, "case_id": "aav0/p3", "n_response": 1, "counted": "no"},
    ]
    return reported.table("unique_patients", rows)


@pytest.fixture
def schema():
    return json.loads(schema_text("results"))


def test_the_document_satisfies_its_schema(unique, results, counts, schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(results_document(results, counts, unique, META), schema)


@pytest.mark.parametrize(
    ("place", "key", "value", "told"),
    [
        ((), "extra", 1, "Additional properties"),
        (("meta",), "level", "high", "is not of type 'number'"),
        (("meta",), "extra", 1, "Additional properties"),
        (("results", 0), "value", "NaN", "is not of type 'number', 'null'"),
        (("results", 0), "status", None, "is not of type 'string'"),
        (("results", 0), "n_evaluable", -1, "less than the minimum"),
        (("counts", 0), "ascertainment", "total", "is not one of"),
        (("counts", 0), "cases", "aav0:P1", "is not of type 'array'"),
        (("counts", 0), "n_response", None, "is not of type 'integer'"),
    ],
)
def test_the_schema_refuses_what_the_contract_does_not_know(unique, results, counts, schema, place, key, value, told):
    document = json.loads(json.dumps(results_document(results, counts, unique, META)))
    inside = document
    for part in place:
        inside = inside[part]
    inside[key] = value
    with pytest.raises(jsonschema.ValidationError, match=told):
        jsonschema.validate(document, schema)


def test_the_schema_misses_a_key_that_is_left_out(unique, results, counts, schema):
    document = json.loads(json.dumps(results_document(results, counts, unique, META)))
    del document["results"][0]["status"]
    with pytest.raises(jsonschema.ValidationError, match="'status' is a required property"):
        jsonschema.validate(document, schema)


@pytest.mark.parametrize("what", ["config", "protocol"])
def test_an_editor_is_given_the_schema_by_which_the_shipped_file_is_judged(what):
    schema = json.loads(schema_text(what))
    content = yaml.safe_load((ROOT / "config" / f"{what}.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(content, schema)
    with pytest.raises(jsonschema.ValidationError, match="'colour' was unexpected"):
        jsonschema.validate({**content, "colour": "red"}, schema)


def test_the_written_file_is_sorted_and_holds_no_nan(unique, results, counts, tmp_path):
    path = tmp_path / "results.json"
    write_results(results_document(results, counts, unique, META), path)
    text = path.read_text(encoding="utf-8")
    names = [row["name"] for row in json.loads(text)["results"]]
    assert names == sorted(names)
    assert "NaN" not in text


def test_the_order_of_the_rows_does_not_matter(unique, results, counts):
    shuffled = results.sample(frac=1, random_state=1)
    assert results_document(shuffled, counts, unique, META) == results_document(results, counts, unique, META)


def test_each_count_names_its_patients(unique, results, counts):
    rows = results_document(results, counts, unique, META)["counts"]
    assert rows[0]["cases"] == ["aav0:P1", "aav1:P 1"]


def test_the_description_comes_from_the_configuration():
    meta = build_meta(load_configuration(ROOT / "config" / "config.yaml"), "demo", "0.1.0")
    assert [round(limit, 1) for limit in meta.prior_ratio] == [2.0, 0.2, 23.2]
    assert (meta.level, meta.thresholds) == (0.95, (0.3, 0.5))


def test_a_source_has_another_checksum_where_a_counted_case_says_otherwise(unique):
    """The authors of a source, and cases that are not counted, move no number."""
    (source,) = source_prints(unique)
    assert (source["report_id"], source["n_evaluable"], source["n_response"]) == ("aav0", 2, 1)
    same, other = unique.copy(), unique.copy()
    same.loc[0, "authors"] = "Somebody else"
    same.loc[2, "n_response"] = 0
    other.loc[1, "response"] = "partial"
    assert source_prints(same) == [source]
    assert source_prints(other)[0]["sha256"] != source["sha256"]
