"""Before Snakemake looks at dates, they are made to say what contents say.

Snakemake remakes what is missing or older than an input. So a result whose receipt does not hold any more gets a date
before every input, and one whose receipt holds is newer than all: an edit with an old date is seen, a touched file
costs nothing, and a clock that was wrong does not matter. Nothing is removed: until its job runs, a result stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from casepool.model.message import Message
from casepool.provenance.digests import digest, environment
from casepool.provenance.job import TICK, newest, pull_back, set_date
from casepool.provenance.receipts import Receipt, read_receipts

# One second after the epoch: Snakemake takes the epoch itself for no date at all.
_STALE = 1_000_000_000


@dataclass(frozen=True)
class State:
    """What the receipts of a folder say of its results.

    Attributes
    ----------
    fresh : receipts that hold.
    outdated : receipts of jobs that read something else, or ran with other packages.
    altered : results that are there and not as their job wrote them.
    unknown : results that are there and that no job of this folder is known to have written.
    other_packages : packages whose version is not that with which the outdated jobs ran.
    """

    fresh: tuple[Receipt, ...]
    outdated: tuple[Receipt, ...]
    altered: tuple[str, ...]
    unknown: tuple[str, ...]
    other_packages: tuple[str, ...]

    @property
    def messages(self) -> list[Message]:
        """What is to be said of it; a change of an input needs no word, that is what a build is for."""
        packages = [Message("other_packages", packages=self.other_packages)] if self.other_packages else []
        altered = [Message("result_altered", file=one) for one in self.altered]
        unknown = [Message("results_unknown", n=len(self.unknown), first=self.unknown[0])] if self.unknown else []
        return [*packages, *altered, *unknown]


def state(promised: Iterable[str]) -> State:
    """Return what the receipts in the current folder say of the results that its rules promise."""
    content, now = cache(digest), environment()
    receipts = [one for one in read_receipts() if any(path.startswith("results/") for path in one.outputs)]
    moved = {one.name: {path for path, read in one.inputs.items() if content(path) != read} for one in receipts}
    packages = {one.name: {name for name, used in one.environment.items() if now.get(name) != used} for one in receipts}
    spoilt = {one.name: {path for path, made in one.outputs.items() if content(path) != made} for one in receipts}
    outdated = tuple(one for one in receipts if moved[one.name] or packages[one.name])
    known = {path for one in receipts for path in one.outputs}
    return State(
        fresh=tuple(one for one in receipts if one not in outdated and not spoilt[one.name]),
        outdated=outdated,
        altered=tuple(sorted(path for paths in spoilt.values() for path in paths if content(path))),
        unknown=tuple(sorted(path for path in promised if path not in known and content(path))),
        other_packages=tuple(sorted({name for names in packages.values() for name in names})),
    )


def settle(found: State) -> None:
    """Date the results in the current folder by their contents."""
    every = {path for one in (*found.fresh, *found.outdated) for path in (*one.inputs, *one.outputs)}
    pull_back(every)
    for path in {path for one in found.outdated for path in one.outputs} | {*found.altered, *found.unknown}:
        set_date(path, _STALE)
    dated = cache(lambda path: newest([path]))
    results = {path for one in found.fresh for path in one.outputs}
    # Of the inputs that are no results one is a script, and Snakemake wants results newer than that, not as new.
    made_of = [one for one in found.fresh if one.inputs]  # what a job wrote before and no more is made of nothing
    behind = {one.name: max(dated(path) + 1 - (path in results) for path in one.inputs) for one in made_of}
    if any(dated(made) < behind[one.name] for one in made_of for made in one.outputs):
        for path in results:
            set_date(path, max(behind.values()) + TICK)
