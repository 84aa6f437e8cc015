"""When a group of registry patients may be counted in public: many, of several centres, whoever takes off what.

The frequency rule protects against an outsider: at least `threshold` protected patients. The rule of contributors
protects against those who sent the data: whatever patients any `colluding` centres take off, nobody or at least
`remaining` protected patients of the others are left. It is the (n, k) rule of tabular disclosure control for counts,
with the n largest contributors as the attacker.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from casepool import defaults
from casepool.model.configuration import Disclosure
from casepool.model.vocabulary import Undisclosed

# Of two centres each could find out what the other sent.
LEAST_CENTRES = 3
# Who counts toward the thresholds, and whom nobody may be left alone with.
Columns = tuple[str, str]
SECRET: Columns = ("protected", "secret")
UNPRINTED: Columns = ("unprinted", "unprinted")  # where what is published is no secret
_SEPARATOR = ";"


@dataclass(frozen=True)
class Rule:
    """The thresholds of a release (section ``disclosure`` of the configuration).

    Attributes
    ----------
    threshold : fewest protected patients behind a number.
    remaining : fewest that are left when colluding centres take off their own.
    colluding : how many centres may put together what they know.
    """

    threshold: int
    remaining: int = defaults.REMAINING
    colluding: int = defaults.COLLUDING

    def refusal(self, people: pd.DataFrame, columns: Columns = SECRET) -> Undisclosed | None:
        """Return why a group may not be counted in public; nothing where it may, or where nobody in it is secret.

        Parameters
        ----------
        people : ``person``, ``centres`` (all that know the patient) and the boolean columns named.
        """
        counted, secret = columns
        told = people[people[secret]]
        if told.empty:
            return None
        n, sizes = _by_centre(told[told[counted]])
        if n < self.threshold:
            return Undisclosed.TOO_FEW
        if len(sizes) < LEAST_CENTRES:
            return Undisclosed.TOO_FEW_CENTRES
        # All centres together would take off everybody: nobody is left whom they do not know.
        n_colluding = min(self.colluding, len(_by_centre(told)[1]) - 1)
        return Undisclosed.TOO_LARGE_CENTRES if n - sum(sizes[:n_colluding]) < self.remaining else None

    def withstands(self, people: pd.DataFrame, columns: Columns = SECRET) -> bool:
        """Return whether any colluding centres leave enough of the group, so that it hides whatever is added to it."""
        n, sizes = _by_centre(people[people[columns[0]]])
        many = n >= self.threshold and len(sizes) >= LEAST_CENTRES
        return many and n - sum(sizes[: self.colluding]) >= self.remaining


def rule_of(disclosure: Disclosure) -> Rule:
    """Return the rule that the configuration asks for."""
    return Rule(disclosure.threshold, disclosure.remaining, disclosure.colluding)


def centre_of(registry: pd.DataFrame) -> pd.Series:
    """Return the centre of each registry patient (``unique_patients``): the one place that says what a centre is."""
    return registry["report_id"].astype(str)


def centres_of_person(person: pd.Series, centre: pd.Series) -> pd.Series:
    """Return person → all centres that tell of the person, joined (index: person)."""
    known = pd.DataFrame({"person": person, "centre": centre}).drop_duplicates().sort_values("centre")
    twice = known["person"].duplicated(keep=False)  # nearly nobody: only they are looked at one by one
    joined = known[twice].groupby("person")["centre"].agg(_SEPARATOR.join)
    found: pd.Series = pd.concat([known[~twice].set_index("person")["centre"], joined])
    return found


def n_centres(people: pd.DataFrame) -> int:
    """Return from how many centres people come."""
    return len(_by_centre(people)[1])


def _by_centre(people: pd.DataFrame) -> tuple[int, list[int]]:
    """Return the number of persons, and of those known to each centre, the largest first.

    A person known to two centres is taken off by both: what colluding centres leave is never less than the sums say.
    """
    known = set(zip(people["person"].to_numpy(), people["centres"].to_numpy(), strict=True))
    persons, sizes = {person for person, _ in known}, Counter[str]()
    if len(persons) == len(known):  # by far the most: each person under one text
        for centres, n in Counter(centres for _, centres in known).items():
            sizes.update(dict.fromkeys(centres.split(_SEPARATOR), n))
    else:
        sizes.update(
            centre for _, centre in {(who, one) for who, centres in known for one in centres.split(_SEPARATOR)}
        )
    return len(persons), [n for _, n in sizes.most_common()]
