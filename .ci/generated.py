"""Files made from others: environment.yml (from the lock) and the JSON schemas (from the package).

``make generated`` writes them; a test compares them with what stands in the repository.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from casepool.configuration import Configuration
from casepool.protocol import Protocol

ROOT = Path(__file__).resolve().parent.parent
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)\s*(?:;\s*(.*?))?\s*\\?$")


def pins(lock: str) -> dict[str, tuple[str, str]]:
    """Return package → (version, environment marker or empty) of a hashed requirements file."""
    matches = (_PIN.match(line) for line in lock.splitlines() if not line.startswith(" "))
    return {match[1]: (match[2], match[3] or "") for match in matches if match}


def environment_yml() -> str:
    """Return environment.yml: the interpreter from conda, every package at the pin of the lock."""
    lines = ["# Generated from requirements.lock by `make generated`; do not edit."]
    lines += ["name: casepool", "channels:", "  - conda-forge", "  - nodefaults", "dependencies:"]
    lines += ["  - python >=3.11,<3.13", "  - pip", "  - pip:"]
    for name, (version, marker) in pins((ROOT / "requirements.lock").read_text()).items():
        pin = f"{name}=={version}"
        lines.append(f"      - {json.dumps(f'{pin} ; {marker}')}" if marker else f"      - {pin}")
    return "\n".join(lines) + "\n"


def schema_of(model: type[Configuration] | type[Protocol]) -> str:
    """Return the JSON schema of a model as text."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def generated() -> dict[str, str]:
    """Return path → content of every generated file."""
    return {
        "environment.yml": environment_yml(),
        "workflow/schemas/config.schema.json": schema_of(Configuration),
        "workflow/schemas/protocol.schema.json": schema_of(Protocol),
    }


if __name__ == "__main__":
    for path, content in generated().items():
        (ROOT / path).write_text(content, encoding="utf-8")
