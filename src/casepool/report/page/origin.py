"""The sentences on where the data come from, made from the data themselves."""

from __future__ import annotations

import pandas as pd

from casepool.model.vocabulary import Answer, Basis
from casepool.report.page.facts import Facts
from casepool.report.page.readings import readers
from casepool.report.words.catalogue import Catalogue


def origin(facts: Facts) -> list[str]:
    """Return where the data come from and what to be careful about."""
    catalogue = facts.catalogue
    told = [catalogue.text(f"origin_search_{facts.search_kind}", date=catalogue.numbers.date(facts.meta.snapshot))]
    if facts.flow.is_update:
        told.append(catalogue.plural("origin_update", facts.flow.total("new_records")))
    if "unique_patients" in facts.checks:
        told += _basis(facts.checks["unique_patients"], catalogue)
    told += [catalogue.text("origin_extraction"), *readers(facts)]
    told += [catalogue.text(f"origin_{key}") for key in ("small", "comparison")]
    told.append(catalogue.text("origin_privacy", threshold=facts.meta.disclosure_threshold))
    return [*told, catalogue.text("origin_not_advice")]


def _basis(unique: pd.DataFrame, catalogue: Catalogue) -> list[str]:
    """Return what the counted cases were read in, and what that means where it was less than the full text."""
    counted = unique[unique["counted"] == Answer.YES]
    counts = {one: int((counted["basis"] == one).sum()) for one in Basis}
    total = sum(counts.values())
    if not total:
        return []
    numbers = catalogue.numbers
    parts = [
        catalogue.plural("origin_basis_part", n, share=numbers.percent(n / total), basis=catalogue.text(f"basis_{one}"))
        for one, n in sorted(counts.items(), key=lambda pair: -pair[1])
        if n
    ]
    told = catalogue.plural("origin_basis_shares", total, parts=catalogue.join(parts))
    if counts[Basis.FULL_TEXT] < total:
        told += " " + catalogue.text("origin_basis_abstracts")
    return [told]
