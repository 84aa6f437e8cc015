"""Laying out a new project: everything that a build needs, with nothing in it yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path

from casepool.contract import CURATED, SOURCES, Table
from casepool.files import atomic
from casepool.model.errors import ConfigError
from casepool.model.labels import LANGUAGES
from casepool.project.loading import CONFIGURATION, load_project
from casepool.project.packaged import packaged


def lay_out(folder: str | Path, languages: Sequence[str] = LANGUAGES, *, on: date | None = None) -> list[Path]:
    """Write a new project into an empty folder and return its files.

    Parameters
    ----------
    folder : path
        A folder that does not exist or is empty.
    languages : sequence of {"en", "fr"}
        Languages of tables, figures and report; the first is that of the README and of the comments.
    on : date, optional
        The day of the project, today where none is given.

    Raises
    ------
    ConfigError
        If the folder holds something, or a language is unknown.
    """
    root = Path(folder)
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        message = f"{root}: holds something already; expected a new or an empty folder. Nothing was written."
        raise ConfigError(message)
    chosen = tuple(dict.fromkeys(languages))
    if not chosen or not set(chosen) <= set(LANGUAGES):
        message = f"languages: found {', '.join(languages) or '(none)'}; expected {' or '.join(LANGUAGES)} or both"
        raise ConfigError(message)
    day = (on or date.today()).isoformat()
    settings = _write(root, _settings(chosen, day))
    load_project(root)  # the tables are those of its protocol
    return [*settings, *_write(root, _tables())]


def _write(root: Path, made: Iterable[tuple[str, str]]) -> list[Path]:
    contents = {root / path: content for path, content in made}
    for path, content in contents.items():
        atomic.write_bytes(path, content.encode("utf-8"))
    return list(contents)


def _settings(languages: Sequence[str], day: str) -> Iterator[tuple[str, str]]:
    yield CONFIGURATION.as_posix(), _configuration(languages, day)
    yield "config/protocol.yaml", _only(_template(f"protocol_{languages[0]}.yaml"), languages)
    yield "README.md", _template(f"README_{languages[0]}.md")
    yield ".gitignore", _template("gitignore")
    yield ".gitattributes", _template("gitattributes")
    yield "data/raw/registry/README.md", packaged("data/raw/registry/README.md").read_text(encoding="utf-8")


def _tables() -> Iterator[tuple[str, str]]:
    for table in CURATED:
        yield f"data/curated/{table.name}.csv", _header(table)
    yield "data/raw/sources.csv", _header(SOURCES)


def _template(name: str) -> str:
    return files("casepool.project.templates").joinpath(name).read_text(encoding="utf-8")


def _only(protocol: str, languages: Sequence[str]) -> str:
    """Return a protocol without the texts of the languages that are not chosen."""
    for language in set(LANGUAGES) - set(languages):
        protocol = re.sub(rf'(?m)^ +{language}: "[^"]*"\n|(?:, )?\b{language}: "[^"]*"', "", protocol)
    return protocol.replace("{, ", "{")


def _header(table: Table) -> str:
    return f"{','.join(table.names)}\n"


def _configuration(languages: Sequence[str], day: str) -> str:
    """Return the configuration of the package's own project, with the languages and the day of this one."""
    text = packaged(CONFIGURATION.as_posix()).read_text(encoding="utf-8")
    for key, value in (("language", f"[{', '.join(languages)}]"), ("  snapshot", f'"{day}"')):
        text, found = re.subn(rf"(?m)^({key}: )[^#\n]*?(?=\s*(?:#|$))", rf"\g<1>{value}", text)
        if found != 1:
            message = f"config.yaml of the package: found {found} lines of {key.strip()}; expected one"
            raise ConfigError(message)
    return text
