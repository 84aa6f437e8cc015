"""results.json and its schema."""

import json
from pathlib import Path

import jsonschema
import pytest

from casepool.model.configuration import load_configuration
from casepool.report.results_json import BuildMeta, build_meta, results_document, write_results

ROOT = Path(__file__).resolve().parents[3]
META = BuildMeta(version="0.1.0", snapshot="2026-11-22", protocol="demo")


@pytest.fixture
def schema():
    return json.loads((ROOT / "workflow" / "schemas" / "results.schema.json").read_text(encoding="utf-8"))


def test_the_document_satisfies_its_schema(results, counts, schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(results_document(results, counts, META), schema)


def test_the_schema_refuses_an_unknown_key(results, counts, schema):
    document = results_document(results, counts, META)
    with pytest.raises(jsonschema.ValidationError, match="Additional properties"):
        jsonschema.validate({**document, "extra": 1}, schema)


def test_the_written_file_is_sorted_and_holds_no_nan(results, counts, tmp_path):
    path = tmp_path / "results.json"
    write_results(results_document(results, counts, META), path)
    text = path.read_text(encoding="utf-8")
    names = [row["name"] for row in json.loads(text)["results"]]
    assert names == sorted(names)
    assert "NaN" not in text


def test_the_order_of_the_rows_does_not_matter(results, counts):
    shuffled = results.sample(frac=1, random_state=1)
    assert results_document(shuffled, counts, META) == results_document(results, counts, META)


def test_each_count_names_its_patients(results, counts):
    rows = results_document(results, counts, META)["counts"]
    assert rows[0]["cases"] == ["aav0:P1", "aav1:P 1"]


def test_the_description_comes_from_the_configuration():
    meta = build_meta(load_configuration(ROOT / "config" / "config.yaml"), "demo", "0.1.0")
    assert [round(limit, 1) for limit in meta.prior_ratio] == [2.0, 0.2, 23.2]
    assert (meta.level, meta.headline_gain, meta.thresholds) == (0.95, 0.3, (0.3, 0.5))
