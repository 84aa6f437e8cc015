"""The line listing of the registry: for the team alone, with how recognisable each patient is."""

from __future__ import annotations

import pandas as pd

from casepool.contract.registry import LINE_LISTING
from casepool.model.vocabulary import Answer

_DECADE = 10


def line_listing(registry: pd.DataFrame, unique: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``registry_line_listing``: every accepted row, and what became of it.

    ``n_alike`` counts the registry patients with the same disease, sex, decade of age, year of treatment
    and country, the patient included: where it is 1, these five facts single the patient out.
    """
    fate = unique.set_index("case_id")[["counted", "kept_as", "also_told_in", "explanation"]]
    cases = "registry/" + registry["pseudonym"]
    told = fate.reindex(cases).reset_index(drop=True).set_index(registry.index)
    eligible = pd.Series(cases.isin(fate.index), index=registry.index)
    listing = pd.concat([registry, told], axis=1)
    listing["eligible"] = eligible.map({True: Answer.YES.value, False: Answer.NO.value})
    listing["counted"] = listing["counted"].fillna(Answer.NO.value)
    listing["n_alike"] = _n_alike(registry)
    return listing[LINE_LISTING.names]


def _n_alike(registry: pd.DataFrame) -> pd.Series:
    facts = registry[["disease", "sex", "treatment_year", "country"]].assign(decade=registry["age_years"] // _DECADE)
    return facts.groupby(list(facts.columns), dropna=False)["disease"].transform("size")
