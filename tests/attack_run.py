"""Attack the registry's releases in every way that is documented, and print what was tried and what was recovered.

python tests/attack_run.py [--all] [--write]

Three registries, all SYNTHETIC: the demonstration, 60 patients of six centres, six patients sent under two spellings.
After a publication every fourth of the changes is tried, with `--all` each. `--write` puts the table into
docs/registry.md. More centres together than `disclosure.colluding` are promised nothing: what they recover is shown all
the same. Exit 1 where a patient was found against the promise.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from pathlib import Path

import invented
from registry_attacks import (
    Beside,
    Finding,
    Number,
    Patients,
    as_attacked,
    by_intervals,
    by_subtraction,
    coalitions,
    demonstration,
    numbers_of,
    public_bytes,
    published,
    registry_case,
    released,
    single_changes,
    six_centres,
    under_two_spellings,
)

from casepool.model.study import use
from casepool.registry.release.public import Release
from casepool.registry.release.rule import Rule

PAGE = Path(__file__).resolve().parent.parent / "docs" / "registry.md"
BLOCK = re.compile(r"(?<=<!-- attacks: begin -->\n)(.*?)(?=<!-- attacks: end -->)", re.DOTALL)
RULE = Rule(11)
_STEP = 4
_HEAD = ["| attacker | registry | what is tried | tried | recovered |", "| --- | --- | --- | --- | --- |"]


@dataclass(frozen=True)
class Attack:
    """A line of the table; `promised`: whether the rule says that nothing is recovered."""

    attacker: str
    registry: str
    way: str
    finding: Finding
    promised: bool = True

    def __str__(self) -> str:
        """Return the line in Markdown."""
        found = f"**{len(self.finding.recovered):,}**" if self.finding.recovered else "nothing"
        found += "" if self.promised else " (not promised)"
        return f"| {self.attacker} | {self.registry} | {self.way} | {self.finding.tried:,} | {found} |"


_WHO = ("an outsider", "one centre", "two centres together", "three centres together", "four centres together")


@dataclass(frozen=True)
class World:
    """A registry with its first release."""

    name: str
    patients: Patients
    beside: Beside | None = None
    rule: Rule = RULE

    @cached_property
    def outcome(self) -> Release:
        """The first release."""
        return released(self.patients, self.rule, beside=self.beside)

    def numbers(self, patients: Patients, outcome: Release) -> list[Number]:
        """Return the numbers of a release of patients."""
        return numbers_of(as_attacked(patients, self.beside), outcome)


def on_one_release(world: World) -> Iterator[Attack]:
    """Yield the attacks on one release of one registry."""
    numbers, patients = world.numbers(world.patients, world.outcome), as_attacked(world.patients, world.beside)
    everyone = coalitions(patients, len(_WHO) - 1)
    for size, who in enumerate(_WHO):
        some = [one for one in everyone if len(one) == size]
        found = by_subtraction(numbers, patients, some, world.rule)
        promised = size <= world.rule.colluding
        yield Attack(who, world.name, "every sum and difference of the printed counts", found, promised)
    some = [one for one in everyone if len(one) in (0, 3)]
    found = by_intervals(numbers, patients, some, RULE)
    yield Attack("an outsider, any three centres", world.name, "bounds of the patients of each centre", found)


def _after(world: World, step: int) -> Iterator[Attack]:
    """Yield the attacks by what changes after a publication."""
    ledger, before = published(world.outcome), public_bytes(world.outcome)
    changes = list(single_changes(world.patients))[::step]
    again = ((what, public_bytes(released(then, RULE, ledger, world.beside))) for what, then in changes)
    found = Finding(len(changes), [what for what, shown in again if shown != before])
    yield Attack("whoever saw the last release", world.name, "one patient leaves, comes or changes", found)
    tried, recovered = 0, []
    homes = sorted({one["report_id"] for one in world.patients.values()})
    for centre, other in list(permutations(homes, 2))[::step]:
        new = [registry_case(700 + place, report_id=home) for place, home in enumerate([centre] * 12 + [other])]
        then = world.patients | {one["case_id"]: one for one in new}
        numbers = world.numbers(world.patients, world.outcome)
        numbers += world.numbers(then, released(then, RULE, ledger, world.beside))
        one = by_subtraction(numbers, as_attacked(then, world.beside), [(), (centre,)], RULE)
        tried, recovered = tried + one.tried, recovered + one.recovered
    found = Finding(tried, recovered)
    yield Attack("a centre that sends twelve more", world.name, "who came with them", found)


def stricter() -> World:
    """Return the 60 patients under a rule against four centres together."""
    return World("60 patients, `colluding: 4`", six_centres(), rule=Rule(11, colluding=4))


def attacks(step: int) -> list[Attack]:
    """Return all attacks; of what changes after a publication every `step`-th."""
    use(invented.protocol())
    found: list[Attack] = []
    for world in (World("60 patients", six_centres()), World("demonstration", *demonstration())):
        found += [*on_one_release(world), *_after(world, step)]
    found += on_one_release(stricter())
    twice = World("sent twice", *under_two_spellings())
    shown = list(twice.outcome.published.totals)
    return [*found, Attack("an outsider", twice.name, "totals of six persons under two spellings", Finding(1, shown))]


def main() -> int:
    """Print the table, or write it into the page; return the exit code."""
    told = attacks(1 if "--all" in sys.argv[1:] else _STEP)
    page = "\n".join([*_HEAD, *map(str, told)]) + "\n"
    if "--write" in sys.argv[1:]:
        PAGE.write_text(BLOCK.sub(lambda _: page, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(page)
    return int(any(one.finding.recovered for one in told if one.promised))


if __name__ == "__main__":
    raise SystemExit(main())
