"""The builds that a project has seen: what moves a number is known only beside an earlier one.

They lie in ``.casepool/builds`` and not in ``results/``: what is there follows from the inputs alone, whatever was
built before.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casepool.files.atomic import read_bytes, write_bytes
from casepool.files.unpacking import unzipped
from casepool.manuscript.build import RESULTS, data_checksum
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.provenance.digests import digest
from casepool.provenance.manifest import MANIFEST

KEPT = Path(".casepool") / "builds"
_MOST = 50
_NAME = re.compile(r"(\d+)_([0-9a-f]{12})\.json\.gz")


@dataclass(frozen=True)
class State:
    """The results of a build, and what it was made of.

    Attributes
    ----------
    results : the content of ``results.json``.
    commit, data : of the program, and one checksum of all inputs; empty where not known.
    made_of : configuration, program (``code``), protocol → checksum: what else can have moved a number.
    """

    results: Mapping[str, Any]
    commit: str = ""
    data: str = ""
    made_of: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {"results": self.results, "commit": self.commit, "data": self.data, "made_of": self.made_of}


def keep(root: Path = Path()) -> None:
    """Keep the build of a project folder, unless the last one kept has the same results; the oldest are let go."""
    identity = digest(root / RESULTS)[:12]
    found = _kept(root)
    if found and found[-1][1] == identity:
        return
    number = found[-1][0] + 1 if found else 1
    content = json.dumps(current(root).plain(), ensure_ascii=False, sort_keys=True).encode()
    write_bytes(root / KEPT / f"{number:04d}_{identity}.json.gz", gzip.compress(content, mtime=0))
    for _, _, path in found[: max(0, len(found) + 1 - _MOST)]:
        path.unlink()


def current(root: Path = Path()) -> State:
    """Return the state of the results in a project folder.

    Raises
    ------
    FileError
        If there are none.
    """
    if not (root / RESULTS).is_file():
        raise FileError(Message("numbers_missing", file=RESULTS.as_posix()))
    manifest = _read(root / MANIFEST) if (root / MANIFEST).is_file() else {}
    return State(_read(root / RESULTS), str(manifest.get("commit", "")), data_checksum(manifest), _made_of(manifest))


def before(root: Path = Path()) -> State | None:
    """Return the last kept build whose results are not those that are there now; None where there is none."""
    identity = digest(root / RESULTS)[:12]
    others = [path for _, sha, path in _kept(root) if sha != identity]
    return _state(others[-1]) if others else None


def last(root: Path = Path()) -> State | None:
    """Return the last kept build; None where there is none, or where its results are those that are there now."""
    kept = _kept(root)
    return _state(kept[-1][2]) if kept and kept[-1][1] != digest(root / RESULTS)[:12] else None


def found(against: str, root: Path = Path()) -> State:
    """Return an earlier state by a folder, a file, a commit or the checksum of its data.

    Parameters
    ----------
    against : a project or its folder of results; a ``results.json``; the beginning of a commit of a kept build, or of
        the checksum of its data.

    Raises
    ------
    FileError
        If it is none of these; the kept builds are named.
    """
    place = Path(against)
    if place.is_dir():
        root = place.parent if (place / RESULTS.name).is_file() else place
        return current(root)
    if place.is_file():
        return State(_read(place))
    kept = [_state(path) for _, _, path in reversed(_kept(root))]
    asked = against.lower()
    match = next((one for one in kept if asked and (one.commit.startswith(asked) or one.data.startswith(asked))), None)
    if match is None:
        known = tuple(f"{one.commit[:12] or '–'} ({one.data})" for one in kept)
        raise FileError(Message("no_such_build", against=against, kept=known or ("–",)))
    return match


def _kept(root: Path) -> list[tuple[int, str, Path]]:
    named = ((_NAME.fullmatch(path.name), path) for path in (root / KEPT).glob("*.json.gz"))
    return sorted((int(match[1]), match[2], path) for match, path in named if match)


def _state(path: Path) -> State:
    return State(**_read(path))


def _read(path: Path) -> Any:
    try:
        return json.loads(unzipped(read_bytes(path)))
    except ValueError as error:
        raise FileError(Message("file_cannot_be_read", file=path.as_posix(), error=str(error))) from error


def _made_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return what moves numbers besides the records, each with its checksum; nothing where it is not known."""
    if not manifest:
        return {}
    parts = {name: json.dumps(manifest[name], sort_keys=True) for name in ("configuration", "code")}
    found = {name: hashlib.sha256(part.encode()).hexdigest() for name, part in parts.items()}
    return found | {path: sha for path, sha in manifest["inputs"].items() if path.endswith(".yaml")}
