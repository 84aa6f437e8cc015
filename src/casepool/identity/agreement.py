"""Which finding each field gives for pairs of cases: the position in ``fields()[name].levels``, −1 = not told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from casepool.identity.encoding import Encoded
from casepool.model.study import study
from casepool.typing import BoolArray, FloatArray, IntArray

Levels = npt.NDArray[np.int8]
Compare = Callable[[Encoded, IntArray, IntArray], Levels]

_ALIKE, _PARTLY = 90, 70  # token_set_ratio of the centres' words
_YEARS, _LINES = 1, 2  # how far years of treatment, and prior lines, of one patient may lie apart in two tellings
_SOON = 4  # years from treatment to publication
_SAME_DOSE = 0.05


def years_between(encoded: Encoded, i: IntArray, j: IntArray) -> FloatArray:
    """Return how many years may lie between the two ages that are told.

    A report tells the age at the treatment or at any time up to its publication; the form of the call
    asks for the age at the first dose, so two registry cases tell the same age.
    """
    treated, year, registry = encoded.numbers["treatment_year"], encoded.numbers["year"], encoded.registry
    first = np.where(np.isnan(treated), year, treated)
    last = np.where(registry & ~np.isnan(treated), treated, year)
    gap = np.fmax(last[i] - first[j], last[j] - first[i])
    return np.where(registry[i] & registry[j], 0.0, np.fmax(gap, 0.0))


def _levels(*steps: tuple[BoolArray, int]) -> Levels:
    """Return the level of the first condition that holds, else −1."""
    conditions, levels = zip(*steps, strict=True)
    return np.asarray(np.select(conditions, levels, default=-1), dtype=np.int8)


def _same_code(name: str) -> Compare:
    def compare(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
        a, b = encoded.codes[name][i], encoded.codes[name][j]
        return np.where((a < 0) | (b < 0), -1, a != b).astype(np.int8)

    return compare


def _age(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    age = encoded.numbers["age_years"]
    apart = np.abs(age[i] - age[j])
    return _levels(
        (apart < 0.5, 0), (apart <= 1, 1), (apart <= 1 + years_between(encoded, i, j), 2), (~np.isnan(apart), 3)
    )


def _centre(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    alike = centre_likeness(encoded, i, j)
    words = np.array([len(name.split()) for name in (*encoded.centres, "")])
    a, b = (words[encoded.codes["centre"][side]] for side in (i, j))
    # One word that stands in both is often the city, which several hospitals share.
    one_word = (np.minimum(a, b) == 1) & (np.maximum(a, b) > 1)
    return _levels(
        ((alike >= _ALIKE) & one_word, 1), (alike >= _ALIKE, 0), (alike >= _PARTLY, 2), (~np.isnan(alike), 3)
    )


def centre_likeness(encoded: Encoded, i: IntArray, j: IntArray) -> FloatArray:
    """Return how alike the names of the centres are, 0 to 100 (NaN = not told)."""
    a, b = encoded.codes["centre"][i], encoded.codes["centre"][j]
    told = (a >= 0) & (b >= 0)
    alike = np.full(len(i), np.nan)
    if not told.any():
        return alike
    n = len(encoded.centres)
    pairs, position = np.unique(np.minimum(a, b)[told] * n + np.maximum(a, b)[told], return_inverse=True)
    names = encoded.centres
    scores = process.cpdist(list(names[pairs // n]), list(names[pairs % n]), scorer=fuzz.token_set_ratio)
    alike[told] = scores[position]
    return alike


def _authors(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    a, b = encoded.codes["authors"][i], encoded.codes["authors"][j]
    literature = ~encoded.registry[i] & ~encoded.registry[j]
    study = (encoded.codes["study"][i] == encoded.codes["study"][j]) & literature
    told = (a >= 0) & (b >= 0)
    common = told & ((a == b) | np.isin(a * encoded.n_authors + b, encoded.authors_in_common))
    return _levels((study, 0), (common, 1), (told, 2))


def _publication(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    a, b, n = encoded.codes["publication"][i], encoded.codes["publication"][j], len(encoded.publications)
    told = (a >= 0) & (b >= 0)
    same = told & ((a == b) | np.isin(a * n + b, encoded.publications_in_common))
    comparable = np.zeros(len(i), dtype=bool)
    for kind in ("pmid:", "doi:"):
        has = np.array([any(one.startswith(kind) for one in ids) for ids in (*encoded.publications, ())])
        comparable |= told & has[a] & has[b]
    # Only a registry case says where it was published; two of them may name one paper or two.
    from_call, one = encoded.registry[i] | encoded.registry[j], encoded.registry[i] ^ encoded.registry[j]
    said = np.where(encoded.registry[i], encoded.codes["published"][i], encoded.codes["published"][j])
    return _levels((same, 0), (comparable & from_call, 2), (one & (said == 1), 1), (one & (said == 0), 3))


def _treatment_year(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    return _steps(encoded.numbers["treatment_year"], i, j)


def _publication_lag(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    """Compare a year of treatment with the year of the other's publication.

    Where both tell a year of treatment these are compared; a treatment after the publication is wrong all the same.
    """
    treated, published = encoded.numbers["treatment_year"], np.where(encoded.registry, np.nan, encoded.numbers["year"])
    one, other = published[i] - treated[j], published[j] - treated[i]
    lag = np.where(np.isnan(treated[i]) == np.isnan(treated[j]), np.nan, np.fmin(one, other))
    return _levels((np.fmin(one, other) < 0, 2), (lag <= _SOON, 0), (lag > _SOON, 1))


def _steps(values: FloatArray, i: IntArray, j: IntArray, furthest: int = 1) -> Levels:
    """Return how many steps apart the values are, `furthest` + 1 for all that lie further."""
    apart = np.abs(values[i] - values[j])
    return np.where(np.isnan(apart), -1, np.fmin(np.ceil(apart), furthest + 1)).astype(np.int8)


def _n_doses(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    return _steps(encoded.numbers["n_doses"], i, j)


def _n_prior_lines(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    return _steps(encoded.numbers["n_prior_lines"], i, j, furthest=2)


def _dose(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    a, b = encoded.numbers["dose"][i], encoded.numbers["dose"][j]
    same_unit = encoded.codes["dose_unit"][i] == encoded.codes["dose_unit"][j]
    near = same_unit & (np.abs(a - b) <= _SAME_DOSE * np.maximum(a, b))
    return _levels((near, 0), (~np.isnan(a) & ~np.isnan(b), 1))


def _response(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    a, b = encoded.codes["response"][i], encoded.codes["response"][j]
    # Two degrees of response are nearer to each other than a response and none, the last code.
    none = encoded.codes_of_response - 1
    return _levels(((a < 0) | (b < 0), -1), (a == b, 0), ((a != none) & (b != none), 1), (a != b, 2))


def _time_to_response(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    return _near(encoded.numbers["time_to_response_weeks"], i, j, 1 / 3)


def _near(values: FloatArray, i: IntArray, j: IntArray, share: float) -> Levels:
    """Return 0 where the values differ by at most one or a share of the larger one, else 1."""
    a, b = values[i], values[j]
    apart = np.abs(a - b)
    return _levels((apart <= np.maximum(1, share * np.maximum(a, b)), 0), (~np.isnan(apart), 1))


def _follow_up(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
    months, year = encoded.numbers["follow_up_months"], encoded.numbers["year"]
    longer = (months[j] - months[i]) * np.sign(year[j] - year[i])
    near = _near(months, i, j, 1 / 4)
    return _levels((near == 0, 0), ((near == 1) & (longer < 0), 2), (near == 1, 1))


def _event(name: str) -> Compare:
    def compare(encoded: Encoded, i: IntArray, j: IntArray) -> Levels:
        happened, year = encoded.codes[name], encoded.numbers["year"]
        more = (happened[j] - happened[i]) * np.sign(year[j] - year[i])
        known = (happened[i] >= 0) & (happened[j] >= 0)
        return _levels((known & (happened[i] == happened[j]), 0), (known & (more < 0), 2), (known, 1))

    return compare


COMPARE: dict[str, Compare] = {
    "disease": _same_code("disease"),
    "sex": _same_code("sex"),
    "age": _age,
    "country": _same_code("country"),
    "centre": _centre,
    "authors": _authors,
    "publication": _publication,
    "treatment_year": _treatment_year,
    "publication_lag": _publication_lag,
    "dose": _dose,
    "route": _same_code("route"),
    "n_doses": _n_doses,
    "n_prior_lines": _n_prior_lines,
    "response": _response,
    "time_to_response": _time_to_response,
    "follow_up": _follow_up,
    "setting": _same_code("setting"),
    "autoimmune": _same_code("autoimmune"),
}


def compare(name: str) -> Compare:
    """Return how a field compares two cases; a declared covariate or event by what is answered."""
    found = COMPARE.get(name)
    return found or (_event(name) if name in study().events else _same_code(name))
