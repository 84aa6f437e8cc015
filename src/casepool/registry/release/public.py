"""From the private side of a build to its public side: totals of registry patients, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from casepool.contract.cases import CASES
from casepool.contract.registry import REGISTRY_LINKAGE, REGISTRY_LINKS, REGISTRY_WITHHELD
from casepool.files import store
from casepool.model.vocabulary import Answer, IdentityDecision
from casepool.registry.release.combinations import Told
from casepool.registry.release.disclosure import Totals, members_of, released_totals
from casepool.registry.release.linkage import judge_of, linkage_counts
from casepool.registry.release.people import published_as, registry_patients
from casepool.registry.release.published import Before, Ledger, Member, Published
from casepool.registry.release.rule import Rule
from casepool.rows import rows_of, split_ids
from casepool.typing import Row

_UNSURE = IdentityDecision.UNSURE
_DOUBTFUL = "may be a patient of the registry"
_PERSONAL = ["person", "centres", "protected", "secret", "unprinted"]


@dataclass(frozen=True)
class Release:
    """What leaves the private side, and what of it stays there.

    Attributes
    ----------
    cases : table ``cases``: the literature as it is, and one row for each released total.
    links : table ``registry_links``: published cases that may lie in a total, left unsure.
    linkage : table ``registry_linkage``: publication by response inside the registry.
    withheld : table ``registry_withheld``: which totals may not be public, and why (private).
    published : what the ledger takes when these tables are published (private).
    """

    cases: pd.DataFrame
    links: pd.DataFrame
    linkage: pd.DataFrame
    withheld: pd.DataFrame
    published: Published


def release(
    literature: pd.DataFrame, unique: pd.DataFrame, all_same: pd.DataFrame, rule: Rule, ledger: Ledger | None = None
) -> Release:
    """Return the public tables.

    Parameters
    ----------
    literature : table ``cases`` of the literature alone.
    unique, all_same : private ``unique_patients``; with every doubtful pair as one patient in the second.
    rule : when patients may be counted in public.
    ledger : what was published already.
    """
    before = Before(ledger or Ledger())
    registry = registry_patients(unique, all_same)
    counted = registry[(registry["counted"] == Answer.YES).fillna(value=False).astype(bool)]
    totals = released_totals(counted, lambda: _public_so_far(registry, before, rule), before)
    inside = {name: members_of(name, before) for name in totals.staying}
    inside |= {group.case_id: set(group.members["case_id"]) for group in totals.groups}
    linkage = _linkage(registry, set(literature["case_id"]), unique, totals, inside)
    known, sure = set(literature["case_id"]), published_as(unique)
    _name_published(totals, inside, sure[sure.isin(known)], known)
    named = {case for row in totals.rows.values() for case in split_ids(row["includes_case"])}
    maybe = published_as(all_same)
    doubtful = sorted(_doubtful(totals, inside, maybe[maybe.isin(known - named - set(sure))], known - named))
    links = [{"case_a": total, "case_b": case, "decision": _UNSURE, "reason": _DOUBTFUL} for total, case in doubtful]
    return Release(
        store.stack("cases", literature, pd.DataFrame(list(totals.rows.values()), columns=CASES.names)),
        pd.DataFrame(links, columns=REGISTRY_LINKS.names),
        linkage,
        pd.DataFrame(totals.decisions, columns=REGISTRY_WITHHELD.names).astype(REGISTRY_WITHHELD.dtypes),
        _as_published(totals, linkage, doubtful),
    )


def _public_so_far(registry: pd.DataFrame, before: Before, rule: Rule) -> Told:
    """Return what was published; of patients who are still there, what is known of them now counts."""
    now = registry.set_index("case_id")[_PERSONAL]
    gone = before.people()
    gone = gone[~gone.index.isin(now.index)]
    told = Told(pd.concat([now, gone]) if len(gone) else now, rule)
    for name, counted in before.groups:
        told.take(name.partition(":")[0], counted)
    return told


def _linkage(
    registry: pd.DataFrame, literature: set[str], unique: pd.DataFrame, totals: Totals, inside: Mapping[str, set[str]]
) -> pd.DataFrame:
    """Return the linkage of those who are in totals; the published one where a part of that may not be replaced."""
    shown = registry["case_id"].isin({case for cases in inside.values() for case in cases})
    # Those who count as a published case are no secret (those who count as another registry patient are). Without the
    # unpublished of their disease they would make publication look the rule.
    absorbed = registry["kept_as"].isin(literature) & registry["disease"].isin(set(registry.loc[shown, "disease"]))
    new = linkage_counts(registry[absorbed | shown], unique, judge_of(totals))
    published = pd.DataFrame(totals.before.linkage, columns=REGISTRY_LINKAGE.names).astype(REGISTRY_LINKAGE.dtypes)
    cells = [set(map(tuple, one[["outcome", "disease"]].fillna("").to_numpy())) for one in (published, new)]
    groups = {name: one for name, one in totals.counted.items() if name.startswith("linkage ")}
    if cells[0] <= cells[1] and groups != totals.before.linkage_groups():
        return new
    for name in groups:
        del totals.counted[name]
    return published


def _name_published(totals: Totals, inside: Mapping[str, set[str]], sure: pd.Series, known: set[str]) -> None:
    """Name in each total the published cases that lie inside, each in one.

    A total that stays goes on naming those it named, though their registry patients may have left: it counts them.
    """
    for row in totals.rows.values():
        row["includes_case"] = "; ".join(one for one in split_ids(row.get("includes_case")) if one in known) or None
    named = {case for row in totals.rows.values() for case in split_ids(row["includes_case"])}
    for name, row in totals.rows.items():
        new = set(sure[sure.index.isin(inside[name])]) - named
        row["includes_case"] = "; ".join(sorted({*split_ids(row["includes_case"]), *new})) or None


def _doubtful(
    totals: Totals, inside: Mapping[str, set[str]], maybe: pd.Series, known: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield each total with the published cases that may lie in it; of one that stays those it had when published."""
    for name in totals.rows:
        if name in totals.staying:
            links = totals.before.latest[name][1].links
            yield from ((total, case) for total, case in links if total == name and case in known)
        else:
            yield from ((name, case) for case in set(maybe[maybe.index.isin(inside[name])]))


def _as_published(totals: Totals, linkage: pd.DataFrame, links: Iterable[tuple[str, str]]) -> Published:
    """Return what the ledger takes: the numbers, and of whom they are."""
    groups: dict[str, dict[str, str]] = {}
    for name, counted in totals.counted.items():
        for case, value in counted.items():
            groups.setdefault(case, {})[name] = value
    personal = totals.told.people.loc[list(groups)]
    people = zip(groups, rows_of(personal), strict=True)
    linked = any(name.startswith("linkage ") for name in totals.counted)
    new = {group.case_id for group in totals.groups}
    return Published(
        links=tuple(link for link in links if link[0] in new),
        totals={group.case_id: _plain(totals.rows[group.case_id]) for group in totals.groups},
        linkage=tuple(_plain(row) for row in rows_of(linkage)) if linked else (),
        members={case: Member(**told, groups=groups[case]) for case, told in people},
    )


def _plain(row: Row) -> dict[str, str | int]:
    """Return what is not missing, as JSON keeps it."""
    told = {name: value for name, value in row.items() if not (value is None or pd.isna(value))}
    return {name: value if isinstance(value, int) else str(value) for name, value in told.items()}
