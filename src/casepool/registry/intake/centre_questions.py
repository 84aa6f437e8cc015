"""Names of centres that may mean one centre: a question to the coordinator, never an answer."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import combinations

import pandas as pd
from rapidfuzz.distance import OSA

from casepool.model.message import Message
from casepool.privacy.centre_names import centre_key
from casepool.registry.intake.centres import Centres

# Words that name no centre: articles, and what every hospital is called.
_SMALL = frozenset(re.findall(r"\w+", "a d da de del des di do du e en et l la le les of the"))
_KIND = frozenset(
    re.findall(
        r"\w+",
        "center central centre centres ch chr chru chu general hospital hospitalier hopital hopitaux hospices regional "
        "service universitaire university",
    )
)
_SHORTEST, _LONG = 4, 8  # letters of a word in which one typing error is looked for, or two
_FEWEST_INITIALS = 3
# What two patients of one name share if they are one: all of these, the first four reported.
_FACTS = ["disease", "sex", "age_years", "treatment_year", "response", "n_prior_lines"]
_REPORTED = 4
_HALF = 0.5


@dataclass(frozen=True)
class CentreQuestion:
    """Two names of which nobody has said whether they are one centre.

    Attributes
    ----------
    names, pseudonyms : the names as they were first written, and the pseudonyms of their centres.
    why : what makes them alike.
    one, two : the line of ``centres.csv`` that says that they are one centre, and those that say that they are two.
    """

    names: tuple[str, str]
    pseudonyms: tuple[str, str]
    why: Message
    one: str
    two: tuple[str, ...]


def centre_questions(rows: pd.DataFrame, centres: Centres) -> tuple[CentreQuestion, ...]:
    """Return the pairs of names that may be one centre and on which nobody has decided.

    Parameters
    ----------
    rows : ``centre`` (as written), ``centre_pseudonym``, ``counts`` (whether the row counts), the facts of the patient.

    Notes
    -----
    Names are alike where one is the other with a department behind it or a word more, in another order, with a typing
    error, or its initials; and where half of the patients of the smaller one have their double in the other.
    """
    told = rows.loc[rows["centre"].notna(), ["centre", "centre_pseudonym", "counts", *_FACTS]]
    keys = told["centre"].map(centre_key)
    if keys.nunique() < 2:
        return ()
    written = told.assign(key=keys).sort_values(["key", "centre"])
    first = written.drop_duplicates("key").set_index("key")
    names, pseudonyms = (dict(first[column]) for column in ("centre", "centre_pseudonym"))
    shared = _shared(written[written["counts"]])
    found = []
    for pair in combinations(names, 2):
        one, other = (names[key] for key in pair)
        if _is_settled(one, other, centres):
            continue
        if pair in shared or alike(one, other):
            why = Message("centres_share", n=shared[pair]) if pair in shared else Message("centres_alike")
            found.append(_question((one, other), (pseudonyms[pair[0]], pseudonyms[pair[1]]), why, centres))
    return tuple(found)


def may_be_one(one: str, other: str, centres: Centres) -> bool:
    """Return whether two names are alike and nobody has decided on them."""
    return not _is_settled(one, other, centres) and alike(one, other)


def _is_settled(one: str, other: str, centres: Centres) -> bool:
    """Return whether two names are one centre, or both were decided on."""
    return centres.of(one) == centres.of(other) or (centres.is_decided(one) and centres.is_decided(other))


def alike(one: str, other: str) -> bool:
    """Return whether two names may mean one centre."""
    words, others = _words(one), _words(other)
    if not words or not others:
        return False
    if set(words) <= set(others) or set(others) <= set(words) or "".join(words) == "".join(others):
        return True
    return _typing_error(words, others) or _initials(one, others) or _initials(other, words)


def _words(name: str) -> list[str]:
    return [word for word in centre_key(name).split() if word not in _SMALL | _KIND]


def _typing_error(words: list[str], others: list[str]) -> bool:
    """Return whether the words differ in one of them alone, and there by a typing error."""
    left, right = set(words) - set(others), set(others) - set(words)
    if len(left) != 1 or len(right) != 1:
        return False
    (word,), (other,) = left, right
    shortest = min(len(word), len(other))
    if shortest < _SHORTEST or not (word.isalpha() and other.isalpha()):
        return False
    return bool(OSA.distance(word, other) <= 1 + (shortest >= _LONG))


def _initials(name: str, others: list[str]) -> bool:
    """Return whether the other name is made of the initials of this one."""
    initials = "".join(word[0] for word in centre_key(name).split() if word not in _SMALL)
    return len(initials) >= _FEWEST_INITIALS and others == [initials]


def _shared(counting: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return pair of keys → how many patients they share, where these are half of those of the smaller one."""
    facts = counting[counting[_FACTS[:_REPORTED]].notna().all(axis="columns") & (counting["sex"] != "not_reported")]
    numbers = facts.groupby([*_FACTS, "key"], dropna=False).size().rename("n").reset_index()
    of_facts = numbers.groupby(_FACTS, dropna=False)
    several = numbers[of_facts["key"].transform("size") > 1]
    common: dict[tuple[str, str], int] = {}
    for _, block in several.groupby(_FACTS, dropna=False):
        n_of = dict(zip(block["key"], block["n"], strict=True))
        for pair in combinations(sorted(n_of), 2):
            common[pair] = common.get(pair, 0) + min(n_of[pair[0]], n_of[pair[1]])
    size = counting.groupby("key").size().to_dict()
    return {pair: n for pair, n in common.items() if n >= _HALF * min(size[key] for key in pair)}


def _question(names: tuple[str, str], pseudonyms: tuple[str, str], why: Message, centres: Centres) -> CentreQuestion:
    one, other = names
    stays, goes = (other, one) if centres.is_decided(other) else (one, other)
    two = tuple(_line(name, name) for name in (one, other) if not centres.is_decided(name))
    return CentreQuestion(names, pseudonyms, why, _line(goes, centres.name(stays)), two)


def _line(name: str, centre: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([name, centre])
    return buffer.getvalue()
