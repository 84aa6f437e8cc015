"""A job that would read what it read before need not run: what it made is put back, and what follows stops there too.

Snakemake decides before a build which jobs run: all behind one that is outdated. Whether that one makes anything else
than before shows only when it has run. It removes what a job made before the job runs, so links to it are kept aside.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from casepool.provenance.code import unfolded
from casepool.provenance.digests import digest, environment, files_in
from casepool.provenance.job import job_name, pull_back, set_date
from casepool.provenance.receipts import Receipt, as_checksum, receipt_of

KEPT = Path(".snakemake") / "kept"
# Never put back: what is private, and the manifest, which reads the receipts of all jobs beside its inputs.
_NEVER = ("results/private/", "results/provenance/")
_SPARED = "What this job would read is what it read before; what it made then was put back.\n"


def keep(fresh: Iterable[Receipt]) -> None:
    """Keep links to what jobs of the current folder made, but for `_NEVER`; where a disk knows no links, nothing."""
    forget()
    with suppress(OSError):
        for one in fresh:
            if not any(path.startswith(_NEVER) for path in one.outputs):
                _link(one.outputs, Path(), KEPT / one.name)


def forget() -> None:
    """Let go of what was kept."""
    shutil.rmtree(KEPT, ignore_errors=True)


def put_back(given: Any) -> bool:
    """Put back what a job made when it last ran, if it would read the same now; return whether it is spared.

    Parameters
    ----------
    given : the job as a script is given it.
    """
    name = job_name(given)
    place, receipt = KEPT / name, receipt_of(name)
    if receipt is None or not place.is_dir() or not _reads_the_same(given, receipt):
        return False
    with suppress(OSError):
        _link(receipt.outputs, place, Path())
    if any(digest(path) != made for path, made in receipt.outputs.items()):  # no link, or edited since
        _remove(receipt.outputs)
        return False
    for path in receipt.outputs:
        set_date(path, time.time_ns())
    Path(given.log[0]).write_text(_SPARED, encoding="utf-8")
    return True


def _reads_the_same(given: Any, receipt: Receipt) -> bool:
    if {*receipt.outputs} != {str(path) for path in given.output} or receipt.params != as_checksum(given.params):
        return False
    paths = unfolded(map(str, given.input))
    pull_back(paths)
    same = paths == sorted(receipt.inputs) and receipt.environment == environment()
    return same and all(digest(path) == read for path, read in receipt.inputs.items())


def _remove(paths: Collection[str]) -> None:
    for file in (file for path in paths for file in files_in(path)):
        file.unlink(missing_ok=True)


def _link(paths: Collection[str], source: Path, target: Path) -> None:
    for file in (file for path in paths for file in files_in(source / path)):
        there = target / file.relative_to(source)
        there.parent.mkdir(parents=True, exist_ok=True)
        os.link(file, there)
