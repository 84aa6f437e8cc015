"""Laying out a new project: everything that a build needs, with nothing in it yet."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path

from casepool.contract import CURATED, SOURCES, Table
from casepool.files import atomic
from casepool.model.errors import ConfigError
from casepool.model.vocabulary import TRANSCRIBED, Origin
from casepool.project.loading import CONFIGURATION, load_project
from casepool.project.packaged import packaged

Content = str | bytes
LANGUAGES = ("en", "fr")
_NO_RECORDS = b'<?xml version="1.0"?>\n<PubmedArticleSet></PubmedArticleSet>\n'
_NOTE = "No search was made: laid out by casepool init."


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
    return [*settings, *_write(root, _tables(day))]


def _write(root: Path, made: Iterable[tuple[str, Content]]) -> list[Path]:
    contents = {root / path: content for path, content in made}
    for path, content in contents.items():
        atomic.write_bytes(path, content.encode("utf-8") if isinstance(content, str) else content)
    return list(contents)


def _settings(languages: Sequence[str], day: str) -> Iterator[tuple[str, Content]]:
    yield CONFIGURATION.as_posix(), _configuration(languages, day)
    yield "config/protocol.yaml", _template(f"protocol_{languages[0]}.yaml")
    yield "README.md", _template(f"README_{languages[0]}.md")
    yield ".gitignore", _template("gitignore")
    yield "data/raw/registry/README.md", packaged("data/raw/registry/README.md").read_text(encoding="utf-8")


def _tables(day: str) -> Iterator[tuple[str, Content]]:
    for table in CURATED:
        yield f"data/curated/{table.name}.csv", _header(table)
    snapshot = dict(_snapshot(day))
    yield from snapshot.items()
    yield "data/raw/sources.csv", _header(SOURCES) + "".join(_described(path, day, snapshot[path]) for path in snapshot)


def _template(name: str) -> str:
    return files("casepool.project.templates").joinpath(name).read_text(encoding="utf-8")


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


def _snapshot(day: str) -> Iterator[tuple[str, bytes]]:
    """Yield the two files that stand for a search of PubMed until one is made: no record, and a note that says so."""
    records = gzip.compress(_NO_RECORDS, mtime=0)
    description = {"origin": TRANSCRIBED, "database": "PubMed", "date": day, "query": None, "count": 0, "note": _NOTE}
    description["sha256"] = hashlib.sha256(records).hexdigest()
    yield f"data/raw/pubmed/{day}/records.xml.gz", records
    yield f"data/raw/pubmed/{day}/search.json", f"{json.dumps(description, indent=2)}\n".encode()


def _described(path: str, day: str, content: bytes) -> str:
    cells = {
        "path": path,
        "origin": Origin.DATABASE.value,
        "accessed_on": day,
        "licence": "none",
        "n_records": "0",
        "note": _NOTE,
    }
    cells["sha256"] = hashlib.sha256(content).hexdigest()
    return f"{','.join(cells.get(name, '') for name in SOURCES.names)}\n"
