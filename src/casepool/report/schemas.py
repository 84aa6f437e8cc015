"""JSON schemas, printed on request: of the configuration and the protocol for editors, of ``results.json`` for readers.

Nothing here judges: the models and the contract do, and the schemas are made of them.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import TypeAdapter

from casepool.contract import TABLES, Column
from casepool.model.configuration import Configuration
from casepool.model.protocol import Protocol
from casepool.report.results_json import LISTS, SCHEMA_VERSION, BuildMeta, MedianAndLimits

Described = Literal["config", "protocol", "results"]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {"integer": "integer", "number": "number"}
_DESCRIPTIONS = {
    "name": "names the estimate among all",
    "lowest": "rate if none of the patients of whom it is open had the outcome",
    "highest": "rate if all of them had it",
    "n_at_most": "patients who had the outcome or may have had it",
    "cases": "the patients behind the number",
}


def schema_text(what: Described) -> str:
    """Return a schema as JSON text."""
    return json.dumps({"$schema": _DIALECT, **_schema(what)}, indent=2, ensure_ascii=False) + "\n"


def _schema(what: Described) -> dict[str, Any]:
    if what == "results":
        return results_schema()
    return Configuration.model_json_schema() if what == "config" else Protocol.model_json_schema()


def results_schema() -> dict[str, Any]:
    """Return the schema of ``results.json``: the tables `results` and `counts` of the contract, and the build."""
    properties: dict[str, Any] = {"schema_version": {"const": SCHEMA_VERSION}, "meta": _meta()}
    for name in ("results", "counts"):
        properties[name] = {"type": "array", "items": _object({one.name: _value(one) for one in TABLES[name].columns})}
    properties["sources"] = {"type": "array", "items": _source()}
    description = "Every estimate of a build, one row each. A value that cannot be estimated is null; status says why."
    return {"title": "casepool results", "description": description, **_object(properties)}


def _source() -> dict[str, Any]:
    identifier, number = {"type": "string", "minLength": 1}, {"type": "integer", "minimum": 0}
    counts = dict.fromkeys(("n_treated", "n_evaluable", "n_response"), number)
    checksum = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "of what the counted cases say"}
    return _object({"report_id": identifier, "disease": identifier, **counts, "sha256": checksum})


def _meta() -> dict[str, Any]:
    told = TypeAdapter(BuildMeta).json_schema(mode="serialization")["properties"]
    told["prior_ratio"] = TypeAdapter(MedianAndLimits).json_schema()
    return _object({name: {key: value[key] for key in value if key != "default"} for name, value in told.items()})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    required = sorted(properties)
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _value(column: Column) -> dict[str, Any]:
    description = {"description": _DESCRIPTIONS[column.name]} if column.name in _DESCRIPTIONS else {}
    if column.name in LISTS:
        return {"type": "array", "items": {"type": "string", "minLength": 1}, **description}
    kind = _TYPES.get(column.kind, "string")
    limits = {"minimum": column.minimum, "maximum": column.maximum, "pattern": column.pattern}
    schema: dict[str, Any] = {"type": kind if column.required else [kind, "null"]}
    schema |= {key: limit for key, limit in limits.items() if limit is not None}
    if column.vocabulary:
        schema |= {"enum": [*column.members, *([] if column.required else [None])]}
    return schema | ({"minLength": 1} if kind == "string" else {}) | description
