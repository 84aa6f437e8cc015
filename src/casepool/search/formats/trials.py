"""What a register says of a trial beside its citation: numbers, status, end, condition, drug, investigators.

Which names tell it stands under ``trials`` in ``programs.yaml``. A transcript of a register tells it in a note:
``status: …; completion …; condition: …; drug: …``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from casepool.model.folding import fold
from casepool.search.formats.mapping import Entry, Program, values_of

FACTS = ("numbers", "title", "status", "end", "conditions", "drugs", "people")
# The numbers of registers, wherever they stand in a text.
_NUMBER = re.compile(
    r"\b(?:NCT\d{8}|20\d\d-\d{6}-\d\d|20\d\d-5\d{5}-\d\d-\d\d|ISRCTN\d{8}|DRKS\d{8}|jRCTs?\d{9,}|UMIN\d{9}|KCT\d{7}"
    r"|ChiCTR[-A-Z]*\d{8,}|ACTRN\d{14}|CTRI/20\d\d/\d\d/\d{6}|IRCT\d{10,}N?\d*|PACTR\d{15}|NTR\d{4})\b",
    re.IGNORECASE,
)
_NOTED = {"condition": "conditions", "disease": "conditions", "drug": "drugs", "status": "status", "completion": "end"}
_KEYS = "|".join((*_NOTED, "registration", "phase", "enrolment", "start"))
_IN_NOTES = re.compile(rf"(?:^|; )({_KEYS}):? (.*?)(?=; (?:{_KEYS}|registry)\b|$)")
_LONGEST = 400  # letters of a cell that may tell a number of this trial; a summary speaks of other trials


def numbers_in(text: str) -> tuple[str, ...]:
    """Return the numbers of registers in a text, each once, in capitals where they stand so anywhere."""
    found: dict[str, str] = {}
    for one in _NUMBER.findall(text):
        found[fold(one)] = min(one, found.get(fold(one), one))
    return tuple(found.values())


def trial_facts(entry: Entry, told_in: Program, title: str) -> Mapping[str, str]:
    """Return what an entry of a register tells of its trial, `FACTS` by name; several values of one with semicolons.

    Parameters
    ----------
    told_in : which names of the format tell it, see `casepool.search.formats.mapping.trials_of`.
    title : of the record that is made of the entry.
    """
    found = {name: "; ".join(dict.fromkeys(values_of(entry, told_in, name))) for name in FACTS[2:]}
    for note in values_of(entry, told_in, "notes"):
        for key, said in _IN_NOTES.findall(note):
            name = _NOTED.get(key, "")
            found |= {name: said.strip()} if name and not found[name] else {}
    short = " ; ".join(value for _, value in entry.pairs if len(value) <= _LONGEST)
    return {"numbers": "; ".join(numbers_in(short)), "title": title, **found}
