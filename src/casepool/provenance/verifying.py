"""Whether results belong to the inputs, code and configuration beside them: built here, or received by mail."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casepool.files import atomic
from casepool.model.errors import FileError
from casepool.model.judge import read_yaml
from casepool.model.message import Message, text
from casepool.project.loading import CONFIGURATION, require_project
from casepool.provenance.crate import CRATE
from casepool.provenance.digests import digest, environment, files_in
from casepool.provenance.manifest import MANIFEST, code_file

# Beside the public results: what no manifest names.
_ASIDE = ("logs", "private", "provenance")
_ASIDE_FILES = {"README.md", "summary.txt", CRATE}


@dataclass(frozen=True)
class Verified:
    """What a comparison of a folder with its manifest found.

    Attributes
    ----------
    problems : what does not belong together; none = proven.
    notes : what can move a last digit and was otherwise when the build ran.
    n_results, n_inputs : how many were compared.
    """

    problems: tuple[Message, ...]
    notes: tuple[Message, ...]
    n_results: int
    n_inputs: int

    def text(self, language: str) -> str:
        """Return it in a language, one finding a line."""
        notes = [text(note, language) for note in self.notes]
        if not self.problems:
            proven = Message("verified", results=str(self.n_results), inputs=str(self.n_inputs))
            return "\n".join([*notes, text(proven, language)])
        heading = Message("not_verified", n=len(self.problems))
        return "\n".join([*notes, text(heading, language), *(f"  {text(one, language)}" for one in self.problems)])


def verify(folder: str | Path = ".", *, asked: Mapping[str, Any] | None = None) -> Verified:
    """Return whether the public results of a project folder are those of its inputs, configuration and this program.

    A manifest is not signed: it shows mistakes and accidents, not forgery.

    Parameters
    ----------
    folder : the project.
    asked : the configuration of the build that ends, where values at the command line go before those of the file.

    Raises
    ------
    ConfigError
        If the folder is no project.
    FileError
        If there is no manifest, or it cannot be read.
    """
    root = require_project(folder)
    told = _read(root)
    problems = [
        *_inputs(root, told["inputs"]),
        *_outputs(root, told["outputs"]),
        *_strangers(root, told["outputs"]),
        *_code(told),
    ]
    written = read_yaml(root / CONFIGURATION)
    given = written if asked is None else json.loads(json.dumps(asked))  # as the manifest keeps it
    if given != told["configuration"]:
        problems.append(Message("configuration_changed", file=CONFIGURATION.as_posix()))
    now = environment()
    others = tuple(f"{name} {used} → {now[name]}" for name, used in told["environment"].items() if now[name] != used)
    notes = [Message("made_with_others", packages=others)] if others else []
    if given != written:
        notes.append(Message("configuration_of_the_call", file=CONFIGURATION.as_posix()))
    return Verified(tuple(problems), tuple(notes), len(told["outputs"]), len(told["inputs"]))


def _read(root: Path) -> dict[str, Any]:
    try:
        content = json.loads(atomic.read_bytes(root / MANIFEST))
        return {name: dict(content[name]) for name in ("inputs", "outputs", "code", "environment", "configuration")}
    except (ValueError, TypeError, KeyError) as error:
        raise FileError(Message("no_manifest", file=MANIFEST.as_posix())) from error


def _inputs(root: Path, told: Mapping[str, str]) -> Iterator[Message]:
    for path, found in _others(root, told):
        yield Message("input_changed", file=path) if found else Message("input_gone", file=path)


def _outputs(root: Path, told: Mapping[str, str]) -> Iterator[Message]:
    for path, found in _others(root, told):
        yield Message("result_changed", file=path) if found else Message("result_gone", file=path)


def _others(root: Path, told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the files that are not as they should be, each with its checksum ("" where nothing is)."""
    found = ((path, digest(root / path), expected) for path, expected in sorted(told.items()))
    yield from ((path, is_now) for path, is_now, expected in found if is_now != expected)


def _strangers(root: Path, told: Mapping[str, str]) -> Iterator[Message]:
    for file in files_in(root / "results"):
        path = file.relative_to(root)
        aside = path.parts[1] in _ASIDE or path.parts[1] in _ASIDE_FILES
        if not aside and path.as_posix() not in told:
            yield Message("result_unknown", file=path.as_posix())


def _code(told: Mapping[str, Any]) -> Iterator[Message]:
    others = tuple(name for name, sha in sorted(told["code"].items()) if digest(code_file(name)) != sha)
    if others:
        yield Message("other_code", n=len(others), files=others[:3])
