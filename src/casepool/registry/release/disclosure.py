"""Which registry patients may appear in public, and in which totals.

Registry patients leave the private side only as totals of groups; every public number is computed from the published
literature and from these totals alone, so no output, however precise, tells more than they do. A group is released
only if the rule of disclosure allows it (``rule.Rule``), and allows everything that follows from it by adding and
subtracting what is or was public (``combinations.Told``).

What a total does tell, and is meant to tell, is how many of its patients responded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from casepool.contract.cases import SEVERAL_DISEASES
from casepool.model.vocabulary import Autoimmune, Undisclosed
from casepool.registry.release.combinations import Told
from casepool.registry.release.groups import EVERYBODY, RESPONSE, Group, with_counts
from casepool.registry.release.published import Before
from casepool.registry.release.rule import UNPRINTED, n_centres
from casepool.typing import Row

Counts = dict[str, dict[str, str]]


@dataclass
class Totals:
    """The totals of a release.

    Attributes
    ----------
    told : what is public, these totals included.
    before : the ledger.
    groups : the new ones; their rows in ``rows``.
    rows : id → row of ``cases``, new or as published earlier; without the published cases inside.
    staying : ids of totals that stay as they were published.
    counted : name of a new group → case id → what was counted.
    decisions : rows of the table ``registry_withheld``.
    """

    told: Told
    before: Before
    groups: list[Group] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    staying: list[str] = field(default_factory=list)
    counted: Counts = field(default_factory=dict)
    decisions: list[Row] = field(default_factory=list)

    def take(self, what: str, name: str, counted: dict[str, str]) -> None:
        """Take note of a group that is released."""
        self.told.take(what, counted)
        self.counted[f"{what}:{name}"] = counted

    def stay(self, name: str) -> None:
        """Leave a total as it was published last."""
        self.rows[name] = dict(self.before.latest[name][0])
        self.staying.append(name)

    def staying_cases(self) -> set[str]:
        """Return the patients of the totals that stay, as they were published."""
        return {case for name in self.staying for case in members_of(name, self.before)}


def members_of(name: str, before: Before) -> set[str]:
    """Return the case ids of the patients of a published total, as it was published last."""
    return set(before.counts_of(name).get(EVERYBODY, ()))


def released_totals(
    registry: pd.DataFrame, public: Callable[[], Told], before: Before, barred: frozenset[str] = frozenset()
) -> Totals:
    """Return the totals that may be released; patients in none of them stay private.

    Parameters
    ----------
    registry : counted registry patients (``people.registry_patients``).
    public : gives what was published, with the rule.
    before : the ledger behind it.
    barred : ids of groups that may not be counted alone.

    Notes
    -----
    Each disease of one ascertainment that may be counted alone is a group, unless some of its patients would be counted
    in a total that stays, too. The other diseases become a group of several
    diseases, if it may be counted. A total that was published and may not be replaced stays as it was published; its
    patients and those of its disease are in no other total.
    """
    totals = Totals(public(), before)
    for groups, nobody in _blocks(with_counts(registry)):
        for one in groups:
            _decide(one, totals, instead=SEVERAL_DISEASES, barred=one.case_id in barred)
        left = [one.members for one in groups if one.case_id not in totals.rows]
        if left:
            together = Group(nobody.disease, nobody.ascertainment, nobody.autoimmune, pd.concat(left))
            _decide(together.without(totals.staying_cases()), totals, instead=None)
    for name in before.latest:
        if name not in totals.rows:
            totals.stay(name)
    twice = {one.case_id for one in totals.groups if not totals.staying_cases().isdisjoint(one.members["case_id"])}
    return released_totals(registry, public, before, barred | twice) if twice else totals


def _blocks(registry: pd.DataFrame) -> Iterator[tuple[list[Group], Group]]:
    """Yield the groups by disease of each kind of ascertainment, and an empty one of several diseases."""
    sure = (registry["autoimmune"] == Autoimmune.YES).fillna(value=False).astype(bool)
    for ascertainment, block in registry.groupby("ascertainment", sort=True):
        by_disease = block.groupby([block["disease"], ~sure.loc[block.index]], sort=True)
        groups = [Group(str(name), str(ascertainment), not other, rows) for (name, other), rows in by_disease]
        yield groups, Group(SEVERAL_DISEASES, str(ascertainment), False, block.iloc[:0])


def _decide(group: Group, totals: Totals, *, instead: str | None, barred: bool = False) -> None:
    """Release a group, leave its total as it was published, or say where its patients go instead."""
    name, why = group.case_id, _refusal(group, totals)
    published = totals.before.counts_of(name)
    counts = group.counts() if published or why is None else {}
    if published and all(counts[what] == counted for what, counted in published.items() if what in counts):
        totals.stay(name)  # nothing has changed
        return
    told = {what for what, counted in counts.items() if may_be_told(what, name, counted, totals)}
    if not barred and why is None and {EVERYBODY, RESPONSE, *published} <= told:
        for what in sorted(told):
            totals.take(what, name, counts[what])
        totals.groups.append(group)
        totals.rows[name] = group.row(told)
        return
    if published:
        totals.stay(name)
        instead = name
    row = {"total": name, "reason": why or Undisclosed.NEAR_PUBLISHED, "told_in": instead}
    totals.decisions.append(row | _size(group))


def _refusal(group: Group, totals: Totals) -> Undisclosed | None:
    """Return why a group may not be counted in public by itself."""
    secret = group.members[group.members["secret"]]
    return totals.told.rule.refusal(secret) if len(secret) else Undisclosed.TOO_FEW


def _size(group: Group) -> Row:
    protected = group.members[group.members["protected"]]
    return {"n_treated": len(group.members), "n_unpublished": len(protected), "n_centres": n_centres(protected)}


def may_be_told(what: str, name: str, counted: dict[str, str], totals: Totals) -> bool:
    """Return whether a count may be told: by itself, and beside what is and was public, the linkage included."""
    told, linked = totals.told, linkage_of(what)
    people = told.people.loc[list(counted)]
    if not people["secret"].any() or told.rule.refusal(people) or nearly_published(f"{what}:{name}", counted, totals):
        return False
    return told.allows((what,), counted) and (not told.has(linked) or told.allows((what, linked), counted, UNPRINTED))


def linkage_of(what: str) -> str:
    """Return the kind of the groups of unpublished patients of whom the linkage counts something."""
    return f"linkage {what}"


def nearly_published(group: str, counted: dict[str, str], totals: Totals) -> bool:
    """Return whether a count was published of nearly as many patients, or of as many with another outcome.

    Holds too where no patient can be compared, for instance under another key of the pseudonyms.
    """
    for earlier in totals.before.versions_of(group):
        apart, sums = abs(len(counted) - len(earlier)), [sum(map(int, one.values())) for one in (counted, earlier)]
        if 0 < apart < totals.told.rule.threshold or (not apart and sums[0] != sums[1]):
            return True
    return False
