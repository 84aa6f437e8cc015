"""A stratum is called what it holds: names of the diseases that fit the patients counted under them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from casepool.model.protocol import Bilingual, Disease, Protocol
from casepool.model.study import study
from casepool.model.vocabulary import Autoimmune
from casepool.report.words.catalogue import load_catalogue
from casepool.rows import rows_of

_DIFFER = (Autoimmune.NO, Autoimmune.UNCERTAIN)


@dataclass(frozen=True)
class Origin:
    """The patients of a disease whose antibodies have one origin (a row of the table ``origins``)."""

    autoimmune: str
    n_treated: int
    n_evaluable: int
    n_response: int
    n_reports: int
    proportion: float | None
    ci_lower: float | None
    ci_upper: float | None
    n_by_setting: Mapping[str, int]


class Origins:
    """The table ``origins``, by disease."""

    def __init__(self, origins: pd.DataFrame) -> None:
        self._found: dict[str, list[Origin]] = {}
        fields = [name for name in Origin.__dataclass_fields__ if name != "n_by_setting"]
        for row in rows_of(origins):
            cells = {name: None if pd.isna(row[name]) else row[name] for name in fields}
            of_setting = {place.id: int(row[f"n_{place.id}"]) for place in study().named_places}
            self._found.setdefault(str(row["disease"]), []).append(Origin(**cells, n_by_setting=of_setting))

    def of(self, disease: str) -> list[Origin]:
        """Return the origins of a disease: autoimmune, alloimmune, uncertain, those without patients left out."""
        order = [one.value for one in Autoimmune]
        return sorted(self._found.get(disease, []), key=lambda one: order.index(one.autoimmune))

    def differing(self, disease: str) -> list[Origin]:
        """Return the patients of a disease who are not known to be autoimmune."""
        return [one for one in self.of(disease) if one.autoimmune in _DIFFER]

    def split(self, disease: str) -> list[Origin]:
        """Return the origins that must be shown apart: all of a disease with evaluable patients of two or more."""
        told = [one for one in self.of(disease) if one.n_evaluable]
        return told if len(told) > 1 else []

    def n_differing(self, column: str = "n_evaluable") -> dict[str, int]:
        """Return how many patients are alloimmune, and how many of uncertain origin."""
        rows = [one for disease in self._found for one in self.differing(disease)]
        return {kind.value: sum(getattr(one, column) for one in rows if one.autoimmune == kind) for kind in _DIFFER}


def named_by_content(protocol: Protocol, origins: pd.DataFrame) -> Protocol:
    """Return the protocol with each disease named after the patients counted under it.

    A disease whose counted patients are mostly known to be autoimmune keeps its name (the others are shown apart).
    Any other is called by its plain name and the origin of its antibodies, and by the setting where all of its
    patients are of one that the protocol has words for.

    Parameters
    ----------
    origins : the table of that name.
    """
    found = Origins(origins)
    diseases = tuple(_named(one, found.of(one.id)) for one in protocol.diseases)
    return protocol.model_copy(update={"diseases": diseases})


def _named(disease: Disease, origins: list[Origin]) -> Disease:
    total = sum(one.n_treated for one in origins)
    own = sum(one.n_treated for one in origins if one.autoimmune == Autoimmune.YES)
    if 2 * own >= total:
        return disease
    settings = (place.id for place in study().named_places)
    whole = next((one for one in settings if sum(origin.n_by_setting[one] for origin in origins) == total), "")
    kinds = "_or_".join(one.autoimmune for one in origins)
    plain = disease.plain or disease.name
    return disease.model_copy(
        update={
            "name": _in_its_languages(plain, lambda language: _text("named", plain, kinds, language, setting=whole)),
            "short": _in_its_languages(
                disease.short, lambda language: _text("named_short", disease.short, kinds, language, setting=whole)
            ),
        }
    )


def _in_its_languages(name: Bilingual, make: Callable[[str], str]) -> Bilingual:
    return Bilingual(**{language: make(language) for language in name.languages})


def _text(key: str, name: Bilingual, kinds: str, language: str, *, setting: str) -> str:
    catalogue = load_catalogue(language)
    place = f"_{setting}" if setting else ""
    return catalogue.text(f"{key}{place}", name=name[language], origin=catalogue.text(f"origin_of_{kinds}"))
