"""What each job read and wrote, by checksum: one receipt a job, in the folder where Snakemake keeps its own notes.

Snakemake notes checksums of inputs only to spare a job whose input is newer: an input that is older than the results,
and a result that somebody else has written, go unseen. The receipts are never published: private jobs have theirs too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from casepool.files import atomic

RECEIPTS = Path(".snakemake") / "receipts"


@dataclass(frozen=True)
class Receipt:
    """A job that came to its end.

    Attributes
    ----------
    rule, name : the rule, and the rule with the values of its wildcards.
    inputs, outputs : path as the rule names it → checksum of what was read and written there.
    environment : package → version.
    params : checksum of its parameters.
    """

    rule: str
    name: str
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    environment: Mapping[str, str]
    params: str = ""

    def write(self, root: str | Path = ".") -> None:
        """Keep the receipt, in place of an earlier one of the same job."""
        atomic.write_text(Path(root) / RECEIPTS / f"{self.name}.json", json.dumps(asdict(self), indent=1))


def as_checksum(params: Any) -> str:
    """Return the checksum of the parameters of a job, given as pairs by ``items()``."""
    told = json.dumps([*map(list, params.items())], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def receipt_of(name: str) -> Receipt | None:
    """Return the receipt of a job of the current folder, or None where there is none that can be read."""
    return next(_readable([RECEIPTS / f"{name}.json"]), None)


def keep_what_is_left(name: str, outputs: Collection[str]) -> None:
    """Keep a receipt of what a job wrote before and writes no more: the program was another one, or the protocol.

    A build that ends removes these files, unless somebody has changed them since. Where one job does now what a job for
    each value of a wildcard did, their receipts give way to its own.
    """
    behind = f"{name}.left"
    files = [RECEIPTS / f"{name}.json", *sorted(RECEIPTS.glob(f"{name}.*.json"))]
    before = [one for one in _readable(files) if one.name in (name, behind) or set(one.outputs) & set(outputs)]
    left: dict[str, str] = {}
    for one in before:
        left |= {path: sha for path, sha in one.outputs.items() if path not in outputs}
    if left:
        Receipt(name, behind, {}, left, {}).write()
    for one in before:
        if one.name not in (name, behind):
            (RECEIPTS / f"{one.name}.json").unlink()


def read_receipts(root: str | Path = ".") -> list[Receipt]:
    """Return the receipts of a project folder, by name; one that cannot be read vouches for nothing and is left out."""
    return list(_readable(sorted((Path(root) / RECEIPTS).glob("*.json"))))


def _readable(files: Iterable[Path]) -> Iterator[Receipt]:
    for file in files:
        try:
            yield Receipt(**json.loads(file.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            continue
