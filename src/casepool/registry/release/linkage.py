"""Publication by response inside the registry: who of its patients was published, without saying who."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from casepool.contract.registry import REGISTRY_LINKAGE
from casepool.model.study import study
from casepool.model.vocabulary import Answer, Ascertainment, CaseKind
from casepool.registry.release.disclosure import Totals, linkage_of, nearly_published
from casepool.registry.release.groups import EVERYBODY
from casepool.registry.release.people import is_in_print, published_as
from casepool.registry.release.rule import UNPRINTED
from casepool.typing import Row

# Outcome, disease (none: the others together), patients: whether the cell may be told.
Judge = Callable[[str, str | None, pd.DataFrame], bool]


def linkage_counts(registry: pd.DataFrame, unique: pd.DataFrame, may_be_told: Judge | None = None) -> pd.DataFrame:
    """Return the table ``registry_linkage``: who of the registry patients was published, by response.

    Patients of centres that report everybody, each once; a patient who lies in a published cohort is
    left out (a cohort is not published for its response). A disease that may be told alone has rows of
    its own, the others stand together without a disease, or are not told.

    Parameters
    ----------
    may_be_told : on the private side there is none; every disease is told alone.
    """
    judge = may_be_told or _anybody
    told = _patients(registry, unique)
    outcomes = [one.id for one in study().protocol.outcomes]
    cells = dict(_cells(told, outcomes[0], judge))
    rows = [
        {"outcome": outcome, "disease": disease, **_by_response(cell[known(cell, outcome)], outcome)}
        for outcome in outcomes
        for disease, cell in cells.items()
        if (outcome == outcomes[0] and disease is not None) or judge(outcome, disease, cell)
    ]
    return pd.DataFrame(rows, columns=REGISTRY_LINKAGE.names).astype(REGISTRY_LINKAGE.dtypes)


def _anybody(outcome: str, _: str | None, cell: pd.DataFrame) -> bool:
    return bool(known(cell, outcome).any())


def _patients(registry: pd.DataFrame, unique: pd.DataFrame) -> pd.DataFrame:
    kind = unique.set_index("case_id")["kind"]
    single = registry["kept_as"].map(kind) == CaseKind.PATIENT
    first = ~registry["kept_as"].duplicated()
    complete = registry["ascertainment"] == Ascertainment.COMPLETE
    told = registry[(complete & single & first).astype(bool)]
    in_print = is_in_print(told, unique, published_as(unique))
    unknown = (~in_print & (told["published"] != Answer.NO).fillna(value=True)).astype(bool)
    of = [study().counted[outcome.id] for outcome in study().protocol.outcomes]
    counts = sorted({name for one in of for name in (one.least, one.most, one.known)})
    numbers = told[counts].fillna(0).astype(int)
    return told[["case_id", "disease"]].join(numbers).assign(in_print=in_print, unknown=unknown)


def _cells(told: pd.DataFrame, outcome: str, judge: Judge) -> Iterator[tuple[str | None, pd.DataFrame]]:
    """Yield the patients of each disease that may be told alone, then all others.

    The cells are those of the first outcome for every outcome: no patient is in one cell here and in another there.
    """
    alone = {str(disease): cell for disease, cell in told.groupby("disease") if judge(outcome, str(disease), cell)}
    yield from alone.items()
    yield None, told[~told["disease"].isin(list(alone))]


def known(cell: pd.DataFrame, outcome: str) -> pd.Series:
    """Return of whom publication and outcome are known."""
    of = study().counted[outcome]
    return (cell[of.known] > 0) & (cell[of.least] == cell[of.most]) & ~cell["unknown"]


def _by_response(rows: pd.DataFrame, outcome: str) -> Row:
    responded = rows[study().counted[outcome].least] > 0
    return {
        "n_response": int(responded.sum()),
        "n_response_published": int((responded & rows["in_print"]).sum()),
        "n_none": int((~responded).sum()),
        "n_none_published": int((~responded & rows["in_print"]).sum()),
    }


def judge_of(totals: Totals) -> Judge:
    """Return the judge of the public side; what it lets pass is noted in the totals of the release.

    What is published of a patient is no secret here. The unpublished of a cell must obey the rule, and so must
    those whom it leaves of its total, or of the cell of another outcome: of unknown publication, or of unknown degree.
    """

    def judge(outcome: str, disease: str | None, cell: pd.DataFrame) -> bool:
        told, column = totals.told, study().counted[outcome].least
        rows = cell[known(cell, outcome) & ~cell["in_print"]]
        people = told.people.loc[rows["case_id"]]
        if people.empty or told.rule.refusal(people, ("protected", "unprinted")):
            return False
        counted = dict(zip(rows["case_id"], rows[column].astype(str), strict=True))
        groups = {column: counted, EVERYBODY: dict.fromkeys(counted, "1")}
        name = f"{outcome} {disease or ''}"
        for what, one in groups.items():
            linked = linkage_of(what)
            if nearly_published(f"{linked}:{name}", one, totals) or not told.allows((what, linked), one, UNPRINTED):
                return False
        for what, one in groups.items():
            totals.take(linkage_of(what), name, one)
        return True

    return judge
