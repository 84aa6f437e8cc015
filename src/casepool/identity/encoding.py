"""Cases as arrays: what can be compared as codes and numbers, −1 or NaN where it is not told."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_numeric_dtype

from casepool.identity.countries import country_of, names_a_country
from casepool.model.folding import fold
from casepool.model.publication_ids import BETWEEN
from casepool.model.study import Study, study
from casepool.model.vocabulary import Answer, Autoimmune, CaseKind, ReportType, Response, Sex
from casepool.typing import BoolArray, FloatArray, IntArray

_NOT_TOLD = {"not_reported", Response.NOT_EVALUABLE.value, Autoimmune.UNCERTAIN.value}
_CHOICES = ("disease", "route", "setting", "autoimmune")
_NUMBERS = (
    "age_years", "year", "treatment_year", "n_doses", "n_prior_lines", "time_to_response_weeks", "follow_up_months",
    "n_treated", "n_female", "n_sex_known",
)  # fmt: skip
# Words that many centres share and that therefore tell none of them apart.
_GENERIC = frozenset(
    """
    a and center central centre chr chru chu clinic clinical clinics clinique clinico d da de del della department
    departement der des di division du e et for general hematologie hematology hospital hospitalier hospitaliere
    hospitals hopital hopitaux hospices institut institute interna interne internal klinik klinikum l la le les
    maladies medecine medical medicine national nationale of oncology og ospedale policlinico reference regional
    rheumatology rhumatologie saint sainte service school st ste the transplantation und unit unite
    universitaire universitaires universitaria universitario universitat universite university
    """.split()  # noqa: SIM905 (a list of words reads better as lines of words)
)
MALE = 1  # code of men in ``sex``
_MANY_LISTS = 300
_PER_KG = re.compile(r"(\d+(?:[.,]\d+)?) ?mg ?/ ?kg")
_FLAT = re.compile(r"(\d+(?: \d{3})*(?:[.,]\d+)?) ?(mg|g)\b")


@dataclass(frozen=True)
class Encoded:
    """The eligible cases as arrays, each of length n, in the order of `ids`.

    Attributes
    ----------
    ids : case ids, sorted.
    codes : field → code; −1 = not told. ``report``, ``study`` and ``authors`` among them.
    numbers : field → number; NaN = not told.
    registry, cohort : whether the case comes from the call; whether it is a stratum known by counts.
    centres : the words of each centre code that tell it apart.
    codes_of_response : how many codes ``response`` has; the last one is no response.
    authors_in_common : sorted ``a * n_authors + b`` of the different author lists with a common author.
    publications : the ids of the publications that each code of ``publication`` stands for.
    publications_in_common : sorted ``a * n + b`` of the different ones of these n with a common id.
    """

    ids: npt.NDArray[np.object_]
    codes: dict[str, IntArray]
    numbers: dict[str, FloatArray]
    registry: BoolArray
    cohort: BoolArray
    centres: npt.NDArray[np.object_]
    authors_in_common: IntArray
    n_authors: int
    codes_of_response: int
    publications: tuple[tuple[str, ...], ...]
    publications_in_common: IntArray

    def __len__(self) -> int:
        return len(self.ids)


def encode(cases: pd.DataFrame) -> Encoded:
    """Return cases, sorted by ``case_id``, as arrays."""
    declared = study()
    choices = (*_CHOICES, *(covariate.id for covariate in declared.covariates))
    codes = {name: _codes(cases[name].where(~cases[name].isin(_NOT_TOLD))) for name in choices}
    codes |= {name: _codes(cases[f"{name}_id"]) for name in ("report", "study")}
    codes["country"] = _codes(_by_value(cases["country"], country_of))
    centres = _by_value(cases["centre"], _centre)
    codes["centre"], names = pd.factorize(centres)
    codes["authors"], lists = pd.factorize(cases["authors"])
    codes["response"] = _ranks(cases["response"], responses(declared))
    codes["sex"] = _ranks(cases["sex"], (Sex.FEMALE, Sex.MALE))
    codes["published"] = _ranks(cases["published"], (Answer.NO, Answer.YES))
    codes["publication"], cells = pd.factorize(cases["publication"])
    publications = tuple(tuple(str(cell).split(BETWEEN)) for cell in cells)
    for event in (one.id for one in declared.events.values() if one.identity):
        known = _numbers(cases[f"n_{event}_known"]) == 1
        codes[event] = np.where(known, _numbers(cases[f"n_{event}"]) > 0, -1).astype(np.int64)
    numbers = {name: _numbers(cases[name]) for name in _NUMBERS}
    codes["dose_unit"] = _codes(_by_value(cases["dose"], lambda text: _dose(text)[0]))
    numbers["dose"] = _numbers(_by_value(cases["dose"], lambda text: _dose(text)[1]))
    return Encoded(
        cases["case_id"].to_numpy(dtype=object),
        codes,
        numbers,
        (cases["report_type"] == ReportType.REGISTRY_CALL).to_numpy(dtype=bool),
        (cases["kind"] == CaseKind.COHORT).to_numpy(dtype=bool),
        np.asarray(names, dtype=object),
        authors_in_common(list(lists)),
        len(lists),
        len(responses(declared)),
        publications,
        _with_common_id(publications),
    )


def responses(declared: Study) -> tuple[str, ...]:
    """Return the responses in the order of their codes: the declared grades, then none."""
    return (*(grade.id for grade in declared.protocol.responses), Response.NONE.value)


def _codes(values: pd.Series) -> IntArray:
    return np.asarray(pd.factorize(values)[0], dtype=np.int64)


def _ranks(values: pd.Series, members: Sequence[str]) -> IntArray:
    return np.asarray(pd.Categorical(values, categories=[str(one) for one in members]).codes, dtype=np.int64)


def _numbers(values: pd.Series) -> FloatArray:
    numbers = values if is_numeric_dtype(values.dtype) else pd.to_numeric(values, errors="coerce").astype("Float64")
    return np.asarray(numbers.to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)


def _by_value(values: pd.Series, change: Callable[[str], object]) -> pd.Series:
    """Return the values changed, each different one once."""
    changed = {value: change(str(value)) for value in values.dropna().unique()}
    return values.astype(object).map(changed)


def _centre(text: str) -> str | None:
    words = [word for word in re.findall(r"[a-z0-9]+", fold(text)) if word not in _GENERIC]
    # The country stands in another column; a hospital that is called after it keeps its name.
    return " ".join([word for word in words if not names_a_country(word)] or words) or None


def _dose(text: str) -> tuple[str | None, float]:
    """Return the unit (mg/kg or mg) and the amount of the first dose told."""
    folded = fold(text)
    per_kg, flat = _PER_KG.search(folded), _FLAT.search(folded)
    if per_kg:
        return "mg/kg", _amount(per_kg[1])
    return ("mg", _amount(flat[1]) * (1000 if flat[2] == "g" else 1)) if flat else (None, np.nan)


def _amount(text: str) -> float:
    # "1,800" and "1 800" are thousands, "1,8" is a decimal comma.
    plain = re.sub(r"[ ,](?=\d{3}(?!\d))", "", text)
    return float(plain.replace(",", "."))


def _with_common_id(publications: Sequence[tuple[str, ...]]) -> IntArray:
    """Return ``a * n + b`` for each pair of n publications (one or several, by their ids) with a common id, sorted."""
    holders: dict[str, list[int]] = {}
    for number, ids in enumerate(publications):
        for one in ids:
            holders.setdefault(one, []).append(number)
    pairs = {a * len(publications) + b for told in holders.values() for a in told for b in told if a != b}
    return np.array(sorted(pairs), dtype=np.int64)


def authors_in_common(lists: Sequence[str]) -> IntArray:
    """Return ``a * n + b`` for each pair of n author lists with a common author, sorted.

    Authors agree if their folded surnames do, and their first initials where both are told. A surname
    that stands in very many lists shows nothing and is passed over.
    """
    holders: dict[str, list[tuple[int, str]]] = {}
    for number, cell in enumerate(lists):
        for surname, initial in {_author(part) for part in cell.split(";") if part.strip()}:
            holders.setdefault(surname, []).append((number, initial))
    pairs = {
        a * len(lists) + b
        for told in holders.values()
        if len(told) <= _MANY_LISTS
        for a, first in told
        for b, second in told
        if a != b and (not first or not second or first == second)
    }
    return np.array(sorted(pairs), dtype=np.int64)


def _author(text: str) -> tuple[str, str]:
    """Return the folded surname and the first initial (empty where none is told)."""
    *names, last = text.replace(",", " ").split()
    initials = bool(names) and last.replace(".", "").replace("-", "").isupper() and len(last.replace(".", "")) <= 3
    surname = " ".join(names) if initials else " ".join([*names, last])
    return fold(surname), fold(last)[0] if initials else ""
